"""Random processes: on random walks the engine does what the token game says."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine import Definition, Event, StepError, compile_definition, enabled, start, step
from app.engine.marking import dump, load
from tests.engine.blocks import Block, Drawing, Grammar, random_values
from tests.engine.token_game import Scope

KINDS = ("xor", "and", "or", "loop", "choice", "boundary", "sub")
MAX_STEPS = 25


def event_type(block: Block, node: str) -> str:
    leaves = {part.id: part.leaf for part in block.walk() if part.kind == "leaf"}
    return "complete" if leaves.get(node) == "user" else "done"


def reloaded(definition: Definition, state: str) -> str | None:
    net = definition.net(None)
    load(net, state)
    return dump(net)


def walk(seed: int, kinds: tuple[str, ...]) -> int:
    random = Random(seed)
    grammar = Grammar(random, kinds)
    block = grammar.sequence(3)
    definition = compile_definition(Drawing(block).xml)
    values = random_values(block, random)
    game, now = Scope(block, values), start(definition, values)
    for number in range(MAX_STEPS):
        expected = game.waiting()
        assert (now.state is None) == game.done
        if now.state is None:
            return number
        assert list(enabled(definition, now.state)) == expected
        assert reloaded(definition, now.state) == now.state
        node = random.choice(expected)
        values = random_values(block, random)
        game.fire(node, values)
        event = Event(event_type(block, node), node, values)
        after = game.waiting()
        if len(set(after)) < len(after):
            with pytest.raises(StepError, match="twice"):
                step(definition, now.state, event, now.variables)
            return number
        later = step(definition, now.state, event, now.variables)
        assert node in later.closed
        assert set(expected) - set(later.closed) | set(later.opened) == set(after)
        now = later
    return MAX_STEPS


@settings(max_examples=450, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**9))
def test_engine_equals_token_game_on_random_processes(seed):
    walk(seed, KINDS)
