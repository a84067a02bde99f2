"""Changing the operator's exceptions."""

from datetime import date

from app.kernel.db import session
from app.kernel.errors import NotFoundError, field_error
from app.kernel.transaction import after_commit
from app.workdays.models import WorkdayOverride
from app.workdays.queries import forget_overrides

MAX_NOTE = 200


def set_override(*, day: date, is_workday: bool, note: str) -> WorkdayOverride:
    """Declares `day` worked or not, whatever the calendar says; deadlines already set do not move."""
    if not note.strip():
        raise field_error("note", "field_required", label="note")
    if len(note) > MAX_NOTE:
        raise field_error("note", "text_too_long", label="note", max=MAX_NOTE)
    override = session.merge(WorkdayOverride(day=day, is_workday=is_workday, note=note.strip()))
    after_commit(forget_overrides)
    return override


def remove_override(*, day: date) -> None:
    """Gives `day` back to the announced calendar."""
    override = session.get(WorkdayOverride, day)
    if override is None:
        raise NotFoundError
    session.delete(override)
    after_commit(forget_overrides)
