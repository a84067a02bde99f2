"""流程轨迹: lines that are added, never changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert

from app.engine.window import Node
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session, table_of
from app.kernel.prepared import Prepared
from app.processes.models import ProcessEvent
from app.processes.vocabulary import EventKind

Line = dict[str, Any]
INSERT = insert(table_of(ProcessEvent))
INSERT_ONE = Prepared(INSERT)
INSERT_FOR_ID = Prepared(INSERT.returning(table_of(ProcessEvent).c.id))


def make_line(
    *,
    instance_id: int | None,
    kind: EventKind,
    actor: Actor | None = None,
    node: Node | None = None,
    outcome: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Line:
    """One line of an instance's history; of a whole set move when `instance_id` is None."""
    return {
        "instance_id": instance_id,
        "at": clock.now(),
        "kind": kind,
        "node": node.id if node else None,
        "node_name": (node.name or node.id) if node else None,
        "actor_id": actor.id if actor else None,
        "actor_name": actor.name if actor and actor.id else None,
        "outcome": outcome,
        "detail": dict(detail) if detail else None,
    }


def write_lines(lines: list[Line]) -> None:
    """Adds the lines of one case."""
    for line in lines:
        INSERT_ONE.run(line)


def write_line(line: Line) -> int:
    """Adds a line; the items that it tells of, those of a whole set move too, refer to it by the id returned."""
    [(event_id,)] = INSERT_FOR_ID.rows(line)
    return int(event_id)


def write_lines_for(line: Line, ids: Sequence[int]) -> None:
    """Adds the line for each of these instances, in one statement: where no item could refer to it."""
    if ids:
        session.execute(INSERT, [line | {"instance_id": instance_id} for instance_id in ids])
