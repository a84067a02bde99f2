"""The files of workflows/ as files: sound XML, names that exist, a drawing for everything, and the engine's proof."""

import re
from collections import Counter
from itertools import pairwise

import pytest
from lxml import etree

from app.accounts.vocabulary import Role
from app.engine import NodeKind, References, check_definition
from app.formdefs.schema import compile_form
from app.rounds.vocabulary import StageCode
from tests.workflows.walking import FORMS, KEYS, WORKFLOWS, definition_of

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
DRAWN = "startEvent endEvent userTask serviceTask scriptTask callActivity subProcess exclusiveGateway parallelGateway"
NODES = {*DRAWN.split(), "eventBasedGateway", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
EVERY = pytest.mark.parametrize("key", KEYS)


def root_of(key: str) -> etree._Element:
    return etree.parse(WORKFLOWS / f"{key}.bpmn").getroot()


def nodes_of(key: str) -> dict[str, etree._Element]:
    return {xml.get("id"): xml for xml in root_of(key).iter(*(BPMN + tag for tag in NODES))}


def fields_of(form: str) -> frozenset[str]:
    compiled = compile_form((FORMS / f"{form}.form").read_bytes(), file=f"{form}.form", key=form, version=1)
    return frozenset(field.key for field in compiled.fields)


def references() -> References:
    """The house as the diagrams see it; operations and collections are compared with app/wiring elsewhere."""
    nodes = [node for key in KEYS for node in definition_of(key).nodes.values()]
    return References(
        roles=frozenset(Role),
        forms={path.stem: fields_of(path.stem) for path in FORMS.glob("*.form")},
        operations=frozenset(node.operation for node in nodes if node.operation),
        collections=frozenset(node.collection for node in nodes if node.collection),
        processes=frozenset(KEYS),
        stages=frozenset(StageCode),
    )


@pytest.mark.parametrize("key", KEYS)
def test_a_process_is_linted_and_proven_without_any_finding(key: str) -> None:
    findings, proof = check_definition((WORKFLOWS / f"{key}.bpmn").read_bytes(), references())

    assert [(found.rule, found.element_id, found.path) for found in findings] == []
    assert proof is not None
    assert not proof.bounded


@EVERY
def test_ids_are_unique_and_snake_case(key: str) -> None:
    ids = [xml.get("id") for xml in root_of(key).iter() if xml.get("id")]

    assert [id_ for id_, times in Counter(ids).items() if times > 1] == []
    assert [id_ for id_ in ids if not re.fullmatch(r"[a-z][a-z0-9_]*", id_)] == []


@EVERY
def test_a_file_is_named_after_its_one_process(key: str) -> None:
    processes = root_of(key).findall(f"{BPMN}process")

    assert [(xml.get("id"), xml.get("isExecutable")) for xml in processes] == [(key, "true")]
    assert processes[0].get("name")


@EVERY
def test_every_flow_joins_two_nodes_that_name_it(key: str) -> None:
    nodes = nodes_of(key)
    for flow in root_of(key).iter(f"{BPMN}sequenceFlow"):
        leaving = [ref.text for ref in nodes[flow.get("sourceRef")].findall(f"{BPMN}outgoing")]
        coming = [ref.text for ref in nodes[flow.get("targetRef")].findall(f"{BPMN}incoming")]
        assert flow.get("id") in leaving
        assert flow.get("id") in coming


@EVERY
def test_every_choice_has_a_default_and_every_join_a_gateway(key: str) -> None:
    for id_, xml in nodes_of(key).items():
        tag = etree.QName(xml).localname
        leaving, coming = len(xml.findall(f"{BPMN}outgoing")), len(xml.findall(f"{BPMN}incoming"))
        if tag == "exclusiveGateway" and leaving > 1:
            assert xml.get("default"), id_
        if not tag.endswith("Gateway"):
            assert coming <= 1, id_
            assert leaving <= 1, id_


@EVERY
def test_everything_is_drawn_once_and_nothing_else(key: str) -> None:
    root = root_of(key)
    flows = [xml.get("id") for xml in root.iter(f"{BPMN}sequenceFlow")]
    lanes = [xml.get("id") for xml in root.iter(f"{BPMN}lane")]
    pools = [xml.get("id") for xml in root.iter(f"{BPMN}participant")]
    shapes = [xml.get("bpmnElement") for xml in root.iter(f"{BPMNDI}BPMNShape")]
    edges = [xml.get("bpmnElement") for xml in root.iter(f"{BPMNDI}BPMNEdge")]

    assert sorted(shapes) == sorted([*nodes_of(key), *lanes, *pools])
    assert sorted(edges) == sorted(flows)


@EVERY
def test_shapes_do_not_overlap(key: str) -> None:
    boxes = []
    nodes = nodes_of(key)
    for shape in root_of(key).iter(f"{BPMNDI}BPMNShape"):
        xml = nodes.get(shape.get("bpmnElement"))
        if xml is None or etree.QName(xml).localname in {"subProcess", "boundaryEvent"}:
            continue
        box = shape.find(f"{DC}Bounds")
        x, y, width, height = (int(box.get(name)) for name in ("x", "y", "width", "height"))
        boxes.append((xml.get("id"), x, y, x + width, y + height))

    for number, (first, left, top, right, bottom) in enumerate(boxes):
        for second, left2, top2, right2, bottom2 in boxes[number + 1 :]:
            assert not (left < right2 and left2 < right and top < bottom2 and top2 < bottom), (first, second)


@EVERY
def test_edges_run_at_right_angles(key: str) -> None:
    for edge in root_of(key).iter(f"{BPMNDI}BPMNEdge"):
        points = [(int(p.get("x")), int(p.get("y"))) for p in edge.findall(f"{DI}waypoint")]
        for (x1, y1), (x2, y2) in pairwise(points):
            assert x1 == x2 or y1 == y2, edge.get("bpmnElement")


@EVERY
def test_every_lane_is_a_role_and_every_user_task_has_lane_form_and_outcomes(key: str) -> None:
    definition = definition_of(key)

    assert set(definition.lanes.values()) <= set(Role)
    for node in definition.nodes.values():
        if node.kind is NodeKind.USER:
            assert node.role, node.id
            assert (FORMS / f"{node.form}.form").exists(), node.form
            assert all(outcome.zh and outcome.en for outcome in node.outcomes), node.id
            assert node.outcomes, node.id


@EVERY
def test_what_an_outcome_requires_is_a_field_of_the_form(key: str) -> None:
    for node in definition_of(key).nodes.values():
        for outcome in node.outcomes:
            assert set(outcome.requires) <= fields_of(node.form or ""), (node.id, outcome.code)


@EVERY
def test_four_eyes_name_tasks_of_the_same_process(key: str) -> None:
    nodes = definition_of(key).nodes
    for node in nodes.values():
        assert all(nodes[other].kind is NodeKind.USER for other in node.not_by), node.id


def test_every_form_is_used_by_a_task_or_a_door() -> None:
    doors = {"filing", "filing_database", "filing_tool", "objection"}
    used = {node.form for key in KEYS for node in definition_of(key).nodes.values() if node.form}

    assert {path.stem for path in FORMS.glob("*.form")} == used | doors


def test_every_message_caught_is_thrown_by_a_diagram_or_a_use_case() -> None:
    use_cases = {"filing_withdrawn", "candidacy_withdrawn", "candidacy_disqualified"}
    objectors = {"objection_supplemented", "objection_withdrawn"}
    nodes = [node for key in KEYS for node in definition_of(key).nodes.values()]
    thrown = {node.message for node in nodes if node.kind is NodeKind.THROW}
    caught = {node.message for node in nodes if node.kind is NodeKind.MESSAGE}

    assert caught - thrown == use_cases | objectors
    assert thrown - caught == {"notice_closed"}


@pytest.mark.parametrize(("called", "collection"), [("award_candidacy", "candidacies.willing_filings")])
def test_the_round_calls_its_candidacies_as_a_set(called: str, collection: str) -> None:
    node = definition_of("evaluation_round").nodes["candidacies"]

    assert (node.kind, node.called, node.collection) == (NodeKind.SET_CALL, called, collection)
