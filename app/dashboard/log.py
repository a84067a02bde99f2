"""The audit log as its administrator reads it: who rated and who reviewed stays veiled here too.

The log itself keeps every name, under its hashes; the veil lies over pages and exports, and over the search by name,
which would otherwise tell what the veil hides.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, cast, or_, select

from app.accounts.models import RoleGrant
from app.accounts.vocabulary import Role
from app.audit.models import AuditEntry
from app.audit.queries import EntryFilters, conditions_of
from app.kernel.db import session
from app.kernel.paging import DEFAULT_LIMIT, Page, cut_page, decode_cursor
from app.processes.models import WorkItem

VEILED_ROLES = (Role.RATER, Role.GOV_USER, Role.EXPERT, Role.CHAIR)
VEILED_ROOMS = ("ratings", "selection")
VEIL = "***"


@dataclass(frozen=True, slots=True)
class LogLine:
    """An entry and who did it; the name and id of raters and reviewers are left out."""

    entry: AuditEntry
    actor_id: int | None
    actor_name: str


def read_log(filters: EntryFilters, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT) -> Page[LogLine]:
    """Entries, the newest first."""
    query = _select(filters)
    if cursor:
        (last_id,) = decode_cursor(cursor, size=1)
        query = query.where(AuditEntry.id < last_id)
    rows = session.execute(query.order_by(AuditEntry.id.desc()).limit(limit + 1)).all()
    lines = [_line(entry, veiled=veiled) for entry, veiled in rows]
    return cut_page(lines, limit=limit, key=lambda line: [line.entry.id])


def iterate_log(filters: EntryFilters, *, limit: int) -> Iterator[LogLine]:
    """Entries in order of time, fetched in portions; not more than `limit`."""
    query = _select(filters).order_by(AuditEntry.id).limit(limit).execution_options(yield_per=1_000)
    for entry, veiled in session.execute(query):
        yield _line(entry, veiled=veiled)


def _select(filters: EntryFilters) -> Select[AuditEntry, bool]:
    veiled = is_veiled()
    query = select(AuditEntry, veiled).where(*conditions_of(filters))
    return query if filters.actor_name is None and filters.actor_id is None else query.where(~veiled)


def is_veiled() -> ColumnElement[bool]:
    """What people did as raters or reviewers: acts of those rooms, and work items of those roles."""
    judges = select(RoleGrant.user_id).where(RoleGrant.role.in_(VEILED_ROLES))
    items = select(cast(WorkItem.id, String)).where(WorkItem.role.in_(VEILED_ROLES))
    acts = or_(*(AuditEntry.action.startswith(f"{room}.") for room in VEILED_ROOMS))
    about = (AuditEntry.object_type == "work_item") & AuditEntry.object_id.in_(items)
    return about | (AuditEntry.actor_id.in_(judges) & acts)


def _line(entry: AuditEntry, *, veiled: bool) -> LogLine:
    return LogLine(entry, None, VEIL) if veiled else LogLine(entry, entry.actor_id, entry.actor_name)
