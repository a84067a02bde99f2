"""What the manager's stage page tells: figures of the work in hand, and what upper rooms add for their stages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select, true

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.processes.models import WorkItem
from app.processes.reach import is_barred
from app.processes.vocabulary import ItemStatus
from app.rounds.models import Round

HIDDEN_PROCESSES = ("rating", "expert_review", "panel_action")
"""Whose titles would tell who rates or reviews what: these are counted, never listed."""
MOST_LISTED = 8


@dataclass(frozen=True, slots=True)
class Table:
    """A list of exceptions: cells are texts, the first of a row is its title; `hrefs` open the rows."""

    title: str
    note: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    hrefs: Sequence[str | None]
    total: int
    more_href: str | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a room says on the page of a stage; texts in the reader's language. `kpis` as the macro ui.kpis takes them."""

    forecast: str = ""
    next_step: Mapping[str, Any] | None = None
    """title, why, button, href: the one thing to do now."""
    kpis: Sequence[Mapping[str, Any]] = ()
    tables: Sequence[Table] = ()
    checks: Sequence[Mapping[str, Any]] = ()
    """What stands before the next stage, as the macro ui.verdicts takes it."""
    risks: Sequence[tuple[str, str, str | None]] = ()
    """(what, how many, href)."""
    tiles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Province code -> value, level 1 to 5, href, flag; replaces the general tiles."""
    tiles_title: str = ""
    tiles_note: str = ""
    tiles_legend: Sequence[tuple[int, str]] = ()


Contributor = Callable[[Round, str, Actor], Contribution | None]
_contributors: list[Contributor] = []


def register_contributors(*contributors: Contributor) -> None:
    """Lets rooms above speak on the stage page; wiring names them once at start."""
    _contributors[:] = contributors


def contributions(evaluation_round: Round, code: str, actor: Actor) -> list[Contribution]:
    """What the rooms say about this stage, in the order of wiring."""
    said = (contributor(evaluation_round, code, actor) for contributor in _contributors)
    return [each for each in said if each is not None]


@dataclass(frozen=True, slots=True)
class Load:
    """Work items of a round: in hand, of these late, and done."""

    open: int = 0
    late: int = 0
    done: int = 0


def load_by_province(round_id: int) -> Mapping[str | None, Load]:
    """The work items of a round by province, in one statement; None: those without province."""
    late = case(((WorkItem.status == ItemStatus.OPEN) & (WorkItem.due_at < clock.now()), 1), else_=0)
    rows = session.execute(
        select(
            WorkItem.province_code,
            func.sum(case((WorkItem.status == ItemStatus.OPEN, 1), else_=0)),
            func.sum(late),
            func.sum(case((WorkItem.status == ItemStatus.DONE, 1), else_=0)),
        )
        .where(WorkItem.batch_id == round_id, WorkItem.status.in_([ItemStatus.OPEN, ItemStatus.DONE]))
        .group_by(WorkItem.province_code)
    )
    return {province: Load(int(opened), int(overdue), int(done)) for province, opened, overdue, done in rows}


def load_by_step(round_id: int) -> Mapping[tuple[str | None, str, str], Load]:
    """The work items of a round by (stage that they name, process, node), in one statement."""
    late = case(((WorkItem.status == ItemStatus.OPEN) & (WorkItem.due_at < clock.now()), 1), else_=0)
    rows = session.execute(
        select(
            WorkItem.stage_code,
            WorkItem.process,
            WorkItem.node,
            func.sum(case((WorkItem.status == ItemStatus.OPEN, 1), else_=0)),
            func.sum(late),
            func.sum(case((WorkItem.status == ItemStatus.DONE, 1), else_=0)),
        )
        .where(WorkItem.batch_id == round_id, WorkItem.status.in_([ItemStatus.OPEN, ItemStatus.DONE]))
        .group_by(WorkItem.stage_code, WorkItem.process, WorkItem.node)
    )
    return {(stage, process, node): Load(int(a), int(b), int(c)) for stage, process, node, a, b, c in rows}


def total_load(loads: Mapping[str | None, Load]) -> Load:
    """All provinces together."""
    return Load(
        sum(load.open for load in loads.values()),
        sum(load.late for load in loads.values()),
        sum(load.done for load in loads.values()),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that waits for somebody: what, since when, until when; never who rates or reviews."""

    id: int
    title: str
    node_name: str
    role: str
    province_code: str | None
    opened_at: datetime
    due_at: datetime | None
    checks_others: bool
    """It is a second person's check (four eyes)."""
    is_barred: bool
    """The reader did what it checks."""


def late_items(round_id: int, actor: Actor) -> Sequence[Waiting]:
    """The items of the reader's area that are longest overdue; those of raters and experts are only counted."""
    statement = (
        select(WorkItem)
        .where(
            WorkItem.batch_id == round_id,
            WorkItem.status == ItemStatus.OPEN,
            WorkItem.due_at < clock.now(),
            WorkItem.process.not_in(HIDDEN_PROCESSES),
            true() if reads_nation(actor) else WorkItem.province_code.in_(_provinces_of(actor)),
        )
        .order_by(WorkItem.due_at, WorkItem.id)
        .limit(MOST_LISTED)
    )
    return [_waiting(item, actor) for item in session.scalars(statement)]


def reads_nation(actor: Actor) -> bool:
    """Whether the reader knows the results of all areas by name; provinces read the nation's figures only."""
    return any(grant.scope_type == "nation" for grant in actor.grants)


def _provinces_of(actor: Actor) -> set[str]:
    return {grant.scope_code for grant in actor.grants if grant.scope_type == "province"}


def decisions(role: str, actor: Actor, *, round_id: int | None = None) -> Sequence[Waiting]:
    """What waits for a role's decision in a round, or in all rounds, the nearest deadline first."""
    statement = (
        select(WorkItem)
        .where(WorkItem.status == ItemStatus.OPEN, WorkItem.role == role)
        .order_by(WorkItem.sort_at, WorkItem.id)
        .limit(50)
    )
    if round_id is not None:
        statement = statement.where(WorkItem.batch_id == round_id)
    return [_waiting(item, actor) for item in session.scalars(statement)]


def _waiting(item: WorkItem, actor: Actor) -> Waiting:
    return Waiting(
        id=item.id,
        title=item.title,
        node_name=item.node_name,
        role=item.role,
        province_code=item.province_code,
        opened_at=item.opened_at,
        due_at=item.due_at,
        checks_others=bool(item.not_by),
        is_barred=is_barred(item, actor),
    )
