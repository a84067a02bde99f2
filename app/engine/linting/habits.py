"""The linter, habits: what works, but hardly as it was meant, and what a diagram says in vain."""

from collections.abc import Iterator, Mapping

from lxml import etree

from app.engine.linting.messages import finding
from app.engine.nodes import kind_of, lane_of
from app.engine.source import BPMN, LODESTAR, Diagram, Element
from app.engine.window import Finding, NodeKind

_PLACES: Mapping[str, frozenset[str]] = {
    "user": frozenset({"form", "outcomes", "dueWorkdays", "dueIn", "stage", "notBy", "priority"}),
    "service": frozenset({"operation", "job"}),
    "decision": frozenset({"decision"}),
    "set_call": frozenset({"collection"}),
    "call": frozenset(),
    "throw": frozenset({"to"}),
    "timer": frozenset({"stage", "workdays"}),
    "message": frozenset(),
    "": frozenset({"stage", "workdays"}),
}
"""Where each of our attributes means something; a start event is of no kind."""
_ATTRIBUTES = frozenset(name for names in _PLACES.values() for name in names)
_CHILDREN = frozenset({"outcome", "input"})
_HARMLESS = ("omg.org", "bpmn.io", "www.w3.org", "color/1.0", "lodestar.review")
_THROWN = frozenset({"error", "escalation"})


def check_habits(diagram: Diagram) -> list[Finding]:
    """Warnings only."""
    findings: list[Finding] = []
    for element in diagram.elements.values():
        if kind_of(element) is NodeKind.USER and lane_of(diagram, element) is None:
            findings.append(finding("no_lane", element.id, element.name))
        findings += _own_attributes(element)
        findings += _in_vain(diagram, element)
    return [*findings, *_foreign(diagram), *_drawing(diagram)]


def _own_attributes(element: Element) -> Iterator[Finding]:
    allowed = _PLACES[kind_of(element) or ""]
    for name in sorted(str(name) for name in element.xml.attrib):
        own = name.removeprefix(LODESTAR)
        if own == name:
            continue
        if own not in _ATTRIBUTES:
            yield finding("unknown_attribute", element.id, element.name, text=own)
        elif own not in allowed:
            yield finding("misplaced", element.id, element.name, text=own)
    for child in element.xml.iterfind(f".//{LODESTAR}*"):
        own = str(child.tag).removeprefix(LODESTAR)
        if own not in _CHILDREN and _bearer(child) is element.xml:
            yield finding("unknown_attribute", element.id, element.name, text=own)


def _bearer(xml: etree._Element) -> etree._Element | None:
    """The node that an extension element belongs to."""
    holder = xml.getparent()
    return holder.getparent() if holder is not None and holder.tag == f"{BPMN}extensionElements" else holder


def _in_vain(diagram: Diagram, element: Element) -> Iterator[Finding]:
    """What is thrown at the top of a process reaches no boundary event: the engine lets it pass in silence."""
    if element.event in _THROWN and not element.attached_to and element.scope == diagram.key:
        yield finding("thrown_in_vain", element.id, element.name)


def _foreign(diagram: Diagram) -> Iterator[Finding]:
    """A warning for each element that carries extensions of another tool, naming these."""
    found: dict[str, dict[str, None]] = {}
    for xml in diagram.process.iter("{*}*"):
        for name in (str(name) for name in (xml.tag, *xml.attrib)):
            space, _, local_name = name[1:].partition("}")
            if not name.startswith("{") or any(part in space for part in _HARMLESS):
                continue
            prefix = next((key for key, uri in xml.nsmap.items() if uri == space and key), space)
            found.setdefault(_holder(diagram, xml), {})[f"{prefix}:{local_name}"] = None
    for id_, names in found.items():
        element = diagram.elements.get(id_)
        yield finding("foreign_extension", id_, element.name if element else diagram.name, text=", ".join(names))


def _holder(diagram: Diagram, xml: etree._Element) -> str:
    """The node, flow or lane in which an extension stands, else the process."""
    known = {*diagram.elements, *(flow.id for flow in diagram.flows)}
    around = (place.get("id") or "" for place in (xml, *xml.iterancestors()) if str(place.tag).startswith(BPMN))
    return next((id_ for id_ in around if id_ in known), diagram.key)


def _drawing(diagram: Diagram) -> Iterator[Finding]:
    """Shapes of what is not there: other editors refuse to open such a file."""
    known = {xml.get("id") for xml in diagram.root.iter(f"{BPMN}*")}
    for xml in diagram.root.iter("{http://www.omg.org/spec/BPMN/20100524/DI}*"):
        drawn = xml.get("bpmnElement")
        if drawn and drawn.rpartition(":")[2] not in known:
            yield finding("drawing", xml.get("id") or "", other=drawn)
