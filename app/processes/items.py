"""Work items: who may see and do them, and what happens to their instance when they are completed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, or_, select, update

from app.accounts.queries import names_of_users
from app.engine import evaluate
from app.engine.window import Event, ExpressionError, Node, Outcome, Value
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import note_written, session, table_of
from app.kernel.errors import ConflictError, ForbiddenError, NotFoundError, field_error
from app.kernel.prepared import Prepared
from app.processes.doors import CompletedItem, Subject
from app.processes.effects import completers_of
from app.processes.history import make_line, write_lines
from app.processes.models import ProcessInstance, SetCall, WorkItem
from app.processes.overdue import has_passed_deadline, overdue_timers
from app.processes.reach import acts_for, covers, in_scope, is_barred, is_within_reach
from app.processes.runner import Crank, fire_overdue_timers
from app.processes.states import get_definition
from app.processes.vocabulary import EventKind, InstanceStatus, ItemStatus

UPDATE_ITEM = Prepared(update(table_of(WorkItem)).where(table_of(WorkItem).c.id == bindparam("item_id")))
READ_LOCKED = (
    select(
        ProcessInstance,
        WorkItem,
        exists(overdue_timers(bindparam("instance_id"), bindparam("now"))),
        exists().where(SetCall.id == ProcessInstance.call_id, SetCall.closed_at.is_not(None)),
    )
    .join(WorkItem, WorkItem.instance_id == ProcessInstance.id)
    .where(WorkItem.id == bindparam("item_id"))
    .execution_options(populate_existing=True)
)
"""Instance and item; whether a timer of the instance is due; whether the call that it belongs to was closed."""


@dataclass(frozen=True, slots=True)
class LockedItem:
    """A work item with its instance, both locked and read anew."""

    item: WorkItem
    instance: ProcessInstance
    node: Node


def may_see(actor: Actor, item: WorkItem) -> bool:
    """Whether `visible_to` holds for an item that was read already."""
    return actor.id in (item.assignee_id, item.completed_by) or any(covers(grant, item) for grant in actor.grants)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The items that a person may see: own, completed by them, or within a grant; for a single row, not for lists."""
    return or_(
        WorkItem.assignee_id == actor.id,
        WorkItem.completed_by == actor.id,
        *(in_scope(grant) for grant in actor.grants),
    )


def get_item(*, item_id: int, actor: Actor) -> WorkItem:
    """The item; NotFoundError when there is none or the person may not see it."""
    item = session.scalars(select(WorkItem).where(WorkItem.id == item_id, visible_to(actor))).one_or_none()
    if item is None:
        raise NotFoundError
    return item


def lock_item(*, item_id: int, actor: Actor) -> LockedItem:
    """The item with its instance locked FIRST, then read again; overdue timers of the instance fire before.

    Refused: not visible (404), done or closed (409), suspended (409), in another's hands (409), four eyes (403).
    """
    found = _locking_for(actor).rows({"item_id": item_id})
    if not found:
        raise NotFoundError
    places = {"item_id": item_id, "instance_id": found[0][0], "now": clock.now()}
    instance, item, is_overdue, comes_late = session.execute(READ_LOCKED, places).one()
    if instance.status == InstanceStatus.SUSPENDED:
        raise ConflictError("instance_suspended")
    if is_overdue:
        fire_overdue_timers(instance)
        session.refresh(item)
    ensure_open(item)
    if comes_late or (instance.status == InstanceStatus.INCIDENT and has_passed_deadline(instance)):
        raise ConflictError("deadline_passed")
    ensure_may_act(item, actor)
    return LockedItem(item, instance, get_definition(instance.definition_id).nodes[item.node])


@lru_cache(maxsize=256)
def _locking_for(actor: Actor) -> Prepared:
    """Locks the instance of an item that this person may see: made once for each person, then only bound anew."""
    seen = select(WorkItem.instance_id).where(WorkItem.id == bindparam("item_id"), visible_to(actor))
    return Prepared(select(ProcessInstance.id).where(ProcessInstance.id == seen.scalar_subquery()).with_for_update())


def ensure_open(item: WorkItem) -> None:
    """Refuses an item that somebody completed or that was closed."""
    if item.status == ItemStatus.DONE:
        raise ConflictError("already_done", name=_name_of(item.completed_by), time=item.completed_at)
    if item.status != ItemStatus.OPEN:
        raise ConflictError("deadline_passed" if item.status == ItemStatus.EXPIRED else "item_closed")


def ensure_may_act(item: WorkItem, actor: Actor) -> None:
    """Refuses an item in another's hands, and one that checks what this person did (four eyes)."""
    if not is_within_reach(item, actor):
        raise ConflictError("claimed_by_other", name=_name_of(item.assignee_id))
    if is_barred(item, actor):
        raise ForbiddenError("four_eyes")


def _name_of(user_id: int | None) -> str:
    return names_of_users([user_id]).get(user_id, "") if user_id is not None else ""


def offered_outcomes(node: Node, variables: Mapping[str, Value]) -> tuple[Outcome, ...]:
    """The outcomes whose condition holds now; those without condition always."""
    return tuple(outcome for outcome in node.outcomes if outcome.when is None or _holds(outcome.when, variables))


def _holds(condition: str, variables: Mapping[str, Value]) -> bool:
    try:
        return bool(evaluate(condition, variables))
    except ExpressionError:
        return False


def choose_outcome(locked: LockedItem, code: str | None) -> Outcome | None:
    """The outcome of that code, if it is offered; without a code the only one there is.

    Refused at field 'outcome': `returns_used_up`, `outcome_required`, `choice_invalid`.
    """
    offered = offered_outcomes(locked.node, locked.instance.variables or {})
    if code is None:
        if len(offered) > 1:
            raise field_error("outcome", "outcome_required")
        return offered[0] if offered else None
    for outcome in offered:
        if outcome.code == code:
            return outcome
    if any(outcome.code == code for outcome in locked.node.outcomes):
        raise field_error("outcome", "returns_used_up" if code == "return_for_correction" else "outcome_not_offered")
    raise field_error("outcome", "choice_invalid", label="outcome")


def describe_completed(locked: LockedItem) -> CompletedItem:
    """The item as the room that owns its meaning sees it."""
    item = locked.item
    return CompletedItem(
        id=item.id,
        instance_id=item.instance_id,
        process=item.process,
        node=item.node,
        role=item.role,
        form=item.form_key,
        subject=Subject(item.subject_type, item.subject_id),
        batch_id=item.batch_id,
        title=item.title,
        variables=locked.instance.variables or {},
        completed_by=completers_of(item.instance_id),
    )


def advance_item(
    *,
    locked: LockedItem,
    outcome: str | None,
    variables: Mapping[str, Value],
    values: Mapping[str, Any],
    actor: Actor,
) -> Sequence[WorkItem]:
    """Completes a locked item and turns its instance's crank; returns the items that opened in this instance."""
    item, node, now = locked.item, locked.node, clock.now()
    absent = acts_for(item, actor)
    written = {
        "status": ItemStatus.DONE,
        "completed_by": actor.id,
        "completed_at": now,
        "outcome": outcome,
        "values": dict(values) or None,
        "draft": None,
    }
    UPDATE_ITEM.run(written | {"item_id": item.id})
    note_written(item, written)
    crank = Crank.of(locked.instance, actor)
    if actor.id is not None:
        crank.completed[node.id] = actor.id
    crank.note(EventKind.COMPLETED, node, outcome=outcome, detail={"for": absent.name} if absent else None)
    supplied = dict(variables)
    if outcome is not None:
        supplied["outcome"] = outcome
    crank.fire(Event("complete", node.id, supplied))
    crank.gone.pop(node.id, None)
    crank.write()
    return crank.items


def claim_item(*, item_id: int, actor: Actor) -> WorkItem:
    """Takes an open item into one's own hands; again by the same person changes nothing."""
    locked = lock_item(item_id=item_id, actor=actor)
    if locked.item.assignee_id is None:
        locked.item.assignee_id, locked.item.claimed_at = actor.id, clock.now()
        _note(locked, EventKind.CLAIMED, actor)
    return locked.item


def release_item(*, item_id: int, actor: Actor) -> WorkItem:
    """Puts a claimed item back into the common queue; what was assigned by name cannot be put back."""
    locked = lock_item(item_id=item_id, actor=actor)
    if locked.item.claimed_at is None:
        raise ConflictError("not_claimed")
    locked.item.assignee_id, locked.item.claimed_at = None, None
    _note(locked, EventKind.RELEASED, actor)
    return locked.item


def delegate_item(*, item_id: int, to_user_id: int, actor: Actor) -> WorkItem:
    """Hands an item to a person (the door checks that this person holds the role in the item's scope)."""
    locked = lock_item(item_id=item_id, actor=actor)
    if f",{to_user_id}," in (locked.item.not_by or ""):
        raise ForbiddenError("four_eyes")
    locked.item.assignee_id, locked.item.claimed_at = to_user_id, clock.now()
    _note(locked, EventKind.DELEGATED, actor, {"to": to_user_id})
    return locked.item


def keep_draft(*, item_id: int, values: Mapping[str, Any], actor: Actor) -> None:
    """Keeps what a person has written so far; completing the item drops it."""
    item = get_item(item_id=item_id, actor=actor)
    ensure_open(item)
    ensure_may_act(item, actor)
    item.draft = dict(values)


def _note(locked: LockedItem, kind: EventKind, actor: Actor, detail: Mapping[str, Any] | None = None) -> None:
    write_lines([make_line(instance_id=locked.instance.id, kind=kind, node=locked.node, actor=actor, detail=detail)])
