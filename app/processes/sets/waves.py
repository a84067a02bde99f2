"""Waves of timers: when many instances share a deadline, their timers fire as a set move."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from app.kernel import clock
from app.kernel.db import session
from app.processes.effects import among
from app.processes.jobs import add_job, chunk_size, time_chunk
from app.processes.models import Job, ProcessInstance, ProcessTimer
from app.processes.operating.failing import record_timer_failure
from app.processes.overdue import is_due
from app.processes.sets.set_moves import Member, SetMove, claim, move_set, not_moved_by
from app.processes.vocabulary import EventKind, InstanceStatus, ItemStatus, JobStatus

Payload = Mapping[str, Any]
WAVE = 50
"""From so many on, timers of one node that are due together are fired as a set."""
SEEN = 200
"""Among how many of the timers due first that is counted."""


def begin_wave(timer_id: int) -> bool:
    """Leaves a job for a due timer and those due with it, where they are many; the timer itself does not fire here."""
    due = session.execute(
        select(ProcessTimer.id, ProcessInstance.definition_id, ProcessTimer.node)
        .join(ProcessInstance, ProcessInstance.id == ProcessTimer.instance_id)
        .where(is_due(), ProcessTimer.interval.is_(None), ProcessInstance.status == InstanceStatus.RUNNING)
        .where(not_in_wave())
        .order_by(ProcessTimer.due_at, ProcessTimer.id)
        .limit(SEEN)
    ).all()
    own = next(((definition_id, node) for id_, definition_id, node in due if id_ == timer_id), None)
    if own is None or sum((definition_id, node) == own for _, definition_id, node in due) < WAVE:
        return False
    add_job("timers", {"definition_id": own[0], "node": own[1]})
    return True


def not_in_wave() -> ColumnElement[bool]:
    """The timers that no waiting job is going to fire as a set."""
    waves = session.scalars(select(Job.payload).where(Job.kind == "timers", Job.status == JobStatus.WAITING))
    taken = [
        and_(ProcessInstance.definition_id == wave["definition_id"], ProcessTimer.node == wave["node"])
        for wave in waves
    ]
    return ~and_(or_(false(), *taken), ProcessTimer.interval.is_(None))


def fire_chunk(payload: Payload) -> Payload | None:
    """The next chunk of a wave. `wait`: nobody was free, so those that others hold are waited for."""
    wait = payload.get("wait", False)
    ids = session.scalars(_next_due(payload).limit(chunk_size())).all()
    members = _claim_due(payload["node"], ids, wait=wait) if ids else []
    if not members:
        return {**payload, "wait": True} if ids and not wait else None
    time_chunk(len(members))
    move = SetMove(payload["job_id"], EventKind.TIMER, ItemStatus.EXPIRED, dict(payload.get("events", {})))
    standing: dict[int, list[Member]] = defaultdict(list)
    for member in members:
        standing[member.state_id].append(member)
    for state_id, there in standing.items():
        failed = move_set(
            move, definition_id=payload["definition_id"], state_id=state_id, nodes=(payload["node"],), members=there
        )
        for member, error in failed:
            _postpone(member.id, payload["node"], error=error)
    return {**payload, "events": move.events, "wait": False}


def _next_due(payload: Payload) -> Any:  # noqa: ANN401 -- a SELECT of instance ids
    """The instances whose first due timer is one of the wave: earlier ones of the same instance fire before."""
    earlier = aliased(ProcessTimer)
    comes_first = ~exists().where(
        earlier.instance_id == ProcessTimer.instance_id,
        earlier.due_at <= clock.now(),
        or_(
            earlier.due_at < ProcessTimer.due_at,
            and_(earlier.due_at == ProcessTimer.due_at, earlier.id < ProcessTimer.id),
        ),
    )
    return (
        select(ProcessTimer.instance_id)
        .join(ProcessInstance, ProcessInstance.id == ProcessTimer.instance_id)
        .where(
            is_due(),
            ProcessTimer.node == payload["node"],
            ProcessTimer.interval.is_(None),
            ProcessInstance.definition_id == payload["definition_id"],
            ProcessInstance.status == InstanceStatus.RUNNING,
            not_moved_by(payload["job_id"]),
            comes_first,
        )
        .order_by(ProcessTimer.due_at, ProcessTimer.id)
    )


def _claim_due(node: str, ids: Sequence[int], *, wait: bool) -> list[Member]:
    """Locks the instances, in order of id, whose timers are still due then: a stage may have been extended."""
    members = claim(
        among(ProcessInstance.id, ids), ProcessInstance.status == InstanceStatus.RUNNING, size=len(ids), wait=wait
    )
    if not members:
        return []
    still = set(
        session.scalars(
            select(ProcessTimer.instance_id)
            .where(among(ProcessTimer.instance_id, [member.id for member in members]))
            .where(ProcessTimer.node == node, is_due())
            .with_for_update()
        )
    )
    return [member for member in members if member.id in still]


def _postpone(instance_id: int, node: str, *, error: Exception) -> None:
    armed = select(ProcessTimer.id).where(ProcessTimer.instance_id == instance_id, ProcessTimer.node == node)
    record_timer_failure(timer_id=session.scalars(armed).one(), instance_id=instance_id, error=error)
