"""Instances that wait for nothing that can happen, and what else stands still; found as sets, with the reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, Text, and_, case, cast, exists, func, literal, or_, select, type_coerce

from app.accounts.models import RoleGrant, User
from app.accounts.vocabulary import UserStatus
from app.engine.window import Node, NodeKind
from app.kernel import clock
from app.kernel.db import session
from app.processes.models import Job, ProcessInstance, ProcessTimer, SetCall, WorkItem
from app.processes.operating.throwing import Throwers, find_throwers
from app.processes.states import enabled_nodes, get_definition
from app.processes.vocabulary import ACTIVE_STATUSES, OPEN_STATUSES, ItemStatus, JobStatus, StuckReason

GRACE = timedelta(minutes=5)
"""What is later than this was missed by the worker, not merely waited for."""
LOST = {
    NodeKind.USER: StuckReason.LOST_ITEM,
    NodeKind.TIMER: StuckReason.LOST_TIMER,
    NodeKind.CALL: StuckReason.LOST_CALL,
    NodeKind.SET_CALL: StuckReason.LOST_CALL,
    NodeKind.SERVICE: StuckReason.LOST_JOB,
}


@dataclass(frozen=True, slots=True)
class Found:
    """Something that stands still. `count` share the reason; `instance_id` is the first of them."""

    reason: StuckReason
    instance_id: int | None
    node: str | None = None
    count: int = 1
    detail: Mapping[str, Any] = field(default_factory=dict)


def find_stuck() -> Iterator[Found]:
    """Everything that stands still now. Statements grow with the places where instances stand, not with instances."""
    yield from _late_timers()
    yield from _given_up_jobs()
    yield from _miscounted_calls()
    yield from _items_without_holder()
    yield from _items_of_closed_accounts()
    throwers = find_throwers()
    for definition_id, state_id, nodes in _occupied():
        here = (ProcessInstance.state_id == state_id) & ProcessInstance.status.in_(ACTIVE_STATUSES)
        key = get_definition(definition_id).key
        yield from _tokens_without_row(here, key, nodes)
        yield from _waiting_for_nobody(here, key, nodes, throwers)


def _occupied() -> list[tuple[int, int, list[Node]]]:
    """Where active instances stand: (definition id, state id, nodes that wait there)."""
    rows = session.execute(
        select(ProcessInstance.definition_id, ProcessInstance.state_id)
        .where(ProcessInstance.status.in_(ACTIVE_STATUSES), ProcessInstance.state_id.is_not(None))
        .distinct()
        .order_by(ProcessInstance.definition_id, ProcessInstance.state_id)
    )
    found = []
    for definition_id, state_id in rows:
        nodes = get_definition(definition_id).nodes
        found.append(
            (definition_id, state_id or 0, [nodes[name] for name in enabled_nodes(definition_id, state_id or 0)])
        )
    return found


def _tokens_without_row(here: ColumnElement[bool], process: str, nodes: list[Node]) -> Iterator[Found]:
    """Tokens whose work item, timer, call or job is not there: nothing will ever move them."""
    watched = [(node, missing) for node in nodes if (missing := _is_missing(node)) is not None]
    if not watched:
        return
    columns = [
        column
        for _, missing in watched
        for column in (
            func.sum(case((missing, 1), else_=0)),
            func.min(case((missing, ProcessInstance.id))),
        )
    ]
    row = session.execute(select(*columns).where(here)).one()
    for position, (node, _) in enumerate(watched):
        count, first = row[2 * position], row[2 * position + 1]
        if count:
            yield Found(LOST[node.kind], first, node.id, int(count), {"process": process})


def _is_missing(node: Node) -> ColumnElement[bool] | None:
    """Whether the row behind an instance's token is missing; None for kinds that need none."""
    mine = {
        NodeKind.USER: exists().where(
            WorkItem.instance_id == ProcessInstance.id, WorkItem.node == node.id, WorkItem.status == ItemStatus.OPEN
        ),
        NodeKind.TIMER: exists().where(ProcessTimer.instance_id == ProcessInstance.id, ProcessTimer.node == node.id),
        NodeKind.CALL: _open_call(node),
        NodeKind.SET_CALL: _open_call(node),
        NodeKind.SERVICE: _waiting_job(node),
    }.get(node.kind)
    return None if mine is None else ~mine


def _open_call(node: Node) -> ColumnElement[bool]:
    return exists().where(
        SetCall.instance_id == ProcessInstance.id, SetCall.node == node.id, SetCall.closed_at.is_(None)
    )


def _waiting_job(node: Node) -> ColumnElement[bool]:
    """The operation's own job, one that takes up first steps, or one that was given up (told by its failure)."""
    text = type_coerce(Job.payload, Text())
    instance = cast(ProcessInstance.id, String)
    own = literal('{"instance_id":') + instance + literal(f',"node":"{node.id}"}}')
    wake = literal('{"instance_id":') + instance + literal("}")
    return exists().where(
        Job.status.in_((JobStatus.WAITING, JobStatus.FAILED)),
        or_(and_(Job.kind == "operation", text == own), and_(Job.kind == "wake", text == wake), Job.kind == "children"),
    )


def _waiting_for_nobody(
    here: ColumnElement[bool], process: str, nodes: list[Node], throwers: Throwers
) -> Iterator[Found]:
    """Instances that wait only for messages which nobody in their round or panel can throw any more."""
    if not nodes or any(node.kind is not NodeKind.MESSAGE for node in nodes):
        return
    names = [node.message or "" for node in nodes]
    groups = session.execute(
        select(ProcessInstance.batch_id, ProcessInstance.panel_id, func.count(), func.min(ProcessInstance.id))
        .where(here)
        .group_by(ProcessInstance.batch_id, ProcessInstance.panel_id)
    )
    for batch_id, panel_id, count, first in groups:
        if not any(throwers.can_come(name, batch_id=batch_id, panel_id=panel_id) for name in names):
            detail = {"process": process, "messages": sorted(names), "round": batch_id}
            yield Found(StuckReason.NOBODY_THROWS, first, nodes[0].id, count, detail)


def _late_timers() -> Iterator[Found]:
    """Timers of active instances that are long due: the worker does not run, or their step fails."""
    rows = session.execute(
        select(ProcessTimer.node, func.count(), func.min(ProcessTimer.instance_id), func.min(ProcessTimer.due_at))
        .join(ProcessInstance, ProcessInstance.id == ProcessTimer.instance_id)
        .where(ProcessTimer.due_at < clock.now() - GRACE, ProcessInstance.status.in_(ACTIVE_STATUSES))
        .group_by(ProcessTimer.node)
        .order_by(ProcessTimer.node)
    )
    for node, count, first, due_at in rows:
        yield Found(StuckReason.LATE_TIMER, first, node, count, {"since": due_at.isoformat()})


def _given_up_jobs() -> Iterator[Found]:
    """Jobs that were given up, and jobs that wait much longer than they should."""
    late = and_(Job.status == JobStatus.WAITING, func.coalesce(Job.run_after, Job.created_at) < clock.now() - GRACE)
    rows = session.execute(
        select(Job.id, Job.kind, Job.status, Job.payload)
        .where(or_(Job.status == JobStatus.FAILED, late))
        .order_by(Job.id)
        .limit(200)
    )
    for job_id, kind, status, payload in rows:
        reason = StuckReason.FAILED_JOB if status == JobStatus.FAILED else StuckReason.LATE_JOB
        yield Found(reason, payload.get("instance_id"), payload.get("node"), 1, {"job": job_id, "kind": kind})


def _miscounted_calls() -> Iterator[Found]:
    """Open calls whose counters are not those of their children."""
    open_ones = func.sum(case((ProcessInstance.status.in_(OPEN_STATUSES), 1), else_=0))
    counted = (
        select(ProcessInstance.call_id, func.count().label("total"), open_ones.label("open"))
        .join(SetCall, SetCall.id == ProcessInstance.call_id)
        .where(SetCall.closed_at.is_(None))
        .group_by(ProcessInstance.call_id)
        .subquery()
    )
    total, still = func.coalesce(counted.c.total, 0), func.coalesce(counted.c.open, 0)
    rows = session.execute(
        select(SetCall, total, still)
        .outerjoin(counted, counted.c.call_id == SetCall.id)
        .where(SetCall.closed_at.is_(None), or_(SetCall.total != total, SetCall.open != still))
        .order_by(SetCall.id)
        .limit(200)
    )
    for call, children, running in rows:
        detail = {"total": call.total, "open": call.open, "children": int(children), "running": int(running)}
        yield Found(StuckReason.MISCOUNTED_CALL, call.instance_id, call.node, 1, detail)


def _items_without_holder() -> Iterator[Found]:
    """Open items in common queues whose role nobody holds in their scope."""
    queues = (
        select(
            WorkItem.role,
            WorkItem.province_code,
            WorkItem.city_code,
            WorkItem.organisation_id,
            func.count().label("items"),
            func.min(WorkItem.instance_id).label("first"),
            func.min(WorkItem.node).label("node"),
        )
        .where(WorkItem.status == ItemStatus.OPEN, WorkItem.assignee_id.is_(None))
        .group_by(WorkItem.role, WorkItem.province_code, WorkItem.city_code, WorkItem.organisation_id)
        .subquery()
    )
    scope = or_(
        RoleGrant.scope_type == "nation",
        and_(RoleGrant.scope_type == "province", RoleGrant.scope_code == queues.c.province_code),
        and_(RoleGrant.scope_type == "city", RoleGrant.scope_code == queues.c.city_code),
        and_(RoleGrant.scope_type == "organisation", RoleGrant.scope_code == cast(queues.c.organisation_id, String)),
    )
    holder = (
        exists()
        .where(RoleGrant.role == queues.c.role, scope, User.id == RoleGrant.user_id, User.status == UserStatus.ACTIVE)
        .correlate(queues)
    )
    for row in session.execute(select(queues).where(~holder).order_by(queues.c.first)):
        detail = {"role": row.role, "province": row.province_code, "organisation": row.organisation_id}
        yield Found(StuckReason.NOBODY_IN_SCOPE, row.first, row.node, row.items, detail)


def _items_of_closed_accounts() -> Iterator[Found]:
    """Open items in the hands of people whose accounts are closed; who they are is not said."""
    rows = session.execute(
        select(WorkItem.role, WorkItem.node, func.count(), func.min(WorkItem.instance_id))
        .join(User, User.id == WorkItem.assignee_id)
        .where(WorkItem.status == ItemStatus.OPEN, User.status != UserStatus.ACTIVE)
        .group_by(WorkItem.role, WorkItem.node)
        .order_by(WorkItem.role, WorkItem.node)
    )
    for role, node, count, first in rows:
        yield Found(StuckReason.HOLDER_GONE, first, node, count, {"role": role})
