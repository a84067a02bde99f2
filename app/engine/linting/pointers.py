"""The linter, pointers: texts that name another element must name one that is there."""

from collections.abc import Iterator

from lxml import etree

from app.engine.linting.messages import finding
from app.engine.source import BPMN, Diagram
from app.engine.window import Finding

_POINTERS = {  # texts that name another element
    "flowNodeRef": "lane_ref",
    "incoming": "pointer",
    "outgoing": "pointer",
    "sourceRef": "pointer",
    "targetRef": "pointer",
}


def check_pointers(diagram: Diagram) -> Iterator[Finding]:
    """References from lanes, flows, data and pools to what does not exist, and nodes that two lanes claim."""
    known = {xml.get("id") for xml in diagram.root.iter(f"{BPMN}*")}
    for tag, rule in _POINTERS.items():
        for xml in diagram.process.iter(BPMN + tag):
            holder = next((parent for parent in xml.iterancestors() if parent.get("id")), diagram.process)
            other = "".join(map(str, xml.itertext())).strip()
            if other not in (diagram.elements if rule == "lane_ref" else known):
                yield finding(rule, holder.get("id") or "", holder.get("name") or "", other=other)
    for tag in ("dataObject", "dataStore"):
        for xml in diagram.process.iter(f"{BPMN}{tag}Reference"):
            pointed = xml.get(f"{tag}Ref")
            if pointed and pointed not in known:
                yield finding("pointer", xml.get("id") or "", xml.get("name") or "", other=pointed)
    yield from _pools(diagram, known)
    yield from _lanes(diagram)


def _pools(diagram: Diagram, known: set[str | None]) -> Iterator[Finding]:
    for xml in diagram.root.iter(f"{BPMN}participant", f"{BPMN}messageFlow"):
        for attribute in ("processRef", "sourceRef", "targetRef"):
            pointed = (xml.get(attribute) or "").rpartition(":")[2]
            if pointed and pointed not in known:
                yield finding("pointer", xml.get("id") or "", xml.get("name") or "", other=pointed)


def _lanes(diagram: Diagram) -> Iterator[Finding]:
    """Each node lies in one lane; a lane inside another counts as lying in both, the inner one being meant."""
    first: dict[str, etree._Element] = {}
    for lane in diagram.process.iter(f"{BPMN}lane"):
        for ref in lane.findall(f"{BPMN}flowNodeRef"):
            node = "".join(map(str, ref.itertext())).strip()
            earlier = first.setdefault(node, lane)
            if earlier is not lane and earlier not in lane.iterancestors() and node in diagram.elements:
                yield finding("lane_twice", node, diagram.elements[node].name)
