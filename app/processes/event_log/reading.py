"""The event log of processes: cases and what happened in them, streamed in order of case, nobody by name."""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, select, true, union

from app.kernel.db import session
from app.processes.models import ProcessDefinition, ProcessEvent, ProcessInstance, WorkItem
from app.processes.vocabulary import EventKind, ItemStatus

AT_ONCE = 1_000
"""Rows held in memory."""
LIFECYCLE = {
    EventKind.OPERATION: "complete",
    EventKind.TIMER: "complete",
    EventKind.MESSAGE: "complete",
    EventKind.CHILDREN: "complete",
    EventKind.EXPIRED: "ate_abort",
    EventKind.INCIDENT: "pi_abort",
    EventKind.SUSPENDED: "suspend",
    EventKind.RESUMED: "resume",
    EventKind.CANCELLED: "withdraw",
    EventKind.PLACED: "manualskip",
}
"""History line -> transition of the XES lifecycle standard. Completions come from the items, which also say since when
they were open; claims, starts and ends are attributes of item and case."""

LIFECYCLE_OF_CLOSED = {ItemStatus.EXPIRED: "ate_abort", ItemStatus.CANCELLED: "withdraw"}
LINE = (
    ProcessEvent.id,
    ProcessEvent.node_name,
    ProcessEvent.node,
    ProcessEvent.at,
    ProcessEvent.kind,
    ProcessEvent.actor_id,
    ProcessEvent.outcome,
)


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which cases: of a process, of a round; trials are left out unless asked for."""

    process: str | None = None
    round_id: int | None = None
    trials: bool = False


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One thing that happened. `resource` is a pseudonym; `since`: when the activity was opened."""

    id: str
    activity: str
    node: str | None
    at: datetime
    lifecycle: str
    role: str | None = None
    resource: str | None = None
    outcome: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One instance with its events in order of time."""

    id: int
    process: str
    version: int
    subject_type: str
    subject_id: int
    round_id: int | None
    province: str | None
    parent_id: int | None
    status: str
    started_at: datetime
    ended_at: datetime | None
    end_node: str | None
    events: list[LogEvent] = field(default_factory=list)


class Pseudonyms:
    """The same person is the same resource within the house, and nobody can tell who: HMAC over the id with its key."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def name(self, user_id: int | None) -> str | None:
        if user_id is None:
            return None
        return "r-" + hmac.new(self._key, f"event log {user_id}".encode(), hashlib.sha256).hexdigest()[:12]


def stream_cases(wanted: LogFilter, *, pseudonyms: Pseudonyms) -> Iterator[Case]:
    """The cases in order of id, each with its events; only a thousand rows are in memory at once."""
    which = _which(wanted)
    sources = (
        _lines(which, pseudonyms),
        _shared_lines(which, pseudonyms),
        _completions(which, pseudonyms),
        _closings(which),
    )
    streams = [_Grouped(source) for source in sources]
    for case in _cases(which):
        for stream in streams:
            case.events.extend(stream.of(case.id))
        case.events.sort(key=lambda event: (event.at, event.id))
        yield case


class _Grouped:
    """Events that come in order of case, handed out case by case."""

    def __init__(self, rows: Iterator[tuple[int, LogEvent]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, case_id: int) -> Iterator[LogEvent]:
        while self._next is not None and self._next[0] <= case_id:
            if self._next[0] == case_id:
                yield self._next[1]
            self._next = next(self._rows, None)


def _which(wanted: LogFilter) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.process is not None:
        of_process = select(ProcessDefinition.id).where(ProcessDefinition.key == wanted.process)
        conditions.append(ProcessInstance.definition_id.in_(of_process))
    if wanted.round_id is not None:
        conditions.append(ProcessInstance.batch_id == wanted.round_id)
    if not wanted.trials:
        conditions.append(ProcessInstance.is_trial == false())
    return and_(true(), *conditions)


def _streamed(query: Any) -> Any:  # noqa: ANN401 -- a SELECT of any columns, and its rows
    return session.execute(query.execution_options(yield_per=AT_ONCE))


def _cases(which: ColumnElement[bool]) -> Iterator[Case]:
    table = ProcessInstance
    query = (
        select(
            table.id, ProcessDefinition.key, ProcessDefinition.version, table.subject_type, table.subject_id,
            table.batch_id, table.province_code, table.parent_id, table.status, table.started_at, table.ended_at,
            table.end_node,
        )
        .join(ProcessDefinition, ProcessDefinition.id == table.definition_id)
        .where(which)
        .order_by(table.id)
    )  # fmt: skip
    for row in _streamed(query):
        yield Case(*row)


def _lines(which: ColumnElement[bool], pseudonyms: Pseudonyms) -> Iterator[tuple[int, LogEvent]]:
    """What the history of each case tells."""
    table = ProcessEvent
    query = (
        select(table.instance_id, *LINE)
        .join(ProcessInstance, ProcessInstance.id == table.instance_id)
        .where(which, table.kind.in_(list(LIFECYCLE)))
        .order_by(table.instance_id, table.id)
    )
    for case_id, event_id, *line in _streamed(query):
        yield case_id, _line_event(f"e{event_id}", line, pseudonyms)


def _shared_lines(which: ColumnElement[bool], pseudonyms: Pseudonyms) -> Iterator[tuple[int, LogEvent]]:
    """The lines of set moves, for each case that they took along: its items refer to them."""
    moved = union(
        *(
            select(WorkItem.instance_id, column.label("event_id"))
            .join(ProcessInstance, ProcessInstance.id == WorkItem.instance_id)
            .where(which, column.is_not(None))
            for column in (WorkItem.opened_by_event, WorkItem.closed_by_event)
        )
    ).subquery()
    query = (
        select(moved.c.instance_id, *LINE)
        .join(ProcessEvent, ProcessEvent.id == moved.c.event_id)
        .where(ProcessEvent.instance_id.is_(None), ProcessEvent.kind.in_(list(LIFECYCLE)))
        .order_by(moved.c.instance_id, ProcessEvent.id)
    )
    for case_id, event_id, *line in _streamed(query):
        yield case_id, _line_event(f"e{event_id}-{case_id}", line, pseudonyms)


def _line_event(id_: str, line: Sequence[Any], pseudonyms: Pseudonyms) -> LogEvent:
    name, node, at, kind, actor_id, outcome = line
    lifecycle = LIFECYCLE[EventKind(kind)]
    return LogEvent(
        id=id_,
        activity=name or node or kind,
        node=node,
        at=at,
        lifecycle=lifecycle,
        resource=None if lifecycle == "complete" else pseudonyms.name(actor_id),
        outcome=outcome,
    )


def _closings(which: ColumnElement[bool]) -> Iterator[tuple[int, LogEvent]]:
    """Items that nobody completed: ended by what happened beside them, or with their case."""
    table, at = WorkItem, func.coalesce(ProcessEvent.at, ProcessInstance.ended_at)
    query = (
        select(table.instance_id, table.id, table.node_name, table.node, at, table.role, table.status, table.opened_at)
        .join(ProcessInstance, ProcessInstance.id == table.instance_id)
        .outerjoin(ProcessEvent, ProcessEvent.id == table.closed_by_event)
        .where(which, table.status.in_(list(LIFECYCLE_OF_CLOSED)), at.is_not(None))
        .order_by(table.instance_id, table.id)
    )
    for case_id, item_id, name, node, at, role, status, opened_at in _streamed(query):
        lifecycle = LIFECYCLE_OF_CLOSED[ItemStatus(status)]
        yield case_id, LogEvent(f"w{item_id}", name, node, at, lifecycle, role=role, since=opened_at)


def _completions(which: ColumnElement[bool], pseudonyms: Pseudonyms) -> Iterator[tuple[int, LogEvent]]:
    table = WorkItem
    query = (
        select(
            table.instance_id, table.id, table.node_name, table.node, table.completed_at, table.role,
            table.completed_by, table.outcome, table.opened_at,
        )
        .join(ProcessInstance, ProcessInstance.id == table.instance_id)
        .where(which, table.status == ItemStatus.DONE)
        .order_by(table.instance_id, table.id)
    )  # fmt: skip
    for case_id, item_id, name, node, at, role, user_id, outcome, opened_at in _streamed(query):
        yield (
            case_id,
            LogEvent(
                id=f"w{item_id}",
                activity=name,
                node=node,
                at=at,
                lifecycle="complete",
                role=role,
                resource=pseudonyms.name(user_id),
                outcome=outcome,
                since=opened_at,
            ),
        )
