"""Accounts that others look after: one-time passwords, colleagues, locks."""

from datetime import timedelta

import pytest

from app.accounts import care
from app.accounts.models import User
from app.accounts.queries import actor_of
from app.accounts.usecases import check_password, grant_role, load_regions
from app.accounts.vocabulary import ONE_TIME_DAYS, Role
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.transaction import transaction
from tests.factories.accounts import make_actor, make_organisation, make_user

HOME, AWAY = "370000", "320000"


@pytest.fixture
def contact(app):
    with transaction():
        load_regions()
    return make_actor(Role.PROVINCE_CONTACT, scope_code=HOME)


def person(*roles: Role, province: str = HOME) -> User:
    organisation = make_organisation(province_code=province)
    return make_user(*roles, organisation_id=organisation, scope_code=str(organisation))


def reset(user: User, actor) -> care.OneTime:
    with transaction():
        return care.reset_password(user_id=user.id, actor=actor)


def test_a_one_time_password_opens_the_account_for_a_few_days(contact):
    user = person(Role.FILER)
    made = reset(user, contact)

    assert check_password(username=user.username, password=made.password) == user.id
    with clock.at(clock.now() + timedelta(days=ONE_TIME_DAYS, minutes=1)):
        assert check_password(username=user.username, password=made.password) is None


def test_who_signs_in_with_it_is_led_to_a_new_password(contact, client):
    user = person(Role.FILER)
    made = reset(user, contact)

    answer = client.post("/sign-in", data={"username": made.username, "password": made.password})

    assert answer.location.endswith("/account")
    changed = client.post(
        "/account/password", data={"present": made.password, "new": "ein langer Satz", "again": "ein langer Satz"}
    )
    assert changed.status_code == 302
    session.expire_all()
    assert session.get_one(User, user.id).password_until is None


@pytest.mark.parametrize("role", [Role.PROVINCE_AUDITOR, Role.PROVINCE_LEADER, Role.EXPERT, Role.MANAGER])
def test_the_contact_does_not_reset_those_who_audit_lead_or_review(contact, role):
    user = person(Role.FILER)
    with transaction():
        grant_role(user=session.get_one(User, user.id), role=role, scope_code=HOME)

    with pytest.raises(NotFoundError):
        reset(user, contact)


def test_nobody_resets_people_of_another_province_or_oneself(contact):
    with pytest.raises(NotFoundError):
        reset(person(Role.FILER, province=AWAY), contact)
    with pytest.raises(NotFoundError):
        reset(session.get_one(User, contact.id), contact)


def test_an_administrator_hands_on_only_roles_of_the_own_organisation(contact):
    user = person(Role.FILER, Role.RATER)
    with transaction():
        session.get_one(User, user.id).is_organisation_admin = True
    actor = actor_of(user)
    with transaction():
        made = care.open_colleague(name="白以宁", username="baiyining", job_role="RND", roles=["rater"], actor=actor)
    colleague = session.get_one(User, made.user_id)

    assert [(grant.role, grant.scope_code) for grant in colleague.grants] == [("rater", str(user.organisation_id))]
    assert colleague.job_role == "RND"
    for roles in (["gov_user"], ["manager"], []):
        with pytest.raises(InvalidError) as refused, transaction():
            care.open_colleague(name="甲", username="someone", job_role="RND", roles=roles, actor=actor)
        assert "roles" in refused.value.fields


@pytest.mark.parametrize(
    ("field", "values"),
    [("name", {"name": " "}), ("username", {"username": "A b"}), ("job_role", {"job_role": "BOSS"})],
)
def test_a_fault_is_told_at_its_field(contact, field, values):
    user = person(Role.FILER)
    with transaction():
        session.get_one(User, user.id).is_organisation_admin = True
    given = {"name": "白以宁", "username": "baiyining", "job_role": "RND", "roles": ["filer"], **values}
    with pytest.raises(InvalidError) as refused, transaction():
        care.open_colleague(actor=actor_of(user), **given)

    assert list(refused.value.fields) == [field]


def test_counting_and_listing_organisations_without_account_agree(contact):
    make_organisation(province_code=HOME)
    make_organisation(province_code=AWAY)
    person(Role.FILER)
    provinces = frozenset({HOME})

    listed = care.organisations_in_care(provinces=provinces, without_account=True)

    assert len(listed) == care.count_without_account(provinces) == 1
