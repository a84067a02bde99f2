"""The ratings room's side of the diagrams: operations, collections, completions."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, case, literal, null, select

from app.candidacies.models import Candidacy
from app.kernel.actor import Actor
from app.kernel.db import canonical_json, session
from app.processes.doors import CompletedItem, OperationCall
from app.ratings import pushing, usecases
from app.ratings.aggregation import sum_up_round
from app.ratings.checking import check_rating
from app.ratings.models import PushPlan, RatingSeat
from app.ratings.queries import find_aggregate, find_rating
from app.ratings.vocabulary import SUBJECT, DeclineReason, PlanStatus, SeatRole
from app.rounds.models import Round

Values = Mapping[str, Any]


def plan_push(call: OperationCall) -> None:
    """Draws the push plan of the round (a job)."""
    pushing.draw_plan(round_id=_round_id(call), actor=call.actor)


def plan_second_push(call: OperationCall) -> None:
    """Draws and sends the second push for items below the quorum (a job)."""
    pushing.draw_second_plan(round_id=_round_id(call), actor=call.actor)


def aggregate_round(call: OperationCall) -> Values:
    """Sums the round's ratings up; `short_items` counts those below the quorum (a job)."""
    return {"short_items": sum_up_round(session.get_one(Round, _round_id(call)))}


def read_quorum(call: OperationCall) -> Values:
    """Whether this candidacy had enough valid ratings when the round was summed up last."""
    aggregate = find_aggregate(call.subject.id)
    return {"quorum_met": aggregate is not None and aggregate.quorum_met}


def validate_rating(call: OperationCall) -> None:
    """Checks the rating of this seat: valid, or pending with its doubts."""
    rating = find_rating(call.subject.id)
    if rating is not None:
        check_rating(rating)


def replace_seat(call: OperationCall) -> None:
    """Asks one more organisation in place of the one that declined."""
    pushing.fill_seat(seat_id=call.subject.id, instance_id=call.instance_id, actor=call.actor)


def pushed_seats(call: OperationCall) -> Select[Any]:
    """The seats of this candidacy in the approved plan."""
    return _seats(call, number=1)


def second_seats(call: OperationCall) -> Select[Any]:
    """The seats of this candidacy in the second push."""
    return _seats(call, number=2)


def _seats(call: OperationCall, *, number: int) -> Select[Any]:
    texts = {role.value: canonical_json({"seat_role": role, "second": number == 2}) for role in SeatRole}
    return (
        select(
            literal(SUBJECT).label("subject_type"),
            RatingSeat.id.label("subject_id"),
            Candidacy.title.label("title"),
            RatingSeat.province_code.label("province_code"),
            null().label("city_code"),
            RatingSeat.organisation_id.label("organisation_id"),
            null().label("assignee_id"),
            case(texts, value=RatingSeat.seat_role).label("variables"),
        )
        .join(Candidacy, Candidacy.id == RatingSeat.candidacy_id)
        .join(PushPlan, PushPlan.id == RatingSeat.plan_id)
        .where(
            RatingSeat.candidacy_id == call.subject.id,
            PushPlan.number == number,
            PushPlan.status == PlanStatus.APPROVED,
        )
        .order_by(RatingSeat.rank, RatingSeat.id)
    )


def complete_push_plan(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> None:
    """审定推送方案: approve sends it, replan asks for another with other parameters."""
    round_id = item.subject.id if item.batch_id is None else item.batch_id
    if outcome == "approve":
        pushing.approve_plan(round_id=round_id, actor=actor)
    else:
        reason = str(values.get("reason") or "")
        pushing.send_back_plan(round_id=round_id, wishes=values, reason=reason, actor=actor)


def complete_rating(*, item: CompletedItem, outcome: str | None, values: Values, actor: Actor) -> None:
    """线上评价 and 部门评价 of a seat: submitted, or declined with a reason."""
    if outcome == "decline":
        reason = DeclineReason(str(values["decline_reason"]))
        usecases.decline_seat(seat_id=item.subject.id, reason=reason, actor=actor)
    else:
        usecases.submit_rating(seat_id=item.subject.id, values=values, actor=actor)


def _round_id(call: OperationCall) -> int:
    return call.subject.id if call.batch_id is None else call.batch_id
