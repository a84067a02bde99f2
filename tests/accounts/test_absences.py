"""AB角: a colleague of the office does the work of somebody who is away, from a day to a day, and no more than that."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.accounts import absences
from app.accounts.models import Absence, User
from app.accounts.queries import actor_of, find_active_user, role_lines
from app.accounts.rules import find_period_fault, is_away, may_stand_in
from app.accounts.usecases import load_regions
from app.accounts.vocabulary import MOST_ABSENT_DAYS, SUBSTITUTES, Role, UserStatus
from app.audit.models import AuditEntry
from app.kernel import clock
from app.kernel.actor import Absent, Grant
from app.kernel.db import session
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.transaction import transaction
from app.notifications.models import Notification
from tests.factories.accounts import make_organisation, make_user
from tests.support.browser import sign_in

MONDAY = datetime(2026, 6, 22, 2, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 6, 24), date(2026, 6, 26)
HOME = "370000"


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def office(app) -> int:
    with transaction():
        load_regions()
    return make_organisation(type="IP_PROV", province_code=HOME)


def person(office: int, *roles: Role) -> User:
    return make_user(*roles, scope_code=HOME, organisation_id=office)


@pytest.fixture
def auditor(office) -> User:
    return person(office, Role.PROVINCE_AUDITOR)


@pytest.fixture
def contact(office) -> User:
    return person(office, Role.PROVINCE_CONTACT)


def announce(user: User, substitute: User, first: date | None = FIRST, last: date | None = LAST) -> Absence:
    with transaction():
        made = absences.announce_absence(
            substitute_id=substitute.id, starts_on=first, ends_on=last, actor=actor_of(user)
        )
    session.expire_all()
    return made


def grants_on(day: date, user: User) -> list[Grant]:
    session.expire_all()
    with clock.at(clock.end_of_day(day)):
        return list(actor_of(find_active_user(user.id)).grants)


@pytest.mark.parametrize("role", Role)
def test_judging_witnessing_and_administering_is_done_in_person(role):
    in_person = {
        Role.RATER, Role.GOV_USER, Role.EXPERT, Role.CHAIR, Role.SUPERVISOR, Role.DESIGNER,
        Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN,
    }  # fmt: skip

    assert any(may_stand_in(role, {held}) for held in Role) == (role not in in_person)
    assert (role in SUBSTITUTES) == (role not in in_person)


@pytest.mark.parametrize(
    ("role", "held", "allowed"),
    [
        (Role.PROVINCE_AUDITOR, {Role.PROVINCE_CONTACT}, True),
        (Role.PROVINCE_AUDITOR, {Role.FILER}, False),
        (Role.PROVINCE_LEADER, {Role.PROVINCE_AUDITOR}, False),
        (Role.LEADER, {Role.MANAGER}, False),
        (Role.MANAGER, {Role.MANAGER, Role.SECRETARY}, True),
        (Role.MANAGER, set(), False),
    ],
)
def test_who_may_stand_in_for_whom(role, held, allowed):
    assert may_stand_in(role, held) is allowed


@pytest.mark.parametrize(
    ("today", "is_ended", "away"),
    [
        (FIRST - timedelta(days=1), False, False),
        (FIRST, False, True),
        (LAST, False, True),
        (LAST + timedelta(days=1), False, False),
        (FIRST, True, False),
    ],
)
def test_an_absence_holds_on_both_its_days(today, is_ended, away):
    assert is_away(starts_on=FIRST, ends_on=LAST, is_ended=is_ended, today=today) is away


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [
        (FIRST, LAST, None),
        (FIRST, FIRST, None),
        (FIRST - timedelta(days=3), LAST, ("starts_on", "absence_past")),
        (LAST, FIRST, ("ends_on", "absence_backwards")),
        (FIRST, FIRST + timedelta(days=MOST_ABSENT_DAYS - 1), None),
        (FIRST, FIRST + timedelta(days=MOST_ABSENT_DAYS), ("ends_on", "absence_long")),
    ],
)
def test_the_days_of_an_absence(first, last, fault):
    assert find_period_fault(starts_on=first, ends_on=last, today=MONDAY.date()) == fault


def test_during_the_absence_the_substitute_holds_the_grants_and_not_a_day_longer(auditor, contact):
    own = Grant("province_contact", "province", HOME)
    lent = Grant("province_auditor", "province", HOME, Absent(auditor.id, auditor.name))
    announce(auditor, contact)

    assert grants_on(FIRST - timedelta(days=1), contact) == [own]
    assert grants_on(FIRST, contact) == [own, lent]
    assert grants_on(LAST, contact) == [own, lent]
    assert grants_on(LAST + timedelta(days=1), contact) == [own]


def test_what_is_lent_is_not_passed_on(auditor, contact, office):
    third = person(office, Role.PROVINCE_CONTACT)
    announce(auditor, contact)
    announce(contact, third, LAST, LAST)

    lent = [grant.role for grant in grants_on(LAST, third) if grant.absent]

    assert lent == ["province_contact"]


def test_a_closed_or_moved_account_lends_nothing(auditor, contact):
    announce(auditor, contact)
    with transaction():
        session.get_one(User, auditor.id).status = UserStatus.CLOSED
    assert [grant.absent for grant in grants_on(FIRST, contact)] == [None]

    elsewhere = make_organisation(type="IP_PROV")
    with transaction():
        user = session.get_one(User, auditor.id)
        user.status, user.organisation_id = UserStatus.ACTIVE, elsewhere
    assert [grant.absent for grant in grants_on(FIRST, contact)] == [None]


def test_the_substitute_is_told_and_the_trail_names_both(auditor, contact):
    absence = announce(auditor, contact)

    told = session.query(Notification).one()
    assert (told.user_id, told.kind, told.link) == (contact.id, "substitute_named", "/account/absence")
    entry = session.query(AuditEntry).one()
    assert (entry.action, entry.actor_id, entry.object_id) == ("accounts.substitute_named", auditor.id, str(absence.id))
    assert entry.detail == {"substitute": contact.username, "on": "2026-06-24", "until": "2026-06-26"}


def test_only_colleagues_of_the_own_office_with_a_fitting_role_may_stand_in(auditor, office):
    person(office, Role.PROVINCE_LEADER)
    make_user(Role.PROVINCE_CONTACT, scope_code=HOME, organisation_id=make_organisation())
    fitting = person(office, Role.PROVINCE_CONTACT)

    assert [user.id for user in absences.colleagues_for(actor_of(auditor))] == [fitting.id]


def test_a_person_without_office_has_no_substitute(app):
    assert absences.colleagues_for(actor_of(make_user(Role.MANAGER))) == []


def refused(user: User, substitute_id: int | None, first: date | None = FIRST, last: date | None = LAST) -> list[str]:
    with pytest.raises(InvalidError) as refusal, transaction():
        absences.announce_absence(substitute_id=substitute_id, starts_on=first, ends_on=last, actor=actor_of(user))
    return [f"{field}:{error.code}" for field, errors in refusal.value.fields.items() for error in errors]


def test_faults_are_told_at_their_field(auditor, contact, office):
    leader = person(office, Role.PROVINCE_LEADER)

    assert refused(auditor, None, None, None) == [
        "substitute:field_required", "starts_on:field_required", "ends_on:field_required",
    ]  # fmt: skip
    assert refused(auditor, leader.id) == ["substitute:substitute_unfit"]
    assert refused(auditor, auditor.id) == ["substitute:substitute_unfit"]
    assert refused(auditor, contact.id, LAST, FIRST) == ["ends_on:absence_backwards"]


def test_two_absences_do_not_overlap_and_nobody_stands_in_while_away(auditor, contact, office):
    third = person(office, Role.PROVINCE_AUDITOR)
    announce(auditor, contact)

    assert refused(auditor, third.id, LAST, LAST) == ["starts_on:absence_overlaps"]
    assert refused(third, auditor.id, LAST, LAST) == ["substitute:substitute_away"]


def test_who_comes_back_early_takes_the_work_back(auditor, contact):
    absence = announce(auditor, contact)

    with clock.at(clock.end_of_day(FIRST)), transaction():
        absences.end_absence(absence_id=absence.id, actor=actor_of(auditor))

    assert [grant.absent for grant in grants_on(LAST, contact)] == [None]
    assert [one.kind for one in session.query(Notification).order_by(Notification.id)] == [
        "substitute_named", "substitute_released",
    ]  # fmt: skip
    with pytest.raises(ConflictError), transaction():
        absences.end_absence(absence_id=absence.id, actor=actor_of(auditor))
    with pytest.raises(NotFoundError), transaction():
        absences.end_absence(absence_id=absence.id, actor=actor_of(contact))


def test_the_role_is_shown_with_the_name_of_the_absent(auditor, contact):
    announce(auditor, contact)
    session.expire_all()

    with clock.at(clock.end_of_day(FIRST)):
        lines = role_lines(actor_of(find_active_user(contact.id)))

    assert [line.zh for line in lines] == ["省级联系人 · 山东省", f"省级审核员 · 山东省（代{auditor.name}）"]


def test_the_page_announces_shows_and_ends(app, client, auditor, contact):
    browser = sign_in(client, auditor.id)
    assert contact.name in browser.get("/account/absence").get_data(as_text=True)

    form = {"substitute": contact.id, "starts_on": "2026-06-22", "ends_on": "2026-06-23"}
    assert browser.post("/account/absence", data=form).location == "/account/absence"
    page = browser.get("/account/absence").get_data(as_text=True)
    assert f"您正在外出，6月23日前由{contact.name}代办您的工作。" in page
    absence_id = session.query(Absence.id).scalar()
    assert "由我代办" in sign_in(app.test_client(), contact.id).get("/account/absence").get_data(as_text=True)

    assert browser.post(f"/account/absence/{absence_id}/end").location == "/account/absence"
    assert "您正在外出" not in browser.get("/account/absence").get_data(as_text=True)


def test_a_wrong_day_comes_back_with_its_sentence(client, auditor, contact):
    browser = sign_in(client, auditor.id)

    answer = browser.post(
        "/account/absence", data={"substitute": contact.id, "starts_on": "x", "ends_on": "2026-06-20"}
    )

    assert answer.status_code == 422
    assert "“开始日期”为必填项。" in answer.get_data(as_text=True)
