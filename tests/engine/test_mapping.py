"""States carried over between versions: random processes, random edits, random walks; and each construct by hand."""

from random import Random

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.engine import Definition, Event, compile_definition, enabled, start, step
from app.engine.proving.explore import explore
from app.engine.versions.mapping import Mapped, confirm, map_state
from app.engine.window import NodeKind
from tests.engine.blocks import Block, Drawing, Grammar, random_values
from tests.engine.edits import EDITS, Editor

KINDS = ("xor", "and", "or", "loop", "choice", "boundary", "sub")
MAX_STEPS = 400


def fire(definition: Definition, state: str, node: str, values: dict) -> str | None:
    type_ = "complete" if definition.nodes[node].kind is NodeKind.USER else "done"
    return step(definition, state, Event(type_, node, values), values).state


def pick(definition: Definition, state: str, random: Random) -> str:
    """Operations run within the step that reached them, before anybody else's turn."""
    waiting = enabled(definition, state)
    return random.choice([node for node in waiting if definition.nodes[node].kind is NodeKind.SERVICE] or waiting)


def walk(definition: Definition, block: Block, random: Random, steps: int) -> str | None:
    """Where a new instance stands after so many random events."""
    values = random_values(block, random)
    state = start(definition, values).state
    for _ in range(steps):
        if state is None:
            return None
        values = random_values(block, random)
        state = fire(definition, state, pick(definition, state, random), values)
    return state


def finish(definition: Definition, block: Block, random: Random, state: str | None) -> bool:
    """Walks on until the end, leaving every loop when it can be left."""
    for _ in range(MAX_STEPS):
        if state is None:
            return True
        values = random_values(block, random) | {b.id: False for b in block.walk() if b.kind == "loop"}
        state = fire(definition, state, pick(definition, state, random), values)
    return False


def proven(xml: bytes) -> tuple[Definition, frozenset[str]]:
    definition = compile_definition(xml)
    proof = explore(definition, max_states=300, seconds=2)
    assume(not proof.findings and not proof.bounded)
    return definition, frozenset(proof.states)


def ensure_whole(old: Definition, new: Definition, state: str, mapped: Mapped) -> None:
    """Every token is accounted for: it goes on, or it was given up by a choice."""
    before, after = set(enabled(old, state)), set(enabled(new, mapped.state))
    assert set(mapped.carried) | set(mapped.closed) == before
    assert set(mapped.carried.values()) | set(mapped.opened) == after
    assert {node for node in mapped.closed if old.nodes[node].kind is NodeKind.USER} == set()


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**9), st.sampled_from(EDITS))
def test_a_random_process_moves_to_an_edited_version_and_finishes(seed, edit):
    random = Random(seed)
    block = Grammar(random, KINDS).sequence(2)
    old, old_states = proven(Drawing(block).xml)
    editor = Editor(block, random, KINDS)
    editor.apply(edit)
    new, new_states = proven(editor.xml)
    state = walk(old, block, random, random.randint(0, 8))
    assume(state is not None)
    assert state in old_states

    mapped = confirm(map_state(old, new, state), new_states)

    assume(mapped.verdict == "move")
    ensure_whole(old, new, state, mapped)
    back = confirm(map_state(new, old, mapped.state), old_states)
    assert back.state == state or edit == "remove"
    assert finish(new, editor.block, random, mapped.state)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**9))
def test_moving_to_the_same_definition_changes_nothing(seed):
    random = Random(seed)
    block = Grammar(random, KINDS).sequence(2)
    definition, states = proven(Drawing(block).xml)

    for state in states:
        mapped = map_state(definition, definition, state)
        assert mapped == Mapped(state, carried={node: node for node in enabled(definition, state)})
