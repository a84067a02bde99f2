"""Moving an instance to another step: only to a state that the proof of its definition knows."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.audit.usecases import record
from app.engine.places import Move, possible_moves, read_places
from app.engine.window import Node, Step
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, field_error
from app.processes.models import ProcessDefinition, ProcessInstance, ProcessState
from app.processes.operating.acting import lock_one, read_reason
from app.processes.runner import Crank
from app.processes.states import enabled_nodes, get_body, get_definition, get_state_id
from app.processes.vocabulary import EventKind, InstanceStatus
from app.processes.whole import is_reduced, see_whole


def list_moves(instance: ProcessInstance) -> Sequence[Move]:
    """Where the instance could be set down instead; nothing for one that has ended.

    What the proof of its version spared is seen whole first: NotSeenWholeError within a writing transaction, unless
    it was seen before.
    """
    if instance.state_id is None:
        return ()
    bodies = session.scalars(select(ProcessState.body).where(ProcessState.definition_id == instance.definition_id))
    spared: Collection[str] = ()
    if is_reduced(_proof_of(instance)):
        spared = see_whole(get_definition(instance.definition_id)).states
    return possible_moves(get_body(instance.state_id), {*bodies, *spared})


def _proof_of(instance: ProcessInstance) -> Mapping[str, Any]:
    proof: Mapping[str, Any] = session.get_one(ProcessDefinition, instance.definition_id).proof
    return proof


def _is_cut_off(instance: ProcessInstance) -> bool:
    """Whether there may be states of the version that nobody has seen."""
    proof = _proof_of(instance)
    return bool(proof.get("bounded")) or (
        is_reduced(proof) and see_whole(get_definition(instance.definition_id)).is_bounded
    )


def move_instance(
    *, instance_id: int, to: Collection[str], leaving: Collection[str] = (), reason: str, actor: Actor
) -> ProcessInstance:
    """Takes the tokens at `leaving` (where only one stands: that one) away and sets them down at `to`.

    Items, timers and calls are closed and opened by the ordinary effects; operations at `to` run. Refused:
    `instance_ended`, `instance_suspended`; at field 'to' `move_not_proven` or, where the version has too many states to
    see them all, `move_not_seen`; at 'from' `move_from_required`. NotSeenWholeError as from `list_moves`.
    """
    reason = read_reason(reason)
    instance = lock_one(instance_id)
    if instance.status == InstanceStatus.SUSPENDED:
        raise ConflictError("instance_suspended")
    move = _choose(instance, frozenset(to), frozenset(leaving))
    detail = {"reason": reason, "from": sorted(move.leaves), "to": sorted(move.enters)}
    crank = Crank.of(instance, actor)
    crank.note(EventKind.PLACED, _first_node(instance, move.enters), detail=detail)
    crank.take(_step(instance, move, crank))
    crank.settle()
    crank.write()
    record(
        action="processes.move_instance",
        actor=actor,
        object_type="process_instance",
        object_id=instance_id,
        detail=detail,
    )
    return instance


def _choose(instance: ProcessInstance, to: frozenset[str], leaving: frozenset[str]) -> Move:
    standing = read_places(get_body(instance.state_id or 0)).nodes
    if not leaving and len(standing) > 1:
        raise field_error("from", "move_from_required", nodes="、".join(sorted(standing)))
    for move in list_moves(instance):
        if move.enters == to and (move.leaves == (leaving or standing)):
            return move
    code = "move_not_seen" if _is_cut_off(instance) else "move_not_proven"
    raise field_error("to", code, nodes="、".join(sorted(to)))


def _step(instance: ProcessInstance, move: Move, crank: Crank) -> Step:
    """The move as a step: whatever can be fired before and not after is closed, and the other way round."""
    before = enabled_nodes(instance.definition_id, instance.state_id or 0)
    after = enabled_nodes(instance.definition_id, get_state_id(instance.definition_id, move.state))
    return Step(
        state=move.state,
        variables=crank.variables,
        opened=tuple(node for node in after if node not in before),
        closed=tuple(node for node in before if node not in after),
    )


def _first_node(instance: ProcessInstance, enters: Collection[str]) -> Node | None:
    nodes = get_definition(instance.definition_id).nodes
    return next((nodes[name] for name in sorted(enters) if name in nodes), None)
