"""Questions to the graph of a diagram: what can be reached from where."""

from collections.abc import Callable, Iterable

from app.engine.nodes import kind_of
from app.engine.source import Diagram
from app.engine.window import NodeKind

_BY_ITSELF = frozenset({NodeKind.SERVICE, NodeKind.DECISION, NodeKind.THROW})


def successors(diagram: Diagram, node: str) -> list[str]:
    """Where a token at the node can go next: along its flows, or out of the activity by a boundary event.

    Flows that point to nothing are left out; the linter names them elsewhere.
    """
    flows = [flow.target for flow in diagram.outgoing[node] if flow.target in diagram.elements]
    return flows + [event.id for event in diagram.boundaries[node]]


def predecessors(diagram: Diagram, node: str) -> list[str]:
    """Where a token at the node can have come from."""
    host = diagram.elements[node].attached_to
    flows = [flow.source for flow in diagram.incoming[node] if flow.source in diagram.elements]
    return flows + ([host] if host and host in diagram.elements else [])


def spread(first: Iterable[str], step: Callable[[str], Iterable[str]], *, without: str | None = None) -> set[str]:
    """Everything that `step` leads to from `first`, these included, never passing `without`."""
    seen = {node for node in first if node != without}
    todo = list(seen)
    while todo:
        for node in step(todo.pop()):
            if node not in seen and node != without:
                seen.add(node)
                todo.append(node)
    return seen


def reachable(diagram: Diagram, scope: str, *, without: str | None = None) -> set[str]:
    """The nodes of a process or sub-process that its start leads to."""
    starts = (element.id for element in diagram.inside(scope) if element.tag == "startEvent")
    return spread(starts, lambda node: successors(diagram, node), without=without)


def co_reachable(diagram: Diagram, scope: str) -> set[str]:
    """The nodes of a process or sub-process from which some path ends."""
    ends = (e.id for e in diagram.inside(scope) if e.tag == "endEvent" or not diagram.outgoing[e.id])
    return spread(ends, lambda node: predecessors(diagram, node))


def automatic(diagram: Diagram) -> set[str]:
    """The nodes that a token passes without waiting."""
    return {
        element.id
        for element in diagram.elements.values()
        if kind_of(element) is None
        and element.tag not in {"subProcess", "eventBasedGateway"}
        and not element.attached_to
    }


def at_once(diagram: Diagram) -> set[str]:
    """The nodes at which a token waits for nobody but the runner: operations, their failing, decisions and throws."""
    found = {element.id for element in diagram.elements.values() if kind_of(element) in _BY_ITSELF}
    return found | {e.id for e in diagram.elements.values() if e.event == "error" and e.attached_to in found}


def cyclic(diagram: Diagram, nodes: set[str]) -> list[str]:
    """Those of the nodes that lie on a cycle within them."""

    def onwards(node: str) -> list[str]:
        return [after for after in successors(diagram, node) if after in nodes]

    return [node for node in sorted(nodes) if node in spread(onwards(node), onwards)]


def waiting_before(diagram: Diagram, node: str) -> set[str]:
    """The waiting nodes (and sub-processes) from which a token comes to the node in one step; '' for the start."""
    passed = automatic(diagram)
    found: set[str] = set()
    seen, todo = {node}, [node]
    while todo:
        here = todo.pop()
        before = predecessors(diagram, here)
        if not before:
            found.add("")
        for other in before:
            if other not in passed:
                found.add(other)
            elif other not in seen:
                seen.add(other)
                todo.append(other)
    return found
