"""Carries a thrown message to everyone who waits for it, as a set move: state by state, chunk by chunk."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.engine.window import Event, NodeKind
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.processes import messages
from app.processes.jobs import add_job, chunk_size, time_chunk
from app.processes.models import ProcessInstance, ThrownMessage
from app.processes.runner import Crank, lock_instance
from app.processes.sets.set_moves import SetMove, claim, move_set, not_moved_by
from app.processes.states import enabled_nodes, get_definition
from app.processes.vocabulary import ACTIVE_STATUSES, EventKind, InstanceStatus, ItemStatus, TargetType

Payload = Mapping[str, Any]


def carry_chunk(payload: Payload) -> Payload | None:
    """Moves the next chunk of those who wait; returns what is left to do, or None.

    `states`: (definition, state) in which somebody waits, worked off one by one; who comes into one of them later
    finds the message latched. `after`: the last instance moved; `wait`: after those that nobody held, those locked.
    """
    message = session.get_one(ThrownMessage, payload["message_id"])
    if "states" not in payload:
        _leave_to_themselves(message)
        return {**payload, "states": list(_waiting_states(message)), "after": 0, "wait": False, "events": {}}
    if not payload["states"]:
        return None
    definition_id, state_id = payload["states"][0]
    size, wait = chunk_size(), payload["wait"]
    members = claim(
        messages.reached_instances(message),
        ProcessInstance.status == InstanceStatus.RUNNING,
        ProcessInstance.definition_id == definition_id,
        ProcessInstance.state_id == state_id,
        ProcessInstance.id > payload["after"],
        not_moved_by(payload["job_id"]),
        messages.is_untaken(message.id),
        size=size,
        wait=wait,
    )
    time_chunk(len(members))
    move = SetMove(
        payload["job_id"], EventKind.MESSAGE, _status_of_closed(message), dict(payload["events"]), message.id
    )
    nodes = _catches(definition_id, state_id, message.name)
    for member, _ in move_set(move, definition_id=definition_id, state_id=state_id, nodes=nodes, members=members):
        add_job("recheck", {"instance_id": member.id})  # alone its failure hinders nobody else, and is its own incident
    is_full = len(members) == size
    return {**payload, "events": move.events, **_next_place(payload, members[-1].id if is_full else None)}


def _leave_to_themselves(message: ThrownMessage) -> None:
    """Instances at an incident are no equals of others: each gets a job that looks for what was thrown to it."""
    troubled = select(ProcessInstance.id).where(
        messages.reached_instances(message), ProcessInstance.status == InstanceStatus.INCIDENT
    )
    for instance_id in session.scalars(troubled.order_by(ProcessInstance.id)).all():
        add_job("recheck", {"instance_id": instance_id})


def _next_place(payload: Payload, last: int | None) -> Payload:
    """Where the next chunk begins: behind a full one, at those who were locked before, or in the next state."""
    if last is not None:
        return {"after": last}
    if not payload["wait"]:
        return {"after": 0, "wait": True}
    return {"states": payload["states"][1:], "after": 0, "wait": False}


def _status_of_closed(message: ThrownMessage) -> ItemStatus:
    """What becomes of the items that a message closes: one to all of a round or panel ends a time for all."""
    return ItemStatus.EXPIRED if _is_deadline(message) else ItemStatus.CANCELLED


def _is_deadline(message: ThrownMessage) -> bool:
    return message.target_type in (TargetType.ROUND, TargetType.PANEL)


def _waiting_states(message: ThrownMessage) -> Iterator[tuple[int, int]]:
    """(definition, state) of those, in which reached instances stand, in which somebody waits for the message.

    Asks for the next one each time: with the index that costs one look for each state, however many stand there.
    """
    reached = messages.reached_instances(message) & (ProcessInstance.status == InstanceStatus.RUNNING)
    for definition_id in _each(ProcessInstance.definition_id, reached):
        if any(node.message == message.name for node in get_definition(definition_id).nodes.values()):
            there = reached & (ProcessInstance.definition_id == definition_id)
            for state_id in _each(ProcessInstance.state_id, there):
                if _catches(definition_id, state_id, message.name):
                    yield definition_id, state_id


def _each(column: Any, which: ColumnElement[bool]) -> Iterator[int]:  # noqa: ANN401 -- a column of whole numbers
    value: int | None = 0
    while value is not None:
        value = session.scalar(select(func.min(column)).where(which, column > value))
        if value is not None:
            yield value


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
    crank.write(interrupted_by_deadline=_is_deadline(message))


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
