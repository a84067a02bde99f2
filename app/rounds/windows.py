"""Moving a stage's end: later, or to now; each time a public change notice is kept (E0)."""

from datetime import datetime

from app.audit.usecases import record
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, field_error
from app.rounds import queries
from app.rounds.models import Round, StageChange
from app.rounds.planning import move_end
from app.rounds.road import StageView
from app.rounds.usecases import SUBJECT, ensure_manager, keep_plan
from app.rounds.vocabulary import ChangeKind, RoundStatus, StageCode, StageStatus
from app.workdays.calendar import add_workdays, workdays_between

MAX_REASON = 1000


def extend_stage(*, round_id: int, code: str, until: datetime, reason: str, actor: Actor) -> StageChange:
    """Moves a stage's end to a later moment; the stages after it move by the same working days.

    ConflictError `stage_closed` or `stage_without_timer`; InvalidError at `until` when that is not later.
    """
    ensure_manager(actor)
    evaluation_round = queries.lock_round(round_id)
    stage = _timed_stage(evaluation_round, code)
    if stage.status in (StageStatus.CLOSED, StageStatus.SKIPPED) or stage.closes_at <= clock.now():
        raise ConflictError("stage_closed", time=stage.closed_at or stage.closes_at)
    return _extend(evaluation_round, stage, until, reason, actor)


def reopen_audit_tail(*, round_id: int, until: datetime, reason: str, actor: Actor) -> StageChange:
    """Gives the finishing of audits more time after its end, since filings are still undecided (flows.md 6, 2a)."""
    ensure_manager(actor)
    evaluation_round = queries.lock_round(round_id)
    stage = _timed_stage(evaluation_round, StageCode.AUDIT_TAIL)
    return _extend(evaluation_round, stage, until, reason, actor)


def close_stage(*, round_id: int, code: str, reason: str, actor: Actor) -> StageChange:
    """Ends a stage's window now; later stages keep their ends.

    ConflictError `stage_closed`, `stage_not_open` or `stage_without_timer`.
    """
    ensure_manager(actor)
    evaluation_round = queries.lock_round(round_id)
    stage = _timed_stage(evaluation_round, code)
    if stage.status is StageStatus.PLANNED:
        raise ConflictError("stage_not_open", time=stage.opens_at or stage.closes_at)
    if stage.status is not StageStatus.OPEN or stage.closes_at <= clock.now():
        raise ConflictError("stage_closed", time=stage.closed_at or stage.closes_at)
    return _move(
        evaluation_round, stage, closes_at=clock.now(), kind=ChangeKind.CLOSED, reason=reason, actor=actor, shift=0
    )


def _timed_stage(evaluation_round: Round, code: str) -> StageView:
    stage = queries.find_stage(queries.view_round(evaluation_round), code)
    if evaluation_round.status in (RoundStatus.ARCHIVED, RoundStatus.CANCELLED):
        raise ConflictError("stage_closed", time=stage.closed_at or stage.closes_at)
    if not stage.plan.has_timer:
        raise ConflictError("stage_without_timer")
    return stage


def _extend(evaluation_round: Round, stage: StageView, until: datetime, reason: str, actor: Actor) -> StageChange:
    if until <= max(stage.closes_at, clock.now()):
        raise field_error("until", "date_not_later", time=max(stage.closes_at, clock.now()))
    shift = workdays_between(stage.closes_at, until)
    return _move(
        evaluation_round, stage, closes_at=until, kind=ChangeKind.EXTENDED, reason=reason, actor=actor, shift=shift
    )


def _move(
    evaluation_round: Round,
    stage: StageView,
    *,
    closes_at: datetime,
    kind: ChangeKind,
    reason: str,
    actor: Actor,
    shift: int,
) -> StageChange:
    _ensure_reason(reason)
    change = StageChange(
        round_id=evaluation_round.id,
        stage_code=stage.code,
        kind=kind,
        closes_before=stage.closes_at,
        closes_after=closes_at,
        reason=reason.strip(),
        actor_id=actor.id,
        actor_name=actor.name,
        at=clock.now(),
    )
    session.add(change)
    plan = queries.planned_stages(evaluation_round)
    keep_plan(evaluation_round, move_end(plan, stage.code, closes_at, shift=shift, add_workdays=add_workdays))
    detail = {"stage": stage.code, "from": stage.closes_at, "to": closes_at, "reason": reason.strip()}
    record(
        action=f"rounds.{kind}_stage", actor=actor, object_type=SUBJECT, object_id=evaluation_round.id, detail=detail
    )
    return change


def _ensure_reason(reason: str) -> None:
    if not reason.strip():
        raise field_error("reason", "change_reason_required")
    if len(reason) > MAX_REASON:
        raise field_error("reason", "text_too_long", label="reason", max=MAX_REASON)
