"""States carried over by hand, one construct each."""

import orjson
import pytest

from app.engine import compile_definition
from app.engine.proving.explore import explore
from app.engine.versions.mapping import GIVEN_UP, Mapped, Obstacle, confirm, map_state
from tests.engine.sketch import draw, flows, timer, users

ENDS = '<startEvent id="s"/><endEvent id="e"/>'
LINE = draw(ENDS + users("a", "b", "c") + flows("s -> a -> b -> c -> e"))
GATEWAYS = '<parallelGateway id="g"/><parallelGateway id="j"/>'
PARALLEL = draw(ENDS + GATEWAYS + users("x", "y") + flows("s -> g -> x -> j -> e", "g -> y -> j"))


def move(old: bytes, new: bytes, state: str, **targets: str) -> Mapped:
    one, other = compile_definition(old), compile_definition(new)
    proof = explore(other)
    assert proof.findings == ()
    return confirm(map_state(one, other, state, targets), frozenset(proof.states))


def at(*nodes: str, **more) -> str:
    parts = {"t": sorted(nodes), **more}
    return orjson.dumps({key: part for key, part in parts.items() if part}, option=orjson.OPT_SORT_KEYS).decode()


def codes(mapped: Mapped) -> list[tuple[str, str]]:
    return [(obstacle.code, obstacle.node) for obstacle in mapped.obstacles]


def test_a_task_inserted_ahead_or_behind_leaves_the_token_where_it_is():
    new = draw(ENDS + users("a", "b", "c", "more", "later") + flows("s -> a -> more -> b -> later -> c -> e"))

    assert move(LINE, new, at("b")) == Mapped(at("b"), carried={"b": "b"})


def test_a_removed_task_that_nobody_stands_at_changes_nothing():
    new = draw(ENDS + users("a", "c") + flows("s -> a -> c -> e"))

    assert move(LINE, new, at("a")) == Mapped(at("a"), carried={"a": "a"})


def test_a_removed_task_under_a_token_needs_a_choice():
    new = draw(ENDS + users("a", "c") + flows("s -> a -> c -> e"))

    asked = move(LINE, new, at("b"))
    chosen = move(LINE, new, at("b"), b="c")

    assert (asked.verdict, codes(asked)) == ("choice", [("node_removed", "b")])
    assert chosen == Mapped(at("c"), carried={"b": "c"})


def test_a_task_that_waits_for_something_else_now_needs_a_choice_and_begins_anew():
    new = LINE.replace(b'<userTask id="b"/>', b'<receiveTask id="b" messageRef="m"/>').replace(
        b"<process", b'<message id="m" name="answer"/><process'
    )

    asked, chosen = move(LINE, new, at("b")), move(LINE, new, at("b"), b="b")

    assert codes(asked) == [("kind_changed", "b")]
    assert chosen == Mapped(at("b"), closed=("b",), opened=("b",))


def test_a_token_is_never_set_down_where_the_system_acts_by_itself():
    new = LINE.replace(b'<userTask id="b"/>', b'<serviceTask id="b" lodestar:operation="x.y"/>')

    assert codes(move(LINE, new, at("b"))) == [("kind_changed", "b")]
    assert codes(move(LINE, new, at("b"), b="b")) == [("target_acts", "b")]
    assert move(new, new, at("b")).carried == {"b": "b"}


def test_a_choice_must_be_a_place_where_a_token_can_wait():
    new = draw(ENDS + users("a", "c") + timer("late", "c") + flows("s -> a -> c -> e", "late -> e"))

    assert codes(move(LINE, new, at("b"), b="late")) == [("target_unknown", "b")]
    assert codes(move(LINE, new, at("b"), b="nowhere")) == [("target_unknown", "b")]
    assert move(LINE, new, at("b"), b="s").verdict == "choice"


def test_two_tokens_never_meet_at_one_node():
    new = draw(ENDS + GATEWAYS + users("x", "z") + flows("s -> g -> x -> j -> e", "g -> z -> j"))

    assert codes(move(PARALLEL, new, at("x", "y"), y="x")) == [("active_twice", "y")]
    assert move(PARALLEL, new, at("x", "y"), y="z").carried == {"x": "x", "y": "z"}


def test_a_branch_that_was_removed_gives_its_token_up_when_told_to():
    new = draw(ENDS + users("x") + flows("s -> x -> e"))

    asked = move(PARALLEL, new, at("x", "y"))
    chosen = move(PARALLEL, new, at("x", "y"), y=GIVEN_UP)

    assert codes(asked) == [("node_removed", "y")]
    assert chosen == Mapped(at("x"), carried={"x": "x"}, closed=("y",))
    assert codes(move(LINE, new, at("a"), a=GIVEN_UP)) == [("nothing_left", "")]


def test_what_has_arrived_at_a_join_stays_arrived():
    new = draw(ENDS + GATEWAYS + users("x", "y", "x2") + flows("s -> g -> x -> x2 -> j -> e", "g -> y -> j"))

    mapped = move(PARALLEL, new, at("y", j={"j": ["x"]}))

    assert mapped == Mapped(at("y", j={"j": ["x2"]}), carried={"y": "y"})
    assert move(new, PARALLEL, mapped.state).state == at("y", j={"j": ["x"]})


def test_a_join_that_was_removed_lets_go_of_what_had_arrived():
    new = draw(ENDS + users("x", "y") + flows("s -> x -> y -> e"))

    assert move(PARALLEL, new, at("y", j={"j": ["x"]})) == Mapped(at("y"), carried={"y": "y"})


def test_a_state_that_the_new_version_never_comes_into_is_refused():
    new = draw(ENDS + users("x", "y") + flows("s -> x -> y -> e"))
    more = PARALLEL.replace(b'<userTask id="x"/>', b'<userTask id="x"/><userTask id="z"/>').replace(
        b"</process>", flows("g -> z -> j").encode() + b"</process>"
    )

    assert codes(move(PARALLEL, new, at("x", "y"))) == [("not_reachable", "")]
    assert codes(move(PARALLEL, more, at("y", j={"j": ["x"]}))) == [("not_reachable", "")]


def test_nothing_is_claimed_of_a_version_whose_exploration_was_cut_off():
    definition = compile_definition(LINE)

    mapped = confirm(map_state(definition, definition, at("b")), frozenset(), bounded=True)

    assert (mapped.verdict, codes(mapped)) == ("stay", [("not_proven", "")])


LATE = draw(
    ENDS + users("a", "b", "c") + timer("late", "b", interrupting=False) + flows("s -> a -> b -> c -> e", "late -> e")
)
REPEAT = LATE.replace(b'<userTask id="c"/>', b'<userTask id="c"/><userTask id="told"/>').replace(
    b'id="late_e" sourceRef="late" targetRef="e"', b'id="late_t" sourceRef="late" targetRef="told"'
).replace(b"</process>", flows("told -> e").encode() + b"</process>")  # fmt: skip


def test_a_new_boundary_event_is_armed_and_a_removed_one_disarmed():
    armed = at(b={"b": ["late"]})

    assert move(LINE, LATE, at("b")) == Mapped(armed, carried={"b": "b"}, opened=("late",))
    assert move(LATE, LINE, armed) == Mapped(at("b"), carried={"b": "b"}, closed=("late",))


def test_a_boundary_event_that_has_fired_stays_quiet():
    fired = at("told", b={"b": []})

    assert move(REPEAT, REPEAT, fired) == Mapped(fired, carried={"b": "b", "told": "told"})
    assert move(REPEAT, REPEAT, at(b={"b": ["late"]})).carried == {"b": "b", "late": "late"}


def test_a_boundary_event_of_another_kind_is_armed_afresh():
    new = REPEAT.replace(
        b"<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>",
        b'<messageEventDefinition messageRef="m"/>',
    ).replace(b"<process", b'<message id="m" name="hurry"/><process')

    mapped = move(REPEAT, new, at(b={"b": ["late"]}))

    assert mapped == Mapped(at(b={"b": ["late"]}), carried={"b": "b"}, closed=("late",), opened=("late",))


SUB = draw(
    ENDS + users("a", "c") + timer("late", "box")
    + f'<subProcess id="box"><startEvent id="s2"/><endEvent id="e2"/>{users("b")}{flows("s2 -> b -> e2")}</subProcess>'
    + '<exclusiveGateway id="m"/>' + flows("s -> a -> box -> m -> c -> e", "late -> m")
)  # fmt: skip


def test_a_task_wrapped_in_a_sub_process_and_taken_out_again():
    inside = '{"b":{"box":["late"]},"s":{"box":{"t":["b"]}}}'

    assert move(LINE, SUB, at("b")) == Mapped(inside, carried={"b": "b"}, opened=("late",))
    assert move(SUB, LINE, inside) == Mapped(at("b"), carried={"b": "b"}, closed=("late",))
    assert move(SUB, SUB, inside) == Mapped(inside, carried={"b": "b", "late": "late"})


def test_behind_an_event_gateway_events_come_and_go():
    def choice(*events: str) -> bytes:
        drawn = "".join(
            f'<intermediateCatchEvent id="{e}"><timerEventDefinition><timeDuration>P1D</timeDuration>'
            f"</timerEventDefinition></intermediateCatchEvent>{flows(f'g -> {e} -> m')}"
            for e in events
        )
        return draw(f'{ENDS}<eventBasedGateway id="g"/><exclusiveGateway id="m"/>{drawn}{flows("s -> g", "m -> e")}')

    mapped = move(choice("t1", "t2"), choice("t2", "t3"), at("g"))

    assert mapped == Mapped(at("g"), carried={"t2": "t2"}, closed=("t1",), opened=("t3",))


def test_an_open_call_keeps_its_children_and_goes_on_under_another_id():
    call = '<callActivity id="call" calledElement="child"/>'
    old = draw(ENDS + call + flows("s -> call -> e"))

    assert move(old, old.replace(b'calledElement="child"', b'calledElement="other"'), at("call")).carried == {
        "call": "call"
    }
    assert move(old, old.replace(b'"call"', b'"ask"'), at("call"), call="ask") == Mapped(
        at("ask"), carried={"call": "ask"}
    )


@pytest.mark.parametrize("node", ["b", "c"])
def test_an_obstacle_says_where(node):
    new = draw(ENDS + users("a") + flows("s -> a -> e"))

    assert move(LINE, new, at(node)).obstacles == (Obstacle("node_removed", node),)
