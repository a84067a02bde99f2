"""The proof: what exploration finds, and that it finds nothing where nothing is wrong."""

from random import Random

import pytest

from app.engine import compile_definition
from app.engine.proving.explore import explore
from tests.engine.blocks import Drawing, Grammar
from tests.engine.sketch import draw, flows, timer, users
from tests.engine.test_blocks import KINDS

START = '<startEvent id="s"/><endEvent id="e"/>'


def prove(xml: bytes, **limits):
    return explore(compile_definition(xml), **limits)


def test_eight_parallel_tasks_have_255_states():
    names = [f"t{n}" for n in range(8)]
    proof = prove(
        draw(
            START
            + '<parallelGateway id="a"/><parallelGateway id="j"/>'
            + users(*names)
            + flows("s -> a", "j -> e", *(f"a -> {name} -> j" for name in names))
        )
    )
    assert (len(proof.states), proof.transitions, proof.bounded, proof.findings) == (255, 1 + 8 * 128, False, ())


def test_limits_are_said_when_hit():
    names = [f"t{n}" for n in range(8)]
    xml = draw(
        START
        + '<parallelGateway id="a"/><parallelGateway id="j"/>'
        + users(*names)
        + flows("s -> a", "j -> e", *(f"a -> {name} -> j" for name in names))
    )
    assert prove(xml, max_states=50).bounded
    seconds = iter(range(1_000))
    assert prove(xml, seconds=3, clock=lambda: next(seconds)).bounded


def deadlock() -> bytes:
    return draw(
        START + '<userTask id="t" lodestar:outcomes="one,both"/><exclusiveGateway id="g" default="g_a"/>'
        '<parallelGateway id="a"/><parallelGateway id="j"/>'
        + users("x", "y", "z")
        + flows(
            "s -> t -> g",
            'g -> z : outcome == "one"',
            "g -> a",
            "a -> x -> j",
            "a -> y -> m",
            "z -> m",
            "m -> j",
            "j -> e",
        )
        + '<exclusiveGateway id="m"/>'
    )


def test_deadlock_comes_with_its_path():
    (found,) = prove(deadlock()).findings

    assert (found.rule, found.element_id, found.path) == ("deadlock", "j", ("s", "t", "z", "j"))


def test_node_active_twice_comes_with_its_path():
    xml = draw(
        START
        + '<parallelGateway id="a"/><exclusiveGateway id="m"/>'
        + users("x", "y", "z")
        + flows("s -> a", "a -> x -> m", "a -> y -> m", "m -> z -> e")
    )
    assert {(found.rule, found.element_id) for found in prove(xml).findings} == {("active_twice", "z")}


def test_node_that_no_outcome_leads_to_is_dead():
    xml = draw(
        START
        + users("t", "x")
        + '<exclusiveGateway id="g" default="g_e"/>'
        + flows("s -> t -> g", "g -> x : 1 > 2", "g -> e", "x -> e")
    )
    assert [(found.rule, found.element_id) for found in prove(xml).findings] == [("never_reached", "x")]


def test_loop_that_nothing_ever_leaves_cannot_finish():
    xml = draw(
        START
        + '<parallelGateway id="a"/><parallelGateway id="j"/><exclusiveGateway id="g" default="g_y"/>'
        + users("x", "y", "q")
        + flows("s -> a", "a -> x -> j", "a -> y -> g", "g -> q : 1 > 2", "g -> y", "q -> j", "j -> e")
    )
    (found,) = prove(xml).findings

    assert (found.rule, found.path) == ("cannot_finish", ("s", "x"))


def test_conditions_are_tried_every_way_but_exclusive_ones_not_together():
    xml = draw(
        START
        + users("t", "x", "y", "z")
        + '<inclusiveGateway id="o" default="o_x"/><endEvent id="e2"/><endEvent id="e3"/>'
        + flows(
            "s -> t -> o", 'o -> y : level == "A"', 'o -> z : level == "B"', "o -> x", "x -> e", "y -> e2", "z -> e3"
        )
    )

    proof = prove(xml)

    assert proof.findings == ()
    assert set(proof.states) == {f'{{"t":["{name}"]}}' for name in "txyz"}


def test_caught_errors_are_tried():
    xml = draw(
        START + '<endEvent id="failed"/><serviceTask id="pay" lodestar:operation="a.b"/>'
        '<boundaryEvent id="b" attachedToRef="pay"><errorEventDefinition/></boundaryEvent>'
        + users("mend")
        + flows("s -> pay -> e", "b -> mend -> failed")
    )
    proof = prove(xml)
    assert (len(proof.states), proof.findings) == (2, ())


@pytest.mark.parametrize(("job", "rules"), [("false", []), ("true", [("active_twice", "remind")])])
def test_repeating_reminder_meets_itself_only_as_a_job(job, rules):
    xml = draw(
        START
        + f'<endEvent id="e2"/><serviceTask id="remind" lodestar:operation="a.b" lodestar:job="{job}"/>'
        + users("work")
        + timer("late", "work", interrupting=False, text="R/P1D")
        + flows("s -> work -> e", "late -> remind -> e2")
    )
    assert [(found.rule, found.element_id) for found in prove(xml).findings] == rules


@pytest.mark.parametrize("seed", range(25))
def test_structured_processes_are_proven_unless_a_detached_handler_meets_itself(seed):
    random = Random(seed)
    block = Grammar(random, KINDS).sequence(2)
    proof = prove(Drawing(block).xml, max_states=1_500)

    assert {found.rule for found in proof.findings} <= {"active_twice"}
