"""Timers whose time has come."""

from sqlalchemy import ColumnElement, Select, select

from app.kernel import clock
from app.kernel.db import session
from app.processes.models import ProcessInstance, ProcessTimer
from app.processes.states import get_definition


def overdue_timers(instance_id: int) -> Select[ProcessTimer]:
    """The timers of an instance whose time has come; one whose step failed waits for its next try."""
    return select(ProcessTimer).where(ProcessTimer.instance_id == instance_id, is_due())


def is_due() -> ColumnElement[bool]:
    """Whether a timer is to be fired now."""
    now = clock.now()
    return (ProcessTimer.due_at <= now) & (ProcessTimer.retry_at.is_(None) | (ProcessTimer.retry_at <= now))


def has_passed_deadline(instance: ProcessInstance) -> bool:
    """Whether an interrupting timer is due: a deadline holds although its step failed and is tried again later."""
    nodes = get_definition(instance.definition_id).nodes
    late = select(ProcessTimer.node).where(ProcessTimer.instance_id == instance.id, ProcessTimer.due_at <= clock.now())
    return any(nodes[node].interrupting and nodes[node].attached_to for node in session.scalars(late))
