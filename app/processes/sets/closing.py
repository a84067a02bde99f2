"""Set calls, their end: children are counted as they end; those of a closed call are ended by a job, in chunks.

Whoever closes a call touches no child: a child locks its own row first and its call's last, a parent never waits for
one. So a person who completes at that moment either was counted in time or is told that the deadline has passed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, update

from app.engine import evaluate
from app.kernel import clock
from app.kernel.db import session, table_of
from app.processes.effects import among, end_instances
from app.processes.history import make_line, write_line
from app.processes.jobs import add_job, chunk_size, time_chunk
from app.processes.models import ProcessInstance, SetCall
from app.processes.vocabulary import EventKind, InstanceStatus

Payload = Mapping[str, Any]
CALLS = table_of(SetCall)
UPDATE_COUNTS = (
    update(CALLS)
    .where(CALLS.c.id == bindparam("call_id"))
    .values(open=CALLS.c.open - bindparam("ended"), expired=CALLS.c.expired + bindparam("ended"))
)


def count_ended(*, call_id: int, children: int, status: InstanceStatus) -> bool:
    """The last act of children that end: counts them; whoever meets the end of the call leaves a job for its parent.

    False when the call was closed before. (Counting open siblings instead loses the wake-up when 30 end at once.)
    """
    ended = SetCall.done if status is InstanceStatus.COMPLETED else SetCall.expired
    call = session.execute(
        update(SetCall)
        .where(SetCall.id == call_id)
        .values({SetCall.open: SetCall.open - children, ended: ended + children})
        .returning(SetCall.open, SetCall.total, SetCall.done, SetCall.expired, SetCall.condition, SetCall.closed_at)
        .execution_options(synchronize_session=False)
    ).one()
    if call.closed_at is not None:
        return False
    counters = {"open": call.open, "total": call.total, "done": call.done, "expired": call.expired}
    if call.open == 0 or (call.condition and evaluate(call.condition, counters)):
        add_job("call_done", {"call_id": call_id})
    return True


def close_calls(*, ids: Sequence[int], nodes: Sequence[str], status: InstanceStatus) -> None:
    """Closes the open calls at `nodes` of the instances; whatever still runs in them, however deep, ends soon (N7)."""
    _close(among(SetCall.instance_id, ids) & SetCall.node.in_(nodes), status)


def close_all_calls(*, ids: Sequence[int], status: InstanceStatus) -> None:
    """Closes every open call of the instances, for those that end from outside."""
    _close(among(SetCall.instance_id, ids), status)


def _close(which: ColumnElement[bool], status: InstanceStatus) -> None:
    closed = session.execute(
        update(SetCall)
        .where(SetCall.closed_at.is_(None), which)
        .values(closed_at=clock.now())
        .returning(SetCall.id, SetCall.open)
        .execution_options(synchronize_session=False)
    )
    calls = [call_id for call_id, still_open in closed if still_open]
    if calls:
        add_job("end_children", {"calls": calls, "status": status})


def end_children(payload: Payload) -> Payload | None:
    """The next chunk of children whose calls were closed. `wait`: after those that nobody held, those still locked."""
    size, wait = chunk_size(), payload.get("wait", False)
    calls = _next_calls(payload["calls"], size)
    if not calls:
        return None
    members = _claim(calls, size=size, wait=wait)
    if not members:
        return None if wait else {**payload, "wait": True}
    time_chunk(len(members))
    status = InstanceStatus(payload["status"])
    event_id = payload.get("event") or write_line(make_line(instance_id=None, kind=EventKind.EXPIRED))
    ids = [instance_id for instance_id, _ in members]
    close_all_calls(ids=ids, status=status)
    end_instances(ids=ids, status=status, event_id=event_id, job_id=payload["job_id"])
    counts = Counter(call_id for _, call_id in members)
    session.execute(UPDATE_COUNTS, [{"call_id": call_id, "ended": counts[call_id]} for call_id in sorted(counts)])
    return {**payload, "event": event_id, "wait": False}


def _next_calls(calls: Sequence[int], size: int) -> list[int]:
    """The first calls that still have children to end, enough to fill a chunk; a call larger than that stands alone."""
    rows = session.execute(
        select(SetCall.id, SetCall.open).where(among(SetCall.id, calls), SetCall.open > 0).order_by(SetCall.id)
    ).all()
    chosen: list[int] = []
    total = 0
    for call_id, still_open in rows:
        if chosen and total + still_open > size:
            break
        chosen.append(call_id)
        total += still_open
    return chosen


def _claim(calls: Sequence[int], *, size: int, wait: bool) -> Sequence[tuple[int, int]]:
    """(id, call id) of children that run, locked, in order of id."""
    for status in (InstanceStatus.RUNNING, InstanceStatus.INCIDENT, InstanceStatus.SUSPENDED):
        rows = session.execute(
            select(ProcessInstance.id, ProcessInstance.call_id)
            .where(among(ProcessInstance.call_id, calls), ProcessInstance.status == status)
            .order_by(ProcessInstance.id)
            .limit(size)
            .with_for_update(skip_locked=not wait)
        ).all()
        if rows:
            return [(instance_id, call_id) for instance_id, call_id in rows if call_id is not None]
    return []
