"""The rounds' side of the evaluation_round process: two operations, two completions."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.errors import field_error
from app.processes.doors import CompletedItem, OperationCall
from app.rounds.usecases import cancel_round, end_attribution, freeze_round, update_round
from app.rounds.windows import reopen_audit_tail


def freeze_parameters(call: OperationCall) -> None:
    """The leader released the round: its parameters are frozen and hashed."""
    freeze_round(round_id=call.subject.id, actor=call.actor)


def close_attribution(call: OperationCall) -> None:
    """Filing has ended: what is submitted from now on counts for the next round (R-054)."""
    end_attribution(round_id=call.subject.id, actor=call.actor)


def complete_round_setup(*, item: CompletedItem, outcome: str | None, values: Mapping[str, Any], actor: Actor) -> None:
    """Form `round`: what the manager set is checked and kept, or the round is given up."""
    if outcome == "cancel":
        cancel_round(round_id=item.subject.id, reason=str(values.get("reason") or ""), actor=actor)
        return
    update_round(
        round_id=item.subject.id,
        actor=actor,
        name=values.get("name") or None,
        doc_no=values.get("doc_no") or None,
        starts_on=_day_or_none(values, "starts_on"),
        period_from=_day_or_none(values, "period_from"),
        period_to=_day_or_none(values, "period_to"),
        parameters=values.get("parameters") or None,
        ends=_read_ends(values.get("stages") or {}),
    )


def _read_ends(stages: Mapping[str, Any]) -> dict[str, date]:
    """{"filing": {"closes_at": "2026-06-30"}} as the day on which each of these stages is to close."""
    ends = {}
    for code, window in stages.items():
        try:
            ((name, day),) = window.items()
            ends[code] = _day(day)
        except (AttributeError, ValueError) as error:
            raise field_error("stages", "stage_window_invalid", stage=code) from error
        if name != "closes_at":
            raise field_error("stages", "stage_window_invalid", stage=code)
    return ends


def complete_unfinished_list(
    *, item: CompletedItem, outcome: str | None, values: Mapping[str, Any], actor: Actor
) -> None:
    """Form `unfinished_list`: more time for the audits; moving filings to the next round is filings' operation."""
    if outcome != "extend":
        return
    if not values.get("until"):
        raise field_error("until", "field_required", label="until")
    until = clock.end_of_day(_day(values["until"]))
    reopen_audit_tail(round_id=item.subject.id, until=until, reason=str(values.get("reason") or ""), actor=actor)


def _day_or_none(values: Mapping[str, Any], key: str) -> date | None:
    return _day(values[key]) if values.get(key) else None


def _day(value: object) -> date:
    """A day from a form: a date, a moment (its day in Beijing), or either as ISO text."""
    if isinstance(value, datetime):
        return value.astimezone(clock.BEIJING).date()
    if isinstance(value, date):
        return value
    text = str(value)
    return date.fromisoformat(text) if len(text) <= 10 else _day(datetime.fromisoformat(text))
