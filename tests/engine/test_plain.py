"""A second opinion: plain SpiffWorkflow, never dumped, where no join lies in a loop and no inclusive join is met."""

from random import Random

import pytest

from app.engine import Event, StepError, compile_definition, enabled, start, step
from tests.engine.bench_step import measure
from tests.engine.blocks import Drawing, Grammar, random_values
from tests.engine.plain import Plain, plain_specs
from tests.engine.test_blocks import MAX_STEPS, event_type

AGREED = (("xor", "and", "choice", "boundary", "sub"), ("xor", "loop", "choice", "boundary", "sub"))


@pytest.mark.parametrize("kinds", AGREED)
def test_engine_equals_plain_spiffworkflow(kinds):
    for seed in range(60):
        random = Random(seed)
        block = Grammar(random, kinds).sequence(3)
        xml, values = Drawing(block).xml, random_values(block, random)
        definition, plain = compile_definition(xml), Plain(plain_specs(xml), values)
        now = start(definition, values)
        for _ in range(MAX_STEPS):
            assert (now.state is None) == plain.workflow.completed
            if now.state is None:
                break
            assert list(enabled(definition, now.state)) == sorted(plain.waiting())
            node, values = random.choice(enabled(definition, now.state)), random_values(block, random)
            try:
                now = step(definition, now.state, Event(event_type(block, node), node, values), now.variables)
            except StepError:
                break
            plain.fire(node, values)


def test_a_step_costs_less_than_two_fifths_of_plain_spiffworkflow_and_from_the_cache_a_fiftieth():
    taken = measure(rounds=15)

    assert taken["ratio"] <= 0.4
    assert taken["cached_ratio"] <= 0.02
