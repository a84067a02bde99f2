"""Carries a thrown message to everyone who waits for it, in chunks that a repetition does not move twice."""

from collections.abc import Sequence

from sqlalchemy import select

from app.engine.window import Event, NodeKind
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.processes import messages
from app.processes.failing import isolated
from app.processes.models import ProcessInstance, ThrownMessage
from app.processes.runner import Crank, lock_instance
from app.processes.states import enabled_nodes, get_definition
from app.processes.vocabulary import ACTIVE_STATUSES, CHUNK, EventKind, TargetType


def carry_chunk(*, message_id: int, after: int) -> int | None:
    """Moves the next chunk of those who wait; returns the last instance's id, or None when nobody is left."""
    message = session.get_one(ThrownMessage, message_id)
    ids = session.scalars(
        select(ProcessInstance.id)
        .where(
            messages.reached_instances(message),
            ProcessInstance.status.in_(ACTIVE_STATUSES),
            ProcessInstance.state_id.in_(_waiting_states(message)),
            ProcessInstance.id > after,
        )
        .order_by(ProcessInstance.id)
        .limit(CHUNK)
    ).all()
    for instance_id in ids:
        with isolated(instance_id, message_id=message_id):
            deliver(instance_id=instance_id, message=message)
    return ids[-1] if ids else None


def _waiting_states(message: ThrownMessage) -> Sequence[int]:
    """The states, of those in which reached instances stand, in which somebody waits for the message."""
    occupied = session.execute(
        select(ProcessInstance.definition_id, ProcessInstance.state_id)
        .where(
            messages.reached_instances(message),
            ProcessInstance.status.in_(ACTIVE_STATUSES),
            ProcessInstance.state_id.is_not(None),
        )
        .distinct()
    )
    return [
        state_id
        for definition_id, state_id in occupied
        if state_id is not None and _catches(definition_id, state_id, message.name)
    ]


def _catches(definition_id: int, state_id: int, name: str) -> list[str]:
    nodes = get_definition(definition_id).nodes
    return [
        node
        for node in enabled_nodes(definition_id, state_id)
        if nodes[node].kind is NodeKind.MESSAGE and nodes[node].message == name
    ]


def deliver(*, instance_id: int, message: ThrownMessage) -> None:
    """Gives the message to every catch of that name in one instance (architecture.md, section 2, "safe")."""
    instance = lock_instance(instance_id)
    if instance is None or instance.status not in ACTIVE_STATUSES or instance.state_id is None:
        return
    if messages.is_consumed(instance_id=instance_id, message_id=message.id):
        return
    waiting = _catches(instance.definition_id, instance.state_id, message.name)
    if not waiting:
        return
    messages.consume(instance_id=instance_id, message_id=message.id)
    crank, nodes = Crank.of(instance, SYSTEM), get_definition(instance.definition_id).nodes
    for node in waiting:
        if crank.state is not None and node not in crank.gone:
            crank.note(EventKind.MESSAGE, nodes[node])
            crank.fire(Event("done", node))
    crank.write(interrupted_by_deadline=message.target_type in (TargetType.ROUND, TargetType.PANEL))


def recheck(*, instance_id: int) -> None:
    """Looks again for messages that were thrown while the instance arrived at its catch."""
    instance = lock_instance(instance_id)
    if instance is None or instance.status not in ACTIVE_STATUSES or instance.state_id is None:
        return
    for name in _awaited(instance):
        message_id = messages.find_latched(instance, name)
        if message_id is not None:
            deliver(instance_id=instance_id, message=session.get_one(ThrownMessage, message_id))


def _awaited(instance: ProcessInstance) -> list[str]:
    nodes = get_definition(instance.definition_id).nodes
    waiting = enabled_nodes(instance.definition_id, instance.state_id or 0)
    return [nodes[node].message or "" for node in waiting if nodes[node].kind is NodeKind.MESSAGE]
