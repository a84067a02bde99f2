"""Lowering: a diagram becomes the small event-driven core that SpiffWorkflow executes.

Everything that waits for the world (timers, messages, operations, decisions, calls, throws) becomes a catch of one
message named after its node; user tasks stay. Everything that only decorates is left out, and with it the drawing:
SpiffWorkflow would try the branches of a gateway from top to bottom of the picture, we want the order of the file.
"""

from lxml import etree

from app.engine.source import BPMN, Diagram, Element, Flow

END = "~end"
"""Suffix of the end event added behind a node that ends its path without one, or throws a message at its end."""

_RECEIVE = frozenset({"serviceTask", "businessRuleTask", "sendTask", "receiveTask", "callActivity"})
_USER = frozenset({"userTask", "manualTask", "task"})


def message_of(node: str) -> str:
    """The name under which the lowered model waits at a node."""
    return "@" + node


def drawn_id(lowered: str) -> str:
    """The id in the diagram of a lowered node."""
    return lowered.removesuffix(END)


def lower(diagram: Diagram) -> etree._Element:
    """The lowered model of a diagram that the linter has found sound."""
    root = etree.Element(f"{BPMN}definitions", nsmap={"bpmn": BPMN[1:-1]})
    for tag, code in (("error", "errorCode"), ("escalation", "escalationCode")):
        for id_, xml in diagram.defined(tag).items():
            _add(root, tag, id=id_, name=xml.get("name") or id_, **{code: xml.get(code) or id_})
    process = _add(root, "process", id=diagram.key, isExecutable="true")
    scopes = {diagram.key: process}
    for element in diagram.elements.values():  # document order: a sub-process stands before what it holds
        scopes[element.id] = _lower_node(root, scopes[element.scope], element)
    ends = [element.id for element in diagram.elements.values() if _needs_end(diagram, element)]
    for flow in diagram.flows:
        _lower_flow(scopes[flow.scope], flow)
    for id_ in ends:
        scope = scopes[diagram.elements[id_].scope]
        _add(scope, "endEvent", id=id_ + END)
        _add(scope, "sequenceFlow", id=id_ + "~flow", sourceRef=id_, targetRef=id_ + END)
    return root


def _throws_at_end(element: Element) -> bool:
    return element.tag == "endEvent" and element.event == "message"


def _needs_end(diagram: Diagram, element: Element) -> bool:
    return _throws_at_end(element) or (element.tag != "endEvent" and not diagram.outgoing[element.id])


def _throws_between(element: Element) -> bool:
    return element.tag == "intermediateThrowEvent" and element.event == "message"


def _lower_node(root: etree._Element, scope: etree._Element, element: Element) -> etree._Element:
    if element.tag in _RECEIVE or _throws_at_end(element) or _throws_between(element):
        return _add(scope, "receiveTask", id=element.id, messageRef=_message(root, element.id))
    if element.tag in _USER:
        return _add(scope, "userTask", id=element.id)
    if element.tag == "scriptTask":
        node = _add(scope, "scriptTask", id=element.id)
        _add(node, "script").text = element.text("script")
        return node
    if element.tag in {"intermediateCatchEvent", "boundaryEvent", "intermediateThrowEvent", "endEvent"}:
        return _lower_event(root, scope, element)
    return _add(scope, element.tag, id=element.id, **_default(element))


def _default(element: Element) -> dict[str, str]:
    default = element.xml.get("default")
    return {"default": default} if default and element.tag.endswith("Gateway") else {}


def _lower_event(root: etree._Element, scope: etree._Element, element: Element) -> etree._Element:
    node = _add(scope, element.tag, id=element.id)
    if element.attached_to:
        node.set("attachedToRef", element.attached_to)
        node.set("cancelActivity", "true" if element.interrupting else "false")
    if element.event in {"timer", "message"}:
        _add(node, "messageEventDefinition", messageRef=_message(root, element.id))
    elif element.event in {"error", "escalation"}:
        reference = f"{element.event}Ref"
        ref = element.events[0].get(reference)
        _add(node, f"{element.event}EventDefinition", **({reference: ref} if ref else {}))
    elif element.event == "terminate":
        _add(node, "terminateEventDefinition")
    return node


def _lower_flow(scope: etree._Element, flow: Flow) -> None:
    node = _add(scope, "sequenceFlow", id=flow.id, sourceRef=flow.source, targetRef=flow.target)
    if flow.condition:
        _add(node, "conditionExpression").text = flow.condition


def _message(root: etree._Element, node: str) -> str:
    name = message_of(node)
    _add(root, "message", id=name, name=name)
    return name


def _add(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, BPMN + tag, attributes)
