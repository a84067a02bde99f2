"""Filings that stand still: who has them, for how long, until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import String, cast, exists, select

from app.accounts.models import Organisation, User
from app.audit.models import AuditEntry
from app.dashboard.queries import Scope
from app.dashboard.vocabulary import REMIND_ACTION
from app.filings.models import Filing
from app.filings.showing import workdays_until
from app.filings.vocabulary import STATUS_OF_ROLE, SUBJECT, FilingStatus
from app.kernel import clock
from app.kernel.db import session
from app.processes.models import WorkItem
from app.processes.vocabulary import ItemStatus
from app.workdays.calendar import workdays_between

WITHOUT_TERM = 5
"""Working days after which an item without deadline counts as stuck."""
MOST = 1_000
COLUMNS = (
    "item_id", "filing_id", "title", "organisation", "phone", "province_code", "role", "node_name", "holder",
    "opened_at", "due_at", "is_reminded",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StuckFiling:
    """An open step of a filing. `stayed`: working days since it was sent; `workdays`: left, negative when late."""

    item_id: int
    filing_id: int
    title: str
    organisation: str
    phone: str | None
    province_code: str | None
    role: str
    node_name: str
    holder: str | None
    opened_at: datetime
    due_at: datetime | None
    is_reminded: bool
    """Somebody was reminded today."""
    stayed: int
    workdays: int | None

    @property
    def status(self) -> str:
        """The status that readers see."""
        shown = STATUS_OF_ROLE.get(self.role)
        return shown.value if shown else FilingStatus.SUBMITTED.value

    @property
    def is_late(self) -> bool:
        return self.workdays is not None and self.workdays < 0

    @property
    def is_stuck(self) -> bool:
        """Late, or longer than half of its term with whoever has it."""
        term = WITHOUT_TERM if self.due_at is None else workdays_between(self.opened_at, self.due_at)
        return self.is_late or self.stayed * 2 > term


def list_steps(*, round_id: int, scope: Scope, item_ids: Sequence[int] | None = None) -> Sequence[StuckFiling]:
    """The open steps of the scope's filings in a round, the nearest deadline first, in one statement."""
    midnight = datetime.combine(clock.today(), time.min, clock.BEIJING)
    reminded = exists().where(
        AuditEntry.object_type == "work_item",
        AuditEntry.object_id == cast(WorkItem.id, String),
        AuditEntry.action == REMIND_ACTION,
        AuditEntry.at >= midnight,
    )
    query = (
        select(
            WorkItem.id, Filing.id, Filing.title, Organisation.name, Organisation.phone, Filing.province_code,
            WorkItem.role, WorkItem.node_name, User.name, WorkItem.opened_at, WorkItem.due_at, reminded,
        )
        .join(Filing, Filing.id == WorkItem.subject_id)
        .join(Organisation, Organisation.id == Filing.organisation_id)
        .outerjoin(User, User.id == WorkItem.assignee_id)
        .where(
            WorkItem.subject_type == SUBJECT,
            WorkItem.process == SUBJECT,
            WorkItem.status == ItemStatus.OPEN,
            Filing.round_id == round_id,
        )
        .order_by(WorkItem.sort_at, WorkItem.id)
        .limit(MOST)
    )  # fmt: skip
    if scope is not None:
        query = query.where(Filing.province_code.in_(scope))
    if item_ids is not None:
        query = query.where(WorkItem.id.in_(list(item_ids)))
    return [_step(row) for row in session.execute(query)]


def _step(row: Any) -> StuckFiling:  # noqa: ANN401 -- a row of the statement above
    told = dict(zip(COLUMNS, row, strict=True))
    return StuckFiling(
        **told,
        stayed=workdays_between(row[9], clock.now()),
        workdays=workdays_until(row[10]),
    )


def list_stuck(*, round_id: int, scope: Scope) -> Sequence[StuckFiling]:
    """The steps that stand still, the latest first."""
    return [step for step in list_steps(round_id=round_id, scope=scope) if step.is_stuck]
