"""Reminders (催办): the very text is shown before it is sent, and who was reminded stands in the audit log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.accounts.models import RoleGrant, User
from app.accounts.vocabulary import Role, UserStatus
from app.audit.usecases import record
from app.dashboard.queries import Scope, scope_of
from app.dashboard.stuck import StuckFiling, list_steps
from app.dashboard.vocabulary import REMIND_ACTION, REMINDERS
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ForbiddenError, InvalidError
from app.notifications.usecases import notify
from app.processes.models import WorkItem

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message about one step: to whom, in which words. Nobody to tell: the organisation has no account."""

    step: StuckFiling
    kind: str
    params: Mapping[str, Any]
    user_ids: tuple[int, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What a batch of reminders came to."""

    items: int
    people: int
    skipped: int
    """Without account, or reminded today already."""


def plan_reminders(*, item_ids: Sequence[int], round_id: int, actor: Actor) -> Sequence[Reminder]:
    """What would be sent to whom about these steps; steps outside the actor's scope are not there.

    InvalidError `reminder_empty` when none is left.
    """
    if not actor.has_role(*REMINDERS):
        raise ForbiddenError
    steps = list_steps(round_id=round_id, scope=_reach(actor), item_ids=list(item_ids)[:MOST_AT_ONCE])
    if not steps:
        raise InvalidError("reminder_empty")
    people = _people_of(steps)
    return [_plan(step, people.get(step.item_id, ()), actor) for step in steps]


def _reach(actor: Actor) -> Scope:
    contact = actor.scope_codes(Role.PROVINCE_CONTACT)
    return scope_of(actor) if actor.has_role(Role.NATIONAL_AUDITOR, Role.MANAGER) else contact


def _plan(step: StuckFiling, user_ids: Sequence[int], actor: Actor) -> Reminder:
    what = {"title": step.title, "node": step.node_name}
    params: dict[str, Any] = {**what, "name": actor.name, "until": step.due_at}
    kind = "item_reminder"
    if step.due_at is None:
        kind, params = "item_reminder_open", {**what, "name": actor.name}
    elif step.is_late:
        kind, params = "item_overdue", {**what, "until": step.due_at}
    return Reminder(step, kind, params, tuple(user_ids), f"/work-items/{step.item_id}")


def _people_of(steps: Sequence[StuckFiling]) -> Mapping[int, Sequence[int]]:
    """Who is told about each step: its holder, else everybody who may take it, in two statements."""
    items = session.scalars(select(WorkItem).where(WorkItem.id.in_([step.item_id for step in steps]))).all()
    grants = session.execute(
        select(RoleGrant.role, RoleGrant.scope_type, RoleGrant.scope_code, RoleGrant.user_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.role.in_({item.role for item in items}), User.status == UserStatus.ACTIVE)
    ).all()
    holders: dict[tuple[str, str], list[int]] = {}
    for role, scope_type, code, user_id in grants:
        holders.setdefault((role, "" if scope_type == "nation" else code), []).append(user_id)
    return {item.id: [item.assignee_id] if item.assignee_id else _holders(item, holders) for item in items}


def _holders(item: WorkItem, holders: Mapping[tuple[str, str], Sequence[int]]) -> list[int]:
    scopes = {"", item.province_code or "-", item.city_code or "-", str(item.organisation_id or "-")}
    found = {user_id for scope in scopes for user_id in holders.get((item.role, scope), ())}
    return sorted(user_id for user_id in found if f",{user_id}," not in (item.not_by or ""))


def remind_holders(*, item_ids: Sequence[int], round_id: int, actor: Actor) -> Sent:
    """Sends the reminders as they were shown, each step at most once a day."""
    planned = plan_reminders(item_ids=item_ids, round_id=round_id, actor=actor)
    told: set[int] = set()
    items = 0
    for reminder in planned:
        if not reminder.user_ids or reminder.step.is_reminded:
            continue
        notify(user_ids=reminder.user_ids, kind=reminder.kind, params=reminder.params, link=reminder.link)
        record(
            action=REMIND_ACTION,
            actor=actor,
            object_type="work_item",
            object_id=reminder.step.item_id,
            detail={"title": reminder.step.title, "node": reminder.step.node_name, "people": len(reminder.user_ids)},
        )
        told.update(reminder.user_ids)
        items += 1
    return Sent(items, len(told), len(planned) - items)
