"""What each kind of job does. A job runs in one transaction; one that says `again` goes on in the next."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.engine.window import Event
from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.processes.deadlines import read_duration
from app.processes.jobs import may_run
from app.processes.migration.migrating import migrate_chunk
from app.processes.models import Job, ProcessInstance, ProcessSchedule, ProcessTimer, SetCall
from app.processes.operating.incidents import end_incidents_of_origin
from app.processes.operating.waking import wake
from app.processes.overdue import is_due
from app.processes.runner import Crank, fire_timer, lock_instance
from app.processes.sets.broadcast import carry_chunk, recheck
from app.processes.sets.closing import end_children
from app.processes.sets.resuming import RESUMED, resume_chunk, resume_some
from app.processes.sets.waves import begin_wave, fire_chunk, not_in_wave
from app.processes.states import enabled_nodes, get_definition
from app.processes.vocabulary import ACTIVE_STATUSES, EventKind, IncidentOrigin, JobStatus

Payload = Mapping[str, Any]


def _recheck(payload: Payload) -> None:
    recheck(instance_id=payload["instance_id"])


def _call_done(payload: Payload) -> None:
    """All children of a call have ended, or its condition is met: fires the call's node once, if it still waits."""
    call = session.get_one(SetCall, payload["call_id"])
    instance = lock_instance(call.instance_id)
    session.refresh(call)
    if instance is None or call.closed_at is not None or not _waits_at(instance, call.node):
        return
    crank = Crank.of(instance, SYSTEM)
    crank.note(EventKind.CHILDREN, get_definition(instance.definition_id).nodes[call.node], detail=_counts(call))
    crank.fire(Event("done", call.node, {} if call.is_set else _variables_of_child(call)))
    crank.write(interrupted_by_deadline=True)


def _counts(call: SetCall) -> Mapping[str, int]:
    return {"total": call.total, "done": call.done, "expired": call.expired}


def _variables_of_child(call: SetCall) -> Mapping[str, Any]:
    """What the one child of a plain call activity hands back."""
    variables: Mapping[str, Any] | None = session.scalar(
        select(ProcessInstance.variables).where(ProcessInstance.call_id == call.id)
    )
    return variables or {}


def _waits_at(instance: ProcessInstance | None, node: str) -> bool:
    if instance is None or instance.state_id is None or instance.status not in ACTIVE_STATUSES:
        return False
    return node in enabled_nodes(instance.definition_id, instance.state_id)


def _children(payload: Payload) -> Payload | None:
    """Takes up the first steps of children that move by themselves."""
    ids = session.scalars(
        select(ProcessInstance.id)
        .where(
            ProcessInstance.call_id == payload["call_id"],
            ProcessInstance.id > payload["after"],
            ProcessInstance.status.in_(ACTIVE_STATUSES),
            ProcessInstance.revision == 0,
        )
        .order_by(ProcessInstance.id)
        .limit(RESUMED)
    ).all()
    if not ids:
        return None
    resumed = resume_some(ids)
    return {**payload, "after": ids[resumed - 1]}


def _operation(payload: Payload) -> None:
    """A service task that runs as a job."""
    instance = lock_instance(payload["instance_id"])
    if instance is None or not _waits_at(instance, payload["node"]):
        return
    crank = Crank.of(instance, SYSTEM)
    crank.fire(crank.run_operation(get_definition(instance.definition_id).nodes[payload["node"]]))
    crank.write()


# A job's payload comes with its `job_id`.
KINDS: dict[str, Callable[[Payload], Payload | None]] = {
    "broadcast": carry_chunk,
    "timers": fire_chunk,
    "resume": resume_chunk,
    "end_children": end_children,
    "recheck": _recheck,
    "call_done": _call_done,
    "children": _children,
    "operation": _operation,
    "migration": migrate_chunk,
    "wake": wake,
}


def find_due_job(*, lock: bool) -> int | None:
    """The id of a job that may run now; with `lock`, of one that no other worker holds, held from now on."""
    query = select(Job.id).where(may_run()).order_by(Job.id).limit(1)
    return session.scalar(query.with_for_update(skip_locked=True) if lock else query)


def run_job(job_id: int) -> None:
    """Runs a job, or its next chunk, in the open transaction, together with the note that it was done."""
    job = session.scalars(
        select(Job).where(Job.id == job_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if job.status != JobStatus.WAITING:
        return
    again = KINDS[job.kind]({**job.payload, "job_id": job.id})
    if job.attempts:
        end_incidents_of_origin(origin=IncidentOrigin.JOB, origin_id=job.id)
    job.progress += 1
    if again is None:
        job.status, job.ended_at = JobStatus.DONE, clock.now()
    else:
        job.payload, job.attempts, job.run_after = dict(again), 0, None


def find_due_timer() -> tuple[int, int] | None:
    """A timer whose time has come, of a running instance: (timer id, instance id)."""
    row = session.execute(
        select(ProcessTimer.id, ProcessTimer.instance_id)
        .join(ProcessInstance, ProcessInstance.id == ProcessTimer.instance_id)
        .where(is_due(), ProcessInstance.status.in_(ACTIVE_STATUSES), not_in_wave())
        .order_by(ProcessTimer.due_at, ProcessTimer.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.id, row.instance_id)


def run_timer(*, timer_id: int, instance_id: int) -> None:
    """Fires a timer if it is still due once its instance is locked: moved and removed ones are left alone.

    One that is due together with many others is left to a job that fires them as a set.
    """
    if begin_wave(timer_id):
        return
    instance = lock_instance(instance_id)
    timer = session.get(ProcessTimer, timer_id, populate_existing=True)
    if instance is None or timer is None or timer.due_at > clock.now() or instance.status not in ACTIVE_STATUSES:
        return
    fire_timer(instance, timer)


def find_due_schedule(*, lock: bool) -> int | None:
    """A timer start event whose time has come; with `lock`, one that no other worker holds."""
    query = (
        select(ProcessSchedule.id)
        .where(
            ProcessSchedule.due_at <= clock.now(),
            ProcessSchedule.retry_at.is_(None) | (ProcessSchedule.retry_at <= clock.now()),
        )
        .order_by(ProcessSchedule.due_at)
        .limit(1)
    )
    return session.scalar(query.with_for_update(skip_locked=True) if lock else query)


def advance_schedule(schedule: ProcessSchedule) -> None:
    """After its instance was planted: sets the next moment, or none when there is none left."""
    if schedule.retry_at is not None:
        end_incidents_of_origin(origin=IncidentOrigin.SCHEDULE, origin_id=schedule.id)
    schedule.retry_at = None
    schedule.due_at = next_moment(schedule.due_at, schedule.interval, schedule.remaining)
    if schedule.remaining is not None:
        schedule.remaining -= 1


def next_moment(due_at: datetime | None, interval: str | None, remaining: int | None) -> datetime | None:
    """When a schedule fires next."""
    if due_at is None or interval is None or (remaining is not None and remaining <= 1):
        return None
    return due_at + read_duration(interval)
