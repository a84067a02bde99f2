"""应备未备: which organisations stand on the list and why, for whose eyes, and who is asked to file."""

import pytest
from sqlalchemy import func, select

from app.accounts.vocabulary import Role
from app.audit.models import AuditEntry
from app.dashboard.coverage import ask_to_file, read_coverage
from app.dashboard.rules import FilingRecord, Gap, coverage_percent, find_gap, is_expected
from app.dashboard.vocabulary import ASK_ACTION, GAP_NAMES
from app.filings.usecases import create_draft, withdraw_filing
from app.kernel.db import session
from app.kernel.errors import ForbiddenError, InvalidError
from app.kernel.transaction import transaction
from app.notifications.models import Notification
from app.rounds.models import Round
from tests.dashboard.conftest import everybody, file_results
from tests.factories.filings import SHANDONG, make_round, submitted
from tests.support.statements import watch_statements

HOME = frozenset({SHANDONG})


@pytest.mark.parametrize(
    ("record", "gap"),
    [
        (FilingRecord(), None),
        (FilingRecord(has_filer=True), Gap.NEVER_FILED),
        (FilingRecord(has_filer=True, standing=1), None),
        (FilingRecord(filed_before=2), Gap.FILED_BEFORE),
        (FilingRecord(filed_before=2, standing=1), None),
        (FilingRecord(filed_before=2, drafts=1), Gap.DRAFT),
        (FilingRecord(standing=3, drafts=1), Gap.DRAFT),
        (FilingRecord(lapsed=1), Gap.LAPSED),
        (FilingRecord(lapsed=1, standing=1), None),
        (FilingRecord(lapsed=2, standing=1, drafts=1), Gap.LAPSED),
        (FilingRecord(lapsed=1, standing=1, drafts=1), Gap.DRAFT),
    ],
)
def test_why_a_filing_is_missing(record, gap):
    assert find_gap(record) == gap
    assert is_expected(record) == (gap is not None or record.standing > 0)


@pytest.mark.parametrize(("expected", "standing", "percent"), [(0, 0, None), (3, 2, 66), (4, 4, 100), (200, 199, 99)])
def test_the_coverage_is_never_rounded_up(expected, standing, percent):
    assert coverage_percent(expected=expected, standing=standing) == percent


def test_every_reason_has_its_words():
    assert set(GAP_NAMES) == set(Gap)


def gaps(place) -> dict[str, Gap]:
    return {one.name: one.gap for one in read_coverage(round_id=place.round_id, scope=HOME).missing}


def test_the_list_follows_what_the_organisations_do(place):
    expected = {"鲁澜海洋装备研究院", "青岛市知识产权局", "山东省知识产权局"}
    assert gaps(place) == dict.fromkeys(expected, Gap.NEVER_FILED)

    (filing_id,) = file_results(place, 1)
    assert set(gaps(place)) == expected - {"鲁澜海洋装备研究院"}

    with transaction():
        create_draft(kind="report", values={"title": "果蔬分选"}, actor=place["client"])
        withdraw_filing(filing_id=filing_id, actor=place["filer"])
    assert gaps(place) == {
        "鲁澜海洋装备研究院": Gap.LAPSED, "青岛市知识产权局": Gap.DRAFT, "山东省知识产权局": Gap.NEVER_FILED,
    }  # fmt: skip


def test_who_filed_in_the_round_before_is_missed_in_the_next(place):
    filing = submitted(place["filer"], title="海水淡化膜专利导航")
    with transaction():
        filing.status = "FILED"
        later = make_round(2027).id

    missing = {one.name: one.gap for one in read_coverage(round_id=later, scope=HOME).missing}

    assert missing["鲁澜海洋装备研究院"] == Gap.FILED_BEFORE


def test_the_figures_agree_with_the_list(place):
    file_results(place, 2)

    found = read_coverage(round_id=place.round_id, scope=HOME)

    assert (found.expected, found.standing, len(found.missing), found.percent) == (3, 1, 2, 33)
    assert sum(found.counts.values()) == len(found.missing)


def test_the_nation_sees_all_provinces(place):
    names = {one.name for one in read_coverage(round_id=place.round_id, scope=None).missing}

    assert "江浦膜业有限公司" in names


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_is_one_statement(place, engine, count):
    file_results(place, count)

    with watch_statements(engine) as watched:
        read_coverage(round_id=place.round_id, scope=HOME)

    assert len(watched) == 1


def ask(place, *names: str) -> int:
    with transaction():
        return ask_to_file(
            organisation_ids=[place.organisations[name].id for name in names],
            evaluation_round=session.get_one(Round, place.round_id),
            until=None,
            actor=place["contact"],
        )


def received(user_id: int) -> int:
    query = select(func.count()).where(Notification.user_id == user_id, Notification.kind.like("filing_wanted%"))
    return session.scalar(query) or 0


def test_those_asked_get_one_message_a_day_and_it_is_recorded(place):
    assert ask(place, "filer", "client") == 2
    assert received(place["filer"].id) == 1
    assert session.query(AuditEntry).filter_by(action=ASK_ACTION).count() == 2

    with pytest.raises(InvalidError):
        ask(place, "filer")
    assert received(place["filer"].id) == 1


def test_nobody_of_another_province_and_nobody_who_has_filed_is_asked(place):
    file_results(place, 1)

    with pytest.raises(InvalidError):
        ask(place, "filer", "rival")
    with pytest.raises(ForbiddenError), transaction():
        ask_to_file(organisation_ids=[], evaluation_round=Round(), until=None, actor=place["province"])


def test_the_page_lists_and_reminds(place, browse):
    page = browse(place["contact"], "/board/coverage").get_data(as_text=True)
    assert "山东省应备案单位3家，本周期已提交备案0家，覆盖0%；3家有成果待备案。" in page
    assert "已开通账户，从未提交备案" in page

    browse(place["contact"], "/board/coverage", organisations=place.organisations["filer"].id)
    page = browse(place["contact"], "/board/coverage?gap=never_filed").get_data(as_text=True)

    assert "已提醒1家单位备案。" in page
    assert "今日已提醒" in page


def test_drafts_are_counted_and_never_named(place, browse):
    with transaction():
        create_draft(kind="report", values={"title": "不宜外传的题目"}, actor=place["filer"])

    page = browse(place["contact"], "/board/coverage").get_data(as_text=True)

    assert "1件草稿未提交" in page
    assert "不宜外传的题目" not in page


def test_only_the_boards_readers_open_the_list(place, browse):
    people = everybody(place)
    allowed = {role for role, actor in people.items() if browse(actor, "/board/coverage").status_code == 200}

    assert allowed == {
        Role.PROVINCE_CONTACT, Role.PROVINCE_AUDITOR, Role.PROVINCE_LEADER, Role.MANAGER, Role.LEADER,
        Role.NATIONAL_AUDITOR,
    }  # fmt: skip
