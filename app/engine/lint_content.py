"""The linter, content: expressions, scripts, times, messages, operations, outcomes."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import combinations

from app.engine.domains import compared_literals
from app.engine.expressions import check_expression, check_script
from app.engine.graph import spread, successors, waiting_before
from app.engine.messages import finding
from app.engine.nodes import kind_of, message_name, read_outcomes, read_timer, whole_number, words
from app.engine.source import BPMN, LODESTAR, Diagram, Element, Flow, local
from app.engine.window import ExpressionError, Finding, NodeKind, TimerSpec

_DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
_NUMBERS = ("dueWorkdays", "priority")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}", re.IGNORECASE)


def check_content(diagram: Diagram) -> list[Finding]:
    """Everything said at elements and flows that could not be carried out."""
    findings = [found for flow in diagram.flows for found in _condition(diagram, flow)]
    for element in diagram.elements.values():
        for check in (_attributes, _script, _timer, _message, _event_reference, _work, _call, _outcomes, _not_by):
            findings += check(diagram, element)
    return [*findings, *_unread(diagram), *_parallel_writes(diagram)]


def _expression(element: Element, text: str | None) -> Iterator[Finding]:
    if text:
        try:
            check_expression(text)
        except ExpressionError as error:
            yield finding("expression", element.id, element.name, text=error)


def _condition(diagram: Diagram, flow: Flow) -> Iterator[Finding]:
    source = diagram.elements.get(flow.source)
    if not flow.condition or source is None:
        return
    try:
        names = check_expression(flow.condition)
    except ExpressionError as error:
        yield finding("expression", flow.id, flow.name, text=error)
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
        if element.attribute(name) is not None and whole_number(element.attribute(name)) is None:
            yield finding("attribute", element.id, element.name, text=name)
    due = element.attribute("dueIn")
    if due is not None and not _is_duration(due):
        yield finding("attribute", element.id, element.name, text="dueIn")
    if element.attribute("job") not in {None, "true", "false"}:
        yield finding("attribute", element.id, element.name, text="job")


def _script(_diagram: Diagram, element: Element) -> Iterator[Finding]:
    if element.tag == "scriptTask":
        try:
            check_script(element.text("script") or "")
        except ExpressionError as error:
            yield finding("script", element.id, element.name, text=error)


def _timer(_diagram: Diagram, element: Element) -> Iterator[Finding]:
    if element.event != "timer":
        return
    for holder in (element.xml, *element.events):
        workdays = holder.get(f"{LODESTAR}workdays")
        if workdays is not None and whole_number(workdays.strip()) is None:
            yield finding("attribute", element.id, element.name, text="workdays")
            return
    timer = read_timer(element)
    if timer is None:
        yield finding("no_timer", element.id, element.name)
    elif timer.text and timer.text.startswith("="):
        yield from _expression(element, timer.text[1:].strip() or "=")
    elif not _is_time(timer):
        yield finding("timer", element.id, element.name, text=timer.text)
    elif (
        timer.kind == "cycle" and (element.attached_to is None or element.interrupting) and element.tag != "startEvent"
    ):
        yield finding("cycle_once", element.id, element.name)


def _is_time(timer: TimerSpec) -> bool:
    text = timer.text or ""
    checks: dict[str, Callable[[str], bool]] = {"date": _is_date, "duration": _is_duration, "cycle": _is_cycle}
    return timer.kind not in checks or checks[timer.kind](text)


def _is_duration(text: str) -> bool:
    return len(text) < 50 and _DURATION.fullmatch(text) is not None


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        try:
            date.fromisoformat(text)
        except ValueError:
            return False
    return True


def _is_cycle(text: str) -> bool:
    head, *parts = text.split("/")
    if not re.fullmatch(r"R\d{0,4}", head) or not 1 <= len(parts) <= 2:
        return False
    return _is_duration(parts[-1]) and (len(parts) == 1 or _is_date(parts[0]))


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
    if element.loop is None:
        return
    if not (element.attribute("collection") or element.loop.get(f"{LODESTAR}collection")):
        yield finding("no_collection", element.id, element.name)
    condition = element.loop.find(f"{BPMN}completionCondition")
    if condition is not None:
        yield from _expression(element, "".join(map(str, condition.itertext())).strip())


def _outcomes(_diagram: Diagram, element: Element) -> Iterator[Finding]:
    outcomes = read_outcomes(element)
    codes = [outcome.code for outcome in outcomes]
    for outcome in outcomes:
        if not _CODE.fullmatch(outcome.code):
            yield finding("outcome", element.id, element.name, text=outcome.code or "code")
        yield from _expression(element, outcome.when)
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
    for split in diagram.elements.values():
        targets = [flow.target for flow in diagram.outgoing[split.id]]
        if split.tag not in {"parallelGateway", "inclusiveGateway"} or len(targets) < 2:
            continue
        branches = [spread([target], lambda node: successors(diagram, node), without=split.id) for target in targets]
        for left, right in combinations(branches, 2):
            yield from _same_writes(diagram, left - right, right - left)


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
