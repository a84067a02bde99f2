"""A picture for the small diagrams of tests: a pool around everything, shapes in a row, straight flows."""

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SPACES = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)
STEP = 160


def drawn(xml: bytes) -> bytes:
    """`xml` with a collaboration and a picture; lanes lie one below the other, nodes in the lane they belong to."""
    root = etree.fromstring(xml)
    process = root.find(f"{BPMN}process")
    lanes = list(process.iter(f"{BPMN}lane"))
    rows = {ref.text: number for number, lane in enumerate(lanes) for ref in lane.iter(f"{BPMN}flowNodeRef")}
    nodes = [
        child for child in process if child.get("id") and child.tag not in (f"{BPMN}sequenceFlow", f"{BPMN}laneSet")
    ]
    hosts = {node.get("id"): number for number, node in enumerate(nodes)}
    places, shapes = {}, []
    width, height = STEP * len(nodes) + 120, 200 * max(1, len(lanes))
    shapes.append(_shape("pool", 100, 80, width, height, more="isHorizontal='true'"))
    shapes += [
        _shape(lane.get("id"), 130, 80 + 200 * row, width - 30, 200, more="isHorizontal='true'")
        for row, lane in enumerate(lanes)
    ]
    for number, node in enumerate(nodes):
        side = (100, 80) if node.tag.endswith(("Task", "Activity")) else (36, 36)
        middle = (230 + STEP * number, 180 + 200 * rows.get(node.get("id"), 0))
        if node.get("attachedToRef"):
            middle = (230 + STEP * hosts[node.get("attachedToRef")], 220 + 200 * rows.get(node.get("attachedToRef"), 0))
        places[node.get("id")] = (middle, side[0] // 2)
        shapes.append(_shape(node.get("id"), middle[0] - side[0] // 2, middle[1] - side[1] // 2, *side))
    for flow in process.iter(f"{BPMN}sequenceFlow"):
        (source, half), (target, other_half) = places[flow.get("sourceRef")], places[flow.get("targetRef")]
        ends = ((source[0] + half, source[1]), (target[0] - other_half, target[1]))
        points = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in ends)
        shapes.append(f'<bpmndi:BPMNEdge bpmnElement="{flow.get("id")}">{points}</bpmndi:BPMNEdge>')
    key = process.get("id")
    pool = f'<bpmn:collaboration id="around"><bpmn:participant id="pool" name="{key}" processRef="{key}"/></bpmn:collaboration>'
    picture = f'<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="around">{"".join(shapes)}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    text = xml.decode()
    head, rest = text.split(">", 1)
    return f"{head} {SPACES}>{pool}{rest}".replace("</bpmn:definitions>", f"{picture}</bpmn:definitions>").encode()


def _shape(element: str, *box: int, more: str = "") -> str:
    x, y, width, height = box
    bounds = f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'
    return f'<bpmndi:BPMNShape bpmnElement="{element}" {more}>{bounds}</bpmndi:BPMNShape>'
