"""Reads of the processes room."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all

from app.engine import Definition
from app.kernel.db import session
from app.kernel.errors import NotFoundError
from app.processes.models import ProcessDefinition, ProcessEvent, ProcessInstance, ProcessTimer, WorkItem
from app.processes.states import enabled_nodes, get_definition
from app.processes.vocabulary import DefinitionStatus, EventKind, InstanceStatus, ItemStatus


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Who has it, since when, until when."""

    id: int
    node: str
    node_name: str
    role: str
    assignee_id: int | None
    opened_at: datetime
    due_at: datetime | None


def open_items(*, subject_type: str, subject_ids: Sequence[int]) -> Mapping[int, Sequence[OpenItem]]:
    """The open work items about each subject, in one statement."""
    rows = session.execute(
        select(
            WorkItem.subject_id,
            WorkItem.id,
            WorkItem.node,
            WorkItem.node_name,
            WorkItem.role,
            WorkItem.assignee_id,
            WorkItem.opened_at,
            WorkItem.due_at,
        )
        .where(
            WorkItem.subject_type == subject_type,
            WorkItem.subject_id.in_(list(subject_ids)),
            WorkItem.status == ItemStatus.OPEN,
        )
        .order_by(WorkItem.id)
    )
    found: dict[int, list[OpenItem]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(OpenItem(*row[1:]))
    return found


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the story of a subject."""

    at: datetime
    kind: str
    node: str | None
    node_name: str | None
    actor_id: int | None
    actor_name: str | None
    outcome: str | None
    detail: Any


def get_history(*, subject_type: str, subject_id: int) -> Sequence[HistoryLine]:
    """Everything that happened in the instances about a subject, in order."""
    about = (ProcessInstance.subject_type == subject_type) & (ProcessInstance.subject_id == subject_id)
    return _lines(tells_of(select(ProcessInstance.id).where(about)))


def get_instance_history(instance_id: int) -> Sequence[HistoryLine]:
    """Everything that happened in one instance, in order."""
    return _lines(tells_of((instance_id,)))


def tells_of(instances: Select[int] | Sequence[int]) -> ColumnElement[bool]:
    """The lines of history of these instances: their own, and those of set moves that took them along."""
    items = WorkItem.instance_id.in_(instances)
    shared = union_all(
        select(WorkItem.opened_by_event).where(items, WorkItem.opened_by_event.is_not(None)),
        select(WorkItem.closed_by_event).where(items, WorkItem.closed_by_event.is_not(None)),
    )
    return or_(ProcessEvent.instance_id.in_(instances), ProcessEvent.id.in_(shared))


def _lines(which: ColumnElement[bool]) -> Sequence[HistoryLine]:
    rows = session.execute(
        select(
            ProcessEvent.at,
            ProcessEvent.kind,
            ProcessEvent.node,
            ProcessEvent.node_name,
            ProcessEvent.actor_id,
            ProcessEvent.actor_name,
            ProcessEvent.outcome,
            ProcessEvent.detail,
        )
        .where(which)
        .order_by(ProcessEvent.id)
    )
    return [line for row in rows for line in _told(HistoryLine(*row))]


def _told(line: HistoryLine) -> Sequence[HistoryLine]:
    """The one line of a set move that ended its instances says both what happened and that they ended."""
    if line.kind == EventKind.FINISHED or not (line.detail and "end" in line.detail):
        return (line,)
    ended = replace(line, kind=EventKind.FINISHED, node=None, node_name=None)
    return (replace(line, detail=None), ended)


def get_instance(instance_id: int) -> ProcessInstance:
    """The instance; NotFoundError when there is none."""
    instance = session.get(ProcessInstance, instance_id)
    if instance is None:
        raise NotFoundError
    return instance


def find_instance(*, process: str, subject_type: str, subject_id: int) -> ProcessInstance | None:
    """The newest instance of a process about a subject."""
    return session.scalars(
        select(ProcessInstance)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .where(
            ProcessDefinition.key == process,
            ProcessInstance.subject_type == subject_type,
            ProcessInstance.subject_id == subject_id,
        )
        .order_by(ProcessInstance.id.desc())
        .limit(1)
    ).one_or_none()


def waiting_nodes(instance: ProcessInstance) -> tuple[str, ...]:
    """The nodes at which the instance waits, people and events alike; none once it has ended."""
    if instance.state_id is None:
        return ()
    return enabled_nodes(instance.definition_id, instance.state_id)


def open_nodes(instance_id: int) -> frozenset[str]:
    """The nodes at which the instance waits; empty once it has ended."""
    return frozenset(waiting_nodes(get_instance(instance_id)))


def definition_of(instance: ProcessInstance) -> Definition:
    """The compiled definition that an instance runs on."""
    return get_definition(instance.definition_id)


def xml_of(definition_id: int) -> bytes:
    """The diagram of a version as it was deployed."""
    xml = session.scalar(select(ProcessDefinition.bpmn_xml).where(ProcessDefinition.id == definition_id))
    if xml is None:
        raise NotFoundError
    return xml


def has_picture(definition_id: int) -> bool:
    """Whether the version says where its shapes stand, so that a viewer can draw it."""
    return b"BPMNShape" in xml_of(definition_id)


def names_of_processes() -> Mapping[str, str]:
    """Key -> name of the active version of every process."""
    rows = session.execute(
        select(ProcessDefinition.key, ProcessDefinition.name).where(ProcessDefinition.status == DefinitionStatus.ACTIVE)
    )
    return dict(rows.all())


def list_timers(instance_id: int) -> Sequence[ProcessTimer]:
    """The armed timers of an instance, the next first."""
    return session.scalars(
        select(ProcessTimer).where(ProcessTimer.instance_id == instance_id).order_by(ProcessTimer.due_at)
    ).all()


def list_definitions() -> Sequence[ProcessDefinition]:
    """The active version of every process, by key."""
    return session.scalars(
        select(ProcessDefinition)
        .where(ProcessDefinition.status == DefinitionStatus.ACTIVE)
        .order_by(ProcessDefinition.key)
    ).all()


def list_versions(key: str) -> Sequence[ProcessDefinition]:
    """All versions of a process, the newest first; NotFoundError when there is none."""
    versions = session.scalars(
        select(ProcessDefinition).where(ProcessDefinition.key == key).order_by(ProcessDefinition.version.desc())
    ).all()
    if not versions:
        raise NotFoundError
    return versions


def get_version(key: str, version: int | None = None) -> ProcessDefinition:
    """One version of a process, the newest by default; NotFoundError when there is none."""
    query = select(ProcessDefinition).where(ProcessDefinition.key == key)
    if version is not None:
        query = query.where(ProcessDefinition.version == version)
    row = session.scalars(query.order_by(ProcessDefinition.version.desc()).limit(1)).one_or_none()
    if row is None:
        raise NotFoundError
    return row


def name_and_version(definition_id: int) -> tuple[str, int]:
    """Key and version of a definition."""
    row = session.execute(
        select(ProcessDefinition.key, ProcessDefinition.version).where(ProcessDefinition.id == definition_id)
    ).one()
    return row.key, row.version


def open_items_of_instance(instance_id: int, which: ColumnElement[bool] | None = None) -> Sequence[WorkItem]:
    """The open work items of one instance; only those that `which` lets through."""
    query = select(WorkItem).where(WorkItem.instance_id == instance_id, WorkItem.status == ItemStatus.OPEN)
    return session.scalars((query if which is None else query.where(which)).order_by(WorkItem.id)).all()


def outcome_names(items: Sequence[WorkItem]) -> Mapping[int, tuple[str, str]]:
    """Item id -> (zh, en) of the outcome that it was done with, as the diagram of its case names it."""
    done = {item.instance_id for item in items if item.outcome}
    if not done:
        return {}
    rows = session.execute(
        select(ProcessInstance.id, ProcessInstance.definition_id).where(ProcessInstance.id.in_(done))
    )
    definitions = {instance_id: get_definition(definition_id) for instance_id, definition_id in rows}
    return {
        item.id: (outcome.zh, outcome.en)
        for item in items
        if item.outcome and (node := definitions[item.instance_id].nodes.get(item.node)) is not None
        for outcome in node.outcomes
        if outcome.code == item.outcome
    }


def has_item(instance_id: int, which: ColumnElement[bool]) -> bool:
    """Whether the instance has or had a work item that `which` lets through."""
    found = select(WorkItem.id).where(WorkItem.instance_id == instance_id, which).limit(1)
    return session.scalar(found) is not None


def count_running_by_definition() -> Mapping[int, int]:
    """How many instances run on each version."""
    rows = session.execute(
        select(ProcessInstance.definition_id, func.count())
        .where(ProcessInstance.status == InstanceStatus.RUNNING)
        .group_by(ProcessInstance.definition_id)
    )
    return dict(rows.all())
