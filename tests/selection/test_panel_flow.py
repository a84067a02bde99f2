"""A panel from its draw to its minutes, through the inbox and the diagrams (flows.md 9, 10, 13)."""

from datetime import timedelta
from decimal import Decimal

import orjson
import pytest

from app.candidacies.models import Candidacy
from app.experts.models import Expert
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.transaction import transaction
from app.processes.doors import Subject
from app.processes.models import ProcessInstance
from app.processes.starting import start_instance
from app.processes.vocabulary import InstanceStatus
from app.processes.worker import work_off
from app.selection import exports
from app.selection.meeting import members_of, write_dissent
from app.selection.models import Panel, PanelItem, ReviewSeat
from app.selection.panels import form_panels
from app.selection.pool import rank_pool
from app.selection.proposal import compile_proposal, decide_proposal, read_proposal
from app.selection.queries import (
    latest_draw,
    latest_minutes,
    latest_sheets,
    list_panel_items,
    list_proposal,
    list_review_seats,
    list_seats,
)
from app.selection.reading import ListChange
from app.selection.reviews import revise_sheet
from app.selection.verification import verify_export
from app.selection.vocabulary import ReviewStatus, SeatKind, SeatStatus
from tests.factories.selection import OPINION, REVIEW_END, SHEET, Hall, act, act_on, expert_person, open_items, person


def form(hall: Hall) -> int:
    """The pool, its candidacies waiting for experts, one panel and its meeting under way."""
    with transaction():
        rank_pool(round_id=hall.round_id)
        for id_ in hall.candidacies:
            start_instance(
                process="test_candidacy",
                subject=Subject("candidacy", id_),
                title=session.get_one(Candidacy, id_).title,
                actor=hall["manager"],
                batch_id=hall.round_id,
            )
    with transaction():
        (panel,) = form_panels(round_id=hall.round_id, wishes=[], actor=hall["secretary"])
        start_instance(
            process="panel_meeting",
            subject=Subject("panel", panel.id),
            title=panel.name,
            actor=hall["secretary"],
            batch_id=hall.round_id,
        )
    return panel.id


def draw(hall: Hall) -> int:
    panel_id = form(hall)
    act("rules", hall["secretary"], "submit")
    act("rules_check", hall["manager"], "approve")
    act("witness", hall["supervisor"], "start_draw", number="20261012")
    work_off()
    return panel_id


def accept_all() -> None:
    for item in open_items(node="accept"):
        act_on(item, person(item.assignee_id), "accept", integrity=True, secrecy=True)
    work_off()


def declare_all() -> None:
    for item in open_items(node="declare"):
        act_on(item, person(item.assignee_id), "no_conflict", declared=True)


def score_all(**more) -> None:
    for item in open_items(node="score"):
        seat = session.get_one(ReviewSeat, item.subject_id)
        # the later the candidacy, the fewer points for application
        values = SHEET | {"application": 25 - seat.candidacy_id % 7} | more
        act_on(item, person(item.assignee_id), "submit", **values)


def reach_meeting(hall: Hall) -> int:
    panel_id = draw(hall)
    accept_all()
    declare_all()
    score_all()
    clock.travel(REVIEW_END - clock.now() + timedelta(minutes=1))
    work_off()
    return panel_id


def test_e8_commitment_is_recorded_before_the_draw_and_the_draw_verifies(running):
    panel_id = form(running)
    act("rules", running["secretary"], "submit")
    act("rules_check", running["manager"], "approve")
    committed = latest_draw(panel_id)
    assert (committed.seed, committed.drawn_at, len(committed.commitment)) == (None, None, 64)

    act("witness", running["supervisor"], "start_draw", number="20261012")
    work_off()

    export = exports.export_draw(latest_draw(panel_id))
    assert verify_export(orjson.loads(orjson.dumps(export))) == []
    assert "某" not in orjson.dumps(export).decode()
    seats = list_seats(panel_id)
    assert [seat.kind for seat in seats] == [SeatKind.MEMBER] * 5 + [SeatKind.RESERVE] * 2
    experts = [session.get_one(Expert, seat.expert_id) for seat in seats]
    assert len({expert.organisation_id for expert in experts}) == 7


def test_e8_a_stopped_draw_stays_in_the_record_and_the_rules_come_back(running):
    panel_id = form(running)
    act("rules", running["secretary"], "submit")
    act("rules_check", running["manager"], "approve")

    act("witness", running["supervisor"], "stop", reason="现场网络中断")

    assert latest_draw(panel_id).stopped_reason == "现场网络中断"
    assert [item.node for item in open_items(process="panel_meeting")] == ["rules"]


def test_e8_rules_that_no_panel_fits_are_refused_with_numbers(running):
    form(running)
    with transaction():
        for id_ in running.experts[6:]:
            session.get_one(Expert, id_).is_active = False

    with pytest.raises(InvalidError) as refused:
        act("rules", running["secretary"], "submit", size="7")

    assert refused.value.code == "experts_short"
    assert refused.value.params == {"n": 6, "size": 7}


def test_e8_a_declining_member_is_replaced_by_the_first_reserve(running):
    panel_id = draw(running)
    seats = list_seats(panel_id)
    refusing = next(item for item in open_items(node="accept") if item.subject_id == seats[0].id)

    act_on(refusing, person(refusing.assignee_id), "decline", reason="会期冲突")
    accept_all()
    accept_all()

    assert [seat.status for seat in list_seats(panel_id)] == [
        SeatStatus.DECLINED, *[SeatStatus.ACCEPTED] * 5, SeatStatus.WAITING,
    ]  # fmt: skip
    assert session.get_one(Panel, panel_id).chair_user_id == seats[1].user_id


def test_e8_an_unanswered_invitation_expires_after_three_working_days(running):
    panel_id = draw(running)
    items = open_items(node="accept")
    for item in items[1:]:
        act_on(item, person(item.assignee_id), "accept", integrity=True, secrecy=True)

    clock.travel(timedelta(days=5))
    work_off()

    statuses = [seat.status for seat in list_seats(panel_id)]
    assert statuses.count(SeatStatus.EXPIRED) == 1
    assert statuses.count(SeatStatus.INVITED) == 1


def test_e8_an_invitation_belongs_to_its_expert_alone(running):
    draw(running)
    mine, other = open_items(node="accept")[:2]

    with pytest.raises(NotFoundError):
        act_on(mine, person(other.assignee_id), "accept", integrity=True, secrecy=True)


def test_e8_every_item_gets_all_five_and_its_candidacy_asks_them(running):
    panel_id = draw(running)
    accept_all()

    seats = list_review_seats(panel_id)
    assert len(seats) == 4 * 5
    assert len(open_items(node="declare")) == 20
    assert len({(seat.candidacy_id, seat.user_id) for seat in seats}) == 20


def test_e8_content_is_closed_until_the_declaration(running):
    draw(running)
    accept_all()
    seat = session.get_one(ReviewSeat, open_items(node="declare")[0].subject_id)

    from app.selection.reviews import submit_sheet  # noqa: PLC0415 -- the use case behind the form, asked directly

    with pytest.raises(ConflictError, match="not_declared"), transaction():
        submit_sheet(review_seat_id=seat.id, values=SHEET, actor=person(seat.user_id))


def test_e8_a_conflict_voids_the_seat_and_a_reserve_steps_in(running):
    panel_id = draw(running)
    accept_all()
    item = open_items(node="declare")[0]
    seat = session.get_one(ReviewSeat, item.subject_id)

    act_on(item, person(item.assignee_id), "conflict", conflict_kind="ADVISOR", detail="曾为其导师")

    assert (seat.status, seat.void_reason) == (ReviewStatus.VOID, "conflict")
    reserve = list_seats(panel_id, SeatStatus.WAITING)[0]
    (added,) = [each for each in list_review_seats(panel_id) if each.panel_seat_id == reserve.id]
    assert added.candidacy_id == seat.candidacy_id
    (asked,) = open_items(node="declare", assignee_id=reserve.user_id)
    act_on(asked, person(reserve.user_id), "no_conflict", declared=True)
    assert reserve.pledged_at is not None
    assert reserve.user_id not in {member.user_id for member in members_of(panel_id)}


def test_e8_a_sheet_may_be_revised_until_the_lock_and_both_are_kept(running):
    draw(running)
    accept_all()
    declare_all()
    score_all()
    seat = session.query(ReviewSeat).first()

    with transaction():
        revise_sheet(review_seat_id=seat.id, values=SHEET | {"goal": 5}, actor=person(seat.user_id))
    assert latest_sheets([seat.id])[seat.id].version == 2

    clock.travel(REVIEW_END - clock.now() + timedelta(minutes=1))
    work_off()
    with pytest.raises(ConflictError, match="scores_locked"), transaction():
        revise_sheet(review_seat_id=seat.id, values=SHEET, actor=person(seat.user_id))


def test_e8_another_experts_sheet_does_not_exist_for_an_expert(running):
    draw(running)
    accept_all()
    declare_all()
    seat = session.query(ReviewSeat).first()
    stranger = next(id_ for id_ in running.experts if expert_person(id_).id != seat.user_id)

    with pytest.raises(NotFoundError), transaction():
        revise_sheet(review_seat_id=seat.id, values=SHEET, actor=expert_person(stranger))


def test_e8_a_panel_runs_from_the_draw_to_its_minutes_and_the_list(running):
    panel_id = reach_meeting(running)

    items = list_panel_items(panel_id)
    assert all(item.valid_sheets == 5 and item.score is not None for item in items)
    assert sorted(item.rank for item in items) == [1, 2, 3, 4]
    assert verify_export(exports.export_scores(panel_id)) == []

    members = members_of(panel_id)
    act("open", running["secretary"], "open", present=[member.user_id for member in members[:3]])
    assert [item.node for item in open_items(process="panel_meeting")] == ["open"]
    act("open", running["secretary"], "open", present=[m.user_id for m in members[:4]], place="北辰楼三层会议室")

    with transaction():
        write_dissent(panel_id=panel_id, text="第三名应用证据偏弱", actor=person(members[1].user_id))
    chair = person(members[0].user_id)
    act("opinion", chair, "submit", opinion=OPINION)
    minutes = latest_minutes(panel_id)
    assert "应到5人，实到4人" in minutes.text
    assert "第三名应用证据偏弱" in minutes.text
    act("confirm", running["supervisor"], "confirm")
    work_off()

    ended = session.query(ProcessInstance).filter_by(subject_type="candidacy").all()
    assert {instance.status for instance in ended} == {InstanceStatus.COMPLETED}
    check_proposal(running, items)


def check_proposal(hall: Hall, items: list[PanelItem]) -> None:
    with transaction():
        compile_proposal(round_id=hall.round_id)
    entries = list_proposal(hall.round_id)
    assert [entry.rank for entry in entries] == [1, 2, 3, 4]
    assert all(entry.listed for entry in entries)
    last = entries[-1].candidacy_id

    with pytest.raises(InvalidError, match="reason_needed"), transaction():
        decide_proposal(round_id=hall.round_id, changes=[ListChange(last, False, "")], actor=hall["manager"])
    with transaction():
        assert (
            decide_proposal(
                round_id=hall.round_id, changes=[ListChange(last, False, "单位存在未结案件")], actor=hall["manager"]
            )
            == 3
        )
        assert not read_proposal(candidacy_id=last)
        assert read_proposal(candidacy_id=items[0].candidacy_id)


def test_e8_only_the_chair_writes_the_opinion_and_only_ties_can_be_ordered(running):
    panel_id = reach_meeting(running)
    members = members_of(panel_id)
    act("open", running["secretary"], "open", present=[member.user_id for member in members])

    with pytest.raises(NotFoundError):
        act("opinion", person(members[1].user_id), "submit", opinion=OPINION)
    first = list_panel_items(panel_id)[0].candidacy_id
    with pytest.raises(InvalidError, match="order_not_tied"):
        act("opinion", person(members[0].user_id), "submit", opinion=OPINION, order=[first])


def test_e8_items_without_three_sheets_are_refilled_by_the_next_experts(running):
    panel_id = draw(running)
    accept_all()
    declare_all()
    thin = running.candidacies[0]
    for item in open_items(node="score"):
        seat = session.get_one(ReviewSeat, item.subject_id)
        enough = sum(s.status == ReviewStatus.SCORED for s in list_review_seats(panel_id) if s.candidacy_id == thin)
        if seat.candidacy_id != thin or enough < 2:
            act_on(item, person(item.assignee_id), "submit", **SHEET)
    clock.travel(REVIEW_END - clock.now() + timedelta(minutes=1))
    work_off()
    assert session.get_one(PanelItem, thin).score is None

    act("refill", running["secretary"], "draw")
    work_off()
    (asked,) = open_items(node="declare")
    act_on(asked, person(asked.assignee_id), "no_conflict", declared=True)
    act("score_refill", person(asked.assignee_id), "submit", **SHEET)
    work_off()

    session.expire_all()
    item = session.get_one(PanelItem, thin)
    assert (item.valid_sheets, item.score) == (3, Decimal("83.00"))
    assert [each.node for each in open_items(process="panel_meeting")] == ["open"]


def test_e8_the_list_of_reviewers_is_not_in_the_log(running):
    from app.audit.models import AuditEntry  # noqa: PLC0415 -- only this test looks into the log

    draw(running)

    names = {expert_person(id_).name for id_ in running.experts}
    log = [orjson.dumps(entry.detail).decode() for entry in session.query(AuditEntry).all()]
    assert not [name for name in names if any(name in line for line in log)]
