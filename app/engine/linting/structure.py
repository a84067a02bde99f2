"""The linter, structure: elements, ids, flows, gateways and reachability. What passes here can be lowered and run."""

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from app.engine.graph import (
    at_once,
    automatic,
    co_reachable,
    cyclic,
    reachable,
    successors,
)
from app.engine.linting.messages import finding
from app.engine.linting.pointers import check_pointers
from app.engine.source import (
    ACTIVITIES,
    BPMN,
    FLOW_NODES,
    GATEWAYS,
    OTHER_NODES,
    Diagram,
    Element,
    Flow,
    is_true,
    local,
)
from app.engine.window import Finding

_ID = re.compile(r"[^\W\d][\w.-]{0,199}")
_RESERVED = frozenset({"Start", "End", "Root", "StartEventSplit", "StartEventJoin"})
_RESERVED_ENDINGS = (".BoundaryEventSplit", ".BoundaryEventJoin", ".EndJoin")
"""Names that the engine gives to nodes of its own."""
_SILENT = frozenset(
    {"laneSet", "documentation", "textAnnotation", "association", "group", "sequenceFlow", "incoming", "outgoing"}
    | {"property", "monitoring", "auditing", "performer", "humanPerformer", "potentialOwner", "resourceRole"}
    | {"ioSpecification", "dataInputAssociation", "dataOutputAssociation", "extensionElements", "category", ""}
    | {"multiInstanceLoopCharacteristics", "script", "supportedInterfaceRef", "correlationSubscription", "rendering"}
    | {"dataInput", "dataOutput", "inputSet", "outputSet"}
)
_IGNORED = frozenset({"dataObject", "dataObjectReference", "dataStoreReference"})
_EVENTS = {
    "startEvent": {"none", "timer", "message"},
    "endEvent": {"none", "terminate", "error", "message", "escalation"},
    "intermediateCatchEvent": {"timer", "message"},
    "intermediateThrowEvent": {"none", "message", "escalation"},
    "boundaryEvent": {"timer", "message", "error", "escalation"},
}
_JOINS = frozenset({"parallelGateway", "inclusiveGateway"})
_CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway"})


def check_structure(diagram: Diagram) -> list[Finding]:
    """Everything that would keep the engine from running the diagram as drawn."""
    findings = [*_ids(diagram), *_elements(diagram), *_flows(diagram), *_starts(diagram), *check_pointers(diagram)]
    for element in diagram.elements.values():
        findings += _events(diagram, element)
        findings += _gateway(diagram, element)
        findings += _joins(diagram, element)
    broken = any(found.severity == "error" for found in findings)
    return findings if broken else [*findings, *_paths(diagram)]


def _ids(diagram: Diagram) -> Iterator[Finding]:
    known = Counter(
        xml.get("id") for xml in diagram.root.iter(f"{BPMN}*") if xml.get("id") and not _inside_extension(xml)
    )
    doubled = [id_ for id_, times in known.items() if times > 1]
    foreign = [xml.get("id") for xml in diagram.process.iter("{*}*") if not local(xml)]
    for id_ in (*doubled, *(id_ for id_ in foreign if id_ in diagram.elements)):
        yield finding("duplicate_id", id_ or "")
    for xml in (diagram.process, *diagram.process.iter(f"{BPMN}*")):
        yield from _id(xml)


def _id(xml: etree._Element) -> Iterator[Finding]:
    tag, id_ = local(xml), xml.get("id") or ""
    if tag not in FLOW_NODES | {"sequenceFlow", "process", "lane"}:
        return
    if not id_:
        yield finding("missing_id", "", xml.get("name") or tag, tag=tag)
    elif tag != "lane" and (not _ID.fullmatch(id_) or id_ in _RESERVED or id_.endswith(_RESERVED_ENDINGS)):
        yield finding("bad_id", id_)


def _inside_extension(xml: etree._Element) -> bool:
    return any(local(parent) == "extensionElements" for parent in xml.iterancestors())


def _elements(diagram: Diagram) -> Iterator[Finding]:
    for store in diagram.root.findall(f"{BPMN}dataStore"):
        yield finding("unsupported", store.get("id") or "", store.get("name") or "", tag="dataStore")
    for scope in (diagram.process, *(e.xml for e in diagram.elements.values() if e.tag == "subProcess")):
        for child in scope:
            tag, id_, name = local(child), child.get("id") or "", child.get("name") or ""
            if tag in _IGNORED:
                yield finding("ignored", id_, name, tag=tag)
            elif tag not in FLOW_NODES | _SILENT:
                yield finding("unsupported", id_ or scope.get("id") or "", name, tag=tag)
    for element in diagram.elements.values():
        yield from _element(element)


def _element(element: Element) -> Iterator[Finding]:
    if element.tag in OTHER_NODES:
        yield finding("unsupported", element.id, element.name, tag=element.tag)
    if element.tag == "subProcess" and is_true(element.xml.get("triggeredByEvent")):
        yield finding("unsupported", element.id, element.name, tag="event sub-process")
    if is_true(element.xml.get("isForCompensation")):
        yield finding("unsupported", element.id, element.name, tag="compensation")
    several = element.loop is not None and element.tag != "callActivity"
    if several or element.xml.find(f"{BPMN}standardLoopCharacteristics") is not None:
        yield finding("loop_marker", element.id, element.name)


def _events(diagram: Diagram, element: Element) -> Iterator[Finding]:
    allowed = _EVENTS.get(element.tag)
    if allowed is None:
        return
    if element.xml.find(f"{BPMN}eventDefinitionRef") is not None or element.event == "several":
        yield finding("several_events", element.id, element.name)
    elif element.tag == "boundaryEvent" and element.event == "none":
        yield finding("boundary_no_event", element.id, element.name)
    elif element.event not in allowed or (element.tag == "startEvent" and _embedded(diagram, element)):
        yield finding("unsupported_event", element.id, element.name, event=element.event)
    if element.tag == "boundaryEvent":
        host = diagram.elements.get(element.attached_to or "")
        if host is None or host.tag not in ACTIVITIES or host.scope != element.scope:
            yield finding("boundary_host", element.id, element.name, other=element.attached_to)
        if element.event == "error" and not element.interrupting:
            yield finding("error_interrupts", element.id, element.name)


def _embedded(diagram: Diagram, element: Element) -> bool:
    return element.scope != diagram.key and element.event != "none"


def _flows(diagram: Diagram) -> Iterator[Finding]:
    for flow in diagram.flows:
        source, target = diagram.elements.get(flow.source), diagram.elements.get(flow.target)
        if source is None:
            yield finding("flow_source", flow.id, flow.name, other=flow.source)
        if target is None:
            yield finding("flow_target", flow.id, flow.name, other=flow.target)
        if source is not None and target is not None:
            yield from _flow(flow, source, target)


def _flow(flow: Flow, source: Element, target: Element) -> Iterator[Finding]:
    if {source.scope, target.scope} != {flow.scope}:
        yield finding("flow_crosses", flow.id, flow.name)
    if target.tag in {"startEvent", "boundaryEvent"}:
        yield finding("flow_into_start", target.id, target.name)
    if source.tag == "endEvent":
        yield finding("flow_from_end", source.id, source.name)
    if flow.condition is not None and source.tag not in _CHOICES:
        yield finding("condition_place", source.id, source.name)


def _gateway(diagram: Diagram, element: Element) -> Iterator[Finding]:
    flows = diagram.outgoing[element.id]
    if element.tag not in GATEWAYS:
        default = element.xml.get("default")
        if default and default not in {flow.id for flow in flows}:
            yield finding("default_flow", element.id, element.name, flow=default)
        if len(flows) > 1:
            yield finding("implicit_split", element.id, element.name)
        return
    if not flows:
        yield finding("gateway_no_exit", element.id, element.name)
    if element.tag == "eventBasedGateway":
        if not all(_may_follow_event_gateway(diagram, flow.target) for flow in flows):
            yield finding("event_gateway", element.id, element.name)
    elif element.tag in _CHOICES:
        yield from _conditions(element, flows)


def _conditions(element: Element, flows: tuple[Flow, ...]) -> Iterator[Finding]:
    default = element.xml.get("default")
    if default and default not in {flow.id for flow in flows}:
        yield finding("default_flow", element.id, element.name, flow=default)
        return
    for flow in flows:
        if flow.id == default:
            if flow.condition:
                yield finding("default_condition", flow.id, flow.name)
        elif not flow.condition and len(flows) > 1:
            yield finding("condition_empty", element.id, element.name, flow=flow.name or flow.id)


def _may_follow_event_gateway(diagram: Diagram, target: str) -> bool:
    element = diagram.elements.get(target)
    return element is not None and (
        len(diagram.incoming[target]) == 1
        and not diagram.boundaries[target]
        and element.tag in {"receiveTask", "intermediateCatchEvent"}
    )


def _starts(diagram: Diagram) -> Iterator[Finding]:
    for scope in (diagram.key, *(e.id for e in diagram.elements.values() if e.tag == "subProcess")):
        starts = [element for element in diagram.inside(scope) if element.tag == "startEvent"]
        holder = diagram.elements.get(scope)
        name = diagram.name if holder is None else holder.name
        if not starts:
            yield finding("no_start", scope, name)
        for extra in starts[1:]:
            yield finding("several_starts", extra.id, extra.name)


def _joins(diagram: Diagram, element: Element) -> Iterator[Finding]:
    incoming = diagram.incoming[element.id]
    if element.tag not in _JOINS or len(incoming) < 2:
        return
    for source, times in Counter(flow.source for flow in incoming).items():
        if times > 1:
            yield finding("join_twice", element.id, element.name, other=source)
    before = reachable(diagram, element.scope, without=element.id)
    if any(flow.source not in before and flow.source in reachable(diagram, element.scope) for flow in incoming):
        yield finding("join_feeds_itself", element.id, element.name)


def _paths(diagram: Diagram) -> Iterator[Finding]:
    scopes = (diagram.key, *(e.id for e in diagram.elements.values() if e.tag == "subProcess"))
    for scope in scopes:
        found, finishing = reachable(diagram, scope), co_reachable(diagram, scope)
        for element in diagram.inside(scope):
            if element.id not in found:
                yield finding("unreachable", element.id, element.name)
            elif element.id not in finishing:
                yield finding("no_way_out", element.id, element.name)
            elif element.tag != "endEvent" and not successors(diagram, element.id):
                yield finding("no_end", element.id, element.name)
    for id_ in cyclic(diagram, automatic(diagram) | at_once(diagram)):
        yield finding("automatic_cycle", id_, diagram.elements[id_].name)
