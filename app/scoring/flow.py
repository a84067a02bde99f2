"""What the diagrams call in the scoring room, and the form of the final result."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from app.kernel.actor import Actor
from app.kernel.errors import field_error
from app.processes.doors import CompletedItem, OperationCall
from app.scoring import usecases
from app.scoring.usecases import DeductionWish


def count_bonus(call: OperationCall) -> None:
    """Service task of evaluation_round: the awards become every province's bonus."""
    usecases.count_bonus(round_id=call.subject.id, actor=call.actor)


def revise_bonus(call: OperationCall) -> None:
    """Service task of objection: an award fell away; nothing to do before the bonus was counted."""
    if call.batch_id is None:
        raise LookupError("an objection belongs to a round")
    usecases.revise_bonus(round_id=call.batch_id, actor=call.actor, reason="objection_upheld")


def complete_final_result(*, item: CompletedItem, outcome: str | None, values: Mapping[str, Any], actor: Actor) -> None:  # noqa: ARG001 -- a Completion's signature
    """拟定绩效评价结果: the deductions; left out, the result stands as computed."""
    usecases.decide_deductions(
        round_id=item.subject.id,
        wishes=[_read_wish(one) for one in _listed(values.get("adjustments"))],
        remark=str(values.get("remark") or ""),
        actor=actor,
    )


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise field_error("adjustments", "choice_invalid", label="adjustments")
    return value


def _read_wish(value: object) -> DeductionWish:
    """{"province": "370000", "deduction": 2, "reason": "…"}."""
    if not isinstance(value, dict):
        raise field_error("adjustments", "choice_invalid", label="adjustments")
    try:
        points = Decimal(str(value.get("deduction")))
    except InvalidOperation as error:
        raise field_error("adjustments", "choice_invalid", label="deduction") from error
    if not points.is_finite():
        raise field_error("adjustments", "choice_invalid", label="deduction")
    return DeductionWish(str(value.get("province")), points, str(value.get("reason") or ""))
