"""The linter, references: the names a diagram uses must exist in the house; and what it says in vain is told."""

from collections.abc import Iterator

from lxml import etree

from app.engine.messages import finding
from app.engine.nodes import lane_of, read_nodes
from app.engine.source import BPMN, LODESTAR, Diagram
from app.engine.window import Finding, Node, NodeKind, References

_ATTRIBUTES = frozenset(
    {"form", "outcomes", "dueWorkdays", "dueIn", "stage", "notBy", "priority", "operation", "job", "collection"}
    | {"decision", "to", "workdays"}
)
_HARMLESS = ("omg.org", "bpmn.io", "www.w3.org", "color/1.0", "lodestar.review")


def check_references(diagram: Diagram, references: References) -> list[Finding]:
    """Names that nothing in the house bears."""
    findings = list(_roles(diagram, references))
    for node in read_nodes(diagram).values():
        findings += _names(node, references)
        findings += _fields(node, references)
    stage = _start_stage(diagram)
    if stage and references.stages and stage[1] not in references.stages:
        findings.append(finding("unknown_stage", stage[0], other=stage[1]))
    return findings


def check_habits(diagram: Diagram) -> list[Finding]:
    """What works, but hardly as it was meant."""
    findings = []
    for element in diagram.elements.values():
        if element.tag in {"userTask", "manualTask", "task"} and lane_of(diagram, element) is None:
            findings.append(finding("no_lane", element.id, element.name))
        for name in element.xml.attrib:
            if str(name).startswith(LODESTAR) and str(name).removeprefix(LODESTAR) not in _ATTRIBUTES:
                text = str(name).removeprefix(LODESTAR)
                findings.append(finding("unknown_attribute", element.id, element.name, text=text))
    return [*findings, *_foreign(diagram)]


def _roles(diagram: Diagram, references: References) -> Iterator[Finding]:
    for lane in diagram.process.iter(f"{BPMN}lane"):
        id_ = lane.get("id") or ""
        if id_ not in references.roles and id_ in diagram.lanes.values():
            yield finding("unknown_role", id_, lane.get("name") or "")


def _names(node: Node, references: References) -> Iterator[Finding]:
    uses = (
        ("unknown_form", node.form, references.forms),
        ("unknown_operation", node.operation, references.operations),
        ("unknown_collection", node.collection, references.collections),
        ("unknown_process", node.called, references.processes),
        ("unknown_decision", node.decision, references.decisions),
    )
    for rule, name, known in uses:
        if name is not None and name not in known:
            yield finding(rule, node.id, node.name, other=name)
    stages = {node.stage, node.timer.stage if node.timer else None} - {None}
    for stage in sorted(filter(None, stages)):
        if references.stages and stage not in references.stages:
            yield finding("unknown_stage", node.id, node.name, other=stage)


def _fields(node: Node, references: References) -> Iterator[Finding]:
    if node.kind is not NodeKind.USER or (node.form is not None and node.form not in references.forms):
        return
    fields = references.forms.get(node.form or "", frozenset())
    for name in sorted({field for outcome in node.outcomes for field in outcome.requires} - fields):
        yield finding("unknown_field", node.id, node.name, other=name)


def _start_stage(diagram: Diagram) -> tuple[str, str] | None:
    for element in diagram.inside(diagram.key):
        if element.tag == "startEvent" and element.event == "timer":
            for holder in (element.xml, *element.events):
                if holder.get(f"{LODESTAR}stage"):
                    return element.id, holder.get(f"{LODESTAR}stage") or ""
    return None


def _foreign(diagram: Diagram) -> Iterator[Finding]:
    """One warning for each other tool whose extensions are found."""
    seen: set[str] = set()
    for xml in diagram.process.iter("{*}*"):
        names = [str(name) for name in (xml.tag, *xml.attrib) if str(name).startswith("{")]
        for name in names:
            space = name[1:].partition("}")[0]
            if space in seen or any(part in space for part in _HARMLESS):
                continue
            seen.add(space)
            yield finding("foreign_extension", _holder(diagram, xml), text=space)


def _holder(diagram: Diagram, xml: etree._Element) -> str:
    """The node in which an extension stands, else the process."""
    around = (place.get("id") or "" for place in (xml, *xml.iterancestors()))
    return next((id_ for id_ in around if id_ in diagram.elements), diagram.key)
