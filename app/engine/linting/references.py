"""The linter, references: the names a diagram uses must exist in the house."""

from collections.abc import Iterator

from app.engine.linting.messages import finding
from app.engine.nodes import read_nodes
from app.engine.source import BPMN, LODESTAR, Diagram
from app.engine.window import Finding, Node, NodeKind, References


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
