"""Instances as operators look for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, literal, select, true

from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFoundError, field_error
from app.kernel.paging import Page, cut_page, decode_cursor
from app.processes.models import ProcessDefinition, ProcessInstance, SetCall
from app.processes.operating.incident_models import Incident
from app.processes.states import enabled_nodes, get_definition
from app.processes.vocabulary import OPEN_STATUSES, InstanceStatus

MOST_COUNTED = 1_000
"""Counts stop here and say so."""
WHOLE_HOUSE = ("designer", "sys_admin")


@dataclass(frozen=True, slots=True)
class InstanceFilter:
    """What to look for; None leaves a side open. Without a status only instances that have not ended are meant."""

    process: str | None = None
    version: int | None = None
    status: str | None = None
    node: str | None = None
    round_id: int | None = None
    trial: bool | None = None
    ids: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class InstanceLine:
    """One instance in a list. `waiting`: the nodes at which it stands; `incidents`: how many are open."""

    id: int
    process: str
    process_name: str
    version: int
    title: str
    subject_type: str
    subject_id: int
    round_id: int | None
    status: str
    is_trial: bool
    started_at: datetime
    ended_at: datetime | None
    waiting: tuple[str, ...]
    places: tuple[str, ...]
    """Names of the nodes at which it stands, boundary events left out."""
    incidents: int


def within_reach(actor: Actor) -> ColumnElement[bool]:
    """The instances that an operator may act on: all, or for managers those of rounds."""
    if actor.has_role(*WHOLE_HOUSE):
        return true()
    if actor.has_role("manager"):
        return ProcessInstance.batch_id.is_not(None) & ProcessInstance.is_trial.is_(False)
    return literal(value=False)


def reached_ids(*, ids: Sequence[int], actor: Actor) -> frozenset[int]:
    """Those of the ids that the operator may act on."""
    query = select(ProcessInstance.id).where(ProcessInstance.id.in_(list(ids)), within_reach(actor))
    return frozenset(session.scalars(query))


def list_instances(
    wanted: InstanceFilter, *, actor: Actor, limit: int, cursor: str | None = None
) -> Page[InstanceLine]:
    """Instances within the operator's reach, the newest first."""
    query = _columns().where(*conditions_of(wanted, actor))
    if cursor:
        last_id = decode_cursor(cursor, size=1)[0]
        if not isinstance(last_id, int):
            raise field_error("cursor", "cursor_invalid")
        query = query.where(ProcessInstance.id < last_id)
    rows = session.execute(query.order_by(ProcessInstance.id.desc()).limit(limit + 1)).all()
    return cut_page([_line(*row) for row in rows], limit=limit, key=lambda line: [line.id])


def get_line(instance_id: int, *, actor: Actor) -> InstanceLine:
    """One instance; NotFoundError out of the operator's reach."""
    row = session.execute(_columns().where(ProcessInstance.id == instance_id, within_reach(actor))).one_or_none()
    if row is None:
        raise NotFoundError
    return _line(*row)


def _columns() -> "Select[ProcessInstance, str, str, int, int]":
    open_incidents = (
        select(func.count())
        .where(Incident.instance_id == ProcessInstance.id, Incident.resolved_at.is_(None))
        .scalar_subquery()
    )
    return select(
        ProcessInstance, ProcessDefinition.key, ProcessDefinition.name, ProcessDefinition.version, open_incidents
    ).join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)


def _line(instance: ProcessInstance, key: str, name: str, version: int, incidents: int) -> InstanceLine:
    waiting = () if instance.state_id is None else enabled_nodes(instance.definition_id, instance.state_id)
    nodes = get_definition(instance.definition_id).nodes
    return InstanceLine(
        id=instance.id,
        process=key,
        process_name=name,
        version=version,
        title=instance.title,
        subject_type=instance.subject_type,
        subject_id=instance.subject_id,
        round_id=instance.batch_id,
        status=instance.status,
        is_trial=instance.is_trial,
        started_at=instance.started_at,
        ended_at=instance.ended_at,
        waiting=waiting,
        places=tuple(nodes[one].name or one for one in waiting if nodes[one].attached_to is None),
        incidents=incidents,
    )


def conditions_of(wanted: InstanceFilter, actor: Actor) -> list[ColumnElement[bool]]:
    """What the filter asks of an instance, as SQL."""
    conditions = [within_reach(actor)]
    if wanted.status is not None:
        conditions.append(ProcessInstance.status == wanted.status)
    elif wanted.ids is None:
        conditions.append(ProcessInstance.status.in_(OPEN_STATUSES))
    if wanted.process is not None or wanted.version is not None:
        conditions.append(ProcessInstance.definition_id.in_(_definitions(wanted)))
    if wanted.round_id is not None:
        conditions.append(ProcessInstance.batch_id == wanted.round_id)
    if wanted.trial is not None:
        conditions.append(ProcessInstance.is_trial.is_(wanted.trial))
    if wanted.ids is not None:
        conditions.append(ProcessInstance.id.in_(list(wanted.ids)))
    if wanted.node is not None:
        conditions.append(ProcessInstance.state_id.in_(_states_with(wanted.node, conditions)))
    return conditions


def _definitions(wanted: InstanceFilter) -> "Select[int]":
    query = select(ProcessDefinition.id)
    if wanted.process is not None:
        query = query.where(ProcessDefinition.key == wanted.process)
    return query if wanted.version is None else query.where(ProcessDefinition.version == wanted.version)


def _states_with(node: str, conditions: Sequence[ColumnElement[bool]]) -> list[int]:
    """The states in which somebody stands now and the node waits."""
    occupied = session.execute(
        select(ProcessInstance.definition_id, ProcessInstance.state_id)
        .where(*conditions, ProcessInstance.state_id.is_not(None))
        .distinct()
    )
    return [
        state_id
        for definition_id, state_id in occupied
        if state_id is not None and node in enabled_nodes(definition_id, state_id)
    ]


def occupied_nodes(process: str, *, actor: Actor) -> Sequence[str]:
    """The nodes of a process at which instances stand now, for a filter."""
    conditions = conditions_of(InstanceFilter(process=process), actor)
    occupied = session.execute(
        select(ProcessInstance.definition_id, ProcessInstance.state_id).where(*conditions).distinct()
    )
    return sorted(
        {node for definition_id, state_id in occupied for node in enabled_nodes(definition_id, state_id or 0)}
    )


def count_by_status(wanted: InstanceFilter, *, actor: Actor) -> Mapping[str, int]:
    """How many open instances there are by status, exact up to 1,000, in one statement."""
    counts = []
    for status in OPEN_STATUSES:
        by_status = InstanceFilter(wanted.process, wanted.version, status, None, wanted.round_id, wanted.trial)
        some = select(ProcessInstance.id).where(*conditions_of(by_status, actor)).limit(MOST_COUNTED + 1).subquery()
        counts.append(select(func.count()).select_from(some).scalar_subquery().label(status.value))
    row = session.execute(select(*counts)).one()
    return dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public accessor, underscored so as not to meet a column


def list_calls(instance_id: int) -> Sequence[SetCall]:
    """The calls of an instance with their counters, the open ones first."""
    return session.scalars(
        select(SetCall).where(SetCall.instance_id == instance_id).order_by(SetCall.closed_at.is_not(None), SetCall.id)
    ).all()


def list_incidents(instance_id: int) -> Sequence[Incident]:
    """The incidents of an instance, the newest first."""
    return session.scalars(
        select(Incident).where(Incident.instance_id == instance_id).order_by(Incident.id.desc())
    ).all()


def list_open_incidents(*, actor: Actor, limit: int) -> Sequence[Incident]:
    """Open incidents within reach, the newest first; those without instance for the whole house's operators."""
    reached = exists().where(ProcessInstance.id == Incident.instance_id, within_reach(actor))
    mine = reached | Incident.instance_id.is_(None) if actor.has_role(*WHOLE_HOUSE) else reached
    query = select(Incident).where(Incident.resolved_at.is_(None), mine).order_by(Incident.id.desc()).limit(limit)
    return session.scalars(query).all()


def count_troubled(actor: Actor) -> int:
    """Instances at an incident within reach, for the way around; stops at 1,000."""
    return count_by_status(InstanceFilter(), actor=actor)[InstanceStatus.INCIDENT.value]
