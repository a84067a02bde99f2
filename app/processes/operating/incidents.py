"""Incidents: a step that failed is rolled back, and what went wrong is written down in a second transaction."""

import logging
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.sql.elements import SQLCoreOperations

from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import DomainError
from app.processes.history import make_line, write_lines
from app.processes.models import ProcessInstance
from app.processes.operating.causes import describe_cause, failed_element, failed_token
from app.processes.operating.incident_models import Incident
from app.processes.states import enabled_nodes, get_definition
from app.processes.vocabulary import EventKind, IncidentOrigin, InstanceStatus, Resolution

log = logging.getLogger(__name__)
OUTAGES = (OperationalError, InterfaceError)
"""The database is away or busy: nobody's step is at fault, and nothing could be written down."""


class StepFailedError(DomainError):
    """A person's step failed by a fault of the house: nothing was done, the item is open, operators know (500)."""

    status = 500

    def __init__(self, reference: str) -> None:
        super().__init__("step_failed", reference=reference)

    def call(self, reference: str) -> None:
        """The same token failed before: the person is told the reference of its open incident."""
        self.params["reference"] = reference


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong while something was tried."""

    origin: IncidentOrigin
    origin_id: int | None
    cause: str
    token: str | None
    element: str | None
    reference: str
    actor_id: int | None = None
    outcome: str | None = None


def failure_of(
    error: Exception,
    *,
    origin: IncidentOrigin,
    origin_id: int | None,
    node: str | None = None,
    actor_id: int | None = None,
    outcome: str | None = None,
) -> Failure:
    """The failure behind an exception. `node`: the token that was tried, where the step itself does not say."""
    reference = secrets.token_hex(4)
    log.error("incident %s: %s %s failed", reference, origin, origin_id, exc_info=error)
    element = failed_element(error)
    token = failed_token(error) or node or element
    return Failure(origin, origin_id, describe_cause(error), token, element or token, reference, actor_id, outcome)


def record_incident(
    failure: Failure, *, instance: ProcessInstance | None, next_try_at: datetime | None = None
) -> Incident:
    """Writes a failure down; the same token failing again adds to its open incident, reference and all.

    `instance` is locked by the caller; it takes the status `incident` unless it is suspended or has ended.
    """
    now = clock.now()
    incident = session.scalars(_same(failure, instance).limit(1)).one_or_none()
    if incident is None:
        incident = Incident(reference=failure.reference, at=now, attempts=0)
        if instance is not None:
            _mark(instance, failure)
    incident.attempts += 1
    incident.last_at, incident.next_try_at = now, next_try_at
    incident.instance_id = instance.id if instance else None
    incident.definition_id = instance.definition_id if instance else None
    incident.node, incident.element, incident.cause = failure.token, failure.element, failure.cause
    incident.origin, incident.origin_id = failure.origin, failure.origin_id
    incident.actor_id, incident.outcome = failure.actor_id, failure.outcome
    if instance is not None and instance.state_id is None:
        incident.resolved_at, incident.resolution = now, Resolution.ENDED
    session.add(incident)
    return incident


def _same(failure: Failure, instance: ProcessInstance | None) -> Any:  # noqa: ANN401 -- a SELECT of incidents
    still = select(Incident).where(Incident.resolved_at.is_(None))
    if instance is not None:
        return still.where(Incident.instance_id == instance.id, Incident.node.is_not_distinct_from(failure.token))
    return still.where(
        Incident.instance_id.is_(None), Incident.origin == failure.origin, Incident.origin_id == failure.origin_id
    )


def _mark(instance: ProcessInstance, failure: Failure) -> None:
    if instance.status == InstanceStatus.RUNNING:
        instance.status = InstanceStatus.INCIDENT
    node = get_definition(instance.definition_id).nodes.get(failure.token or "")
    detail = {"reference": failure.reference, "element": failure.element}
    write_lines([make_line(instance_id=instance.id, kind=EventKind.INCIDENT, node=node, detail=detail)])


def status_after(instance: ProcessInstance, *, state_id: int | None, opened: Collection[str]) -> InstanceStatus:
    """The status of a locked instance after a step; incidents whose tokens have moved on end here.

    `state_id`: where the instance stands now, None when it has finished; `opened`: tokens that this step made.
    """
    still = InstanceStatus.RUNNING
    if instance.status == InstanceStatus.INCIDENT:
        waiting = set() if state_id is None else set(enabled_nodes(instance.definition_id, state_id)) - set(opened)
        for incident in open_incidents(ProcessInstance.id == instance.id):
            if incident.node in waiting:
                still = InstanceStatus.INCIDENT
            else:
                end_incident(incident, Resolution.MOVED_ON)
    return InstanceStatus.COMPLETED if state_id is None else still


def open_incidents(which: ColumnElement[bool]) -> list[Incident]:
    """The open incidents of instances, the oldest first."""
    query = select(Incident).where(Incident.resolved_at.is_(None), _of(Incident.instance_id, which))
    return list(session.scalars(query.order_by(Incident.id)))


def end_incident(
    incident: Incident, resolution: Resolution, *, actor_id: int | None = None, reason: str | None = None
) -> None:
    """Notes how an incident ended."""
    incident.resolved_at, incident.resolution, incident.next_try_at = clock.now(), resolution, None
    incident.resolved_by, incident.reason = actor_id, reason


def end_incidents_of(which: ColumnElement[bool]) -> None:
    """Ends open incidents, those of instances that end from outside, as a set."""
    session.execute(
        update(Incident)
        .where(Incident.resolved_at.is_(None), which)
        .values(resolved_at=clock.now(), resolution=Resolution.ENDED, next_try_at=None)
        .execution_options(synchronize_session=False)
    )


def end_incidents_of_origin(*, origin: IncidentOrigin, origin_id: int) -> None:
    """What was tried again has succeeded: for jobs and schedules that belong to no instance."""
    session.execute(
        update(Incident)
        .where(Incident.resolved_at.is_(None), Incident.origin == origin, Incident.origin_id == origin_id)
        .values(resolved_at=clock.now(), resolution=Resolution.MOVED_ON, next_try_at=None)
        .execution_options(synchronize_session=False)
    )


def _of(column: SQLCoreOperations[int | None], which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(ProcessInstance.id == column, which)
