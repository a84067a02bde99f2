"""How often an input of a join can be reached before the join fires: at most once, or perhaps more often.

A thread is a token followed through choices and waits. It ends at a join, at a split (each branch begins another) and
at an end. An input that two threads reach, or one that may begin twice, may be reached twice.
"""

from collections.abc import Iterable

from app.engine.proving.spreading import Place, Reach, is_join
from app.engine.source import Diagram

_SPLITS = frozenset({"parallelGateway", "inclusiveGateway"})


class Threads:
    """The threads of one diagram; where each leads is found once."""

    def __init__(self, diagram: Diagram) -> None:
        self._diagram = diagram
        self._ends: dict[tuple[str, str], frozenset[Place]] = {}

    def may_double(
        self, place: Place, *, tokens: Iterable[str], opened: Iterable[str], moved: Reach, arrived: frozenset[Place]
    ) -> bool:
        """Whether the input may be reached twice, or once more, by tokens that move as in `moved`.

        `tokens` are the nodes at which they stand, `opened` the sub-processes around them that may end.
        """
        begun: list[tuple[str | None, frozenset[Place]]] = [(None, self._from(token)) for token in tokens]
        begun += [(None, self._after(subprocess)) for subprocess in opened]
        for node in moved.passed:
            element = self._diagram.elements[node]
            flows = self._diagram.outgoing[node]
            if is_join(self._diagram, node) or (element.tag in _SPLITS and len(flows) > 1):
                begun += [(node, self._along(node, flow.target)) for flow in flows]
            elif element.attached_to and not element.interrupting:
                begun += [("", self._from(node))]
        return self._doubles(place, begun, arrived, frozenset())

    def _doubles(
        self,
        place: Place,
        begun: list[tuple[str | None, frozenset[Place]]],
        arrived: frozenset[Place],
        asked: frozenset[Place],
    ) -> bool:
        if place in asked:
            return True
        makers = [maker for maker, ends in begun if place in ends]
        if len(makers) + (place in arrived) != 1:
            return len(makers) + (place in arrived) > 1
        maker = next(iter(makers), None)
        if maker is None:
            return False
        if maker == "":
            return True
        asked |= {place}
        if is_join(self._diagram, maker):
            inputs = [(maker, flow.source) for flow in self._diagram.incoming[maker]]
            return all(self._doubles(input_, begun, arrived, asked) for input_ in inputs)
        return self._doubles(maker, begun, arrived, asked)

    def _from(self, node: str) -> frozenset[Place]:
        """Where the thread of a token at the node ends."""
        return self._follow(("", node), [(node, "")])

    def _after(self, subprocess: str) -> frozenset[Place]:
        """Where the thread that goes on behind an open sub-process ends."""
        onwards = [*(flow.target for flow in self._diagram.outgoing[subprocess])]
        onwards += [event.id for event in self._diagram.boundaries[subprocess]]
        return self._follow((subprocess, ""), [(target, subprocess) for target in onwards])

    def _along(self, split: str, target: str) -> frozenset[Place]:
        return self._follow((split, target), [(target, split)])

    def _follow(self, key: tuple[str, str], first: list[tuple[str, str]]) -> frozenset[Place]:
        if key not in self._ends:
            ends: set[Place] = set()
            seen, todo = set(first), list(first)
            while todo:
                node, source = todo.pop()
                end = self._end(node, source)
                if end is not None:
                    ends.add(end)
                    continue
                for after in self._onwards(node):
                    if (after, node) not in seen:
                        seen.add((after, node))
                        todo.append((after, node))
            self._ends[key] = frozenset(ends)
        return self._ends[key]

    def _end(self, node: str, source: str) -> Place | None:
        if source and is_join(self._diagram, node):
            return node, source
        splits = self._diagram.elements[node].tag in _SPLITS and len(self._diagram.outgoing[node]) > 1
        return node if splits else None

    def _onwards(self, node: str) -> list[str]:
        inner = [e.id for e in self._diagram.inside(node) if e.tag == "startEvent"]
        boundaries = [event.id for event in self._diagram.boundaries[node]]
        return [*(flow.target for flow in self._diagram.outgoing[node]), *boundaries, *inner]
