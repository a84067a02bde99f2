"""How far a person reaches: through which grants items are seen, offered and done, the own ones and those of the absent."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_

from app.kernel.actor import Absent, Actor, Grant
from app.processes.models import WorkItem
from app.processes.vocabulary import ItemStatus

SCOPE_COLUMNS = {
    "province": WorkItem.province_code,
    "city": WorkItem.city_code,
    "organisation": WorkItem.organisation_id,
}


def in_scope(grant: Grant) -> ColumnElement[bool]:
    """The items that a grant lets a person see, whoever holds them; those of scope 'none' only by assignment."""
    of_role = WorkItem.role == grant.role
    if grant.scope_type == "nation":
        return of_role
    column = SCOPE_COLUMNS.get(grant.scope_type)
    if column is None:
        return false()
    code: Any = int(grant.scope_code) if grant.scope_type == "organisation" else grant.scope_code
    return and_(of_role, column == code)


def covers(grant: Grant, item: WorkItem) -> bool:
    """Whether `in_scope` holds for an item that was read already."""
    column = SCOPE_COLUMNS.get(grant.scope_type)
    if item.role != grant.role or column is None:
        return item.role == grant.role and grant.scope_type == "nation"
    return str(getattr(item, column.key)) == grant.scope_code


def is_within_reach(item: WorkItem, actor: Actor) -> bool:
    """Whether nobody holds the item, or this person does, or somebody who is away and for whom this person stands in."""
    if item.assignee_id in (None, actor.id):
        return True
    return any(grant.absent is not None and grant.absent.id == item.assignee_id for grant in _covering(item, actor))


def is_barred(item: WorkItem, actor: Actor) -> bool:
    """Whether four eyes keep this person from completing the item.

    Who stands in for somebody may do no more than that person might: what the absent person did is not checked by
    the substitute in the absent person's place, unless the substitute holds the role as well.
    """
    barred = {int(one) for one in (item.not_by or "").split(",") if one}
    if actor.id in barred:
        return True
    absent = [grant.absent.id if grant.absent else None for grant in _covering(item, actor)]
    return bool(barred and absent) and all(one in barred for one in absent)


def acts_for(item: WorkItem, actor: Actor) -> Absent | None:
    """For whom this person does the item: somebody who is away, or nobody when it is the person's own to do."""
    covering = _covering(item, actor)
    for grant in covering:
        if grant.absent is not None and grant.absent.id == item.assignee_id:
            return grant.absent
    own = item.assignee_id == actor.id or not covering or any(grant.absent is None for grant in covering)
    return None if own else covering[0].absent


def _covering(item: WorkItem, actor: Actor) -> list[Grant]:
    return [grant for grant in actor.grants if covers(grant, item)]


def offered_by(grant: Grant, actor: Actor) -> ColumnElement[bool]:
    """The open items of a grant that nobody holds and that four eyes leave to this person: `is_barred` as a query."""
    people = [actor.id] if grant.absent is None else [actor.id, grant.absent.id]
    free = [WorkItem.not_by.not_like(f"%,{person},%") for person in people]
    return and_(
        in_scope(grant),
        WorkItem.status == ItemStatus.OPEN,
        WorkItem.assignee_id.is_(None),
        or_(WorkItem.not_by.is_(None), and_(*free)),
    )


def left_behind(grant: Grant, actor: Actor) -> ColumnElement[bool]:
    """The open items in the hands of the person who is away, as far as the grant and four eyes reach."""
    holder = grant.absent.id if grant.absent else None
    return and_(
        in_scope(grant),
        WorkItem.status == ItemStatus.OPEN,
        WorkItem.assignee_id == holder,
        or_(WorkItem.not_by.is_(None), WorkItem.not_by.not_like(f"%,{actor.id},%")),
    )


def offering_grants(actor: Actor) -> list[Grant]:
    """The grants through which items are offered: each role and scope once, the person's own before a stand-in's.

    A person may hold a role twice in overlapping scopes; a nation-wide grant then stands for the narrower ones.
    """
    nationwide = {grant.role for grant in actor.grants if grant.scope_type == "nation"}
    found: dict[tuple[str, str, str], Grant] = {}
    for grant in sorted(actor.grants, key=lambda one: one.absent is not None):
        if grant.scope_type == "none" or (grant.scope_type != "nation" and grant.role in nationwide):
            continue
        found.setdefault((grant.role, grant.scope_type, grant.scope_code), grant)
    return list(found.values())
