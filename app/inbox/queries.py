"""The inbox: one keyset query per grant, joined by UNION ALL, never OR; it never loads an instance."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, Subquery, exists, func, literal, select, tuple_, union_all

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import UtcDateTime, session
from app.kernel.errors import field_error
from app.kernel.paging import Page, cut_page, decode_cursor
from app.processes.deadlines import read_moment
from app.processes.items import visible_to
from app.processes.models import WorkItem
from app.processes.reach import left_behind, offered_by, offering_grants
from app.processes.vocabulary import ItemStatus
from app.web.requests import once

COUNT_FLOOR = 1_000


@dataclass(frozen=True, slots=True)
class Filter:
    """What a person asks of the inbox; None leaves a field open."""

    status: str = "open"
    process: str | None = None
    node: str | None = None
    role: str | None = None
    round_id: int | None = None
    q: str | None = None
    overdue: bool = False
    mine: bool = False
    """Only what is in this person's own hands."""


@dataclass(frozen=True, slots=True)
class NodeCount:
    """A node at which items wait for somebody: how many, and how many of them are overdue."""

    process: str
    node: str
    name: str
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many items; exact up to 1,000, above that a floor."""

    open: int
    open_is_floor: bool
    overdue: int
    by_process: Mapping[str, int]


def list_items(
    *, actor: Actor, wanted: Filter, limit: int, cursor: str | None = None, sort: str | None = None
) -> Page[WorkItem]:
    """A page of the person's items: open ones by due date, done ones by time of completion, the newest first.

    `sort`: one of SORTS, with "-" before it from the last to the first.
    """
    order = _Order.of(sort or ("-completed_at" if wanted.status == "done" else "due_at"))
    if wanted.status == "done":
        done = _narrow(select(WorkItem).where(WorkItem.completed_by == actor.id), wanted)
        rows = session.scalars(order.arrange(order.after(done, cursor)).limit(limit + 1)).all()
        return cut_page(rows, limit=limit, key=order.key)
    branches = [
        order.arrange(order.after(branch, cursor)).limit(limit + 1)
        for branch in _branches(actor, wanted, WorkItem.id, order.column.label("place"))
    ]
    keys = union_all(*(select(branch.subquery()) for branch in branches)).subquery()
    first, second = (keys.c.place.desc(), keys.c.id.desc()) if order.descending else (keys.c.place, keys.c.id)
    page = select(WorkItem).join(keys, keys.c.id == WorkItem.id).order_by(first, second).limit(limit + 1)
    return cut_page(session.scalars(page).all(), limit=limit, key=order.key)


SORTS = {"due_at": "sort_at", "opened_at": "opened_at", "completed_at": "completed_at"}
"""What lists may be sorted by -> the column behind it; only done items have a time of completion."""


@dataclass(frozen=True, slots=True)
class _Order:
    """An order of items by a moment and, where that is equal, by id."""

    name: str
    descending: bool

    @classmethod
    def of(cls, sort: str) -> "_Order":
        return cls(SORTS[sort.removeprefix("-")], sort.startswith("-"))

    @property
    def column(self) -> Any:  # noqa: ANN401 -- a column of work_item
        return getattr(WorkItem, self.name)

    def key(self, item: WorkItem) -> tuple[datetime, int]:
        return getattr(item, self.name), item.id

    def arrange(self, query: Select[Any]) -> Select[Any]:
        if self.descending:
            return query.order_by(self.column.desc(), WorkItem.id.desc())
        return query.order_by(self.column, WorkItem.id)

    def after(self, query: Select[Any], cursor: str | None) -> Select[Any]:
        """Only what comes after the row that the cursor names; InvalidError at field 'cursor' when it is none of ours."""
        if cursor is None:
            return query
        at, item_id = decode_cursor(cursor, size=2)
        try:
            moment = read_moment(str(at)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise field_error("cursor", "cursor_invalid") from error
        if not isinstance(item_id, int):
            raise field_error("cursor", "cursor_invalid")
        here = tuple_(literal(moment, UtcDateTime()), literal(item_id))
        row = tuple_(self.column, WorkItem.id)
        return query.where(row < here if self.descending else row > here)


def _branches(actor: Actor, wanted: Filter, *columns: Any) -> Iterator[Select[Any]]:  # noqa: ANN401 -- any columns
    """Own items, those left behind by people who are away, then one branch per grant for what nobody holds yet.

    No item is in two branches.
    """
    yield _narrow(select(*columns).where(WorkItem.assignee_id == actor.id, WorkItem.status == ItemStatus.OPEN), wanted)
    if wanted.mine:
        return
    for grant in dict.fromkeys(actor.grants):
        if grant.absent is not None:
            yield _narrow(select(*columns).where(left_behind(grant, actor)), wanted)
    for grant in offering_grants(actor):
        offered = select(*columns).where(offered_by(grant, actor))
        # Always NULL here, but only when it is named first does PostgreSQL walk the index instead of sorting everything.
        yield _narrow(offered.order_by(WorkItem.assignee_id), wanted)


def _first(limit: int, branches: Iterator[Select[Any]]) -> Subquery:
    """Some rows of all branches, `limit` together: what lies behind them is never read."""
    return union_all(*(select(branch.limit(limit).subquery()) for branch in branches)).limit(limit).subquery()


def _narrow(query: Select[Any], wanted: Filter) -> Select[Any]:
    for column, value in (
        (WorkItem.process, wanted.process),
        (WorkItem.node, wanted.node),
        (WorkItem.role, wanted.role),
        (WorkItem.batch_id, wanted.round_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.q:
        query = query.where(WorkItem.title.contains(wanted.q, autoescape=True))
    if wanted.overdue:
        query = query.where(WorkItem.sort_at < clock.now())
    return query


def list_nodes(*, actor: Actor, wanted: Filter | None = None) -> Sequence[NodeCount]:
    """The nodes at which items wait for this person, among the first 1,000 of them; read once in a request."""
    asked = wanted or Filter()
    return once(f"inbox nodes: {actor.id} {asked}", lambda: _read_nodes(actor, asked))


def _read_nodes(actor: Actor, wanted: Filter) -> Sequence[NodeCount]:
    columns = (WorkItem.process, WorkItem.node, WorkItem.node_name, WorkItem.sort_at)
    rows = _first(COUNT_FLOOR + 1, _branches(actor, wanted, *columns)).c
    place = (rows.process, rows.node, rows.node_name)
    overdue = func.count().filter(rows.sort_at < clock.now())
    found = session.execute(select(*place, func.count(), overdue).group_by(*place).order_by(*place))
    return [NodeCount(*row) for row in found]


def count_items(*, actor: Actor, wanted: Filter | None = None) -> Count:
    """How many items wait for this person, the overdue and the processes among the first 1,000 of them."""
    nodes = list_nodes(actor=actor, wanted=wanted)
    total = sum(node.open for node in nodes)
    by_process: Counter[str] = Counter()
    for node in nodes:
        by_process[node.process] += node.open
    return Count(
        open=min(total, COUNT_FLOOR),
        open_is_floor=total > COUNT_FLOOR,
        overdue=sum(node.overdue for node in nodes),
        by_process=by_process,
    )


@dataclass(frozen=True, slots=True)
class Month:
    """What a person completed in the last 30 days."""

    done: int
    late: int
    returned: int

    @property
    def returned_percent(self) -> int | None:
        """The share that was returned for correction, in whole percent; None when nothing was done."""
        return round(100 * self.returned / self.done) if self.done else None


def last_month(actor: Actor) -> Month:
    """The person's own last 30 days, in one statement."""
    row = session.execute(
        select(
            func.count(),
            func.count().filter(WorkItem.completed_at > WorkItem.due_at),
            func.count().filter(WorkItem.outcome == "return_for_correction"),
        ).where(WorkItem.completed_by == actor.id, WorkItem.completed_at >= clock.now() - timedelta(days=30))
    ).one()
    return Month(*row)


def count_waiting(actor: Actor) -> str:
    """The number beside the inbox in the navigation: "12", or "1000+"."""
    count = count_items(actor=actor)
    return f"{count.open}+" if count.open_is_floor else str(count.open)


def may_see_files(item_id: int, actor: Actor) -> bool:
    """Whether the person sees some item of the case in which this one stands, and so the files handed in with it."""
    case = select(WorkItem.instance_id).where(WorkItem.id == item_id).scalar_subquery()
    return session.scalar(select(exists().where(WorkItem.instance_id == case, visible_to(actor)))) or False


def files_in_drafts(attachment_ids: Collection[int]) -> set[int]:
    """Which of these uploads the drafts of open items name."""
    drafts = session.scalars(
        select(WorkItem.draft).where(WorkItem.status == ItemStatus.OPEN, WorkItem.draft.is_not(None))
    )
    named = {value for draft in drafts for value in (draft or {}).values() if isinstance(value, int)}
    return named & set(attachment_ids)
