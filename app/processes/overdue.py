"""Timers whose time has come."""

from sqlalchemy import ColumnElement, Select, select

from app.kernel import clock
from app.processes.models import ProcessTimer


def overdue_timers(instance_id: int) -> Select[ProcessTimer]:
    """The timers of an instance whose time has come; one whose step failed waits for its next try."""
    return select(ProcessTimer).where(ProcessTimer.instance_id == instance_id, is_due())


def is_due() -> ColumnElement[bool]:
    """Whether a timer is to be fired now."""
    now = clock.now()
    return (ProcessTimer.due_at <= now) & (ProcessTimer.retry_at.is_(None) | (ProcessTimer.retry_at <= now))
