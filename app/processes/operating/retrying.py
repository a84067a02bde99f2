"""Incidents tried again or settled by hand. A retry looks at what it did: no success is claimed without it."""

from collections.abc import Sequence

from sqlalchemy import select

from app.audit.usecases import record
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, NotFoundError
from app.kernel.transaction import after_rollback
from app.processes import background
from app.processes.history import make_line, write_lines
from app.processes.models import Job, ProcessInstance, ProcessSchedule, ProcessTimer
from app.processes.operating.acting import read_reason
from app.processes.operating.incident_models import Incident
from app.processes.operating.incidents import (
    OUTAGES,
    Failure,
    end_incident,
    failure_of,
    open_incidents,
    record_incident,
)
from app.processes.operating.waking import wake
from app.processes.runner import lock_instance
from app.processes.starting import plant
from app.processes.vocabulary import EventKind, IncidentOrigin, InstanceStatus, JobStatus, Resolution
from app.processes.whole import NotSeenWholeError


class RetryFailedError(ConflictError):
    """Tried again, and it failed again; the incident has the new cause."""

    def __init__(self, cause: str) -> None:
        super().__init__("retry_failed", cause=cause.split("\n", maxsplit=1)[0])


def open_incident_ids(instance_id: int) -> Sequence[int]:
    """The open incidents of an instance, the oldest first."""
    return [incident.id for incident in open_incidents(ProcessInstance.id == instance_id)]


def lock_incident(incident_id: int) -> tuple[Incident, ProcessInstance | None]:
    """An open incident with its instance, the instance locked first; ConflictError when it is over."""
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFoundError
    instance = lock_instance(incident.instance_id) if incident.instance_id is not None else None
    session.refresh(incident, with_for_update=True)
    if incident.resolved_at is not None:
        raise ConflictError("incident_over")
    if instance is not None and instance.status == InstanceStatus.SUSPENDED:
        raise ConflictError("instance_suspended")
    return incident, instance


def retry_incident(*, incident_id: int, actor: Actor) -> Incident:
    """Tries what failed again, now. RetryFailedError when it fails again, `retry_without_effect` when the token stands.

    What a person did is not done in that person's name: rooms above rehearse it (`end_rehearsed`).
    """
    incident, instance = lock_incident(incident_id)
    try:
        _attempt(incident, instance)
        session.flush()  # what the attempt left behind is looked at next
    except (*OUTAGES, NotSeenWholeError):
        raise
    except Exception as error:
        failure = failure_of(
            error, origin=IncidentOrigin(incident.origin), origin_id=incident.origin_id, node=incident.node
        )
        after_rollback(lambda: _record_again(failure, instance.id if instance else None))
        raise RetryFailedError(failure.cause) from error
    session.refresh(incident)
    if incident.resolved_at is None:
        raise ConflictError("retry_without_effect")
    _end(incident, Resolution.RETRIED, instance=instance, actor=actor, reason=None)
    return incident


def _attempt(incident: Incident, instance: ProcessInstance | None) -> None:
    if incident.origin == IncidentOrigin.TIMER and instance is not None:
        armed = select(ProcessTimer).where(ProcessTimer.instance_id == instance.id, ProcessTimer.node == incident.node)
        timer = session.scalars(armed).one_or_none()
        if timer is not None:
            background.run_timer(timer_id=timer.id, instance_id=instance.id)
    elif incident.origin == IncidentOrigin.JOB:
        job = session.get_one(Job, incident.origin_id)
        job.status, job.ended_at = JobStatus.WAITING, None
        session.flush()  # the job is read anew
        background.run_job(job.id)
    elif incident.origin == IncidentOrigin.SCHEDULE:
        schedule = session.get_one(ProcessSchedule, incident.origin_id)
        plant(schedule.definition_id)
        background.advance_schedule(schedule)
    elif instance is not None:
        wake({"instance_id": instance.id})


def _record_again(failure: Failure, instance_id: int | None) -> None:
    record_incident(failure, instance=lock_instance(instance_id) if instance_id is not None else None)


def end_rehearsed(*, incident_id: int, actor: Actor) -> Incident:
    """The person's completion was rehearsed and would succeed: the incident is over, the item waits for its person."""
    incident, instance = lock_incident(incident_id)
    _end(incident, Resolution.REHEARSED, instance=instance, actor=actor, reason=None)
    return incident


def resolve_incident(*, incident_id: int, reason: str, actor: Actor) -> Incident:
    """Declares an incident settled. Nothing moves: a token whose job was given up is found by stuck.py."""
    reason = read_reason(reason)
    incident, instance = lock_incident(incident_id)
    _end(incident, Resolution.BY_HAND, instance=instance, actor=actor, reason=reason)
    return incident


def _end(
    incident: Incident, how: Resolution, *, instance: ProcessInstance | None, actor: Actor, reason: str | None
) -> None:
    end_incident(incident, how, actor_id=actor.id, reason=reason)
    session.flush()  # the status of the instance is read from its incidents
    detail = {"reference": incident.reference, "how": how.value, "reason": reason}
    if instance is not None:
        _settle_status(instance)
        line = make_line(instance_id=instance.id, kind=EventKind.RESOLVED, actor=actor, detail=detail)
        write_lines([line])
    record(action="processes.end_incident", actor=actor, object_type="incident", object_id=incident.id, detail=detail)


def _settle_status(instance: ProcessInstance) -> None:
    if instance.status == InstanceStatus.INCIDENT and not open_incident_ids(instance.id):
        instance.status = InstanceStatus.RUNNING
