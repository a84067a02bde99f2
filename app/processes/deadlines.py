"""When timers fire and items are due: ISO 8601, working days, or the end of a stage."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.engine import evaluate
from app.engine.window import Node, TimerSpec, Value
from app.kernel import clock
from app.kernel.db import session
from app.processes.models import StageDeadline
from app.workdays.calendar import add_workdays

DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)


@dataclass(frozen=True, slots=True)
class Arming:
    """When a timer is due, what it follows, and how a repeating one goes on."""

    due_at: datetime
    stage_code: str | None = None
    stage_workdays: int = 0
    remaining: int | None = None
    interval: str | None = None


def arm_timer(spec: TimerSpec, *, variables: Mapping[str, Value], batch_id: int | None) -> Arming:
    """When a timer that is armed now will fire."""
    now = clock.now()
    if spec.kind == "workdays":
        return Arming(add_workdays(now, spec.workdays))
    if spec.kind == "stage" and spec.stage is not None:
        due_at = end_of_stage(batch_id, spec.stage, spec.workdays)
        return Arming(due_at, stage_code=spec.stage, stage_workdays=spec.workdays)
    text = read_timer_text(spec.text or "", variables)
    if spec.kind == "date":
        return Arming(read_moment(text))
    if spec.kind == "duration":
        return Arming(now + read_duration(text))
    repeat, _, interval = text.partition("/")
    count = repeat.removeprefix("R")
    return Arming(now + read_duration(interval), remaining=int(count) if count else None, interval=interval)


def end_of_stage(batch_id: int | None, stage: str, workdays: int = 0) -> datetime:
    """The end of a round's stage, moved by working days; a case without round waits for nothing."""
    closes_at = None
    if batch_id is not None:
        closes_at = session.scalar(
            select(StageDeadline.closes_at).where(StageDeadline.batch_id == batch_id, StageDeadline.stage_code == stage)
        )
    if closes_at is None:
        return clock.now()
    return add_workdays(closes_at, workdays) if workdays else closes_at


def due_of_item(node: Node, *, batch_id: int | None) -> datetime | None:
    """When a user task that opens now is due, or None."""
    if node.stage is not None:
        return end_of_stage(batch_id, node.stage)
    if node.due_workdays is not None:
        return add_workdays(clock.now(), node.due_workdays)
    return clock.now() + read_duration(node.due_in) if node.due_in else None


def read_timer_text(text: str, variables: Mapping[str, Value]) -> str:
    """A timer's text as it stands, or the value of the expression behind '='."""
    return str(evaluate(text[1:], variables)) if text.startswith("=") else text.strip("\"' ")


def read_moment(text: str) -> datetime:
    """An ISO 8601 moment; without an offset it is meant in Beijing."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.BEIJING)


def read_duration(text: str) -> timedelta:
    """An ISO 8601 duration of weeks, days, hours, minutes and seconds; ValueError for anything else."""
    match = DURATION.fullmatch(text)
    if match is None or not any(match.groupdict().values()):
        raise ValueError(f"not an ISO 8601 duration: {text!r}")
    return timedelta(**{unit: int(number) for unit, number in match.groupdict().items() if number})
