"""Set moves (architecture.md, section 4): one event at thousands of instances that stand in the same state.

Members whose gateways come to the same end are one group: one walk of the engine, one UPDATE, one INSERT or DELETE
for each node that it opened or closed. What moves by itself from there on follows, instance by instance, in a job.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Text, bindparam, or_, select, type_coerce, update

from app.engine.window import Event, ExpressionError, Node, NodeKind, StepError, Value
from app.kernel import clock
from app.kernel.db import canonical_json, session, table_of
from app.kernel.errors import ConflictError
from app.processes import messages
from app.processes.effects import (
    among,
    arm_all,
    close_items,
    completers_among,
    disarm,
    open_items,
    role_of,
    rows_of,
    text_of_barred,
)
from app.processes.history import make_line, write_line, write_lines_for
from app.processes.jobs import add_job
from app.processes.models import ProcessInstance, WorkItem
from app.processes.sets import closing
from app.processes.states import get_body, get_definition, get_state_id
from app.processes.vocabulary import EventKind, InstanceStatus, ItemStatus
from app.processes.walk import CALLS, RESTING, Walk

ITEMS = table_of(WorkItem)
UPDATE_PERSON = update(ITEMS).where(
    ITEMS.c.instance_id == bindparam("member_id"),
    ITEMS.c.node == bindparam("at_node"),
    ITEMS.c.status == ItemStatus.OPEN,
)


@dataclass(frozen=True, slots=True)
class Member:
    """What a set move must know of an instance. `variables` is their canonical text."""

    id: int
    state_id: int
    batch_id: int | None
    call_id: int | None
    variables: str | None
    people: Mapping[str, int] | None


@dataclass(slots=True)
class SetMove:
    """One event at many instances. `events`: the lines of history written so far, kept by the job between chunks."""

    job_id: int
    kind: EventKind
    item_status: ItemStatus
    events: dict[str, int] = field(default_factory=dict)
    message_id: int | None = None


@dataclass(slots=True)
class Group:
    """Members that one walk describes, down to the moment when its timers are due."""

    walk: Walk
    fired: tuple[str, ...]
    batch_id: int | None
    changes_variables: bool
    members: list[Member] = field(default_factory=list)

    @property
    def ids(self) -> list[int]:
        return [member.id for member in self.members]


def claim(*where: ColumnElement[bool], size: int, wait: bool) -> list[Member]:
    """Locks the next instances in order of id; without `wait`, only those that nobody else holds."""
    rows = session.execute(
        select(
            ProcessInstance.id,
            ProcessInstance.state_id,
            ProcessInstance.batch_id,
            ProcessInstance.call_id,
            type_coerce(ProcessInstance.variables, Text),
            ProcessInstance.people,
        )
        .where(*where)
        .order_by(ProcessInstance.id)
        .limit(size)
        .with_for_update(skip_locked=not wait)
    )
    return [Member(*row) for row in rows]


def not_moved_by(job_id: int) -> ColumnElement[bool]:
    """The instances that a job has not taken along yet."""
    return or_(ProcessInstance.last_job_id.is_(None), ProcessInstance.last_job_id != job_id)


def move_set(
    move: SetMove, *, definition_id: int, state_id: int, nodes: Sequence[str], members: Sequence[Member]
) -> list[tuple[Member, Exception]]:
    """Fires `nodes`, one after the other, at locked instances that stand in one state.

    Returns those whose step failed, with the cause: they stay where they stand.
    """
    groups: dict[object, Group] = {}
    failed: list[tuple[Member, Exception]] = []
    found: dict[tuple[int | None, str | None], Group | Exception] = {}
    for member in members:
        own = (member.batch_id, member.variables)
        if own not in found:
            found[own] = _find_group(groups, definition_id, state_id, nodes, member)
        group = found[own]
        if isinstance(group, Group):
            group.members.append(member)
        else:
            failed.append((member, group))
    for group in groups.values():
        _write(move, group, state_id)
    return failed


def _find_group(
    groups: dict[object, Group], definition_id: int, state_id: int, nodes: Sequence[str], member: Member
) -> Group | Exception:
    """The group that a member belongs to, founded by it if need be; why not, when its step fails."""
    before: dict[str, Value] = orjson.loads(member.variables) if member.variables else {}
    walk = Walk(definition_id=definition_id, variables=dict(before), state=get_body(state_id))
    fired = []
    try:
        for node in nodes:
            if walk.state is not None and node not in walk.gone:
                walk.step(Event("done", node))
                fired.append(node)
    except (StepError, ExpressionError) as error:
        return error
    group = Group(walk, tuple(fired), member.batch_id, walk.variables != before)
    return groups.setdefault(_key(group, member), group)


def _key(group: Group, member: Member) -> object:
    """Equal keys, equal rows: the walk's outcome, the round, and the variables where the step or a timer uses them."""
    walk = group.walk
    timers = (node.timer for node in walk.opened.values())
    is_computed = any(timer is not None and (timer.text or "").startswith("=") for timer in timers)
    return (
        walk.state,
        walk.end_node,
        group.fired,
        tuple(walk.opened),
        tuple(walk.gone),
        group.batch_id,
        canonical_json(walk.variables) if group.changes_variables else None,
        member.variables if is_computed else None,
    )


def _write(move: SetMove, group: Group, state_id: int) -> None:
    ids, walk = group.ids, group.walk
    _update_instances(move, group, state_id)
    event_id = _tell(move, group)
    users, timers, calls = (walk.gone_of(*kinds) for kinds in ((NodeKind.USER,), (NodeKind.TIMER,), CALLS))
    if users:
        close_items(ids=ids, nodes=users, status=move.item_status, event_id=event_id)
    if timers:
        disarm(ids=ids, nodes=timers)
    if calls:
        closing.close_calls(ids=ids, nodes=calls, status=InstanceStatus.EXPIRED)
    _open(group, event_id)
    if move.message_id is not None and walk.state is not None:
        messages.consume_all(ids=ids, message_id=move.message_id)
    _follow_up(group)
    if walk.state is None:
        _count(group.members)


def _update_instances(move: SetMove, group: Group, state_id: int) -> None:
    walk, ended = group.walk, group.walk.state is None
    values: dict[Any, Any] = {
        ProcessInstance.state_id: None if walk.state is None else get_state_id(walk.definition_id, walk.state),
        ProcessInstance.revision: ProcessInstance.revision + 1,
        ProcessInstance.last_job_id: move.job_id,
    }
    if group.changes_variables:
        values[ProcessInstance.variables] = walk.variables or None
    if ended:
        values |= {
            ProcessInstance.status: InstanceStatus.COMPLETED,
            ProcessInstance.ended_at: clock.now(),
            ProcessInstance.end_node: walk.end_node,
        }
    moved = session.execute(
        update(ProcessInstance)
        .where(among(ProcessInstance.id, group.ids), ProcessInstance.state_id == state_id, not_moved_by(move.job_id))
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if rows_of(moved) != len(group.members):
        raise ConflictError("edit_conflict")


def _tell(move: SetMove, group: Group) -> int | None:
    """One line for all where their items can refer to it (its id is returned); a line for each of what else happened."""
    walk = group.walk
    nodes = get_definition(walk.definition_id).nodes
    detail = {"end": walk.end_node} if walk.state is None else None
    has_items = any(node.kind is NodeKind.USER for node in (*walk.gone.values(), *walk.opened.values()))
    event_id, apart = None, list(group.fired)
    if has_items:
        first = apart.pop(0)
        event_id = _tell_all(move, walk.definition_id, nodes[first], None if apart else detail)
        if not apart:
            return event_id
    for node in apart:
        write_lines_for(make_line(instance_id=None, kind=move.kind, node=nodes[node]), group.ids)
    if detail is not None:
        write_lines_for(make_line(instance_id=None, kind=EventKind.FINISHED, detail=detail), group.ids)
    return event_id


def _tell_all(move: SetMove, definition_id: int, node: Node, detail: Mapping[str, Any] | None) -> int:
    """The id of the line for everybody whom the move takes along here, written with the first of them."""
    key = f"{definition_id} {node.id} {detail}"
    if key not in move.events:
        move.events[key] = write_line(make_line(instance_id=None, kind=move.kind, node=node, detail=detail))
    return move.events[key]


def _open(group: Group, event_id: int | None) -> None:
    walk, which = group.walk, among(ProcessInstance.id, group.ids)
    process = get_definition(walk.definition_id).key
    for node in walk.opened.values():
        if node.kind is NodeKind.USER:
            open_items(which=which, process=process, node=node, batch_id=group.batch_id, event_id=event_id)
            _hand_over(group.members, node.id, role_of(node), node.not_by)
        elif node.kind is NodeKind.TIMER:
            arm_all(which=which, node=node, variables=walk.variables, batch_id=group.batch_id)


def _hand_over(members: Sequence[Member], node: str, role: str, not_by: Sequence[str]) -> None:
    """Gives new items to the persons who are particular to their instance, and keeps others from them (four eyes)."""
    barred = completers_among([member.id for member in members], not_by) if not_by else {}
    given = {member.id: {"assignee_id": person} for member in members if (person := (member.people or {}).get(role))}
    kept_from = {member_id: {"not_by": text_of_barred(set(known.values()))} for member_id, known in barred.items()}
    for rows in (given, kept_from):
        if rows:
            session.execute(
                UPDATE_PERSON, [{"member_id": key, "at_node": node} | values for key, values in rows.items()]
            )


def _follow_up(group: Group) -> None:
    """Leaves to a job what moves by itself; those that only wait for messages just look whether one was thrown."""
    acting = [node for node in group.walk.pending if node.kind not in RESTING]
    if not acting:
        return
    payload: dict[str, Any] = {"ids": group.ids}
    if all(node.kind is NodeKind.MESSAGE for node in acting):
        payload["names"] = sorted({node.message or "" for node in acting})
    add_job("resume", payload)


def _count(members: Sequence[Member]) -> None:
    """Members that were children of set calls have ended: their calls are counted down, each once."""
    ended = Counter(member.call_id for member in members if member.call_id is not None)
    for call_id in sorted(ended):
        closing.count_ended(call_id=call_id, children=ended[call_id], status=InstanceStatus.COMPLETED)
