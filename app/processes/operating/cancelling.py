"""Cancelling: an instance ends from outside, with everything that runs in it, and its caller counts it."""

from collections.abc import Mapping, Sequence

from app.kernel.actor import Actor
from app.kernel.errors import ConflictError, DomainError, NotFoundError
from app.processes.doors import Subject, doors
from app.processes.effects import end_instances
from app.processes.models import ProcessInstance
from app.processes.operating.acting import RowResult, ensure_not_too_many, lock_instances, note_act, read_reason
from app.processes.sets import closing
from app.processes.vocabulary import EventKind, InstanceStatus


def cancel_instances(*, ids: Sequence[int], reason: str, actor: Actor) -> Sequence[RowResult]:
    """Ends instances with items (`item_closed`), timers and calls, and by a job their children, however deep; a constant number of statements
    but for one per calling set call. The rooms of their subjects are told by their ending (app/processes/doors.py).
    """
    reason, wanted = read_reason(reason), ensure_not_too_many(ids)
    locked = lock_instances(wanted)
    results = {one: RowResult(one, _why_not(locked.get(one))) for one in wanted}
    fit = [locked[one] for one in wanted if results[one].error is None]
    if fit:
        _end(fit, reason=reason, actor=actor)
    return [results[one] for one in wanted]


def _why_not(instance: ProcessInstance | None) -> DomainError | None:
    if instance is None:
        return NotFoundError()
    return ConflictError("instance_ended") if instance.ended_at is not None else None


def _end(instances: Sequence[ProcessInstance], *, reason: str, actor: Actor) -> None:
    ids = [instance.id for instance in instances]
    subjects = [(Subject(one.subject_type, one.subject_id), one.is_trial) for one in instances]
    called = _by_call(instances)
    closing.close_all_calls(ids=ids, status=InstanceStatus.CANCELLED)
    end_instances(ids=ids, status=InstanceStatus.CANCELLED)
    detail = {"reason": reason}
    note_act(ids=ids, kind=EventKind.CANCELLED, action="processes.cancel_instance", actor=actor, detail=detail)
    for call_id, children in called.items():
        closing.count_ended(call_id=call_id, children=children, status=InstanceStatus.CANCELLED)
    for subject, is_trial in subjects:
        ending = doors().endings.get(subject.type)
        if ending is not None and not is_trial:
            ending(subject=subject, reason=reason, actor=actor)


def _by_call(instances: Sequence[ProcessInstance]) -> Mapping[int, int]:
    counted: dict[int, int] = {}
    for instance in instances:
        if instance.call_id is not None:
            counted[instance.call_id] = counted.get(instance.call_id, 0) + 1
    return counted
