"""AB角 in the queue: the substitute sees and does the work of the absent person, in the own name, and no more than that."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from app.accounts.absences import announce_absence
from app.accounts.models import User
from app.accounts.queries import actor_of, find_active_user
from app.accounts.vocabulary import Role
from app.audit.models import AuditEntry
from app.filings.queue import find_neighbours
from app.inbox import usecases
from app.inbox.queries import Filter, count_items, list_items
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from app.kernel.transaction import transaction
from app.processes import items, reach
from app.processes.models import ProcessEvent, WorkItem
from tests.factories.accounts import make_organisation, make_user
from tests.inbox.conftest import MONDAY
from tests.support.browser import sign_in

HOME, AWAY = "370000", "330000"
OPINION = {"opinion": "材料齐全，同意。"}


@pytest.fixture
def office(case) -> int:
    return make_organisation(type="IP_PROV", province_code=HOME)


@pytest.fixture
def absent(office) -> User:
    return make_user(Role.PROVINCE_AUDITOR, scope_code=HOME, organisation_id=office)


@pytest.fixture
def substitute(office, absent) -> User:
    user = make_user(Role.PROVINCE_CONTACT, scope_code=HOME, organisation_id=office)
    today = clock.today()
    with transaction():
        announce_absence(
            substitute_id=user.id, starts_on=today, ends_on=today + timedelta(days=3), actor=actor_of(absent)
        )
    session.expire_all()
    return user


def act(user: User):
    session.expire_all()
    return actor_of(find_active_user(user.id))


def seen(user: User, **wanted) -> list[str]:
    return [item.title for item in list_items(actor=act(user), wanted=Filter(**wanted), limit=50).items]


def item_of(title: str) -> WorkItem:
    return session.query(WorkItem).filter_by(title=title, status="open").one()


def claim(title: str, user: User) -> int:
    item_id = item_of(title).id
    with transaction():
        usecases.claim_item(item_id=item_id, actor=act(user))
    return item_id


def bar(title: str, *people: User) -> int:
    with transaction():
        item = item_of(title)
        item.not_by = f",{','.join(str(user.id) for user in people)},"
        return item.id


def test_the_queue_of_the_absent_person_is_the_substitutes_as_well(case, absent, substitute):
    case("无人认领", number=1)
    case("已被认领", number=2)
    case("外省事项", province_code=AWAY, number=3)
    claim("已被认领", absent)

    assert sorted(seen(substitute)) == ["已被认领", "无人认领"]
    assert count_items(actor=act(substitute)).open == 2
    assert seen(substitute, mine=True) == []


def test_what_a_third_person_holds_stays_with_that_person(case, absent, substitute, colleague, office):
    case("同事手中", number=1)
    with transaction():
        usecases.claim_item(item_id=item_of("同事手中").id, actor=colleague)

    assert seen(substitute) == []
    with pytest.raises(ConflictError), transaction():
        items.lock_item(item_id=item_of("同事手中").id, actor=act(substitute))


def test_after_the_last_day_nothing_of_it_is_visible(case, absent, substitute):
    case("海水淡化膜", number=1)
    item_id = claim("海水淡化膜", absent)

    with clock.at(MONDAY + timedelta(days=4)):
        assert seen(substitute) == []
        with pytest.raises(NotFoundError):
            items.get_item(item_id=item_id, actor=act(substitute))


def test_the_substitute_completes_in_the_own_name_and_the_trail_names_both(case, absent, substitute):
    case("海水淡化膜", number=1)
    item_id = claim("海水淡化膜", absent)

    with transaction():
        usecases.complete_item(item_id=item_id, outcome="reject", values=OPINION, actor=act(substitute))

    assert session.get_one(WorkItem, item_id).completed_by == substitute.id
    entry = session.query(AuditEntry).filter_by(action="work_item.complete").one()
    assert (entry.actor_id, entry.detail["for_user_id"]) == (substitute.id, absent.id)
    line = session.query(ProcessEvent).filter_by(kind="completed").one()
    assert (line.actor_id, line.detail) == (substitute.id, {"for": absent.name})


def test_the_own_work_is_nobodys_else(case, absent, substitute):
    case("海水淡化膜", number=1)

    with transaction():
        usecases.complete_item(item_id=item_of("海水淡化膜").id, outcome="reject", values=OPINION, actor=act(absent))

    assert "for_user_id" not in session.query(AuditEntry).filter_by(action="work_item.complete").one().detail


def test_four_eyes_hold_for_the_one_who_acts_and_for_the_one_who_is_away(case, absent, substitute):
    case("代办人办过", number=1)
    case("外出人办过", number=2)
    for title, person in (("代办人办过", substitute), ("外出人办过", absent)):
        item_id = bar(title, person)

        assert title not in seen(substitute)
        with pytest.raises(ForbiddenError), transaction():
            items.lock_item(item_id=item_id, actor=act(substitute))


def test_who_holds_the_role_as_well_is_not_barred_by_what_the_absent_person_did(case, absent, office):
    second = make_user(Role.PROVINCE_AUDITOR, scope_code=HOME, organisation_id=office)
    today = clock.today()
    with transaction():
        announce_absence(substitute_id=second.id, starts_on=today, ends_on=today, actor=actor_of(absent))
    case("海水淡化膜", number=1)
    bar("海水淡化膜", absent)

    assert seen(second) == ["海水淡化膜"]
    assert reach.acts_for(item_of("海水淡化膜"), act(second)) is None


def test_the_audit_page_counts_the_lent_queue(case, absent, substitute):
    case("第一件", opened_days_ago=3, number=1)
    case("第二件", number=2)
    claim("第二件", absent)

    place = find_neighbours(item=item_of("第一件"), actor=act(substitute))

    assert (place.position, place.total, place.next_id) == (1, 2, item_of("第二件").id)


@pytest.mark.usefixtures("absent")
def test_standing_in_costs_one_further_statement(app, case, substitute, engine):
    alone = make_user(Role.PROVINCE_CONTACT, scope_code=HOME, organisation_id=substitute.organisation_id)
    case("海水淡化膜", number=1)

    assert count_of(app, engine, substitute) <= count_of(app, engine, alone) + 3, "who is away; names beside the rows"


def count_of(app, engine, user: User) -> int:
    statements = []

    def remember(*args):
        statements.append(args[2])

    browser = sign_in(app.test_client(), user.id)
    session.remove()
    event.listen(engine, "before_cursor_execute", remember)
    try:
        assert browser.get("/inbox").status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", remember)
    return len(statements)


def test_the_queue_says_for_whom(app, case, absent, substitute):
    case("海水淡化膜", number=1)

    page = sign_in(app.test_client(), substitute.id).get("/inbox").get_data(as_text=True)

    assert f"代{absent.name}" in page
