"""What the diagrams call in this room: operations, collections, completions (flows.md 6, 7, 9, 10, 13)."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Select, literal, null, select

from app.candidacies.models import Candidacy
from app.kernel.actor import Actor
from app.processes.doors import CompletedItem, OperationCall
from app.selection import draw, meeting, pool, proposal, replacements, reviews, seats
from app.selection import panels as forming
from app.selection.models import Panel, PanelSeat, ReviewSeat
from app.selection.reading import (
    read_barred,
    read_chair_order,
    read_dissents,
    read_list_changes,
    read_moment,
    read_panels,
    read_pool_changes,
    read_present,
)
from app.selection.telling import tell_unbegun
from app.selection.vocabulary import ReviewOrigin, ReviewStatus, SeatStatus

Values = Mapping[str, Any]
Answer = dict[str, Any] | None


def rank_pool(call: OperationCall) -> Answer:
    """Service task of evaluation_round."""
    return {"pool_size": pool.rank_pool(round_id=call.subject.id)}


def freeze_pool(call: OperationCall) -> Answer:
    """Service task of evaluation_round."""
    pool.freeze_pool(round_id=call.subject.id, actor=call.actor)
    return None


def read_pool_decision(call: OperationCall) -> Answer:
    """Service task of award_candidacy."""
    return {"in_pool": pool.read_pool_decision(candidacy_id=call.subject.id)}


def read_proposal(call: OperationCall) -> Answer:
    """Service task of award_candidacy."""
    return {"listed": proposal.read_proposal(candidacy_id=call.subject.id)}


def compile_proposal(call: OperationCall) -> Answer:
    """Service task of evaluation_round."""
    return {"proposed": proposal.compile_proposal(round_id=call.subject.id)}


def commit_seed(call: OperationCall) -> Answer:
    """Service task of panel_meeting."""
    draw.commit_seed(panel_id=call.subject.id, actor=call.actor)
    return None


def draw_experts(call: OperationCall) -> Answer:
    """Service task of panel_meeting."""
    draw.draw_experts(panel_id=call.subject.id, actor=call.actor)
    return None


def check_panel(call: OperationCall) -> Answer:
    """Service task of panel_meeting."""
    state = seats.check_panel(panel_id=call.subject.id, instance_id=call.instance_id, actor=call.actor)
    return {"panel_state": state}


def promote_reserves(call: OperationCall) -> Answer:
    """Service task of panel_meeting."""
    seats.promote_reserves(panel_id=call.subject.id, actor=call.actor)
    return None


def assign_items(call: OperationCall) -> Answer:
    """Service task of panel_meeting."""
    reviews.assign_items(panel_id=call.subject.id, actor=call.actor)
    return None


def aggregate_scores(call: OperationCall) -> Answer:
    """Service task of panel_meeting, before and after a refill."""
    scores = meeting.aggregate_scores(panel_id=call.subject.id, actor=call.actor)
    return {"thin_items": scores.thin_items, "divergent_count": scores.divergent_count}


def draw_replacements(call: OperationCall) -> Answer:
    """Service task of panel_meeting."""
    replacements.draw_replacements(panel_id=call.subject.id, actor=call.actor)
    return None


def check_quorum(call: OperationCall) -> Answer:
    """Service task of panel_meeting."""
    return {"quorum_met": meeting.check_quorum(panel_id=call.subject.id)}


def generate_minutes(call: OperationCall) -> Answer:
    """Service task of panel_meeting."""
    meeting.generate_minutes(panel_id=call.subject.id, actor=call.actor)
    return None


def close_panel(call: OperationCall) -> Answer:
    """Service task of panel_meeting."""
    meeting.close_panel(panel_id=call.subject.id, actor=call.actor)
    return None


def check_sheet(call: OperationCall) -> Answer:
    """Service task of expert_review."""
    reviews.check_sheet(review_seat_id=call.subject.id)
    return None


def void_seat(call: OperationCall) -> Answer:
    """Service task of expert_review."""
    return {"void_reason": reviews.void_seat(review_seat_id=call.subject.id)}


def draw_replacement(call: OperationCall) -> Answer:
    """Service task of expert_review."""
    replacements.draw_replacement(review_seat_id=call.subject.id, instance_id=call.instance_id, actor=call.actor)
    return None


def report_unbegun(call: OperationCall) -> Answer:
    """Service task of expert_review: three working days before the end, the secretary hears of sheets not begun."""
    tell_unbegun(review_seat_id=call.subject.id, instance_id=call.instance_id)
    return None


def panels(call: OperationCall) -> Select[Any]:
    """Children of evaluation_round: its panels."""
    rows = (
        select(
            literal("panel").label("subject_type"),
            Panel.id.label("subject_id"),
            Panel.name.label("title"),
            null().label("province_code"),
            null().label("city_code"),
            null().label("organisation_id"),
            null().label("assignee_id"),
            null().label("variables"),
        )
        .where(Panel.round_id == call.subject.id)
        .order_by(Panel.number)
    )
    return cast("Select[Any]", rows)


def drawn_seats(call: OperationCall) -> Select[Any]:
    """Children of panel_meeting: the invitations that are open, at the draw and after a promotion."""
    rows = (
        select(
            literal("panel_seat").label("subject_type"),
            PanelSeat.id.label("subject_id"),
            Panel.name.label("title"),
            null().label("province_code"),
            null().label("city_code"),
            null().label("organisation_id"),
            PanelSeat.user_id.label("assignee_id"),
            literal('{"mode":"invite"}').label("variables"),
        )
        .join(Panel, Panel.id == PanelSeat.panel_id)
        .where(PanelSeat.panel_id == call.subject.id, PanelSeat.status == SeatStatus.INVITED)
        .order_by(PanelSeat.position)
    )
    return cast("Select[Any]", rows)


def assigned_seats(call: OperationCall) -> Select[Any]:
    """Children of award_candidacy: this item's reviewers."""
    return _review_seats('{"mode":"score","refill":false}').where(
        ReviewSeat.candidacy_id == call.subject.id, ReviewSeat.status != ReviewStatus.VOID
    )


def refill_seats(call: OperationCall) -> Select[Any]:
    """Children of panel_meeting: the reviewers whom a refill found."""
    return _review_seats('{"mode":"score","refill":true}').where(
        ReviewSeat.panel_id == call.subject.id,
        ReviewSeat.origin == ReviewOrigin.REFILL,
        ReviewSeat.status == ReviewStatus.ASSIGNED,
    )


def _review_seats(variables: str) -> Select[Any]:
    rows = (
        select(
            literal("review_seat").label("subject_type"),
            ReviewSeat.id.label("subject_id"),
            Candidacy.title.label("title"),
            null().label("province_code"),
            null().label("city_code"),
            null().label("organisation_id"),
            ReviewSeat.user_id.label("assignee_id"),
            literal(variables).label("variables"),
        )
        .join(Candidacy, Candidacy.id == ReviewSeat.candidacy_id)
        .order_by(ReviewSeat.id)
    )
    return cast("Select[Any]", rows)


def complete_pool(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> Answer:  # noqa: ARG001 -- a Completion's signature
    """划定入库线."""
    size = pool.decide_pool(round_id=item.subject.id, changes=read_pool_changes(values), actor=actor)
    return {"pool_size": size}


def complete_panels(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> Answer:  # noqa: ARG001 -- a Completion's signature
    """组建评审组."""
    forming.form_panels(round_id=item.subject.id, wishes=read_panels(values), actor=actor)
    return None


def complete_draw_rules(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> Answer:  # noqa: ARG001 -- a Completion's signature
    """拟定抽取条件."""
    draw.set_draw_rules(panel_id=item.subject.id, wishes=values, barred=read_barred(values), actor=actor)
    return None


def complete_witness(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> Answer:
    """现场监督抽取."""
    if outcome == "stop":
        draw.stop_draw(panel_id=item.subject.id, reason=str(values.get("reason") or ""), actor=actor)
    else:
        draw.witness_draw(panel_id=item.subject.id, number=str(values.get("number") or ""), actor=actor)
    return None


def complete_pledge(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> Answer:
    """应邀与承诺."""
    if outcome == "accept":
        seats.accept_invitation(seat_id=item.subject.id, actor=actor)
    else:
        seats.decline_invitation(seat_id=item.subject.id, reason=str(values.get("reason") or ""), actor=actor)
    return None


def complete_declaration(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> Answer:
    """回避声明."""
    if outcome == "no_conflict":
        reviews.declare_no_conflict(review_seat_id=item.subject.id, actor=actor)
    else:
        reviews.declare_conflict(
            review_seat_id=item.subject.id,
            kind=str(values.get("conflict_kind") or ""),
            detail=str(values.get("detail") or ""),
            actor=actor,
        )
    return None


def complete_score_sheet(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> Answer:
    """独立评分."""
    if outcome == "cannot_judge":
        reviews.refuse_to_judge(review_seat_id=item.subject.id, reason=str(values.get("reason") or ""), actor=actor)
    else:
        reviews.submit_sheet(review_seat_id=item.subject.id, values=values, actor=actor)
    return None


def complete_attendance(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> Answer:
    """会议签到; nobody named means that all members came. A postponed meeting leaves only its reason with the item."""
    if outcome != "open":
        return None
    meeting.open_meeting(
        panel_id=item.subject.id,
        present=read_present(values) or [seat.user_id for seat in meeting.members_of(item.subject.id)],
        held_at=read_moment(values, "meeting_at"),
        place=str(values.get("place") or ""),
        actor=actor,
    )
    return None


def complete_panel_opinion(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> Answer:  # noqa: ARG001 -- a Completion's signature
    """评审意见."""
    meeting.write_opinion(
        panel_id=item.subject.id,
        opinion=str(values.get("opinion") or ""),
        order=read_chair_order(values),
        dissents=read_dissents(values),
        actor=actor,
    )
    return None


def complete_proposal(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> Answer:  # noqa: ARG001 -- a Completion's signature
    """拟定优秀项目名单."""
    proposal.decide_proposal(round_id=item.subject.id, changes=read_list_changes(values), actor=actor)
    return None
