"""Which variables a process reads, and who may have given them a value."""

from collections.abc import Iterable, Iterator

from app.engine.expressions import check_expression, check_script
from app.engine.linting.messages import finding
from app.engine.nodes import kind_of, read_outcomes, read_timer
from app.engine.source import Diagram, Element
from app.engine.window import ExpressionError, Finding, NodeKind, References

_UNKNOWN_RESULTS = frozenset({NodeKind.SERVICE, NodeKind.DECISION, NodeKind.CALL, NodeKind.SET_CALL})
"""What these give back is decided by the house, a table or another process, not by the diagram."""


def check_variables(diagram: Diagram, references: References | None) -> list[Finding]:
    """The variables that no form, operation, script, table or called process of the diagram can supply."""
    found: dict[str, Finding] = {}
    for id_, name, variable in read_variables(diagram):
        if not may_supply(diagram.elements.values(), variable, references):
            found.setdefault(variable, finding("unsupplied_variable", id_, name, other=variable))
    return list(found.values())


def read_variables(diagram: Diagram) -> Iterator[tuple[str, str, str]]:
    """(id, name, variable) of every place that looks at a variable; outcomes of tasks are no variables here."""
    for flow in diagram.flows:
        yield from ((flow.id, flow.name, variable) for variable in _names(flow.condition))
    for element in diagram.elements.values():
        texts = [outcome.when for outcome in read_outcomes(element)]
        timer = read_timer(element) if element.event == "timer" else None
        if timer is not None and (timer.text or "").startswith("="):
            texts.append((timer.text or "")[1:].strip())
        names = {name for text in texts for name in _names(text)}
        names |= {name for name in _script(element)[0] if not _is_outcome(name)}
        yield from ((element.id, element.name, variable) for variable in sorted(names))


def may_supply(elements: Iterable[Element], variable: str, references: References | None) -> bool:
    """Whether one of the elements may give the variable a value."""
    return any(_supplies(element, variable, references) for element in elements)


def _supplies(element: Element, variable: str, references: References | None) -> bool:
    kind = kind_of(element)
    if kind in _UNKNOWN_RESULTS:
        return True
    form = element.attribute("form")
    if kind is NodeKind.USER and form is not None:
        fields = None if references is None or form in references.completing else references.forms.get(form)
        return fields is None or variable in fields
    return variable in _script(element)[1]


def _script(element: Element) -> tuple[frozenset[str], frozenset[str]]:
    """(read, written) by a script task, nothing by other elements."""
    if element.tag != "scriptTask":
        return frozenset(), frozenset()
    try:
        return check_script(element.text("script") or "")
    except ExpressionError:
        return frozenset(), frozenset()


def _names(text: str | None) -> list[str]:
    try:
        return sorted(name for name in check_expression(text or "") if not _is_outcome(name))
    except ExpressionError:
        return []


def _is_outcome(name: str) -> bool:
    return name == "outcome" or name.endswith("_outcome")
