"""What only shows when several processes are looked at together."""

from app.engine import References, check_together, compile_definition
from tests.engine.sketch import draw, flows, users

START = '<startEvent id="s"/><endEvent id="e"/>'
NEWS = '<message id="m1" name="news"/>'
HOUSE = References(
    roles=frozenset(),
    forms={"sheet": frozenset({"size"})},
    operations=frozenset({"a.b"}),
    collections=frozenset({"a.rows"}),
    processes=frozenset({"one", "two", "three"}),
)


def lone(key: str, node: str, *, around: str = "") -> bytes:
    return draw(START + node + flows("s -> n -> e"), around=around, key=key)


def throw(key: str, to: str) -> bytes:
    event = f'<intermediateThrowEvent id="n" lodestar:to="{to}"><messageEventDefinition messageRef="m1"/></intermediateThrowEvent>'
    return lone(key, event, around=NEWS)


def catch(key: str) -> bytes:
    return lone(key, '<receiveTask id="n" messageRef="m1"/>', around=NEWS)


def call(key: str, called: str, *, first: str = "", many: bool = False) -> bytes:
    loop = '<multiInstanceLoopCharacteristics lodestar:collection="a.rows"/>' if many else ""
    lines = ("s -> f -> n -> e",) if first else ("s -> n -> e",)
    return draw(
        START + first + f'<callActivity id="n" calledElement="{called}">{loop}</callActivity>' + flows(*lines), key=key
    )


def reading(key: str) -> bytes:
    return draw(
        START
        + users("t", "x")
        + '<exclusiveGateway id="g" default="g_e"/>'
        + flows("s -> t -> g", "g -> x : size > 3", "g -> e", "x -> e"),
        key=key,
    )


def rules(*files: bytes, house: References | None = HOUSE, others=()) -> dict[str, set[tuple[str, str]]]:
    found = check_together({str(number): xml for number, xml in enumerate(files)}, others, house)
    return {
        name: {(one.rule, one.element_id) for one in findings if one.rule != "no_lane"}
        for name, findings in found.items()
        if any(one.rule != "no_lane" for one in findings)
    }


def test_message_that_nobody_throws():
    assert rules(catch("one")) == {"0": {("message_unthrown", "n")}}
    assert rules(catch("one"), throw("two", "round")) == {}
    assert rules(catch("one"), others=[compile_definition(throw("two", "round"))]) == {}


def test_message_that_the_house_throws():
    house = References(frozenset(), {}, *[frozenset[str]()] * 3, thrown=frozenset({"news"}))

    assert rules(catch("one"), house=house) == {}


def test_message_that_nobody_catches():
    assert rules(throw("two", "round")) == {"0": {("message_uncaught", "n")}}


def test_message_to_a_subject_can_be_missed_by_a_process_that_begins_later():
    assert rules(catch("one"), throw("two", "subject")) == {"0": {("broadcast_missed", "n")}}
    assert rules(catch("one"), throw("two", "subject"), throw("three", "panel")) == {}


def test_call_without_the_variables_that_the_called_process_reads():
    assert rules(call("one", "two"), reading("two")) == {
        "0": {("call_variables", "n")},
        "1": {("unsupplied_variable", "g_x")},
    }
    sheet = '<userTask id="f" lodestar:form="sheet"/>'
    assert rules(call("one", "two", first=sheet), reading("two")) == {}
    assert rules(call("one", "two", many=True), reading("two")) == {}


def test_variables_may_come_from_further_up():
    sheet = '<userTask id="f" lodestar:form="sheet"/>'

    assert rules(call("one", "two", first=sheet), call("two", "three"), reading("three")) == {}


def test_processes_that_call_each_other_never_end():
    assert rules(call("one", "two"), call("two", "one")) == {
        "0": {("calls_in_circle", "n")},
        "1": {("calls_in_circle", "n")},
    }
    found = check_together({"a": call("one", "two"), "b": call("two", "one")}, (), HOUSE)
    assert {one.severity for findings in found.values() for one in findings} == {"error"}


def test_a_refused_file_does_not_stop_the_others():
    assert rules(b"<nothing/>", throw("two", "round")) == {"0": {("not_bpmn", "")}, "1": {("message_uncaught", "n")}}
