"""Where tokens can get to, over-estimated from the drawing alone: the ground on which exploration spares itself work."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from app.engine.nodes import kind_of
from app.engine.source import Diagram, Element
from app.engine.window import NodeKind

Place: TypeAlias = str | tuple[str, str]
"""A node at which a token can stand; of a parallel join each input apart: (join, source)."""
URGENT = frozenset({NodeKind.SERVICE, NodeKind.DECISION, NodeKind.THROW})
"""What the runner does within the step, unless it is a job."""
MAY_FAIL = frozenset({NodeKind.SERVICE, NodeKind.DECISION, NodeKind.CALL, NodeKind.SET_CALL})
_FIRED = frozenset({"timer", "message"})
_THROWN = frozenset({"error", "escalation"})


@dataclass
class Reach:
    """What tokens that move may touch on their way.

    `kills` are (scope, node): what the node ends at once; `ended` the sub-processes to whose end they may come;
    `passed` all nodes that they may leave.
    """

    places: set[Place] = field(default_factory=set)
    kills: set[tuple[str, str]] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)


def is_join(diagram: Diagram, node: str) -> bool:
    """Whether the node is a parallel gateway that waits for several inputs."""
    return diagram.elements[node].tag == "parallelGateway" and len(diagram.incoming[node]) > 1


def is_looking_join(diagram: Diagram, node: str) -> bool:
    """Whether the node is an inclusive gateway that looks around for tokens still on their way."""
    return diagram.elements[node].tag == "inclusiveGateway" and len(diagram.incoming[node]) > 1


def scopes_of(diagram: Diagram, node: str) -> Iterator[str]:
    """The sub-processes around a node, inner first."""
    while node in diagram.elements and diagram.elements[node].scope in diagram.elements:
        node = diagram.elements[node].scope
        yield node


def is_urgent(element: Element) -> bool:
    """Whether the runner does what waits here before anybody else's turn."""
    return kind_of(element) in URGENT and (element.attribute("job") or "false").lower() != "true"


class Spread:
    """Moves tokens over the drawing.

    `stops`: at every node that waits for the world, so that one event's own effect is found. `arrived`: None to pass
    every join, else the inputs that are there already. `held`: sub-processes that cannot end.
    """

    def __init__(
        self,
        diagram: Diagram,
        *,
        stops: bool,
        arrived: frozenset[Place] | None = None,
        held: frozenset[str] = frozenset(),
    ) -> None:
        self._diagram = diagram
        self._stops = stops
        self._arrived = arrived
        self._held = held
        self._todo: list[str] = []
        self.found = Reach()

    def run(self, fired: Iterable[str]) -> Reach:
        """What firing these nodes may lead to."""
        for node in fired:
            self._go(node)
        while self._todo:
            self._leave(self._diagram.elements[self._todo.pop()])
        return self.found

    def _go(self, node: str) -> None:
        if node not in self.found.passed:
            self.found.passed.add(node)
            self._todo.append(node)

    def _leave(self, element: Element) -> None:
        host = self._diagram.elements.get(element.attached_to or "")
        if host is not None and host.tag == "subProcess" and element.interrupting:
            self.found.kills.add((host.id, element.id))
        flows = self._diagram.outgoing[element.id]
        for flow in flows:
            self._arrive(self._diagram.elements[flow.target], element.id)
        if not flows:
            self._end(element)
        if element.event in _THROWN and not element.attached_to:
            self._throw(element, _THROWN)
        if kind_of(element) in MAY_FAIL:
            self._throw(element, frozenset({"error"}))

    def _end(self, element: Element) -> None:
        if element.event == "terminate":
            self.found.kills.add((element.scope, element.id))
        if element.scope in self._diagram.elements:
            self.found.ended.add(element.scope)
            if element.scope not in self._held:
                self._go(element.scope)

    def _throw(self, element: Element, events: frozenset[str]) -> None:
        for place in (element.id, *scopes_of(self._diagram, element.id)):
            for boundary in self._diagram.boundaries[place]:
                if boundary.event in events:
                    self.found.kills.add((place, element.id))
                    self._go(boundary.id)

    def _arrive(self, element: Element, source: str) -> None:
        if is_join(self._diagram, element.id):
            self.found.places.add((element.id, source))
            if self._may_pass(element.id):
                self._go(element.id)
        elif element.tag == "subProcess":
            self._enter(element)
        elif element.tag == "eventBasedGateway":
            self._wait(element, (flow.target for flow in self._diagram.outgoing[element.id]))
        elif kind_of(element) is not None:
            self._wait(element, (element.id, *self._fired_boundaries(element)))
        else:
            if is_looking_join(self._diagram, element.id):
                self.found.places.add(element.id)
            self._go(element.id)

    def _may_pass(self, join: str) -> bool:
        arrived = self._arrived
        return arrived is None or all(
            (join, flow.source) in self.found.places or (join, flow.source) in arrived
            for flow in self._diagram.incoming[join]
        )

    def _enter(self, element: Element) -> None:
        self.found.places.add(element.id)
        for inner in self._diagram.inside(element.id):
            if inner.tag == "startEvent":
                self._go(inner.id)
        if not self._stops:
            for boundary in self._fired_boundaries(element):
                self._go(boundary)

    def _wait(self, element: Element, events: Iterable[str]) -> None:
        self.found.places.add(element.id)
        if not self._stops or is_urgent(element):
            for event in events:
                self._go(event)

    def _fired_boundaries(self, element: Element) -> tuple[str, ...]:
        return tuple(event.id for event in self._diagram.boundaries[element.id] if event.event in _FIRED)
