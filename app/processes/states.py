"""Definitions and states by id, from memory where they have been seen."""

import hashlib
from collections.abc import Iterable
from functools import partial

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.engine import Definition, compile_definition, enabled
from app.kernel.db import session
from app.kernel.errors import NotFoundError
from app.kernel.transaction import after_commit
from app.processes.kept import MAX_STATES, kept
from app.processes.models import ProcessDefinition, ProcessState
from app.processes.vocabulary import DefinitionStatus


def get_definition(definition_id: int) -> Definition:
    """The compiled definition of this id; NotFoundError when there is none."""
    memory = kept()
    definition = memory.definitions.get(definition_id)
    if definition is None:
        xml = session.scalar(select(ProcessDefinition.bpmn_xml).where(ProcessDefinition.id == definition_id))
        if xml is None:
            raise NotFoundError
        definition = memory.definitions[definition_id] = compile_definition(xml)
    return definition


def active_definition(key: str) -> tuple[int, Definition]:
    """The version that new instances of this process take; NotFoundError when none was deployed."""
    definition_id = session.scalar(
        select(ProcessDefinition.id).where(
            ProcessDefinition.key == key, ProcessDefinition.status == DefinitionStatus.ACTIVE
        )
    )
    if definition_id is None:
        raise NotFoundError("process_unknown", process=key)
    return definition_id, get_definition(definition_id)


def get_body(state_id: int) -> str:
    """The canonical marking behind a state's id."""
    memory = kept()
    body = memory.bodies.get(state_id)
    if body is None:
        if len(memory.bodies) > MAX_STATES:
            memory.bodies.clear()
        body = session.scalar(select(ProcessState.body).where(ProcessState.id == state_id))
        if body is None:
            raise LookupError(f"state {state_id} is gone")
        memory.bodies[state_id] = body
    return body


def get_state_id(definition_id: int, body: str) -> int:
    """The id of a marking of a definition; a marking never seen before gets its row now."""
    memory, key = kept(), (definition_id, body)
    known = memory.state_ids.get(key)
    if known is not None:
        return known
    written: set[tuple[int, str]] = session().info.setdefault("states_written", set())
    state_id = _find_state(definition_id, body)
    if state_id is None:
        add_states(definition_id, (body,))
        written.add(key)
        state_id = _find_state(definition_id, body)
        if state_id is None:
            raise LookupError("a state that was written cannot be read")
    if key not in written:  # a savepoint may still take back what this session wrote
        after_commit(partial(memory.state_ids.__setitem__, key, state_id))
    return state_id


def _find_state(definition_id: int, body: str) -> int | None:
    return session.scalar(
        select(ProcessState.id).where(
            ProcessState.definition_id == definition_id, ProcessState.hash == hash_state(body)
        )
    )


def add_states(definition_id: int, bodies: Iterable[str]) -> None:
    """Writes markings that are not known yet; two that write the same one at once do not disturb each other."""
    rows = [{"definition_id": definition_id, "hash": hash_state(body), "body": body} for body in bodies]
    if not rows:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(ProcessState).on_conflict_do_nothing(), rows)


def hash_state(body: str) -> str:
    """SHA-256 of a canonical marking."""
    return hashlib.sha256(body.encode()).hexdigest()


def enabled_nodes(definition_id: int, state_id: int) -> tuple[str, ...]:
    """The nodes at which a token waits in a state."""
    memory = kept()
    nodes = memory.enabled.get(state_id)
    if nodes is None:
        nodes = memory.enabled[state_id] = enabled(get_definition(definition_id), get_body(state_id))
    return nodes
