"""The queue as the inbox page draws it: filter, rows in groups by deadline, counts, choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.accounts.queries import names_of_organisations, names_of_users
from app.inbox import queries
from app.inbox.describing import label_of
from app.inbox.queries import Count, Filter, Month
from app.inbox.showing import workdays_left
from app.kernel.actor import Actor
from app.processes.models import WorkItem
from app.processes.queries import names_of_processes, outcome_names
from app.processes.reach import acts_for
from app.web.dates import SOON_WORKDAYS

PAGE = 30
LONGEST_QUESTION = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One item of the queue with the names that stand beside it."""

    item: WorkItem
    organisation: str | None
    holder: str | None
    workdays: int | None
    outcome: str | None
    """What it was done with, in words."""
    absent: str | None
    """For whom the item would be done, when this person stands in for somebody."""

    @property
    def group(self) -> str:
        """late, soon (two working days or fewer) or rest."""
        if self.workdays is None or self.workdays > SOON_WORKDAYS:
            return "rest"
        return "late" if self.workdays < 0 else "soon"


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue. `total` is a floor when `count.open_is_floor`."""

    rows: Sequence[Row]
    next: str | None
    count: Count
    processes: Mapping[str, str]
    steps: Sequence[tuple[str, str]]
    """(process/node, name of the node): the choices of the filter."""
    is_first: bool
    month: Month

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        """The rows by deadline, late ones first; groups without rows are left out."""
        kinds = ("late", "soon", "rest")
        parts = [(kind, [row for row in self.rows if row.group == kind]) for kind in kinds]
        return [(kind, rows) for kind, rows in parts if rows]


def read_filter(asked: Mapping[str, str]) -> Filter:
    """What the address asks for; anything unknown is left open."""
    process, _slash, node = asked.get("step", "").partition("/")
    return Filter(
        status="done" if asked.get("status") == "done" else "open",
        process=process or asked.get("process") or None,
        node=node or None,
        q=asked.get("q", "").strip()[:LONGEST_QUESTION] or None,
        overdue=asked.get("overdue") == "1",
        mine=asked.get("mine") == "1",
    )


def list_queue(*, actor: Actor, wanted: Filter, cursor: str | None) -> Queue:
    """A page of the queue with everything that its page shows: a fixed number of statements."""
    page = queries.list_items(actor=actor, wanted=wanted, limit=PAGE, cursor=cursor)
    organisations = names_of_organisations(item.organisation_id for item in page.items if item.organisation_id)
    people = names_of_users(item.assignee_id for item in page.items if item.assignee_id)
    everything = replace(wanted, overdue=False, mine=False, status="open")
    outcomes = outcome_names(page.items)
    names, count = names_of_processes(), queries.count_items(actor=actor, wanted=everything)
    return Queue(
        rows=[
            Row(
                item=item,
                organisation=organisations.get(item.organisation_id or 0),
                holder=people.get(item.assignee_id or 0),
                workdays=workdays_left(item),
                outcome=label_of(item.outcome, *outcomes.get(item.id, ("", ""))) if item.outcome else None,
                absent=_absent_name(item, actor),
            )
            for item in page.items
        ],
        next=page.next,
        count=count,
        processes={key: name for key, name in names.items() if key in count.by_process or key == wanted.process},
        steps=[(f"{node.process}/{node.node}", node.name) for node in queries.list_nodes(actor=actor)],
        is_first=cursor is None,
        month=queries.last_month(actor),
    )


def _absent_name(item: WorkItem, actor: Actor) -> str | None:
    absent = acts_for(item, actor)
    return absent.name if absent else None
