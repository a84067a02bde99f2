"""More faults of the kinds that an engine used plainly would accept or explain badly: each is refused at its element."""

import pytest

from app.engine import References, check_definition
from tests.engine.sketch import draw, flows, timer, users

START = '<startEvent id="s"/><endEvent id="e"/>'
DELAY = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
HOUSE = References(
    roles=frozenset({"filer", "rater"}),
    forms={},
    operations=frozenset({"a.b"}),
    collections=frozenset({"a.b"}),
    processes=frozenset({"q"}),
)


def lone(node: str, *, around: str = "") -> bytes:
    """One node `m` between start and end."""
    return draw(START + node + flows("s -> m -> e"), around=around)


def timed(definition: str) -> bytes:
    return lone(
        f'<intermediateCatchEvent id="m"><timerEventDefinition>{definition}</timerEventDefinition></intermediateCatchEvent>'
    )


def chosen(condition: str) -> bytes:
    return draw(
        START
        + users("m", "x")
        + '<exclusiveGateway id="g" default="g_e"/>'
        + flows("s -> m -> g", f"g -> x : {condition}", "g -> e", "x -> e")
    )


def set_call(inner: str) -> bytes:
    loop = f'<multiInstanceLoopCharacteristics lodestar:collection="a.b">{inner}</multiInstanceLoopCharacteristics>'
    return lone(f'<callActivity id="m" calledElement="q">{loop}</callActivity>')


def inner(id_: str, body: str = "", *, start: str = "") -> str:
    return (
        f'<subProcess id="{id_}"><startEvent id="s2">{start}</startEvent><endEvent id="e2"/>{body}'
        + ("" if body else '<sequenceFlow id="s2_e2" sourceRef="s2" targetRef="e2"/>')
        + "</subProcess>"
    )


KINDS = {
    "old namespace": (
        b'<definitions id="d" xmlns="http://schema.omg.org/spec/BPMN/2.0"><process id="p"/></definitions>',
        ("not_bpmn", "d"),
    ),
    "cut off": (draw(START)[:-10], ("not_xml", "")),
    "two executable processes": (
        draw(START + flows("s -> e")).replace(
            b"</definitions>", b'<process id="q"><startEvent id="t"/></process></definitions>'
        ),
        ("several_processes", "q"),
    ),
    "nothing drawn": (draw(""), ("no_start", "p")),
    "flow without target": (
        draw(START + users("m") + '<sequenceFlow id="f" sourceRef="s"/>' + flows("m -> e")),
        ("flow_target", "f"),
    ),
    "flow to the process": (draw(START + users("m") + flows("s -> m -> p")), ("flow_target", "m_p")),
    "flow to nothing before a join": (
        draw(START + users("m") + '<parallelGateway id="j"/>' + flows("s -> m -> j", "s -> j", "j -> ghost")),
        ("flow_target", "j_ghost"),
    ),
    "task to itself": (draw(START + users("m") + flows("s -> m -> m", "m -> e")), ("implicit_split", "m")),
    "python in a condition": (chosen("__import__('os').system('x')"), ("expression", "g_x")),
    "attribute in a condition": (chosen("m.__class__"), ("expression", "g_x")),
    "expression of another tool": (chosen("${approved}"), ("foreign_expression", "g_x")),
    "expression in FEEL": (chosen("=approved"), ("foreign_expression", "g_x")),
    "assignment as condition": (chosen("x = 1"), ("expression", "g_x")),
    "default of a task that is not its own": (lone('<userTask id="m" default="s_m"/>'), ("default_flow", "m")),
    "default of another gateway": (chosen("late").replace(b'default="g_e"', b'default="s_m"'), ("default_flow", "g")),
    "call of nothing": (lone('<callActivity id="m" calledElement="ghost"/>'), ("unknown_process", "m")),
    "flows with one id": (
        draw(
            START
            + users("m")
            + '<sequenceFlow id="f" sourceRef="s" targetRef="m"/><sequenceFlow id="f" sourceRef="m" targetRef="e"/>'
        ),
        ("duplicate_id", "f"),
    ),
    "extension with a node's id": (
        lone('<userTask id="m"><extensionElements><x:op xmlns:x="urn:x" id="e"/></extensionElements></userTask>'),
        ("duplicate_id", "e"),
    ),
    "message with a node's id": (
        lone('<receiveTask id="m" messageRef="m"/>', around='<message id="m" name="a"/>'),
        ("duplicate_id", "m"),
    ),
    "half a script": (lone('<scriptTask id="m"><script>x = (</script></scriptTask>'), ("script", "m")),
    "import in a script": (lone('<scriptTask id="m"><script>import os</script></scriptTask>'), ("script", "m")),
    "endless script": (lone('<scriptTask id="m"><script>while True: pass</script></scriptTask>'), ("script", "m")),
    "script writes the outcome": (
        lone('<scriptTask id="m"><script>outcome = "a"</script></scriptTask>'),
        ("outcome_written", "m"),
    ),
    "send task without message": (lone('<sendTask id="m"/>'), ("no_message", "m")),
    "complex gateway": (lone('<complexGateway id="m"/>'), ("unsupported", "m")),
    "ad-hoc sub-process": (lone('<adHocSubProcess id="m"><userTask id="x"/></adHocSubProcess>'), ("unsupported", "m")),
    "transaction": (lone(inner("m").replace("subProcess", "transaction")), ("unsupported", "m")),
    "compensation activity": (lone('<userTask id="m" isForCompensation="true"/>'), ("unsupported", "m")),
    "standard loop": (lone('<userTask id="m"><standardLoopCharacteristics/></userTask>'), ("loop_marker", "m")),
    "many sub-processes at once": (
        lone(inner("m").replace("<startEvent", "<multiInstanceLoopCharacteristics/><startEvent")),
        ("loop_marker", "m"),
    ),
    "two events in one": (
        lone(f'<intermediateCatchEvent id="m">{DELAY}<messageEventDefinition/></intermediateCatchEvent>'),
        ("several_events", "m"),
    ),
    "catch of nothing": (lone('<intermediateCatchEvent id="m"/>'), ("unsupported_event", "m")),
    "date in words": (timed("<timeDate>tomorrow</timeDate>"), ("timer", "m")),
    "cron": (timed("<timeCycle>0 0 9-17 * * MON-FRI</timeCycle>"), ("timer", "m")),
    "negative duration": (timed("<timeDuration>-P1D</timeDuration>"), ("timer", "m")),
    "duration beyond all calendars": (timed("<timeDuration>P99999999Y</timeDuration>"), ("timer", "m")),
    "two times at once": (
        timed("<timeDuration>P1D</timeDuration><timeDate>2026-01-01</timeDate>"),
        ("several_times", "m"),
    ),
    "half an expression as time": (timed("<timeDuration>= (</timeDuration>"), ("expression", "m")),
    "repeating without a pause": (
        draw(
            START
            + users("m")
            + timer("b", "m", interrupting=False, text="R/PT0S")
            + '<endEvent id="f"/>'
            + flows("s -> m -> e", "b -> f")
        ),
        ("timer", "b"),
    ),
    "message of nobody": (lone('<receiveTask id="m" messageRef="ghost"/>'), ("message_ref", "m")),
    "message without name": (
        lone('<receiveTask id="m" messageRef="q"/>', around='<message id="q"/>'),
        ("message_ref", "m"),
    ),
    "boundary event on a gateway": (
        draw(START + users("m") + '<exclusiveGateway id="g"/>' + timer("b", "g") + flows("s -> m -> g -> e", "b -> e")),
        ("boundary_host", "b"),
    ),
    "boundary event that says maybe": (
        draw(START + users("m") + timer("b", "m").replace('"true"', '"maybe"') + flows("s -> m -> e", "b -> e")),
        ("attribute", "b"),
    ),
    "never an end": (draw('<startEvent id="s"/>' + users("m", "x") + flows("s -> m -> x -> m")), ("no_way_out", "m")),
    "operation in an endless loop": (
        draw(
            START
            + '<exclusiveGateway id="g"/><serviceTask id="m" lodestar:operation="a.b"/><exclusiveGateway id="h" default="h_e"/>'
            + flows("s -> g -> m -> h", "h -> g : late", "h -> e")
        ),
        ("automatic_cycle", "m"),
    ),
    "operation tried again for ever": (
        draw(
            START
            + '<exclusiveGateway id="g"/><serviceTask id="m" lodestar:operation="a.b"/>'
            + '<boundaryEvent id="b" attachedToRef="m"><errorEventDefinition/></boundaryEvent>'
            + flows("s -> g -> m -> e", "b -> g")
        ),
        ("automatic_cycle", "b"),
    ),
    "condition of a set call over other variables": (
        set_call("<completionCondition>score > 3</completionCondition>"),
        ("completion_variable", "m"),
    ),
    "condition of a set call cut off": (
        set_call("<completionCondition>done > (</completionCondition>"),
        ("expression", "m"),
    ),
    "decision of nobody": (lone('<businessRuleTask id="m" lodestar:decision="ghost"/>'), ("unknown_decision", "m")),
    "data from nowhere": (
        lone(
            '<userTask id="m"><dataInputAssociation id="da"><sourceRef>ghost</sourceRef></dataInputAssociation></userTask>'
        ),
        ("pointer", "da"),
    ),
    "pool of no process": (
        draw(
            START + users("m") + flows("s -> m -> e"),
            around='<collaboration id="c"><participant id="pool" processRef="ghost"/></collaboration>',
        ),
        ("pointer", "pool"),
    ),
    "message flow from nowhere": (
        draw(
            START + users("m") + flows("s -> m -> e"),
            around='<collaboration id="c"><messageFlow id="mf" sourceRef="ghost" targetRef="m"/></collaboration>',
        ),
        ("pointer", "mf"),
    ),
    "node in two lanes": (
        draw(
            '<laneSet id="ls"><lane id="filer"><flowNodeRef>m</flowNodeRef></lane><lane id="rater"><flowNodeRef>m</flowNodeRef></lane></laneSet>'
            + START
            + users("m")
            + flows("s -> m -> e")
        ),
        ("lane_twice", "m"),
    ),
    "id with a digit first": (draw(START + users("1m") + flows("s -> 1m -> e")), ("bad_id", "1m")),
    "id of the engine's own": (
        draw(START + users("p.EndJoin") + flows("s -> p.EndJoin -> e")),
        ("bad_id", "p.EndJoin"),
    ),
    "task without id": (draw(START + '<userTask name="x"/>' + flows("s -> e")), ("missing_id", "")),
    "event sub-process": (
        draw(
            START
            + users("m")
            + inner("es").replace("<subProcess", '<subProcess triggeredByEvent="1"')
            + flows("s -> m -> e")
        ),
        ("unsupported", "es"),
    ),
    "sub-process that starts by a timer": (lone(inner("m", start=DELAY)), ("unsupported_event", "s2")),
    "empty sub-process": (lone('<subProcess id="m"/>'), ("no_start", "m")),
    "flow out of a sub-process": (
        lone(
            inner(
                "m",
                '<userTask id="x"/><sequenceFlow id="a" sourceRef="s2" targetRef="x"/><sequenceFlow id="b" sourceRef="x" targetRef="e"/>',
            )
        ),
        ("flow_crosses", "b"),
    ),
    "event gateway before a task": (
        draw(START + users("m", "x") + '<eventBasedGateway id="g"/>' + flows("s -> g -> m -> e", "g -> x -> e")),
        ("event_gateway", "g"),
    ),
    "error that nothing catches": (
        lone(inner("m").replace('<endEvent id="e2"/>', '<endEvent id="e2"><errorEventDefinition/></endEvent>')),
        ("uncaught_error", "m"),
    ),
    "outcome in Chinese": (lone('<userTask id="m" lodestar:outcomes="通过"/>'), ("outcome", "m")),
    "due before it begins": (lone('<userTask id="m" lodestar:dueWorkdays="-3"/>'), ("attribute", "m")),
    "join that only some reach": (
        draw(
            START
            + users("m", "x")
            + '<exclusiveGateway id="g" default="g_j"/><parallelGateway id="j"/>'
            + flows("s -> m -> g", "g -> x : late", "g -> j", "x -> j", "j -> e")
        ),
        ("deadlock", "j"),
    ),
    "outcome read where nobody chose": (
        draw(
            START
            + users("x")
            + f'<intermediateCatchEvent id="m">{DELAY}</intermediateCatchEvent><exclusiveGateway id="g" default="g_e"/>'
            + flows("s -> m -> g", "g -> x : not outcome", "g -> e", "x -> e")
        ),
        ("outcome_without_completion", "g"),
    ),
} | {
    f"{event} {tag}": (
        lone(f'<intermediate{tag}Event id="m"><{event}EventDefinition/></intermediate{tag}Event>'),
        ("unsupported_event", "m"),
    )
    for event in ("link", "signal", "compensate", "conditional", "cancel")
    for tag in ("Catch", "Throw")
}


@pytest.mark.parametrize("kind", KINDS)
def test_fault_is_refused_at_its_element_in_both_languages(kind):
    xml, expected = KINDS[kind]

    findings, proof = check_definition(xml, HOUSE)

    errors = [found for found in findings if found.severity == "error"]
    assert expected in {(found.rule, found.element_id) for found in errors}
    assert proof is None or proof.findings
    assert all(found.message_zh and found.message_en != found.message_zh for found in errors)


def test_path_leads_to_where_an_outcome_is_read_in_vain():
    xml, _ = KINDS["outcome read where nobody chose"]
    (found,) = [found for found in check_definition(xml, HOUSE)[0] if found.severity == "error"]

    assert found.path == ("s", "m", "g")


HABITS = {
    "variable of nobody": (chosen("ghost > 3"), ("unsupplied_variable", "g_x")),
    "script that reads a variable of nobody": (
        lone('<scriptTask id="m"><script>x = ghost + 1</script></scriptTask>'),
        ("unsupplied_variable", "m"),
    ),
    "script in another language": (
        lone('<scriptTask id="m" scriptFormat="groovy"><script>x = 1</script></scriptTask>'),
        ("foreign_script", "m"),
    ),
    "sequential set call": (
        set_call("")
        .replace(b"<multi", b"<multiX")
        .replace(b"multiXInstanceLoopCharacteristics l", b'multiInstanceLoopCharacteristics isSequential="true" l'),
        ("loop_detail", "m"),
    ),
    "number of children": (set_call("<loopCardinality>5</loopCardinality>"), ("loop_detail", "m")),
    "shape of nothing": (
        lone(users("m")).replace(
            b"</definitions>",
            b'<BPMNShape xmlns="http://www.omg.org/spec/BPMN/20100524/DI" id="sh" bpmnElement="ghost"/></definitions>',
        ),
        ("drawing", "sh"),
    ),
    "error thrown at the top": (
        draw(
            '<startEvent id="s"/><endEvent id="e"><errorEventDefinition/></endEvent>'
            + users("m")
            + flows("s -> m -> e")
        ),
        ("thrown_in_vain", "e"),
    ),
    "operation of a user task": (lone('<userTask id="m" lodestar:operation="a.b"/>'), ("misplaced", "m")),
    "unknown extension of ours": (
        lone('<userTask id="m"><extensionElements><lodestar:foo/></extensionElements></userTask>'),
        ("unknown_attribute", "m"),
    ),
}


@pytest.mark.parametrize("habit", HABITS)
def test_habit_is_a_warning(habit):
    xml, expected = HABITS[habit]

    findings, proof = check_definition(xml, HOUSE)

    assert expected in {(found.rule, found.element_id) for found in findings}
    assert {found.severity for found in findings} == {"warning"}
    assert proof is not None


def test_a_variable_that_something_supplies_is_no_warning():
    def warned(supplier: str, house: References | None = HOUSE) -> bool:
        xml = draw(
            START
            + supplier
            + users("x")
            + '<exclusiveGateway id="g" default="g_e"/>'
            + flows("s -> m -> g", "g -> x : size > 3", "g -> e", "x -> e")
        )
        return "unsupplied_variable" in {found.rule for found in check_definition(xml, house)[0]}

    forms = References(frozenset(), {"big": frozenset({"size"}), "small": frozenset()}, *[frozenset[str]()] * 3)
    assert not warned('<scriptTask id="m"><script>size = 3</script></scriptTask>')
    assert not warned('<serviceTask id="m" lodestar:operation="a.b"/>')
    assert not warned('<userTask id="m" lodestar:form="big"/>', forms)
    assert warned('<userTask id="m" lodestar:form="small"/>', forms)
    assert not warned('<userTask id="m" lodestar:form="small"/>', None)
    assert warned('<userTask id="m"/>')
