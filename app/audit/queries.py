"""Reading the log. Who may read it is the door's business: audit administrators, and nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from app.audit.models import AuditEntry
from app.kernel.db import session
from app.kernel.errors import field_error
from app.kernel.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, cut_page, decode_cursor


@dataclass(frozen=True, slots=True)
class EntryFilters:
    """What to look for; None leaves a side open. `since` counts, `until` does not."""

    actor_id: int | None = None
    action: str | None = None
    object_type: str | None = None
    object_id: str | None = None
    request_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    actor_name: str | None = None
    """Part of the name as it was recorded."""


def list_entries(
    filters: EntryFilters | None = None, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[AuditEntry]:
    """Entries, the newest first."""
    limit = max(1, min(limit, MAX_LIMIT))
    statement = select(AuditEntry).where(*conditions_of(filters or EntryFilters()))
    if cursor:
        last_id = decode_cursor(cursor, size=1)[0]
        if not isinstance(last_id, int):
            raise field_error("cursor", "cursor_invalid")
        statement = statement.where(AuditEntry.id < last_id)
    rows = session.scalars(statement.order_by(AuditEntry.id.desc()).limit(limit + 1)).all()
    return cut_page(rows, limit=limit, key=lambda entry: [entry.id])


def list_actions() -> Sequence[str]:
    """Every act that was ever recorded, by name."""
    return session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()


def conditions_of(filters: EntryFilters) -> list[ColumnElement[bool]]:
    """What the filters ask of an entry, as SQL."""
    names = ("actor_id", "action", "object_type", "object_id", "request_id")
    wanted = [(getattr(AuditEntry, name), getattr(filters, name)) for name in names]
    conditions = [column == value for column, value in wanted if value is not None]
    if filters.actor_name is not None:
        conditions.append(AuditEntry.actor_name.contains(filters.actor_name, autoescape=True))
    if filters.since is not None:
        conditions.append(AuditEntry.at >= filters.since)
    if filters.until is not None:
        conditions.append(AuditEntry.at < filters.until)
    return conditions
