"""What a step leaves in the tables, for one instance or for a whole set with the same statements.

`which` is a condition over process_instance; every statement here reads or writes all instances it names.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, delete, exists, insert, literal, select, update
from sqlalchemy.sql.elements import SQLCoreOperations

from app.engine.window import Node, Variables
from app.formdefs.queries import active_version
from app.kernel import clock
from app.kernel.db import UtcDateTime, session
from app.processes.deadlines import arm_timer, due_of_item, read_moment
from app.processes.models import ProcessInstance, ProcessTimer, WorkItem
from app.processes.vocabulary import FAR, InstanceStatus, ItemStatus

Which = ColumnElement[bool]
FAR_FUTURE = read_moment(FAR)


@dataclass(frozen=True, slots=True)
class Person:
    """Who a work item belongs to and who may not complete it, where that is particular to one instance."""

    assignee_id: int | None = None
    not_by: frozenset[int] = field(default_factory=frozenset)


def role_of(node: Node) -> str:
    """The role whose inbox a user task goes to; one without lane goes to the designers (contract.md)."""
    return node.role or "designer"


def open_item(*, which: Which, process: str, node: Node, batch_id: int | None, person: Person | None = None) -> None:
    """A work item at `node` for every instance, with the instance's title, subject and scopes."""
    due_at = due_of_item(node, batch_id=batch_id)
    assignee: SQLCoreOperations[int | None] = ProcessInstance.assignee_id
    if person is not None and person.assignee_id is not None:
        assignee = literal(person.assignee_id)
    not_by = f",{','.join(map(str, sorted(person.not_by)))}," if person is not None and person.not_by else None
    values = {
        WorkItem.instance_id: ProcessInstance.id,
        WorkItem.process: literal(process),
        WorkItem.node: literal(node.id),
        WorkItem.role: literal(role_of(node)),
        WorkItem.title: ProcessInstance.title,
        WorkItem.node_name: literal(node.name or node.id),
        WorkItem.subject_type: ProcessInstance.subject_type,
        WorkItem.subject_id: ProcessInstance.subject_id,
        WorkItem.batch_id: ProcessInstance.batch_id,
        WorkItem.province_code: ProcessInstance.province_code,
        WorkItem.city_code: ProcessInstance.city_code,
        WorkItem.organisation_id: ProcessInstance.organisation_id,
        WorkItem.assignee_id: assignee,
        WorkItem.not_by: literal(not_by, WorkItem.not_by.type),
        WorkItem.form_key: literal(node.form, WorkItem.form_key.type),
        WorkItem.form_version: literal(active_version(node.form) if node.form else None, WorkItem.form_version.type),
        WorkItem.status: literal(ItemStatus.OPEN.value),
        WorkItem.due_at: literal(due_at, UtcDateTime()),
        WorkItem.sort_at: literal(due_at or FAR_FUTURE, UtcDateTime()),
        WorkItem.stage_code: literal(node.stage, WorkItem.stage_code.type),
        WorkItem.priority: literal(node.priority),
        WorkItem.opened_at: literal(clock.now(), UtcDateTime()),
    }
    session.execute(insert(WorkItem).from_select(list(values), select(*values.values()).where(which)))


def arm(*, which: Which, node: Node, variables: Variables, batch_id: int | None) -> None:
    """A timer row at `node` for every instance."""
    if node.timer is None:
        raise ValueError(f"{node.id} is no timer")
    arming = arm_timer(node.timer, variables=variables, batch_id=batch_id)
    values = {
        ProcessTimer.instance_id: ProcessInstance.id,
        ProcessTimer.node: literal(node.id),
        ProcessTimer.due_at: literal(arming.due_at, UtcDateTime()),
        ProcessTimer.batch_id: ProcessInstance.batch_id,
        ProcessTimer.stage_code: literal(arming.stage_code, ProcessTimer.stage_code.type),
        ProcessTimer.stage_workdays: literal(arming.stage_workdays),
        ProcessTimer.remaining: literal(arming.remaining, ProcessTimer.remaining.type),
        ProcessTimer.interval: literal(arming.interval, ProcessTimer.interval.type),
    }
    session.execute(insert(ProcessTimer).from_select(list(values), select(*values.values()).where(which)))


def close_items(*, which: Which, nodes: Sequence[str] | None, status: ItemStatus) -> None:
    """Closes the open items at `nodes` (at all nodes when None) without a completer."""
    query = update(WorkItem).where(WorkItem.status == ItemStatus.OPEN, of_instances(WorkItem.instance_id, which))
    if nodes is not None:
        query = query.where(WorkItem.node.in_(nodes))
    session.execute(query.values(status=status).execution_options(synchronize_session=False))


def disarm(*, which: Which, nodes: Sequence[str] | None) -> None:
    """Removes the timers at `nodes` (at all nodes when None)."""
    query = delete(ProcessTimer).where(of_instances(ProcessTimer.instance_id, which))
    if nodes is not None:
        query = query.where(ProcessTimer.node.in_(nodes))
    session.execute(query.execution_options(synchronize_session=False))


def end_instances(*, which: Which, status: InstanceStatus) -> int:
    """Ends running instances from outside, with their items and timers; returns how many there were."""
    running = which & (ProcessInstance.status.in_((InstanceStatus.RUNNING, InstanceStatus.SUSPENDED)))
    item_status = ItemStatus.EXPIRED if status is InstanceStatus.EXPIRED else ItemStatus.CANCELLED
    close_items(which=running, nodes=None, status=item_status)
    disarm(which=running, nodes=None)
    ended = session.execute(
        update(ProcessInstance)
        .where(running)
        .values(status=status, state_id=None, ended_at=clock.now(), revision=ProcessInstance.revision + 1)
        .execution_options(synchronize_session=False)
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result counts its rows


def of_instances(column: SQLCoreOperations[int], which: Which) -> ColumnElement[bool]:
    """Whether a row belongs to one of the instances; an equality where `which` names a single one."""
    return exists().where(ProcessInstance.id == column, which)
