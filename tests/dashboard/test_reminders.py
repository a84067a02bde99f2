"""催办: the text first, then the message; once a day; within one's own province."""

import re

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.audit.models import AuditEntry
from app.dashboard.stuck import list_stuck
from app.dashboard.usecases import plan_reminders, remind_holders
from app.dashboard.vocabulary import REMIND_ACTION
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import ForbiddenError, InvalidError
from app.kernel.transaction import transaction
from app.notifications.models import Notification
from tests.dashboard.conftest import LATER, everybody, file_results
from tests.factories.filings import SHANDONG, decide


@pytest.fixture
def late(place):
    """Two filings that the province has not audited in time."""
    file_results(place, 2)
    with clock.at(LATER):
        yield place


def item_ids(place) -> list[int]:
    return [step.item_id for step in list_stuck(round_id=place.round_id, scope=frozenset({SHANDONG}))]


def received(user_id: int, kind: str) -> int:
    query = select(func.count()).where(Notification.user_id == user_id, Notification.kind == kind)
    return session.scalar(query) or 0


def test_filings_past_half_of_their_term_stand_still(place):
    file_results(place, 1)
    with clock.at(LATER):
        file_results(place, 1, filer="client")
        steps = list_stuck(round_id=place.round_id, scope=None)

    assert [(step.is_late, step.stayed > 10) for step in steps] == [(True, True)]


def test_the_text_is_shown_before_anything_is_sent(late, browse):
    page = browse(late["contact"], "/board/reminders/preview", items=item_ids(late)).get_data(as_text=True)

    assert page.count("已超期，原定") == 2
    assert "发出2条催办" in page
    assert received(late["province"].id, "item_overdue") == 0


def test_a_reminder_reaches_those_who_may_act_and_is_recorded(late, browse):
    answer = browse(late["contact"], "/board/reminders", items=item_ids(late))

    assert answer.status_code == 302
    assert received(late["province"].id, "item_overdue") == 2
    assert received(late["jiangsu"].id, "item_overdue") == 0
    actions = session.scalars(select(AuditEntry.actor_id).where(AuditEntry.action == REMIND_ACTION)).all()
    assert actions == [late["contact"].id] * 2


def test_an_item_is_reminded_once_a_day(late):
    ids = item_ids(late)
    for _ in range(2):
        with transaction():
            sent = remind_holders(item_ids=ids, round_id=late.round_id, actor=late["contact"])

    assert (sent.items, sent.skipped) == (0, 2)
    assert received(late["province"].id, "item_overdue") == 2


def test_items_of_another_province_are_not_there(late):
    stranger = everybody(late)["province_contact"]
    elsewhere = type(stranger)(
        id=stranger.id, name="外省", grants=(type(stranger.grants[0])("province_contact", "province", "320000"),)
    )

    with pytest.raises(InvalidError, match="reminder_empty"):
        plan_reminders(item_ids=item_ids(late), round_id=late.round_id, actor=elsewhere)


def test_auditors_and_filers_do_not_remind(late, browse):
    for name in ("province", "filer"):
        with pytest.raises(ForbiddenError):
            plan_reminders(item_ids=item_ids(late), round_id=late.round_id, actor=late[name])
        assert browse(late[name], "/board/reminders", items=item_ids(late)).status_code == 403


def test_the_national_auditor_reminds_any_province(late):
    with transaction():
        sent = remind_holders(item_ids=item_ids(late), round_id=late.round_id, actor=late["national"])

    assert (sent.items, sent.people) == (2, 1)


def test_an_organisation_without_account_is_named_with_its_telephone(place, browse):
    ids = file_results(place, 1)
    decide(ids[0], place["province"], "return_for_correction", opinion="请补充", reasons=["INCOMPLETE"])
    with transaction():
        session.get_one(User, place["filer"].id).status = "closed"
        place.organisations["filer"].phone = "0532-1234567"
    with clock.at(LATER):
        page = browse(place["contact"], "/board/reminders/preview", items=item_ids(place)).get_data(as_text=True)

    assert "单位尚无账户，电话0532-1234567" in page
    assert "条催办</button>" not in page


def test_choosing_nothing_leads_back_with_a_sentence(late, browse):
    answer = browse(late["contact"], "/board/reminders/preview", other="1")

    assert answer.location.endswith("/board/stuck")


def test_the_page_counts_what_it_lists(late, browse):
    page = browse(late["contact"], "/board/stuck?only=late").get_data(as_text=True)

    assert "有2件备案停留超过办理期限一半，其中2件超期" in page
    assert len(re.findall(r'name="items"', page)) == 2
