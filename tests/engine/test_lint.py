"""The linter speaks first, in words, at the right element."""

from pathlib import Path
from time import process_time

import pytest

from app.engine import DefinitionRefusedError, References, check_definition, compile_definition
from tests.engine.sketch import draw, flows, users

BAD = Path(__file__).parent / "bad_bpmn"
EXPECTED = {
    "01_not_xml": {("not_xml", "")},
    "03_empty_file": {("not_xml", "")},
    "05_no_process": {("no_process", "d")},
    "07_no_start_event": {("no_start", "proc")},
    "09_flow_source_missing": {("flow_source", "f2")},
    "11_condition_syntax_error": {("expression", "f3")},
    "13_condition_empty": {("condition_empty", "g")},
    "15_gateway_default_flow_missing": {("default_flow", "g")},
    "17_call_activity_no_calledElement": {("no_called", "c")},
    "19_duplicate_node_ids": {("duplicate_id", "u"), ("flow_target", "f3"), ("flow_source", "f4")},
    "21_script_empty": {("script", "m")},
    "23_service_task_no_operator": {("no_operation", "m")},
    "25_unsupported_linkEvent": {("unsupported_event", "m")},
    "27_timer_bad_duration": {("timer", "m")},
    "29_timer_no_expression": {("no_timer", "m")},
    "31_message_no_ref": {("no_message", "m")},
    "33_boundary_no_definition": {("boundary_no_event", "be")},
    "35_orphan_task_unreachable": {("unreachable", "orphan")},
    "37_direct_cycle_without_gateway": {("no_way_out", "s"), ("no_way_out", "a"), ("no_way_out", "b")},
    "39_parallel_join_after_xor_deadlock": {("deadlock", "j")},
    "41_mi_collection_missing_at_runtime": {("loop_marker", "m")},
    "43_businessRule_dmn_missing": {("no_decision", "m")},
    "45_datastore_unknown": {("unsupported", "ds")},
    "47_task_id_reserved_Start_or_End": {("bad_id", "Start"), ("bad_id", "End")},
    "49_eventsubprocess_no_start": {("unsupported", "es"), ("no_start", "es")},
    "51_lane_refs_unknown_node": {("lane_ref", "l1")},
    "53_deep_chain_1200_tasks": {("too_many_nodes", "proc")},
    "55_two_start_events": {("several_starts", "s2")},
}


def errors(xml: bytes, references: References | None = None) -> set[tuple[str, str]]:
    findings, _ = check_definition(xml, references)
    assert all(found.message_zh and found.message_en for found in findings)
    return {(found.rule, found.element_id) for found in findings if found.severity == "error"}


def warnings(xml: bytes) -> set[tuple[str, str]]:
    return {(found.rule, found.element_id) for found in check_definition(xml, None)[0] if found.severity == "warning"}


def test_every_bad_file_is_listed():
    assert {path.stem for path in BAD.glob("*.bpmn")} == {*EXPECTED, "00_ok_control"}


@pytest.mark.parametrize("name", EXPECTED)
def test_bad_file_is_refused_at_the_element_at_fault(name):
    assert errors((BAD / f"{name}.bpmn").read_bytes()) == EXPECTED[name]


def test_control_passes_and_is_proven():
    findings, proof = check_definition((BAD / "00_ok_control.bpmn").read_bytes(), None)

    assert {found.severity for found in findings} == {"warning"}
    assert (len(proof.states), proof.bounded, proof.findings) == (2, False, ())


def test_compiling_a_faulty_diagram_raises_its_findings():
    with pytest.raises(DefinitionRefusedError) as refused:
        compile_definition((BAD / "23_service_task_no_operator.bpmn").read_bytes())

    assert [found.element_id for found in refused.value.findings] == ["m"]


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE d [<!ENTITY a "b">]><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">&a;</definitions>',
        b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd"><definitions/>',
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>',
    ],
)
def test_document_types_are_refused(xml):
    assert {rule for rule, _ in errors(xml)} <= {"doctype", "not_xml"}
    assert errors(xml)


def test_large_and_deep_files_are_refused():
    assert errors(b"<a>" + b" " * 1_100_000 + b"</a>") == {("too_large", "")}
    assert errors(b"<a>" * 150 + b"</a>" * 150) == {("too_deep", "")}
    assert errors(b"<a>" * 5_000 + b"</a>" * 5_000) == {("not_xml", "")}


def test_a_file_made_to_be_slow_is_refused_at_once():
    nodes = "".join(f'<userTask id="t{n}" lodestar:outcomes="a,b"/>' for n in range(4_000))
    lines = "".join(f'<sequenceFlow id="f{n}" sourceRef="t{n}" targetRef="t{n + 1}"/>' for n in range(3_999))
    began = process_time()

    assert errors(draw(nodes + lines)) == {("too_many_nodes", "p")}
    assert process_time() - began < 2


START = '<startEvent id="s"/><endEvent id="e"/>'


def gateway(condition: str, *, tasks: str = "", lines: tuple[str, ...] = ("s -> t -> g",)) -> bytes:
    body = tasks or '<userTask id="t" lodestar:outcomes="approve,reject"/>'
    more = flows(*lines, f"g -> x : {condition}", "g -> e", "x -> e")
    return draw(START + body + users("x") + '<exclusiveGateway id="g" default="g_e"/>' + more)


def test_outcome_that_no_task_before_has_is_refused():
    assert errors(gateway('outcome == "aprove"')) == {("unknown_outcome", "g")}
    assert errors(gateway('t_outcome == "aprove"')) == {("unknown_outcome", "g")}
    assert errors(gateway('outcome == "approve"')) == set()


def test_outcomes_that_no_flow_reads_are_told():
    assert ("outcome_unread", "t") in warnings(gateway("late == true"))
    assert ("outcome_unread", "t") not in warnings(gateway('outcome in ["approve"]'))


def test_gateway_without_default_needs_complete_conditions():
    def without_default(*conditions: str) -> bytes:
        ends = "".join(f'<endEvent id="e{number}"/>' for number in range(len(conditions)))
        lines = [f"g -> e{number} : {condition}" for number, condition in enumerate(conditions)]
        return draw(
            '<startEvent id="s"/><userTask id="t"/><exclusiveGateway id="g"/>' + ends + flows("s -> t -> g", *lines)
        )

    assert errors(without_default("n > 3", "n <= 3")) == set()
    assert errors(without_default("late", "not late")) == set()
    assert errors(without_default("n > 3", "n < 3")) == {("no_default", "g")}
    assert errors(without_default("a + b > 3", "a + b <= 3")) == {("no_default", "g")}


def test_conditions_over_all_outcomes_need_no_default():
    def choose(*codes: str) -> bytes:
        ends = "".join(f'<endEvent id="{code}"/>' for code in codes)
        lines = [f'g -> {code} : outcome == "{code}"' for code in codes]
        task = '<userTask id="t" lodestar:outcomes="yes,no,later"/>'
        return draw(f'<startEvent id="s"/>{task}<exclusiveGateway id="g"/>' + ends + flows("s -> t -> g", *lines))

    assert errors(choose("yes", "no", "later")) == set()
    assert errors(choose("yes", "no")) == {("no_default", "g")}


def test_references_to_nothing_are_refused():
    lost = draw(START + '<userTask id="t"><incoming>ghost</incoming></userTask>' + flows("s -> t -> e"))
    assert errors(lost) == {("pointer", "t")}
    data = draw(START + '<dataObjectReference id="d" dataObjectRef="ghost"/>' + users("t") + flows("s -> t -> e"))
    assert errors(data) == {("pointer", "d")}


def test_flow_faults():
    two = draw(START + users("t", "u") + flows("s -> t", "t -> u", "t -> e", "u -> e"))
    assert errors(two) == {("implicit_split", "t")}
    conditional = draw(START + users("t") + flows("s -> t", "t -> e : late"))
    assert errors(conditional) == {("condition_place", "t")}
    missing = draw(START + users("t") + flows("s -> t -> nowhere", "t -> e"))
    assert ("flow_target", "t_nowhere") in errors(missing)


def test_automatic_loop_is_refused():
    xml = draw(
        START + users("t") + '<exclusiveGateway id="m"/><exclusiveGateway id="g" default="g_e"/>'
        '<scriptTask id="c"><script>n = 1</script></scriptTask>'
        + flows("s -> t -> m -> c -> g", "g -> m : late", "g -> e")
    )
    assert errors(xml) == {("automatic_cycle", "c"), ("automatic_cycle", "g"), ("automatic_cycle", "m")}


def test_join_fed_through_itself_is_refused():
    xml = draw(
        START
        + users("t")
        + '<parallelGateway id="j"/><exclusiveGateway id="g" default="g_e"/>'
        + flows("s -> j", "j -> t -> g", "g -> j : late", "g -> e")
    )
    assert errors(xml) == {("join_feeds_itself", "j")}


def test_parallel_scripts_may_not_write_one_variable():
    scripts = "".join(f'<scriptTask id="c{n}"><script>x = {n}</script></scriptTask>' for n in (1, 2))
    xml = draw(
        START
        + scripts
        + '<parallelGateway id="a"/><parallelGateway id="j"/>'
        + flows("s -> a", "a -> c1 -> j", "a -> c2 -> j", "j -> e")
    )
    assert errors(xml) == {("parallel_write", "c1")}


def test_self_call_and_boundary_on_nothing_are_refused():
    assert errors(draw(START + '<callActivity id="c" calledElement="p"/>' + flows("s -> c -> e"))) == {
        ("calls_itself", "c")
    }
    event = '<boundaryEvent id="b" attachedToRef="ghost"><messageEventDefinition messageRef="m"/></boundaryEvent>'
    xml = draw(START + users("t") + event + flows("s -> t -> e", "b -> e"), around='<message id="m" name="n"/>')
    assert errors(xml) == {("boundary_host", "b")}


@pytest.mark.parametrize("text", ["P3D", "PT1H30M", "'P1W'", "= days", "P1Y2M3DT4H5M6.5S"])
def test_durations_that_work(text):
    assert errors(timed("timeDuration", text)) == set()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDuration", "P"),
        ("timeDuration", "PT"),
        ("timeDuration", "3"),
        ("timeDate", "P1D"),
        ("timeDate", "2026-02-30"),
        ("timeCycle", "P1D"),
        ("timeCycle", "R3/x"),
    ],
)
def test_times_that_do_not_work(kind, text):
    assert errors(timed(kind, text)) == {("timer", "m")}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDate", "2026-06-30T18:00+08:00"),
        ("timeDate", "2026-06-30"),
        ("timeCycle", "R3/PT1H"),
        ("timeCycle", "R/2026-01-01/P1D"),
    ],
)
def test_dates_and_cycles_that_work(kind, text):
    assert errors(timed(kind, text)) == set()


def timed(kind: str, text: str) -> bytes:
    timer = f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"
    return draw(START + f'<intermediateCatchEvent id="m">{timer}</intermediateCatchEvent>' + flows("s -> m -> e"))


def test_names_that_nothing_bears_are_refused():
    xml = draw(
        '<laneSet id="ls"><lane id="stranger"><flowNodeRef>t</flowNodeRef></lane></laneSet>'
        + START
        + '<userTask id="t" lodestar:form="ghost"/><userTask id="u" lodestar:form="audit" lodestar:stage="never">'
        '<extensionElements><lodestar:outcome code="reject" requires="reasons,ghost"/></extensionElements></userTask>'
        '<serviceTask id="w" lodestar:operation="a.ghost"/><callActivity id="c" calledElement="ghost"/>'
        + flows("s -> t -> u -> w -> c -> e")
    )
    references = References(
        roles=frozenset({"filer"}),
        forms={"audit": frozenset({"reasons"})},
        operations=frozenset({"a.b"}),
        collections=frozenset(),
        processes=frozenset({"rating"}),
        stages=frozenset({"rating"}),
    )

    assert errors(xml, references) == {
        ("unknown_role", "stranger"),
        ("unknown_form", "t"),
        ("unknown_stage", "u"),
        ("unknown_field", "u"),
        ("unknown_operation", "w"),
        ("unknown_process", "c"),
    }
    assert errors(xml) == set()


def test_extensions_of_other_tools_are_a_warning():
    xml = draw(
        START
        + '<userTask id="t" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:assignee="x"/>'
        + flows("s -> t -> e")
    )

    assert errors(xml) == set()
    assert ("foreign_extension", "t") in warnings(xml)
