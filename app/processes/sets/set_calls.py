"""Set calls: the children of a call activity are inserted as sets (counted and closed: closing.py)."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, Subquery, Text, case, cast, func, insert, literal, select, update

from app.engine import Definition
from app.engine.window import Node, NodeKind, Step, Variables
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import JsonText, UtcDateTime, canonical_json, session
from app.processes.doors import OperationCall, doors
from app.processes.effects import arm_all, open_items
from app.processes.jobs import add_job
from app.processes.kept import kept
from app.processes.models import ProcessInstance, SetCall
from app.processes.states import active_definition, get_definition, get_state_id
from app.processes.vocabulary import InstanceStatus, TargetType
from app.processes.walk import RESTING

SEED_COLUMNS = (
    ProcessInstance.subject_type,
    ProcessInstance.subject_id,
    ProcessInstance.title,
    ProcessInstance.province_code,
    ProcessInstance.city_code,
    ProcessInstance.organisation_id,
    ProcessInstance.assignee_id,
)
"""What a collection's row says of a child, beside its variables. NULL literals carry no type, hence the casts."""


def open_call(*, parent: ProcessInstance, node: Node, call: OperationCall) -> int:
    """Starts the children of a call activity; returns how many are open."""
    call_id = session.execute(
        insert(SetCall)
        .values(instance_id=parent.id, node=node.id, is_set=node.kind is NodeKind.SET_CALL, condition=node.completion)
        .returning(SetCall.id)
    ).scalar_one()
    seeds = doors().collections[node.collection](call) if node.collection else _same_subject(parent)
    total = add_children(call_id=call_id, parent=parent, process=node.called or "", seeds=seeds, actor=call.actor)
    session.execute(update(SetCall).where(SetCall.id == call_id).values(total=total, open=total))
    if total == 0:
        session.execute(update(SetCall).where(SetCall.id == call_id).values(closed_at=clock.now()))
    return total


def open_nodes_of(instance_id: int) -> frozenset[str]:
    """The call activities of an instance whose children were started already."""
    query = select(SetCall.node).where(SetCall.instance_id == instance_id, SetCall.closed_at.is_(None))
    return frozenset(session.scalars(query))


def _same_subject(parent: ProcessInstance) -> Select[Any]:
    """The one child of a plain call activity: about the same subject, with the caller's variables."""
    columns: list[ColumnElement[Any]] = [column.label(column.key) for column in SEED_COLUMNS]
    return select(*columns, ProcessInstance.variables.label("variables")).where(ProcessInstance.id == parent.id)


def add_children(*, call_id: int, parent: ProcessInstance, process: str, seeds: Select[Any], actor: Actor) -> int:
    """One child per row of `seeds`, in one statement per distinct set of variables; returns how many."""
    definition_id, definition = active_definition(process)
    rows = seeds.subquery()
    total = 0
    for (text,) in session.execute(select(rows.c.variables).distinct()).all():
        first = kept().transitions.start(definition, _read_json(text))
        if first.state is None:
            raise ValueError(f"{process} ends before anybody waits in it: it cannot be called as a set")
        state_id = get_state_id(definition_id, first.state)
        last_id = session.scalar(select(func.max(ProcessInstance.id)).where(ProcessInstance.call_id == call_id)) or 0
        values = {
            **{column: cast(rows.c[column.key], column.type) for column in SEED_COLUMNS},
            **_given_by(parent, call_id=call_id, actor=actor),
            ProcessInstance.variables: literal(first.variables or None, JsonText()),
            ProcessInstance.panel_id: _panel_of(rows, parent),
            ProcessInstance.definition_id: literal(definition_id),
            ProcessInstance.state_id: literal(state_id),
        }
        same = rows.c.variables == text if text is not None else rows.c.variables.is_(None)
        session.execute(
            insert(ProcessInstance).from_select(list(values), select(*values.values()).select_from(rows).where(same))
        )
        which = (ProcessInstance.call_id == call_id) & (ProcessInstance.id > last_id)
        # Counted, not asked of the driver: SQLite's knows no number when the collection's query begins with WITH.
        total += session.scalar(select(func.count()).select_from(ProcessInstance).where(which)) or 0
        _open_first_tokens(which=which, definition=definition, first=first, parent=parent, call_id=call_id)
    return total


def _given_by(parent: ProcessInstance, *, call_id: int, actor: Actor) -> dict[Any, Any]:
    """The columns that are the same for all children of a call."""
    return {
        ProcessInstance.batch_id: literal(parent.batch_id, ProcessInstance.batch_id.type),
        ProcessInstance.parent_id: literal(parent.id),
        ProcessInstance.call_id: literal(call_id),
        ProcessInstance.status: literal(InstanceStatus.RUNNING.value),
        ProcessInstance.revision: literal(0),
        ProcessInstance.is_trial: literal(parent.is_trial),
        ProcessInstance.started_by: literal(actor.id, ProcessInstance.started_by.type),
        ProcessInstance.started_at: literal(clock.now(), UtcDateTime()),
    }


def _panel_of(rows: Subquery, parent: ProcessInstance) -> ColumnElement[int | None]:
    """A child about a panel belongs to it; others belong where their parent belongs."""
    own = cast(rows.c.subject_id, ProcessInstance.panel_id.type)
    inherited = literal(parent.panel_id, ProcessInstance.panel_id.type)
    return case((rows.c.subject_type == TargetType.PANEL.value, own), else_=inherited)


def _read_json(value: Any) -> Variables:  # noqa: ANN401 -- text of a literal, or already read from a JSON column
    return (orjson.loads(value) if isinstance(value, str) else value) or {}


def _open_first_tokens(
    *, which: ColumnElement[bool], definition: Definition, first: Step, parent: ProcessInstance, call_id: int
) -> None:
    """Items and timers of the children as sets; what moves by itself is left to a job."""
    nodes = [definition.nodes[name] for name in first.opened]
    for node in nodes:
        if node.kind is NodeKind.USER:
            open_items(which=which, process=definition.key, node=node, batch_id=parent.batch_id)
        elif node.kind is NodeKind.TIMER:
            arm_all(which=which, node=node, variables=first.variables, batch_id=parent.batch_id)
    if any(node.kind not in RESTING for node in nodes):
        add_job("children", {"call_id": call_id, "after": 0})


def add_sibling(*, child: ProcessInstance, seed: Mapping[str, Any], actor: Actor) -> bool:
    """One more child in the open set call that `child` belongs to (N6); False when that call is closed.

    `seed` holds the columns of a collection's row. The counters grow first: who reads 0 open children never
    misses one that is being added.
    """
    grown = session.execute(
        update(SetCall)
        .where(SetCall.id == child.call_id, SetCall.closed_at.is_(None))
        .values(total=SetCall.total + 1, open=SetCall.open + 1)
        .returning(SetCall.instance_id)
    ).scalar_one_or_none()
    if grown is None or child.call_id is None:
        return False
    parent = session.get_one(ProcessInstance, grown)
    seeds = select(
        *(literal(seed.get(column.key), column.type).label(column.key) for column in SEED_COLUMNS),
        literal(canonical_json(seed.get("variables") or {}), Text()).label("variables"),
    )
    definition_key = get_definition(child.definition_id).key
    add_children(call_id=child.call_id, parent=parent, process=definition_key, seeds=seeds, actor=actor)
    return True
