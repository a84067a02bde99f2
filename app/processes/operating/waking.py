"""Takes up what an instance missed while it could not move: latched messages, ended calls, operations that wait."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.engine import evaluate
from app.engine.window import Node, NodeKind
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.processes.jobs import add_job
from app.processes.models import Job, ProcessInstance, SetCall
from app.processes.operating.causes import at_token
from app.processes.runner import Crank, lock_instance
from app.processes.states import enabled_nodes, get_definition
from app.processes.vocabulary import ACTIVE_STATUSES, JobStatus
from app.processes.walk import CALLS, RESTING


def wake(payload: Mapping[str, Any]) -> None:
    """The job: lets every token of an active instance move on whose event came meanwhile; moves nothing else."""
    instance = lock_instance(payload["instance_id"])
    if instance is None or instance.state_id is None or instance.status not in ACTIVE_STATUSES:
        return
    nodes = get_definition(instance.definition_id).nodes
    waiting = [nodes[name] for name in enabled_nodes(instance.definition_id, instance.state_id)]
    moving = [node for node in waiting if node.kind not in RESTING and not _is_under_way(instance, node)]
    if not moving:
        return
    crank = Crank.of(instance, SYSTEM)
    before = crank.state
    for node in moving:
        _take_up(crank, node)
    if crank.state != before or crank.lines:
        crank.write()


def _take_up(crank: Crank, node: Node) -> None:
    if node.id in crank.gone or crank.state is None:
        return
    crank.pending = [node]
    with at_token(node.id):
        crank.settle()


def _is_under_way(instance: ProcessInstance, node: Node) -> bool:
    """Whether rows exist that will move the token: an open call, or a job of its operation."""
    if node.kind in CALLS:
        return _call_is_under_way(instance, node)
    if node.kind is NodeKind.SERVICE and node.job:
        return has_job(instance_id=instance.id, node=node.id)
    return False


def _call_is_under_way(instance: ProcessInstance, node: Node) -> bool:
    """An open call moves by itself; one whose end was met while nobody listened gets its job again."""
    call = session.scalars(
        select(SetCall)
        .where(SetCall.instance_id == instance.id, SetCall.node == node.id, SetCall.closed_at.is_(None))
        .order_by(SetCall.id.desc())
        .limit(1)
    ).one_or_none()
    if call is None:
        return False
    if call.open == 0 or (call.condition and evaluate(call.condition, counters_of(call))):
        add_job("call_done", {"call_id": call.id})
    return True


def counters_of(call: SetCall) -> Mapping[str, int]:
    """What a completion condition reads."""
    return {"open": call.open, "total": call.total, "done": call.done, "expired": call.expired}


def has_job(*, instance_id: int, node: str) -> bool:
    """Whether an operation of this token waits to be run; one that was given up does not."""
    payload = {"instance_id": instance_id, "node": node}
    of_token = select(Job.id).where(Job.kind == "operation", Job.payload == payload, Job.status == JobStatus.WAITING)
    return session.scalar(of_token.limit(1)) is not None
