"""A gateway without default flow must have conditions one of which always holds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from app.engine.expressions import check_expression, evaluate
from app.engine.graph import waiting_before
from app.engine.linting.messages import finding
from app.engine.nodes import read_outcomes
from app.engine.proving.domains import read_domains
from app.engine.source import Diagram, Element
from app.engine.window import ExpressionError, Finding, Value

MAX_COMBINATIONS = 20_000
"""How many combinations of values are tried for all gateways of a diagram together; beyond, a default is asked for."""


@dataclass
class _Budget:
    left: int

    def spend(self, size: int) -> bool:
        """Whether so many combinations may still be tried."""
        self.left -= size
        return self.left >= 0


def check_completeness(diagram: Diagram) -> Iterator[Finding]:
    """The exclusive and inclusive gateways whose conditions may all fail."""
    budget = _Budget(MAX_COMBINATIONS)
    for element in diagram.elements.values():
        if element.tag in {"exclusiveGateway", "inclusiveGateway"} and not element.xml.get("default"):
            conditions = [flow.condition for flow in diagram.outgoing[element.id]]
            if any(conditions) and not (
                all(conditions) and _complete(diagram, element, list(filter(None, conditions)), budget)
            ):
                yield finding("no_default", element.id, element.name)


def _complete(diagram: Diagram, gateway: Element, conditions: list[str], budget: _Budget) -> bool:
    """Whether for every combination of sample values one condition holds; False when that cannot be seen."""
    domains = read_domains(conditions, _outcomes(diagram.elements.values()))
    if not domains.plain.issuperset(conditions):
        return False
    try:
        names = sorted({name for condition in conditions for name in check_expression(condition)})
        known = dict(domains.samples) | _at_hand(diagram, gateway)
        samples = [known.get(name, (True, False)) for name in names]
        size = 1
        for sample in samples:
            size *= len(sample)
        return budget.spend(size) and all(
            any(evaluate(condition, dict(zip(names, values, strict=True))) for condition in conditions)
            for values in product(*samples)
        )
    except ExpressionError:
        return False


def _at_hand(diagram: Diagram, gateway: Element) -> dict[str, tuple[Value, ...]]:
    """What `outcome` can be at the gateway, where only people who must choose one come before it."""
    before = [diagram.elements.get(id_) for id_ in waiting_before(diagram, gateway.id)]
    choices = [() if element is None else read_outcomes(element) for element in before]
    if not all(choices):
        return {}
    return {"outcome": tuple(sorted({outcome.code for outcomes in choices for outcome in outcomes}))}


def _outcomes(elements: Iterable[Element]) -> dict[str, tuple[str, ...]]:
    found = {}
    for element in elements:
        codes = tuple(outcome.code for outcome in read_outcomes(element))
        if codes:
            found[element.id] = codes
    return found
