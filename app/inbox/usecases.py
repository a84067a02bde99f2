"""Completes work items: the straight line from a door to the runner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.accounts.models import RoleGrant, User
from app.accounts.vocabulary import UserStatus
from app.attachments.queries import attachments_by_id
from app.attachments.usecases import bind_attachments
from app.audit import usecases as audit
from app.formdefs.queries import get_form
from app.formdefs.vocabulary import FieldType
from app.kernel.actor import Absent, Actor, Grant
from app.kernel.db import session
from app.kernel.errors import FieldError, InvalidError, field_error
from app.processes import items, reach
from app.processes.doors import doors
from app.processes.models import ProcessInstance, WorkItem
from app.processes.operating.failing import noting_completion

OWNER = "work_item"
"""The owner type of files that were handed in with an item."""


@dataclass(frozen=True, slots=True)
class Completed:
    """What completing an item led to: the item, its instance, and the items that opened for this person."""

    item: WorkItem
    instance: ProcessInstance
    opened: Sequence[WorkItem]


def complete_item(
    *, item_id: int, outcome: str | None, values: Mapping[str, Any], actor: Actor, locale: str = "zh"
) -> Completed:
    """Completes a work item with an outcome and the values of its form.

    Refusals: those of `items.lock_item` and `items.choose_outcome`, the form's own, and the guards of the room that
    owns the form. Nothing is written unless everything is right; a fault of the house becomes an incident, and
    StepFailedError tells the person its reference.
    """
    with noting_completion(item_id=item_id, outcome=outcome, values=values, actor=actor):
        return _complete(item_id=item_id, outcome=outcome, values=values, actor=actor, locale=locale)


def _complete(*, item_id: int, outcome: str | None, values: Mapping[str, Any], actor: Actor, locale: str) -> Completed:
    locked = items.lock_item(item_id=item_id, actor=actor)
    chosen = items.choose_outcome(locked, outcome)
    item, code = locked.item, chosen.code if chosen else None
    cleaned, variables = _read_values(item, values, chosen.requires if chosen else (), locale)
    completion = doors().completions.get(item.form_key or "")
    if completion is not None:
        described = items.describe_completed(locked)
        variables |= completion(item=described, outcome=code, values=cleaned, actor=actor) or {}
    _bind_files(item, cleaned, actor)
    absent = reach.acts_for(item, actor)
    opened = items.advance_item(locked=locked, outcome=code, variables=variables, values=cleaned, actor=actor)
    audit.record(
        action="work_item.complete",
        actor=actor,
        object_type="work_item",
        object_id=item_id,
        detail={"node": locked.node.id, "outcome": code, "title": item.title} | _for_whom(absent),
    )
    return Completed(item, locked.instance, [one for one in opened if items.may_see(actor, one)])


def _bind_files(item: WorkItem, values: Mapping[str, Any], actor: Actor) -> None:
    """Files that the item's own room did not take belong to the item: who sees its case sees them."""
    form = get_form(item.form_key, item.form_version) if item.form_key else None
    ids = [values.get(field.key) for field in form.fields if field.type == FieldType.FILE] if form else []
    found = attachments_by_id([one for one in ids if isinstance(one, int)])
    free = [one.id for one in found.values() if one.owner_type is None]
    bind_attachments(ids=free, owner_type=OWNER, owner_id=item.id, actor=actor)


def _for_whom(absent: Absent | None) -> dict[str, Any]:
    """In whose stead the person acted, for the trail."""
    return {"for_user_id": absent.id} if absent else {}


def _read_values(
    item: WorkItem, values: Mapping[str, Any], requires: Sequence[str], locale: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values as they are stored, and those of them that the form hands to the process."""
    if item.form_key is None:
        if values:
            unknown = {key: [FieldError("field_unknown", label=key)] for key in values}
            raise InvalidError("invalid", fields=unknown)
        return {}, {}
    form = get_form(item.form_key, item.form_version)
    try:
        cleaned = form.validate(values, outcome_requires=requires, locale=locale)
    except InvalidError as refused:
        raise _name_missing_reason(refused) from refused
    return cleaned, form.variables(cleaned)


def _name_missing_reason(refused: InvalidError) -> InvalidError:
    """A return without its reasons has a sentence of its own (flows.md, section 15)."""
    missing = refused.fields.get("reasons", ())
    if not any(error.code == "field_required" for error in missing):
        return refused
    return InvalidError("reason_required", fields={**refused.fields, "reasons": [FieldError("reason_required")]})


def claim_item(*, item_id: int, actor: Actor) -> WorkItem:
    """Takes an item into one's own hands."""
    item = items.claim_item(item_id=item_id, actor=actor)
    detail = _for_whom(reach.acts_for(item, actor))
    audit.record(action="work_item.claim", actor=actor, object_type="work_item", object_id=item_id, detail=detail)
    return item


def release_item(*, item_id: int, actor: Actor) -> WorkItem:
    """Puts a claimed item back into the common queue."""
    item = items.release_item(item_id=item_id, actor=actor)
    audit.record(action="work_item.release", actor=actor, object_type="work_item", object_id=item_id)
    return item


def delegate_item(*, item_id: int, to_username: str, actor: Actor) -> WorkItem:
    """Hands an item to a colleague who holds its role in its scope; others are refused at field 'to'."""
    item = items.get_item(item_id=item_id, actor=actor)
    user_id = _find_colleague(item, to_username)
    if user_id is None:
        raise field_error("to", "delegate_unfit")
    item = items.delegate_item(item_id=item_id, to_user_id=user_id, actor=actor)
    detail = {"to": user_id}
    audit.record(action="work_item.delegate", actor=actor, object_type="work_item", object_id=item_id, detail=detail)
    return item


def _find_colleague(item: WorkItem, username: str) -> int | None:
    """The active user of that name whose grants cover the item."""
    rows = session.execute(
        select(User.id, RoleGrant.role, RoleGrant.scope_type, RoleGrant.scope_code)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(User.username == username, User.status == UserStatus.ACTIVE, RoleGrant.role == item.role)
    ).all()
    for row in rows:
        covered = reach.in_scope(Grant(row.role, row.scope_type, row.scope_code))
        if session.scalar(select(WorkItem.id).where(WorkItem.id == item.id, covered)) is not None:
            return int(row.id)
    return None
