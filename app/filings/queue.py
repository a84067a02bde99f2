"""The auditor's own queue: where an item stands in it, and which one comes before and after."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_

from app.kernel.actor import Actor
from app.kernel.db import session
from app.processes.models import WorkItem
from app.processes.reach import left_behind, offered_by, offering_grants
from app.processes.vocabulary import ItemStatus


@dataclass(frozen=True, slots=True)
class Neighbours:
    """An item's place in the queue, counted from 1, and its neighbours; by due date as in the inbox."""

    position: int
    total: int
    previous_id: int | None
    next_id: int | None


def find_neighbours(*, item: WorkItem, actor: Actor) -> Neighbours:
    """Among the open items with the same form that this person holds or may take."""
    mine = _queue_of(actor, item.form_key)
    key, here = tuple_(WorkItem.sort_at, WorkItem.id), tuple_(item.sort_at, item.id)
    earlier, later = mine.where(key < here), mine.where(key > here)
    before = session.scalar(select(func.count()).select_from(earlier.subquery())) or 0
    after = session.scalar(select(func.count()).select_from(later.subquery())) or 0
    return Neighbours(
        position=before + 1,
        total=before + 1 + after,
        previous_id=session.scalar(earlier.order_by(WorkItem.sort_at.desc(), WorkItem.id.desc()).limit(1)),
        next_id=session.scalar(later.order_by(WorkItem.sort_at, WorkItem.id).limit(1)),
    )


def _queue_of(actor: Actor, form_key: str | None) -> Select[int]:
    left = [left_behind(grant, actor) for grant in actor.grants if grant.absent is not None]
    free = [offered_by(grant, actor) for grant in offering_grants(actor)]
    offered: ColumnElement[bool] = or_(WorkItem.assignee_id == actor.id, *left, *free)
    return select(WorkItem.id).where(WorkItem.form_key == form_key, WorkItem.status == ItemStatus.OPEN, offered)
