"""Suspending and resuming: a suspended instance takes no step; what came due meanwhile happens after it resumes."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import ColumnElement, case, exists, select, update

from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, DomainError, NotFoundError
from app.processes.jobs import add_jobs
from app.processes.models import ProcessInstance
from app.processes.operating.acting import RowResult, ensure_not_too_many, lock_instances, note_act, read_reason
from app.processes.operating.incident_models import Incident
from app.processes.vocabulary import ACTIVE_STATUSES, EventKind, InstanceStatus

Refusal = Callable[[ProcessInstance], DomainError | None]


def suspend_instances(
    *, ids: Sequence[int], reason: str, actor: Actor, with_children: bool = False
) -> Sequence[RowResult]:
    """Stops instances where they stand: items answer `instance_suspended`, timers and broadcasts wait.

    `with_children`: whatever runs in their calls stops too, however deep. A constant number of statements.
    """
    reason, wanted = read_reason(reason), ensure_not_too_many(ids)
    locked = lock_instances(wanted)
    results = {one: RowResult(one, _why_not(locked.get(one), _refuse_to_suspend)) for one in wanted}
    fit = [one for one in wanted if results[one].error is None]
    if fit:
        _set_status(ProcessInstance.id.in_(fit), InstanceStatus.SUSPENDED, locked)
        children = _for_descendants(fit, _suspend_level) if with_children else 0
        detail = {"reason": reason, "children": children}
        note_act(ids=fit, kind=EventKind.SUSPENDED, action="processes.suspend_instance", actor=actor, detail=detail)
    return [results[one] for one in wanted]


def resume_instances(
    *, ids: Sequence[int], reason: str, actor: Actor, with_children: bool = False
) -> Sequence[RowResult]:
    """Lets instances go on: overdue timers fire, latched broadcasts arrive, ended calls are noticed, within 2 s."""
    reason, wanted = read_reason(reason), ensure_not_too_many(ids)
    locked = lock_instances(wanted)
    results = {one: RowResult(one, _why_not(locked.get(one), _refuse_to_resume)) for one in wanted}
    fit = [one for one in wanted if results[one].error is None]
    if fit:
        _resume(ProcessInstance.id.in_(fit), locked)
        wake_later(fit)
        children = _for_descendants(fit, _resume_level) if with_children else 0
        detail = {"reason": reason, "children": children}
        note_act(ids=fit, kind=EventKind.RESUMED, action="processes.resume_instance", actor=actor, detail=detail)
    return [results[one] for one in wanted]


def _why_not(instance: ProcessInstance | None, refuse: Refusal) -> DomainError | None:
    if instance is None:
        return NotFoundError()
    return ConflictError("instance_ended") if instance.ended_at is not None else refuse(instance)


def _refuse_to_suspend(instance: ProcessInstance) -> DomainError | None:
    return None if instance.status in ACTIVE_STATUSES else ConflictError("already_suspended")


def _refuse_to_resume(instance: ProcessInstance) -> DomainError | None:
    return None if instance.status == InstanceStatus.SUSPENDED else ConflictError("not_suspended")


def _set_status(which: ColumnElement[bool], status: object, locked: Mapping[int, ProcessInstance]) -> Sequence[int]:
    """Writes the status of a set and counts its revision up, so that no step begun before can be written."""
    ids = session.scalars(
        update(ProcessInstance)
        .where(which)
        .values(status=status, revision=ProcessInstance.revision + 1)
        .returning(ProcessInstance.id)
        .execution_options(synchronize_session=False)
    ).all()
    for one in ids:
        if one in locked:
            session.expire(locked[one])
    return ids


def _resume(which: ColumnElement[bool], locked: Mapping[int, ProcessInstance]) -> Sequence[int]:
    """Running again, or at their incident where one is still open."""
    troubled = exists().where(Incident.instance_id == ProcessInstance.id, Incident.resolved_at.is_(None))
    return _set_status(
        which, case((troubled, InstanceStatus.INCIDENT.value), else_=InstanceStatus.RUNNING.value), locked
    )


def wake_later(ids: Sequence[int]) -> None:
    """A job for each instance that takes up what it missed, in one statement."""
    add_jobs("wake", [{"instance_id": one} for one in ids])


def _for_descendants(ids: Sequence[int], act: Callable[[ColumnElement[bool]], Sequence[int]]) -> int:
    """Does `act` to the children of instances, then to theirs, one statement a level; how many there were.

    Locks run from parent to child, as everywhere.
    """
    level: ColumnElement[bool] = ProcessInstance.parent_id.in_(ids)
    count = 0
    while True:
        below = select(ProcessInstance.id).where(level, ProcessInstance.ended_at.is_(None))
        if session.scalar(below.limit(1)) is None:
            return count
        count += len(act(level & ProcessInstance.ended_at.is_(None)))
        level = ProcessInstance.parent_id.in_(below)


def _suspend_level(which: ColumnElement[bool]) -> Sequence[int]:
    return _set_status(which & ProcessInstance.status.in_(ACTIVE_STATUSES), InstanceStatus.SUSPENDED, {})


def _resume_level(which: ColumnElement[bool]) -> Sequence[int]:
    ids = _resume(which & (ProcessInstance.status == InstanceStatus.SUSPENDED), {})
    wake_later(ids)
    return ids
