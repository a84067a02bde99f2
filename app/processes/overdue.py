"""Timers whose time has come."""

from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, Select, select

from app.kernel import clock
from app.kernel.db import session
from app.processes.models import ProcessInstance, ProcessTimer
from app.processes.states import get_definition


def overdue_timers(
    instance_id: int | BindParameter[int], now: BindParameter[datetime] | None = None
) -> Select[ProcessTimer]:
    """The timers of an instance whose time has come; one whose step failed waits for its next try."""
    return select(ProcessTimer).where(ProcessTimer.instance_id == instance_id, is_due(now))


def is_due(moment: BindParameter[datetime] | None = None) -> ColumnElement[bool]:
    """Whether a timer is to be fired now; a statement that is made once takes the moment as a parameter."""
    now = clock.now() if moment is None else moment
    return (ProcessTimer.due_at <= now) & (ProcessTimer.retry_at.is_(None) | (ProcessTimer.retry_at <= now))


def has_passed_deadline(instance: ProcessInstance) -> bool:
    """Whether an interrupting timer is due: a deadline holds although its step failed and is tried again later."""
    nodes = get_definition(instance.definition_id).nodes
    late = select(ProcessTimer.node).where(ProcessTimer.instance_id == instance.id, ProcessTimer.due_at <= clock.now())
    return any(nodes[node].interrupting and nodes[node].attached_to for node in session.scalars(late))
