"""What the diagram says about a node at which a token can wait, read into a Node."""

from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

from app.engine.source import BPMN, LODESTAR, Diagram, Element
from app.engine.window import MessageTarget, Node, NodeKind, Outcome, Start, TimerKind, TimerSpec

_KINDS = {
    "task": NodeKind.USER,
    "userTask": NodeKind.USER,
    "manualTask": NodeKind.USER,
    "serviceTask": NodeKind.SERVICE,
    "businessRuleTask": NodeKind.DECISION,
    "sendTask": NodeKind.THROW,
    "receiveTask": NodeKind.MESSAGE,
}
_TARGETS: Mapping[str, MessageTarget] = {"round": "round", "panel": "panel", "subject": "subject"}
_TIMER_TEXTS: Mapping[str, TimerKind] = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


def kind_of(element: Element) -> NodeKind | None:
    """What a token at the element waits for; None when it never waits there."""
    if element.tag in _KINDS:
        return _KINDS[element.tag]
    if element.tag == "callActivity":
        return NodeKind.CALL if element.loop is None else NodeKind.SET_CALL
    if element.tag in {"intermediateThrowEvent", "endEvent"}:
        return NodeKind.THROW if element.event == "message" else None
    if element.tag in {"intermediateCatchEvent", "boundaryEvent"}:
        return {"timer": NodeKind.TIMER, "message": NodeKind.MESSAGE}.get(element.event)
    return None


def read_nodes(diagram: Diagram) -> Mapping[str, Node]:
    """Every node at which a token can wait, by id, in document order."""
    nodes = {}
    for element in diagram.elements.values():
        kind = kind_of(element)
        if kind is not None:
            nodes[element.id] = _read_node(diagram, element, kind)
    return MappingProxyType(nodes)


def _read_node(diagram: Diagram, element: Element, kind: NodeKind) -> Node:
    return Node(
        id=element.id,
        kind=kind,
        name=element.name,
        role=lane_of(diagram, element),
        form=element.attribute("form"),
        outcomes=read_outcomes(element),
        due_workdays=whole_number(element.attribute("dueWorkdays")),
        due_in=element.attribute("dueIn"),
        stage=element.attribute("stage"),
        not_by=words(element.attribute("notBy")),
        priority=whole_number(element.attribute("priority")) or 0,
        operation=element.attribute("operation"),
        inputs=MappingProxyType(read_inputs(element)),
        job=(element.attribute("job") or "false").lower() == "true",
        called=(element.xml.get("calledElement") or "").strip() or None if element.tag == "callActivity" else None,
        collection=element.attribute("collection") or _on_loop(element, "collection"),
        completion=_completion(element),
        decision=element.attribute("decision"),
        message=message_name(diagram, element),
        to=_TARGETS.get(_on_event(element, "to") or ""),
        timer=read_timer(element) if element.event == "timer" else None,
        attached_to=element.attached_to,
        interrupting=element.interrupting,
    )


def lane_of(diagram: Diagram, element: Element) -> str | None:
    """The lane's id; what lies in a sub-process without lane of its own takes that of the sub-process."""
    place, passed = element, set[str]()  # an id used twice would lead in circles; the linter names it
    while place.id not in diagram.lanes and place.scope in diagram.elements and place.id not in passed:
        passed.add(place.id)
        place = diagram.elements[place.scope]
    return diagram.lanes.get(place.id)


def read_outcomes(element: Element) -> tuple[Outcome, ...]:
    """The ways to complete a user task: elements, else the short attribute."""
    listed = tuple(
        Outcome(
            code=(xml.get("code") or "").strip(),
            zh=xml.get("zh") or xml.get("code") or "",
            en=xml.get("en") or xml.get("code") or "",
            when=(xml.get("when") or "").strip() or None,
            requires=words(xml.get("requires")),
        )
        for xml in element.extensions("outcome")
    )
    return listed or tuple(Outcome(code, zh=code, en=code) for code in words(element.attribute("outcomes")))


def read_inputs(element: Element) -> dict[str, str]:
    """The literal inputs of an operation."""
    return {xml.get("name") or "": xml.get("value") or "" for xml in element.extensions("input")}


def read_timer(element: Element) -> TimerSpec | None:
    """The timer of an event; None when the event does not say when."""
    workdays = whole_number(_on_event(element, "workdays"))
    stage = _on_event(element, "stage")
    if stage:
        return TimerSpec("stage", workdays=workdays or 0, stage=stage)
    if workdays is not None:
        return TimerSpec("workdays", workdays=workdays)
    for tag, kind in _TIMER_TEXTS.items():
        text = _unquoted(_child_text(element.events[0], tag))
        if text:
            return TimerSpec(kind, text=text)
    return None


def read_start(diagram: Diagram) -> Start:
    """The start event of the process, the linter having seen that there is exactly one."""
    start = next(element for element in diagram.inside(diagram.key) if element.tag == "startEvent")
    return Start(
        node=start.id,
        timer=read_timer(start) if start.event == "timer" else None,
        message=message_name(diagram, start) if start.event == "message" else None,
    )


def message_name(diagram: Diagram, element: Element) -> str | None:
    """The name of the message that the element catches or throws."""
    reference = element.xml.get("messageRef") if element.tag in {"sendTask", "receiveTask"} else None
    for event in element.xml.findall(f"{BPMN}messageEventDefinition"):
        reference = reference or event.get("messageRef")
    if not reference:
        return None
    message = diagram.defined("message").get(reference)
    return None if message is None else message.get("name") or reference


def words(text: str | None) -> tuple[str, ...]:
    """The parts of a list written with commas or blanks."""
    return tuple((text or "").replace(",", " ").split())


def whole_number(text: str | None) -> int | None:
    """The number, None for anything else."""
    try:
        return int(text) if text and len(text) < 10 else None
    except ValueError:
        return None


def _on_event(element: Element, name: str) -> str | None:
    """A lodestar attribute of an event, written on the event or on its definition."""
    for holder in (element.xml, *element.events):
        text = (holder.get(LODESTAR + name) or "").strip()
        if text:
            return text
    return None


def _on_loop(element: Element, name: str) -> str | None:
    return None if element.loop is None else (element.loop.get(LODESTAR + name) or "").strip() or None


def _completion(element: Element) -> str | None:
    return None if element.loop is None else _child_text(element.loop, "completionCondition")


def _child_text(xml: etree._Element, tag: str) -> str | None:
    child = xml.find(BPMN + tag)
    return None if child is None else "".join(map(str, child.itertext())).strip() or None


def _unquoted(text: str | None) -> str | None:
    if text and len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1].strip()
    return text
