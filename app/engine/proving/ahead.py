"""What a token can still come to."""

from collections.abc import Iterable

from app.engine.definition import Definition
from app.engine.graph import spread, successors


def ahead(definition: Definition, nodes: Iterable[str]) -> frozenset[str]:
    """Every element that tokens at these nodes can come to, these included, in and out of sub-processes.

    Conditions are not looked at: what is not in here can never happen.
    """
    diagram = definition.diagram

    def onwards(node: str) -> list[str]:
        element = diagram.elements[node]
        found = successors(diagram, node)
        if element.tag == "subProcess":
            found += [inner.id for inner in diagram.inside(node) if inner.tag == "startEvent"]
        if element.scope in diagram.elements:  # the sub-process around it may end, or be left by a boundary event
            found += successors(diagram, element.scope)
        return found

    return frozenset(spread((node for node in nodes if node in diagram.elements), onwards))
