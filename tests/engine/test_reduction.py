"""Exploring less finds the same: the reduced proof against the whole one, on random processes with and without faults."""

from collections import Counter

import pytest

from app.engine import DefinitionRefusedError, Proof, compile_definition
from app.engine.proving.explore import explore
from tests.engine.faulty import process
from tests.engine.sketch import draw, flows, timer, users

LEAST = Counter({"sound": 30, "deadlock": 2, "active_twice": 1, "never_reached": 2, "cannot_finish": 5})
"""How many processes of each kind a corpus holds at least."""
START = '<startEvent id="s"/><endEvent id="e"/>'


def verdict(proof: Proof) -> set[tuple[str, str]]:
    """What is wrong and where; a state that cannot finish is named by whichever is met first."""
    return {(found.rule, "" if found.rule == "cannot_finish" else found.element_id) for found in proof.findings}


@pytest.mark.parametrize("corpus", range(5))
def test_reduced_and_whole_exploration_agree_on_random_processes(corpus):
    compared = spared = spared_of_faulty = 0
    rules = Counter()
    for seed in range(10_000 * corpus, 10_000 * corpus + 1_000):
        if compared == 90:
            break
        try:
            definition = compile_definition(process(seed))
        except DefinitionRefusedError:
            continue
        whole = explore(definition, max_states=70, max_whole=70, seconds=60)
        if whole.bounded:
            continue
        reduced = explore(definition, max_states=70, max_whole=0, seconds=60)
        assert (seed, verdict(reduced), reduced.bounded) == (seed, verdict(whole), False)
        assert set(reduced.states) <= set(whole.states)
        assert reduced.transitions <= whole.transitions
        compared += 1
        rules.update({found.rule for found in whole.findings} or {"sound"})
        spared += len(reduced.states) < len(whole.states)
        spared_of_faulty += bool(whole.findings) and len(reduced.states) < len(whole.states)
    assert (compared, spared >= 30, spared_of_faulty >= 8) == (90, True, True), (spared, spared_of_faulty)
    assert rules >= LEAST, rules


def test_a_join_reached_twice_is_named_so_whatever_else_is_under_way():
    """Seed 10069 of an earlier corpus: once the task beside had ended, the same fault was called a deadlock."""
    xml = draw(
        START
        + '<parallelGateway id="a"/><exclusiveGateway id="m"/><parallelGateway id="j"/><endEvent id="e2"/>'
        + users("x", "y", "beside", "never")
        + '<exclusiveGateway id="g" default="g_e3"/><endEvent id="e3"/>'
        + flows("s -> a", "a -> x -> m", "a -> y -> m", "m -> j -> e", "a -> beside -> e2", "a -> g -> e3")
        + flows("g -> never : 1 > 2", "never -> j")
    )
    definition = compile_definition(xml)

    assert verdict(explore(definition, max_whole=0)) == verdict(explore(definition)) == {("active_twice", "j")}


def parallel(*, count: int, flawed: bool = False) -> bytes:
    names = [f"t{number}" for number in range(count)]
    lines = [f"a -> {name} -> j" for name in names]
    if flawed:
        lines[-1] = f"a -> {names[-1]} -> g"
        lines += ["g -> j : late", "g -> x", "x -> g2"]
    extra = '<exclusiveGateway id="g" default="g_x"/><exclusiveGateway id="g2"/><endEvent id="e2"/>' + users("x")
    return draw(
        START
        + '<parallelGateway id="a"/><parallelGateway id="j"/>'
        + users(*names)
        + (extra if flawed else "")
        + flows("s -> a", "j -> e", *lines, *(["g2 -> e2"] if flawed else []))
    )


@pytest.mark.parametrize("count", [12, 40])
def test_parallel_tasks_are_proven_beyond_what_could_be_seen_whole(count):
    proof = explore(compile_definition(parallel(count=count)), seconds=60)

    assert (len(proof.states), proof.bounded, proof.findings) == (count, False, ())


def test_a_fault_behind_many_parallel_tasks_is_found():
    (found,) = explore(compile_definition(parallel(count=12, flawed=True)), seconds=60).findings

    assert (found.rule, found.path[:2], found.path[-1]) == ("deadlock", ("s", "t0"), "j")


def test_parallel_branches_with_rework_and_reminders_are_proven():
    body, lines = '<parallelGateway id="a"/><parallelGateway id="j"/>', ["s -> a", "j -> e"]
    for n in range(12):
        body += (
            f'<userTask id="t{n}" lodestar:outcomes="ok,back"/><userTask id="c{n}"/><endEvent id="x{n}"/>'
            f'<exclusiveGateway id="g{n}" default="g{n}_j"/><exclusiveGateway id="m{n}"/>'
            f'<serviceTask id="r{n}" lodestar:operation="a.b"/>'
        ) + timer(f"w{n}", f"t{n}", interrupting=False, text="R/P1D")
        lines += [f"a -> m{n} -> t{n} -> g{n}", f'g{n} -> c{n} : outcome == "back"', f"c{n} -> m{n}", f"g{n} -> j"]
        lines += [f"w{n} -> r{n} -> x{n}"]

    proof = explore(compile_definition(draw(START + body + flows(*lines))), seconds=60)

    assert (proof.bounded, proof.findings) == (False, ())
    assert len(proof.states) < 200


def test_where_nothing_can_be_spared_and_too_many_states_remain_nothing_is_claimed():
    names = [f"t{number}" for number in range(9)]
    xml = draw(
        START
        + '<inclusiveGateway id="o" default="o_t0"/><inclusiveGateway id="j"/>'
        + users(*names)
        + flows("s -> o", "o -> t0", "j -> e", *(f"{name} -> j" for name in names))
        + flows(*(f"o -> {name} : want_{name}" for name in names[1:]))
    )

    proof = explore(compile_definition(xml), max_states=100, max_whole=50)

    assert (proof.bounded, proof.findings) == (True, ())


def test_a_loop_without_exit_does_not_hide_a_fault_beside_it():
    xml = draw(
        START
        + users("x", "y", "u", "v", "z")
        + '<parallelGateway id="a"/><exclusiveGateway id="m"/><exclusiveGateway id="g" default="g_m"/>'
        + '<parallelGateway id="b"/><exclusiveGateway id="n"/><endEvent id="e2"/>'
        + flows("s -> a", "a -> m -> x -> g", "g -> m", "g -> y : 1 > 2", "y -> e")
        + flows("a -> b", "b -> u -> n", "b -> v -> n", "n -> z -> e2")
    )
    definition = compile_definition(xml)

    assert verdict(explore(definition, max_whole=0)) == verdict(explore(definition)) == {("active_twice", "z")}
