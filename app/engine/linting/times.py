"""The linter, times: what a timer says must be a time."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime

from app.engine.expressions import check_expression
from app.engine.linting.messages import finding
from app.engine.nodes import read_timer, whole_number
from app.engine.source import LODESTAR, Diagram, Element, local
from app.engine.window import ExpressionError, Finding, TimerSpec

_DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")


def check_text(element: Element, text: str | None) -> Iterator[Finding]:
    """The finding of an expression that cannot be computed."""
    if text:
        try:
            check_expression(text)
        except ExpressionError as error:
            yield faulty_text(element.id, element.name, text, error)


def faulty_text(id_: str, name: str, text: str, error: ExpressionError) -> Finding:
    """What is wrong with an expression; how other tools write theirs is told apart."""
    if text.strip().startswith(("${", "#{", "=")):
        return finding("foreign_expression", id_, name, text=text.strip())
    return finding("expression", id_, name, text=error)


def check_timer(_diagram: Diagram, element: Element) -> Iterator[Finding]:
    if element.event != "timer":
        return
    for holder in (element.xml, *element.events):
        workdays = holder.get(f"{LODESTAR}workdays")
        if workdays is not None and whole_number(workdays.strip()) is None:
            yield finding("attribute", element.id, element.name, text="workdays")
            return
    timer = read_timer(element)
    if sum(local(child) in {"timeDate", "timeDuration", "timeCycle"} for child in element.events[0]) > 1:
        yield finding("several_times", element.id, element.name)
    elif timer is None:
        yield finding("no_timer", element.id, element.name)
    else:
        yield from _time(element, timer)


def _time(element: Element, timer: TimerSpec) -> Iterator[Finding]:
    if timer.text and timer.text.startswith("="):
        yield from check_text(element, timer.text[1:].strip() or "=")
    elif not _is_time(timer):
        yield finding("timer", element.id, element.name, text=timer.text)
    elif (
        timer.kind == "cycle" and (element.attached_to is None or element.interrupting) and element.tag != "startEvent"
    ):
        yield finding("cycle_once", element.id, element.name)


def _is_time(timer: TimerSpec) -> bool:
    text = timer.text or ""
    checks: dict[str, Callable[[str], bool]] = {"date": _is_date, "duration": is_duration, "cycle": _is_cycle}
    return timer.kind not in checks or checks[timer.kind](text)


def is_duration(text: str) -> bool:
    return len(text) < 50 and _DURATION.fullmatch(text) is not None and not re.search(r"\d{5}", text)


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
    return (
        is_duration(parts[-1])
        and re.search(r"[1-9]", parts[-1]) is not None  # every nothing, for ever, is a loop without end
        and (len(parts) == 1 or _is_date(parts[0]))
    )
