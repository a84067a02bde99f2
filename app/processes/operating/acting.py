"""What operators do to many instances at once: a set where it can be one, and a result for every row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.audit.usecases import record_many
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, DomainError, NotFoundError, field_error
from app.processes.history import make_line, write_lines_for
from app.processes.models import ProcessInstance
from app.processes.vocabulary import EventKind

MOST_AT_ONCE = 1_000
"""Instances that one act takes; more are sent in several."""
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one instance: done, or why not."""

    id: int
    error: DomainError | None = None


def read_reason(reason: str) -> str:
    """The reason, trimmed; every act of an operator has one. Refused at field 'reason'."""
    text = reason.strip()
    if not text:
        raise field_error("reason", "act_reason_required")
    if len(text) > LONGEST_REASON:
        raise field_error("reason", "text_too_long", label="reason", max=LONGEST_REASON)
    return text


def ensure_not_too_many(ids: Sequence[int]) -> list[int]:
    """The distinct ids in order; refused at field 'ids' when none or too many are named."""
    wanted = sorted(set(ids))
    if not wanted:
        raise field_error("ids", "nothing_chosen")
    if len(wanted) > MOST_AT_ONCE:
        raise field_error("ids", "too_many_chosen", max=MOST_AT_ONCE)
    return wanted


def lock_instances(ids: Sequence[int]) -> Mapping[int, ProcessInstance]:
    """The instances, locked in order of id and read anew, in one statement."""
    rows = session.scalars(
        select(ProcessInstance)
        .where(ProcessInstance.id.in_(ids))
        .order_by(ProcessInstance.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {instance.id: instance for instance in rows}


def lock_one(instance_id: int) -> ProcessInstance:
    """One instance, locked; NotFoundError when there is none, ConflictError when it has ended."""
    instance = lock_instances([instance_id]).get(instance_id)
    if instance is None:
        raise NotFoundError
    if instance.ended_at is not None:
        raise ConflictError("instance_ended")
    return instance


def note_act(*, ids: Sequence[int], kind: EventKind, action: str, actor: Actor, detail: Mapping[str, Any]) -> None:
    """History of every instance and the audit of the act, each in one statement."""
    write_lines_for(make_line(instance_id=None, kind=kind, actor=actor, detail=detail), ids)
    record_many(action=action, actor=actor, object_type="process_instance", object_ids=ids, detail=detail)
