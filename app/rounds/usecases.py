"""Rounds: creating, setting up, and moving them through their states."""

import csv
import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.audit.usecases import record
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import canonical_json, session
from app.kernel.errors import ConflictError, FieldError, ForbiddenError, InvalidError, field_error
from app.processes.doors import Subject
from app.processes.usecases import set_stage_deadline, start_instance
from app.rounds import queries
from app.rounds.models import Programme, Round, Stage
from app.rounds.planning import PlannedStage, plan_stages, windows_to_end_on
from app.rounds.rules import complete_parameters, find_faults, flatten
from app.rounds.vocabulary import RoundStatus, StageCode
from app.workdays.calendar import add_workdays, workdays_between

PROGRAMMES_FILE = Path(__file__).parent / "data" / "programmes.csv"
MAX_NAME = 200
FIRST_YEAR, LAST_YEAR = 2015, 2099
SUBJECT = "round"


def load_programmes() -> int:
    """Adds the programmes of the data file that are not there yet; how many were added."""
    known = set(session.scalars(select(Programme.code)))
    with PROGRAMMES_FILE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["code"] not in known]
    session.add_all(Programme(**row) for row in rows)
    return len(rows)


def create_round(
    *,
    programme: str,
    name: str,
    starts_on: date,
    actor: Actor,
    period_from: date | None = None,
    period_to: date | None = None,
    doc_no: str = "",
    parameters: Mapping[str, Any] | None = None,
    is_demo: bool = False,
) -> Round:
    """A new round in set-up, its stages planned from `starts_on` (the day filing opens), and its process started.

    Without a period it reaches from the year before to the end of filing (R-004). InvalidError names what is wrong
    by field; settings by their dotted key.
    """
    ensure_manager(actor)
    chosen = queries.find_programme(programme)
    if chosen is None:
        raise field_error("programme", "option_unknown", label="programme")
    settings = _checked_parameters(parameters or {})
    _ensure_name_free(name)
    _ensure_day_plausible(starts_on)
    plan = _plan(starts_on, settings)
    evaluation_round = Round(
        programme_code=chosen.code,
        name=name.strip(),
        doc_no=doc_no.strip(),
        period_from=period_from or date(starts_on.year - 1, 1, 1),
        period_to=period_to or _end_of_filing(plan),
        starts_on=starts_on,
        parameters=settings,
        created_at=clock.now(),
        created_by=actor.id,
        is_demo=is_demo,
    )
    _ensure_period_in_order(evaluation_round)
    evaluation_round.stages = [_stage_row(stage) for stage in plan]
    session.add(evaluation_round)
    session.flush()  # the round's id is the batch of its process
    _publish_deadlines(evaluation_round.id, plan)
    evaluation_round.instance_id = start_instance(
        process=chosen.process_key,
        subject=Subject(SUBJECT, evaluation_round.id),
        title=evaluation_round.name,
        actor=actor,
        batch_id=evaluation_round.id,
    )
    record(action="rounds.create_round", actor=actor, object_type=SUBJECT, object_id=evaluation_round.id)
    return evaluation_round


def update_round(
    *,
    round_id: int,
    actor: Actor,
    name: str | None = None,
    starts_on: date | None = None,
    period_from: date | None = None,
    period_to: date | None = None,
    doc_no: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    ends: Mapping[str, date] | None = None,
) -> Round:
    """Changes what is given while the round is being set up, and plans its stages anew; `round_frozen` afterwards.

    `ends`: the day on which a stage is to close, by its code; kept as the window's working days.
    """
    ensure_manager(actor)
    evaluation_round = queries.lock_round(round_id)
    if evaluation_round.status != RoundStatus.SETUP:
        raise ConflictError("round_frozen")
    if name is not None and name.strip() != evaluation_round.name:
        _ensure_name_free(name)
        evaluation_round.name = name.strip()
    _ensure_day_plausible(starts_on or evaluation_round.starts_on)
    given = {"starts_on": starts_on, "period_from": period_from, "period_to": period_to, "doc_no": doc_no}
    for field, value in given.items():
        if value is not None:
            setattr(evaluation_round, field, value)
    evaluation_round.parameters = _changed_parameters(evaluation_round, parameters or {}, ends or {})
    _ensure_period_in_order(evaluation_round)
    keep_plan(evaluation_round, _plan(evaluation_round.starts_on, evaluation_round.parameters))
    record(action="rounds.update_round", actor=actor, object_type=SUBJECT, object_id=round_id)
    return evaluation_round


def cancel_round(*, round_id: int, reason: str, actor: Actor) -> Round:
    """Gives a round up that is still being set up."""
    ensure_manager(actor)
    evaluation_round = queries.lock_round(round_id)
    if evaluation_round.status != RoundStatus.SETUP:
        raise ConflictError("round_frozen")
    evaluation_round.status = RoundStatus.CANCELLED
    record(
        action="rounds.cancel_round", actor=actor, object_type=SUBJECT, object_id=round_id, detail={"reason": reason}
    )
    return evaluation_round


def freeze_round(*, round_id: int, actor: Actor) -> str:
    """Freezes the parameters at the release and lets the round run; the SHA-256 of their canonical JSON (E0)."""
    evaluation_round = queries.lock_round(round_id)
    evaluation_round.parameters_hash = hash_parameters(evaluation_round.parameters)
    evaluation_round.frozen_at = clock.now()
    evaluation_round.status = RoundStatus.RUNNING
    record(
        action="rounds.freeze_parameters",
        actor=actor,
        object_type=SUBJECT,
        object_id=round_id,
        detail={"sha256": evaluation_round.parameters_hash},
    )
    return evaluation_round.parameters_hash


def hash_parameters(parameters: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON: whoever has the parameters can recompute it."""
    return hashlib.sha256(canonical_json(parameters).encode()).hexdigest()


def end_attribution(*, round_id: int, actor: Actor) -> None:
    """From now on submissions count for the next round (R-054)."""
    evaluation_round = queries.lock_round(round_id)
    evaluation_round.attribution_closed_at = clock.now()
    record(action="rounds.close_attribution", actor=actor, object_type=SUBJECT, object_id=round_id)


def mark_published(*, round_id: int, actor: Actor) -> None:
    """The round's results are public: the moment is kept, the round stays as it was published (R-073)."""
    evaluation_round = queries.lock_round(round_id)
    evaluation_round.status, evaluation_round.publish_at = RoundStatus.PUBLISHED, clock.now()
    record(action="rounds.mark_published", actor=actor, object_type=SUBJECT, object_id=round_id)


def mark_archived(*, round_id: int, actor: Actor) -> None:
    """The round is over."""
    queries.lock_round(round_id).status = RoundStatus.ARCHIVED
    record(action="rounds.mark_archived", actor=actor, object_type=SUBJECT, object_id=round_id)


def ensure_manager(actor: Actor) -> None:
    """Only the national office's managers change rounds."""
    if not actor.has_role("manager"):
        raise ForbiddenError


def keep_plan(evaluation_round: Round, plan: Sequence[PlannedStage]) -> None:
    """Writes planned windows down; every timer and due date of a stage whose end moved follows it."""
    windows = {stage.code: stage for stage in plan}
    moved = []
    for row in evaluation_round.stages:
        planned = windows[StageCode(row.code)]
        if row.closes_at != planned.closes_at:
            moved.append(planned)
        row.opens_at, row.closes_at = planned.opens_at, planned.closes_at
    _publish_deadlines(evaluation_round.id, moved)


def _publish_deadlines(round_id: int, plan: Sequence[PlannedStage]) -> None:
    for stage in plan:
        set_stage_deadline(batch_id=round_id, stage_code=stage.code, closes_at=stage.closes_at)


def _plan(starts_on: date, parameters: Mapping[str, Any]) -> tuple[PlannedStage, ...]:
    return plan_stages(starts_on, workdays=parameters["windows"], add_workdays=add_workdays)


def _stage_row(stage: PlannedStage) -> Stage:
    return Stage(code=stage.code, position=stage.position, opens_at=stage.opens_at, closes_at=stage.closes_at)


def _end_of_filing(plan: Sequence[PlannedStage]) -> date:
    ends = {stage.code: stage.closes_at for stage in plan}
    return ends[StageCode.FILING].astimezone(clock.BEIJING).date()


def _checked_parameters(wishes: Mapping[str, Any]) -> dict[str, Any]:
    settings = complete_parameters(wishes)
    faults = find_faults(settings)
    if faults:
        raise InvalidError(fields=faults)
    return settings


def _changed_parameters(evaluation_round: Round, wishes: Mapping[str, Any], ends: Mapping[str, date]) -> dict[str, Any]:
    settings = _checked_parameters({**flatten(evaluation_round.parameters), **flatten(wishes)})
    unknown = ends.keys() - settings["windows"].keys()
    if unknown:
        raise field_error("stages", "stage_window_invalid", stage=min(unknown))
    windows = windows_to_end_on(
        evaluation_round.starts_on,
        workdays=settings["windows"],
        ends=ends,
        add_workdays=add_workdays,
        workdays_between=workdays_between,
    )
    return _checked_parameters({**settings, "windows": windows})


def _ensure_name_free(name: str) -> None:
    if not name.strip():
        raise field_error("name", "field_required", label="name")
    if len(name) > MAX_NAME:
        raise field_error("name", "text_too_long", label="name", max=MAX_NAME)
    if queries.find_round_by_name(name.strip()) is not None:
        raise field_error("name", "round_name_taken")


def _ensure_day_plausible(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise field_error("starts_on", "number_range", label="starts_on", min=FIRST_YEAR, max=LAST_YEAR)


def _ensure_period_in_order(evaluation_round: Round) -> None:
    if evaluation_round.period_from > evaluation_round.period_to:
        raise InvalidError("period_reversed", fields={"period_to": [FieldError("period_reversed")]})
