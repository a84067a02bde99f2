"""Which input of a join in the new version is the branch that has arrived in the old one."""

from collections.abc import Callable, Container, Sequence

from app.engine.definition import Definition
from app.engine.graph import predecessors


class Joining:
    """A join of both versions. An input is known by its id, else by the nodes of both versions that lead to it."""

    def __init__(self, old: Definition, new: Definition, before: str, after: str) -> None:
        self._old, self._new = old.diagram, new.diagram
        self._inputs = [flow.source for flow in new.diagram.incoming[after]]
        self._before = {flow.source for flow in old.diagram.incoming[before]}

    def inputs(self, arrived: Sequence[str]) -> list[str] | None:
        """The inputs of the new join that stand for these of the old one; None when a branch cannot be told."""
        found = [name for name in arrived if name in self._inputs]
        fresh = [name for name in self._inputs if name not in self._before]
        for name in arrived:
            if name not in self._inputs:
                fitting = [other for other in fresh if self._is_same_branch(name, other) and other not in found]
                if len(fitting) != 1:
                    return None
                found += fitting
        return found

    def _is_same_branch(self, before: str, after: str) -> bool:
        """Whether the nearest nodes that both versions have, looking back, are the same."""
        old = _nearest(before, lambda node: predecessors(self._old, node), self._new.elements)
        new = _nearest(after, lambda node: predecessors(self._new, node), self._old.elements)
        return not old.isdisjoint(new)


def _nearest(node: str, back: Callable[[str], list[str]], known: Container[str]) -> set[str]:
    """The node itself, or the nearest before it, of those that the other version knows."""
    found, seen, todo = set[str](), {node}, [node]
    while todo:
        here = todo.pop()
        if here in known:
            found.add(here)
            continue
        for before in back(here):
            if before not in seen:
                seen.add(before)
                todo.append(before)
    return found
