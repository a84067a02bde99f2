"""What a migration writes for all instances of one state at once: their rows go on, end or begin with the tokens.

Every statement takes the whole group along by the ids of its instances, so that its number does not grow with them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, literal, select, update

from app.engine import Definition
from app.engine.versions.mapping import Mapped
from app.engine.window import Node, NodeKind
from app.formdefs.queries import active_version
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import JsonText, UtcDateTime, session, table_of
from app.kernel.errors import ConflictError
from app.processes.effects import arm_all, close_items, disarm, open_items, role_of
from app.processes.jobs import add_job
from app.processes.migration.carrying import assign_people, bar_again, carry_calls, carry_timers
from app.processes.migration.impact import Choices
from app.processes.migration.models import MovedInstance
from app.processes.models import ProcessEvent, ProcessInstance, ProcessTimer, WorkItem
from app.processes.sets.closing import close_calls
from app.processes.vocabulary import EventKind, FormChoice, InstanceStatus, ItemStatus

TIMERS = table_of(ProcessTimer)
KEPT_OF_TIMER = ("node", "due_at", "stage_code", "stage_workdays", "remaining", "interval", "armed_at")


@dataclass(frozen=True, slots=True)
class Group:
    """Locked instances of one version that stand in one state, and where they go. `versions`: numbers before, after."""

    ids: Sequence[int]
    old: Definition
    new: Definition
    from_definition_id: int
    to_definition_id: int
    from_state_id: int
    to_state_id: int
    versions: tuple[int, int]
    mapped: Mapped
    choices: Choices
    is_back: bool = False
    """They go back to exactly where a move had found them."""
    timers: Mapping[int, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """Going back: the timers that the move had taken away, by instance."""

    def kept(self, *kinds: NodeKind) -> list[tuple[Node, Node]]:
        """(before, after) of the nodes of these kinds whose rows go on."""
        return [
            (self.old.nodes[before], self.new.nodes[after])
            for before, after in self.mapped.carried.items()
            if self.old.nodes[before].kind in kinds
        ]

    def closed(self, *kinds: NodeKind) -> list[str]:
        return [node for node in self.mapped.closed if self.old.nodes[node].kind in kinds]

    def opened(self, *kinds: NodeKind) -> list[Node]:
        return [self.new.nodes[node] for node in self.mapped.opened if self.new.nodes[node].kind in kinds]


def move_group(group: Group, *, migration_id: int, job_id: int, actor: Actor) -> None:
    """Moves the instances of a group with everything that hangs on their tokens."""
    _move_instances(group, job_id)
    _remember(group, migration_id)
    for before, after in group.kept(NodeKind.USER):
        _carry_items(group, before, after)
    carry_timers(group.ids, group.kept(NodeKind.TIMER), group.choices)
    carry_calls(group.ids, group.kept(NodeKind.CALL, NodeKind.SET_CALL))
    _close(group)
    _open(group)
    _tell(group, migration_id, actor)


def _move_instances(group: Group, job_id: int) -> None:
    """The row of each instance; that state and version are still those seen is part of the condition."""
    moved = session.execute(
        update(ProcessInstance)
        .where(
            ProcessInstance.id.in_(group.ids),
            ProcessInstance.definition_id == group.from_definition_id,
            ProcessInstance.state_id == group.from_state_id,
            func.coalesce(ProcessInstance.last_job_id, 0) != job_id,
        )
        .values(
            definition_id=group.to_definition_id,
            state_id=group.to_state_id,
            revision=ProcessInstance.revision + 1,
            last_job_id=job_id,
        )
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != len(group.ids):  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
        raise ConflictError("edit_conflict")


def _remember(group: Group, migration_id: int) -> None:
    """Where each instance stood, with the timers that end here, for the way back."""
    ended = group.closed(NodeKind.TIMER)
    same: dict[str, Any] = {
        "migration_id": migration_id,
        "from_definition_id": group.from_definition_id,
        "from_state_id": group.from_state_id,
        "to_state_id": group.to_state_id,
    }
    if not ended:
        columns = [ProcessInstance.id, *(literal(value) for value in same.values())]
        rows = select(*columns).where(ProcessInstance.id.in_(group.ids))
        session.execute(insert(MovedInstance).from_select(["instance_id", *same], rows))
        return
    timers: dict[int, list[dict[str, Any]]] = {}
    found = select(TIMERS).where(TIMERS.c.instance_id.in_(group.ids), TIMERS.c.node.in_(ended))
    for row in session.execute(found).mappings():
        timers.setdefault(row["instance_id"], []).append({name: row[name] for name in KEPT_OF_TIMER})
    session.execute(
        insert(table_of(MovedInstance)),
        [{"instance_id": id_, "timers": timers.get(id_), **same} for id_ in group.ids],
    )


def _carry_items(group: Group, before: Node, after: Node) -> None:
    """The open items at a node: draft, claim, assignee and due date stay; what the new version says of them is taken."""
    values = _item_changes(group.choices, before, after)
    if values:
        session.execute(
            update(WorkItem)
            .where(WorkItem.instance_id.in_(group.ids), WorkItem.node == before.id, WorkItem.status == ItemStatus.OPEN)
            .values(values)
            .execution_options(synchronize_session=False)
        )
    if role_of(before) != role_of(after):
        assign_people(group.ids, after)
    if before.not_by != after.not_by:
        bar_again(group.ids, after)


def _item_changes(choices: Choices, before: Node, after: Node) -> dict[str, Any]:
    values: dict[str, Any] = {
        "node": after.id,
        "node_name": after.name or after.id,
        "role": role_of(after),
        "priority": after.priority,
    }
    known = {
        "node": before.id,
        "node_name": before.name or before.id,
        "role": role_of(before),
        "priority": before.priority,
    }
    changed = {name: value for name, value in values.items() if value != known[name]}
    is_elsewhere = before.id != after.id
    if choices.forms.get(after.id) == FormChoice.NEW or (is_elsewhere and before.form != after.form):
        changed |= {"form_key": after.form, "form_version": active_version(after.form) if after.form else None}
        if before.form != after.form:
            changed["draft"] = None  # written for other fields
    if is_elsewhere and "role" in changed:
        own = select(ProcessInstance.assignee_id).where(ProcessInstance.id == WorkItem.instance_id)
        changed |= {"assignee_id": own.scalar_subquery(), "claimed_at": None}  # another role's step: not theirs to hold
    return changed


def _close(group: Group) -> None:
    ids = group.ids
    users, timers = group.closed(NodeKind.USER), group.closed(NodeKind.TIMER)
    calls = group.closed(NodeKind.CALL, NodeKind.SET_CALL)
    if users:
        close_items(ids=ids, nodes=users, status=ItemStatus.CANCELLED)
    if timers:
        disarm(ids=ids, nodes=timers)
    if calls:
        close_calls(ids=ids, nodes=calls, status=InstanceStatus.CANCELLED)


def _open(group: Group) -> None:
    for node in group.opened(NodeKind.USER):
        fresh = _reopen(group, node)
        for ids, batch_id, _variables in _split_by_facts(fresh, node) if fresh else ():
            which = ProcessInstance.id.in_(ids)
            open_items(which=which, process=group.new.key, node=node, batch_id=batch_id)
        if fresh:
            assign_people(fresh, node)
        if fresh and node.not_by:
            bar_again(fresh, node)
    for node in group.opened(NodeKind.TIMER):
        for ids, batch_id, variables in _split_by_facts(group.ids, node):
            arm_all(which=ProcessInstance.id.in_(ids), node=node, variables=variables, batch_id=batch_id)
    _restore_timers(group)
    _look_for_messages(group)


def _look_for_messages(group: Group) -> None:
    """A message that was thrown already lets those pass who wait for it only now."""
    awaited = bool(group.opened(NodeKind.MESSAGE)) or any(
        before.message != after.message for before, after in group.kept(NodeKind.MESSAGE)
    )
    if awaited:
        add_job("resume", {"ids": list(group.ids)})


def _split_by_facts(ids: Sequence[int], node: Node) -> list[tuple[Sequence[int], int | None, Mapping[str, Any]]]:
    """(ids, round, variables): apart only where the node's moment depends on the round or on variables."""
    by_round = (node.timer.stage if node.timer else node.stage) is not None
    by_variables = bool(node.timer and (node.timer.text or "").startswith("="))
    if not by_round and not by_variables:
        return [(ids, None, {})]
    columns = (ProcessInstance.id, ProcessInstance.batch_id, ProcessInstance.variables)
    groups: dict[tuple[int | None, str], tuple[list[int], int | None, Mapping[str, Any]]] = {}
    for id_, batch_id, variables in session.execute(select(*columns).where(ProcessInstance.id.in_(ids))):
        key = (batch_id if by_round else None, repr(variables) if by_variables else "")
        groups.setdefault(key, ([], batch_id, variables or {}))[0].append(id_)
    return list(groups.values())


def _tell(group: Group, migration_id: int, actor: Actor) -> None:
    """A line in the history of each instance."""
    before, after = group.versions
    values: dict[str, Any] = {
        "at": literal(clock.now(), UtcDateTime()),
        "kind": literal(EventKind.MIGRATED.value),
        "actor_id": literal(actor.id, ProcessEvent.actor_id.type),
        "actor_name": literal(actor.name if actor.id else None, ProcessEvent.actor_name.type),
        "detail": literal({"from": before, "to": after, "migration": migration_id}, JsonText()),
    }
    rows = select(ProcessInstance.id, *values.values()).where(ProcessInstance.id.in_(group.ids))
    session.execute(insert(ProcessEvent).from_select(["instance_id", *values], rows))


def _restore_timers(group: Group) -> None:
    """Timers that a move had taken away run on as it found them."""
    nodes = {node.id for node in group.opened(NodeKind.TIMER)}
    rows = [
        {f"kept_{name}": value for name, value in {**timer, "instance_id": instance_id}.items()}
        for instance_id, timers in group.timers.items()
        for timer in timers
        if timer["node"] in nodes
    ]
    for row in rows:
        for name in ("kept_due_at", "kept_armed_at"):
            row[name] = None if row[name] is None else datetime.fromisoformat(row[name])
    if rows:
        session.execute(
            update(TIMERS)
            .where(TIMERS.c.instance_id == bindparam("kept_instance_id"), TIMERS.c.node == bindparam("kept_node"))
            .values({name: bindparam(f"kept_{name}") for name in KEPT_OF_TIMER if name != "node"}),
            rows,
        )


def _reopen(group: Group, node: Node) -> Sequence[int]:
    """Items that a move had closed are open again as they were; returns the instances that had none."""
    if not group.is_back:
        return group.ids
    last = (
        select(func.max(WorkItem.id))
        .where(WorkItem.instance_id.in_(group.ids), WorkItem.node == node.id, WorkItem.status == ItemStatus.CANCELLED)
        .group_by(WorkItem.instance_id)
    )
    reopened = session.scalars(
        update(WorkItem)
        .where(WorkItem.id.in_(last))
        .values(status=ItemStatus.OPEN)
        .returning(WorkItem.instance_id)
        .execution_options(synchronize_session=False)
    ).all()
    known = set(reopened)
    return [id_ for id_ in group.ids if id_ not in known]
