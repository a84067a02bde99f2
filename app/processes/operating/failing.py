"""Who tried what when a step failed: a person, a timer, a job, one instance of a chunk, a schedule."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import DomainError
from app.kernel.transaction import after_rollback
from app.processes.jobs import backoff
from app.processes.models import Job, ProcessInstance, ProcessSchedule, ProcessTimer, SetCall, WorkItem
from app.processes.operating.incident_models import Incident
from app.processes.operating.incidents import OUTAGES, Failure, StepFailedError, failure_of, record_incident
from app.processes.vocabulary import MAX_ATTEMPTS, IncidentOrigin, ItemStatus, JobStatus


@contextmanager
def noting_completion(*, item_id: int, outcome: str | None, values: Mapping[str, Any], actor: Actor) -> Iterator[None]:
    """A person's step: a refusal is theirs, a fault of the house becomes an incident and a StepFailedError.

    The item stays open; what was filled in is kept as its draft.
    """
    try:
        yield
    except (DomainError, *OUTAGES):
        raise
    except Exception as error:
        failure = failure_of(error, origin=IncidentOrigin.ITEM, origin_id=item_id, actor_id=actor.id, outcome=outcome)
        told = StepFailedError(failure.reference)
        after_rollback(lambda: told.call(_record_item_failure(failure, item_id=item_id, values=values, actor=actor)))
        raise told from error


def _record_item_failure(failure: Failure, *, item_id: int, values: Mapping[str, Any], actor: Actor) -> str:
    instance = _lock(session.get_one(WorkItem, item_id).instance_id)
    item = session.get_one(WorkItem, item_id, populate_existing=True)
    if item.status == ItemStatus.OPEN and item.assignee_id in (None, actor.id):
        item.draft = dict(values) or item.draft
    timer = _timer_at(item.instance_id, failure.token)
    if timer is not None:  # the deadline came first and its step failed: it is the timer that is tried again
        return _postpone(timer, failure, instance).reference
    return record_incident(_at(failure, item.node), instance=instance).reference


def _at(failure: Failure, node: str) -> Failure:
    """The failure with a place, where its exception named none."""
    if failure.token is not None:
        return failure
    return Failure(
        failure.origin, failure.origin_id, failure.cause, node, failure.element or node, failure.reference,
        failure.actor_id, failure.outcome,
    )  # fmt: skip


def _timer_at(instance_id: int, node: str | None) -> ProcessTimer | None:
    if node is None:
        return None
    armed = select(ProcessTimer).where(ProcessTimer.instance_id == instance_id, ProcessTimer.node == node)
    return session.scalars(armed).one_or_none()


def record_timer_failure(*, timer_id: int, instance_id: int, error: Exception) -> None:
    """After a timer's step was rolled back: an incident, and the next try after a while."""
    failure = failure_of(error, origin=IncidentOrigin.TIMER, origin_id=timer_id)
    instance = _lock(instance_id)
    timer = session.get(ProcessTimer, timer_id, populate_existing=True)
    if timer is not None:
        _postpone(timer, failure, instance)


def _postpone(timer: ProcessTimer, failure: Failure, instance: ProcessInstance) -> Incident:
    failure = Failure(
        IncidentOrigin.TIMER, timer.id, failure.cause, timer.node, failure.element or timer.node, failure.reference
    )
    incident = record_incident(failure, instance=instance)
    timer.retry_at = incident.next_try_at = clock.now() + backoff(incident.attempts)
    return incident


def record_job_failure(*, job_id: int, error: Exception) -> None:
    """After a job was rolled back: an incident, and another try later until the job is given up."""
    job = session.get_one(Job, job_id)
    job.attempts += 1
    job.run_after = clock.now() + backoff(job.attempts)
    if job.attempts >= MAX_ATTEMPTS:
        job.status, job.ended_at = JobStatus.FAILED, clock.now()
    failure = failure_of(error, origin=IncidentOrigin.JOB, origin_id=job_id, node=job.payload.get("node"))
    job.error = failure.cause
    instance_id = _instance_of(job)
    instance = _lock(instance_id) if instance_id is not None else None
    record_incident(failure, instance=instance, next_try_at=job.run_after if job.status == JobStatus.WAITING else None)


def _instance_of(job: Job) -> int | None:
    if job.kind == "call_done":
        return session.get_one(SetCall, job.payload["call_id"]).instance_id
    instance_id: int | None = job.payload.get("instance_id")
    return instance_id


def record_schedule_failure(*, schedule_id: int, error: Exception) -> None:
    """After an instance could not be planted: tried again later, its moment kept."""
    schedule = session.get_one(ProcessSchedule, schedule_id)
    incident = record_incident(failure_of(error, origin=IncidentOrigin.SCHEDULE, origin_id=schedule_id), instance=None)
    incident.definition_id = schedule.definition_id
    schedule.retry_at = incident.next_try_at = clock.now() + backoff(incident.attempts)


def _lock(instance_id: int) -> ProcessInstance:
    return session.get_one(ProcessInstance, instance_id, with_for_update=True, populate_existing=True)
