"""The linter, content: expressions, scripts, times, messages, operations, outcomes."""

import re
from collections.abc import Iterator
from itertools import combinations

from lxml import etree

from app.engine.expressions import check_expression, check_script
from app.engine.graph import spread, successors, waiting_before
from app.engine.linting.messages import finding
from app.engine.linting.times import check_text, check_timer, faulty_text, is_duration
from app.engine.nodes import kind_of, message_name, read_outcomes, whole_number, words
from app.engine.proving.domains import compared_literals
from app.engine.source import BPMN, LODESTAR, Diagram, Element, Flow, local
from app.engine.window import ExpressionError, Finding, NodeKind

_NUMBERS = ("dueWorkdays", "priority")
_COUNTERS = frozenset({"open", "total", "done", "expired"})
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}", re.IGNORECASE)


def check_content(diagram: Diagram) -> list[Finding]:
    """Everything said at elements and flows that could not be carried out."""
    findings = [found for flow in diagram.flows for found in _condition(diagram, flow)]
    for element in diagram.elements.values():
        for check in (_attributes, _script, check_timer, _message, _event_reference, _work, _call, _outcomes, _not_by):
            findings += check(diagram, element)
    return [*findings, *_unread(diagram), *_parallel_writes(diagram)]


def _condition(diagram: Diagram, flow: Flow) -> Iterator[Finding]:
    source = diagram.elements.get(flow.source)
    if not flow.condition or source is None:
        return
    try:
        names = check_expression(flow.condition)
    except ExpressionError as error:
        yield faulty_text(flow.id, flow.name, flow.condition, error)
        return
    if "outcome" in names:
        yield from _compared(diagram, flow, "outcome", _codes_before(diagram, source))
    for name in sorted(names):
        if name.endswith("_outcome"):
            task = diagram.elements.get(name.removesuffix("_outcome"))
            if task is None or kind_of(task) is not NodeKind.USER:
                yield finding("outcome_of_nobody", flow.id, flow.name, other=name)
            else:
                yield from _compared(diagram, flow, name, {outcome.code for outcome in read_outcomes(task)})


def _compared(diagram: Diagram, flow: Flow, name: str, codes: set[str] | None) -> Iterator[Finding]:
    if codes is None:
        return
    gateway = diagram.elements[flow.source]
    for literal in sorted(map(str, compared_literals(flow.condition or "", name) - {None, True, False, *codes})):
        yield finding("unknown_outcome", gateway.id, gateway.name, other=literal)


def _codes_before(diagram: Diagram, gateway: Element) -> set[str] | None:
    """The outcomes that can be at hand at a gateway; None when something else than a person may have given one."""
    codes: set[str] = set()
    for id_ in waiting_before(diagram, gateway.id) - {""}:
        element = diagram.elements[id_]
        kind = kind_of(element)
        if kind is NodeKind.USER:
            codes |= {outcome.code for outcome in read_outcomes(element)}
        elif kind not in {NodeKind.TIMER, NodeKind.MESSAGE, NodeKind.THROW}:
            return None
    return codes


def _attributes(_diagram: Diagram, element: Element) -> Iterator[Finding]:
    for name in _NUMBERS:
        number = whole_number(element.attribute(name))
        if element.attribute(name) is not None and (number is None or (name == "dueWorkdays" and number < 0)):
            yield finding("attribute", element.id, element.name, text=name)
    due = element.attribute("dueIn")
    if due is not None and not is_duration(due):
        yield finding("attribute", element.id, element.name, text="dueIn")
    if element.attribute("job") not in {None, "true", "false"}:
        yield finding("attribute", element.id, element.name, text="job")
    if (element.xml.get("cancelActivity") or "true").strip().lower() not in {"true", "false", "1", "0"}:
        yield finding("attribute", element.id, element.name, text="cancelActivity")


def _script(_diagram: Diagram, element: Element) -> Iterator[Finding]:
    if element.tag == "scriptTask":
        try:
            _, written = check_script(element.text("script") or "")
        except ExpressionError as error:
            yield finding("script", element.id, element.name, text=error)
            return
        if "outcome" in written:
            yield finding("outcome_written", element.id, element.name)
        if element.xml.get("scriptFormat") not in {None, "text/x-lodestar"}:
            yield finding("foreign_script", element.id, element.name, text=element.xml.get("scriptFormat"))


def _message(diagram: Diagram, element: Element) -> Iterator[Finding]:
    if element.event != "message" and element.tag not in {"receiveTask", "sendTask"}:
        return
    references = [element.xml.get("messageRef"), *(event.get("messageRef") for event in element.events)]
    reference = next((reference for reference in references if reference), None)
    if reference is None:
        yield finding("no_message", element.id, element.name)
    elif message_name(diagram, element) is None or not diagram.defined("message")[reference].get("name"):
        yield finding("message_ref", element.id, element.name, other=reference)
    for holder in (element.xml, *element.events):
        if (holder.get(f"{LODESTAR}to") or "round") not in {"round", "panel", "subject"}:
            yield finding("message_target", element.id, element.name)


def _event_reference(diagram: Diagram, element: Element) -> Iterator[Finding]:
    for event in element.events:
        kind = local(event).removesuffix("EventDefinition")
        reference = event.get(f"{kind}Ref")
        if kind in {"error", "escalation"} and reference and reference not in diagram.defined(kind):
            yield finding("event_ref", element.id, element.name, other=reference)


def _work(_diagram: Diagram, element: Element) -> Iterator[Finding]:
    if element.tag == "serviceTask" and element.attribute("operation") is None:
        yield finding("no_operation", element.id, element.name)
    if element.tag == "businessRuleTask" and element.attribute("decision") is None:
        yield finding("no_decision", element.id, element.name)


def _call(diagram: Diagram, element: Element) -> Iterator[Finding]:
    if element.tag != "callActivity":
        return
    called = (element.xml.get("calledElement") or "").strip()
    if not called:
        yield finding("no_called", element.id, element.name)
    elif called == diagram.key:
        yield finding("calls_itself", element.id, element.name)
    if element.loop is not None:
        yield from _set_call(element, element.loop)


def _set_call(element: Element, loop: etree._Element) -> Iterator[Finding]:
    if not (element.attribute("collection") or loop.get(f"{LODESTAR}collection")):
        yield finding("no_collection", element.id, element.name)
    if loop.find(f"{BPMN}loopCardinality") is not None:
        yield finding("loop_detail", element.id, element.name, text="loopCardinality")
    if loop.get("isSequential") == "true":
        yield finding("loop_detail", element.id, element.name, text="isSequential")
    condition = loop.find(f"{BPMN}completionCondition")
    if condition is not None:
        yield from _counting(element, "".join(map(str, condition.itertext())).strip())


def _counting(element: Element, text: str) -> Iterator[Finding]:
    """A completion condition is asked of the call's counters alone (processes/set_calls.py)."""
    yield from check_text(element, text)
    try:
        others = check_expression(text) - _COUNTERS if text else ()
    except ExpressionError:
        return
    for name in sorted(others):
        yield finding("completion_variable", element.id, element.name, other=name)


def _outcomes(_diagram: Diagram, element: Element) -> Iterator[Finding]:
    outcomes = read_outcomes(element)
    codes = [outcome.code for outcome in outcomes]
    for outcome in outcomes:
        if not _CODE.fullmatch(outcome.code):
            yield finding("outcome", element.id, element.name, text=outcome.code or "code")
        yield from check_text(element, outcome.when)
    if len(set(codes)) < len(codes):
        yield finding("outcome", element.id, element.name, text=", ".join(codes))


def _unread(diagram: Diagram) -> Iterator[Finding]:
    """User tasks whose outcomes make no difference anywhere."""
    conditions = [flow for flow in diagram.flows if flow.condition]
    choosing = {flow.source for flow in conditions if re.search(r"\boutcome\b", flow.condition or "")}
    readable = {id_ for gateway in choosing if gateway in diagram.elements for id_ in waiting_before(diagram, gateway)}
    texts = "\n".join(flow.condition or "" for flow in conditions)
    for element in diagram.elements.values():
        if len(read_outcomes(element)) > 1 and element.id not in readable and f"{element.id}_outcome" not in texts:
            yield finding("outcome_unread", element.id, element.name)


def _not_by(diagram: Diagram, element: Element) -> Iterator[Finding]:
    for other in words(element.attribute("notBy")):
        task = diagram.elements.get(other)
        if task is None or kind_of(task) is not NodeKind.USER:
            yield finding("not_by", element.id, element.name, other=other)


def _parallel_writes(diagram: Diagram) -> Iterator[Finding]:
    """Scripts on parallel branches that write the same variable: which one wins would be chance."""
    writers = {element.id for element in diagram.elements.values() if _writes(element)}
    for split in diagram.elements.values():
        targets = [flow.target for flow in diagram.outgoing[split.id] if flow.target in diagram.elements]
        if split.tag not in {"parallelGateway", "inclusiveGateway"} or len(targets) < 2:
            continue
        branches = [spread([target], lambda node: successors(diagram, node), without=split.id) for target in targets]
        for left, right in combinations(branches, 2):
            yield from _same_writes(diagram, writers & left - right, writers & right - left)


def _same_writes(diagram: Diagram, left: set[str], right: set[str]) -> Iterator[Finding]:
    for one in sorted(left):
        for other in sorted(right):
            for name in sorted(_writes(diagram.elements[one]) & _writes(diagram.elements[other])):
                yield finding("parallel_write", one, diagram.elements[one].name, other=other, text=name)


def _writes(element: Element) -> frozenset[str]:
    if element.tag != "scriptTask":
        return frozenset()
    try:
        return check_script(element.text("script") or "")[1]
    except ExpressionError:
        return frozenset()
