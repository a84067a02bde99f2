"""The canonical state: same marking, same bytes; no growth however long an instance lives."""

from itertools import permutations
from statistics import median
from time import perf_counter

import pytest

from app.engine import Event, StepError, compile_definition, start, step
from tests.engine.sketch import Walk, draw, flows, timer, users


def rework() -> bytes:
    return draw(
        '<startEvent id="s"/><endEvent id="e"/><parallelGateway id="a"/><parallelGateway id="j"/>'
        '<exclusiveGateway id="g" default="g_j"/><userTask id="audit" lodestar:outcomes="return,pass"/>'
        + users("correct", "beside")
        + timer("late", "correct")
        + flows("s -> a", "a -> audit -> g", 'g -> correct : outcome == "return"', "correct -> audit", "g -> j")
        + flows("late -> audit", "a -> beside -> j", "j -> e")
    )


def test_five_thousand_rework_loops_keep_size_and_time_flat():
    definition = compile_definition(rework())
    now = start(definition, {})
    sizes, times = set(), []
    for number in range(5_000):
        began = perf_counter()
        now = step(definition, now.state, Event("complete", "audit", {"outcome": "return"}), now.variables)
        event = Event("done", "late") if number % 3 == 0 else Event("complete", "correct")
        now = step(definition, now.state, event, now.variables)
        times.append(perf_counter() - began)
        sizes.add(len(now.state))
    assert sizes == {len('{"t":["audit","beside"]}')}
    assert median(times[-1000:]) < 3 * median(times[:1000])


def test_every_order_of_parallel_work_gives_the_same_bytes():
    names = ("w", "x", "y", "z")
    definition = compile_definition(
        draw(
            '<startEvent id="s"/><endEvent id="e"/><parallelGateway id="a"/><parallelGateway id="j"/>'
            + users(*names, "last")
            + flows("s -> a", "j -> last -> e", *(f"a -> {name} -> j" for name in names))
        )
    )
    states = {}
    for order in permutations(names):
        now = start(definition, {})
        for number, name in enumerate(order):
            now = step(definition, now.state, Event("complete", name), {})
            states.setdefault(frozenset(order[: number + 1]), set()).add(now.state)
    assert len(states) == 15
    assert all(len(bodies) == 1 for bodies in states.values())


def test_a_loop_leaves_no_trace():
    walk = Walk(rework())
    before = walk.now.state

    walk.complete("audit", "return")
    walk.complete("correct")

    assert walk.now.state == before


def test_join_inside_a_loop_waits_for_both_in_every_round():
    walk = Walk(
        draw(
            '<startEvent id="s"/><endEvent id="e"/><exclusiveGateway id="m"/><parallelGateway id="a"/>'
            '<parallelGateway id="j"/><exclusiveGateway id="g" default="g_e"/>'
            + users("x", "y")
            + flows("s -> m -> a", "a -> x -> j", "a -> y -> j", "j -> g", "g -> m : more", "g -> e")
        ),
        more=True,
    )
    for _ in range(3):
        assert walk.complete("x").opened == ()
        assert walk.complete("y").opened == ("x", "y")


@pytest.mark.parametrize(
    "state", ['{"t":["ghost"]}', '{"s":{"audit":{}}}', "[]", "", '{"t":1}', '{"b":{"audit":["x"]}}']
)
def test_a_state_of_another_definition_is_refused(state):
    definition = compile_definition(rework())

    with pytest.raises(StepError, match="does not belong"):
        step(definition, state, Event("complete", "audit"), {})
