"""What a step leaves in the tables, for one instance or for a whole set: both are described by the same values.

`which` is a condition over process_instance, `ids` are those of locked instances.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Result,
    Select,
    bindparam,
    delete,
    false,
    insert,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import SQLCoreOperations

from app.engine.window import Node, Variables
from app.formdefs.queries import active_version
from app.kernel import clock
from app.kernel.db import Base, session, table_of
from app.kernel.prepared import Prepared
from app.processes.deadlines import arm_timer, due_of_item, read_moment
from app.processes.models import ProcessInstance, ProcessTimer, WorkItem
from app.processes.operating.incident_models import Incident
from app.processes.operating.incidents import end_incidents_of
from app.processes.vocabulary import FAR, InstanceStatus, ItemStatus

Which = ColumnElement[bool]
Source = ProcessInstance | type[ProcessInstance]
"""Where a row takes over what its instance says: from one that was loaded, or from the columns of all of a set."""
FAR_FUTURE = read_moment(FAR)
INSERT_ITEM = Prepared(insert(table_of(WorkItem)).returning(table_of(WorkItem).c.id))
INSERT_TIMER = Prepared(insert(table_of(ProcessTimer)))
AT_NODES = WorkItem.node.in_(bindparam("nodes", expanding=True))
COMPLETED = (
    select(WorkItem.instance_id, WorkItem.node, WorkItem.completed_by)
    .where(WorkItem.status == ItemStatus.DONE)
    .order_by(WorkItem.id)
)
COMPLETED_OF_ONE = Prepared(COMPLETED.where(WorkItem.instance_id == bindparam("instance_id")))


@dataclass(frozen=True, slots=True)
class Person:
    """Who a work item belongs to and who may not complete it, where that is particular to one instance."""

    assignee_id: int | None = None
    not_by: frozenset[int] = field(default_factory=frozenset)


def role_of(node: Node) -> str:
    """The role whose inbox a user task goes to; one without lane goes to the designers (contract.md)."""
    return node.role or "designer"


def open_item(*, instance: ProcessInstance, process: str, node: Node, person: Person) -> WorkItem:
    """Writes a work item at `node` for one instance; what is returned is a copy of the row, not the session's."""
    values = _item_values(instance, process=process, node=node, batch_id=instance.batch_id)
    if person.assignee_id is not None:
        values["assignee_id"] = person.assignee_id
    if person.not_by:
        values["not_by"] = text_of_barred(person.not_by)
    [(item_id,)] = INSERT_ITEM.rows(values)
    return WorkItem(id=item_id, **values)


def text_of_barred(user_ids: Collection[int]) -> str:
    """How a work item holds those who may not complete it."""
    return f",{','.join(map(str, sorted(user_ids)))},"


def arm(*, instance: ProcessInstance, node: Node, variables: Variables) -> None:
    """A timer row at `node` for one instance."""
    INSERT_TIMER.run(_timer_values(instance, node=node, variables=variables, batch_id=instance.batch_id))


def open_items(*, which: Which, process: str, node: Node, batch_id: int | None, event_id: int | None = None) -> None:
    """A work item at `node` for every instance of a set, with the instance's title, subject and scopes.

    `event_id`: the line of history that tells of the set move.
    """
    values = _item_values(ProcessInstance, process=process, node=node, batch_id=batch_id)
    _insert_for(which, WorkItem, values | {"opened_by_event": event_id})


def arm_all(*, which: Which, node: Node, variables: Variables, batch_id: int | None) -> None:
    """A timer row at `node` for every instance of a set."""
    _insert_for(which, ProcessTimer, _timer_values(ProcessInstance, node=node, variables=variables, batch_id=batch_id))


def _insert_for(which: Which, model: type[Base], values: Mapping[str, Any]) -> None:
    """One row for every instance: what is no column of the instance is the same for all."""
    table = table_of(model)
    columns = {
        name: value if isinstance(value, InstrumentedAttribute) else literal(value, table.c[name].type)
        for name, value in values.items()
    }
    session.execute(insert(table).from_select(list(columns), select(*columns.values()).where(which)))


def _item_values(source: Source, *, process: str, node: Node, batch_id: int | None) -> dict[str, Any]:
    due_at = due_of_item(node, batch_id=batch_id)
    return {
        "instance_id": source.id,
        "process": process,
        "node": node.id,
        "role": role_of(node),
        "title": source.title,
        "node_name": node.name or node.id,
        "subject_type": source.subject_type,
        "subject_id": source.subject_id,
        "batch_id": source.batch_id,
        "province_code": source.province_code,
        "city_code": source.city_code,
        "organisation_id": source.organisation_id,
        "assignee_id": source.assignee_id,
        "form_key": node.form,
        "form_version": active_version(node.form) if node.form else None,
        "status": ItemStatus.OPEN.value,
        "due_at": due_at,
        "sort_at": due_at or FAR_FUTURE,
        "stage_code": node.stage,
        "priority": node.priority,
        "opened_at": clock.now(),
    }


def _timer_values(source: Source, *, node: Node, variables: Variables, batch_id: int | None) -> dict[str, Any]:
    if node.timer is None:
        raise ValueError(f"{node.id} is no timer")
    arming = arm_timer(node.timer, variables=variables, batch_id=batch_id)
    return {
        "instance_id": source.id,
        "node": node.id,
        "due_at": arming.due_at,
        "batch_id": source.batch_id,
        "stage_code": arming.stage_code,
        "stage_workdays": arming.stage_workdays,
        "remaining": arming.remaining,
        "interval": arming.interval,
        "armed_at": clock.now(),
    }


def close_items(
    *, ids: Sequence[int], nodes: Sequence[str] | None, status: ItemStatus, event_id: int | None = None
) -> int:
    """Closes the open items at `nodes` (at all nodes when None) without a completer; returns how many there were."""
    query = update(WorkItem).where(WorkItem.status == ItemStatus.OPEN, among(WorkItem.instance_id, ids))
    if nodes is not None:
        query = query.where(WorkItem.node.in_(nodes))
    values: dict[str, Any] = {"status": status}
    if event_id is not None:
        values["closed_by_event"] = event_id
    return rows_of(session.execute(query.values(values).execution_options(synchronize_session=False)))


def disarm(*, ids: Sequence[int], nodes: Sequence[str] | None) -> None:
    """Removes the timers at `nodes` (at all nodes when None)."""
    query = delete(ProcessTimer).where(among(ProcessTimer.instance_id, ids))
    if nodes is not None:
        query = query.where(ProcessTimer.node.in_(nodes))
    session.execute(query.execution_options(synchronize_session=False))


def end_instances(
    *, ids: Sequence[int], status: InstanceStatus, event_id: int | None = None, job_id: int | None = None
) -> None:
    """Ends instances from outside, with their items and timers. `event_id`, `job_id`: those of the set move."""
    item_status = ItemStatus.EXPIRED if status is InstanceStatus.EXPIRED else ItemStatus.CANCELLED
    close_items(ids=ids, nodes=None, status=item_status, event_id=event_id)
    disarm(ids=ids, nodes=None)
    end_incidents_of(among(Incident.instance_id, ids))
    values: dict[Any, Any] = {
        ProcessInstance.status: status,
        ProcessInstance.state_id: None,
        ProcessInstance.ended_at: clock.now(),
        ProcessInstance.revision: ProcessInstance.revision + 1,
    }
    if job_id is not None:
        values[ProcessInstance.last_job_id] = job_id
    session.execute(
        update(ProcessInstance)
        .where(among(ProcessInstance.id, ids))
        .values(values)
        .execution_options(synchronize_session=False)
    )


def completers_of(instance_id: int, nodes: Iterable[str] | None = None) -> Mapping[str, int]:
    """Who completed the nodes of an instance (all nodes when None), each time the last: node -> user id."""
    wanted = None if nodes is None else set(nodes)
    rows = COMPLETED_OF_ONE.rows({"instance_id": instance_id})
    return {node: user_id for _, node, user_id in rows if wanted is None or node in wanted}


def completers_among(ids: Sequence[int], nodes: Iterable[str]) -> Mapping[int, Mapping[str, int]]:
    """As `completers_of`, of many instances: instance id -> node -> user id."""
    return _completers(COMPLETED.where(among(WorkItem.instance_id, ids), AT_NODES), {"nodes": list(nodes)})


def _completers(query: Select[int, str, int | None], values: Mapping[str, Any]) -> Mapping[int, Mapping[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for instance_id, node, user_id in session.execute(query, values):
        if user_id is not None:
            found[instance_id][node] = user_id
    return found


def among(column: SQLCoreOperations[int] | SQLCoreOperations[int | None], ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether a row belongs to one of the instances. Thousands of ids stand in the statement itself, not as parameters."""
    if len(ids) == 1:
        return column == ids[0]
    if not ids:
        return false()
    listed: ColumnElement[bool] = column.op("IN", is_comparison=True)(literal_column(f"({','.join(map(str, ids))})"))
    return listed


def rows_of(result: Result[Any]) -> int:
    """How many rows an UPDATE, an INSERT or a DELETE touched."""
    return int(result.rowcount)  # type: ignore[attr-defined]  # the result of such a statement counts its rows
