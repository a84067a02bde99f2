"""Questions to the graph of explored states: which can come to an end, and what was put off for ever."""

from collections.abc import Iterable, Mapping


def ignored(
    edges: Mapping[str, set[str | None]], tried: Mapping[str, list[str]], put_off: Mapping[str, list[str]]
) -> set[str]:
    """States at which an event was put off that no state after them ever tries; one for each such node.

    Going round in circles must not hide what else can happen (Valmari's condition against ignoring).
    """
    back = _backwards(edges)
    found: dict[str, str] = {}
    for node in {node for nodes in put_off.values() for node in nodes}:
        trying = _before({state for state, nodes in tried.items() if node in nodes}, back)
        late = next((state for state, nodes in put_off.items() if node in nodes and state not in trying), None)
        if late is not None:
            found[node] = late
    return set(found.values())


def finishing(edges: Mapping[str, set[str | None]]) -> set[str | None]:
    """The states from which the end can be reached, the end being None."""
    return _before({None}, _backwards(edges))


def _backwards(edges: Mapping[str, set[str | None]]) -> Mapping[str | None, list[str]]:
    back: dict[str | None, list[str]] = {}
    for before, afters in edges.items():
        for after in afters:
            back.setdefault(after, []).append(before)
    return back


def _before(states: Iterable[str | None], back: Mapping[str | None, list[str]]) -> set[str | None]:
    """These states and all from which one of them can be reached."""
    found = set(states)
    todo = list(found)
    while todo:
        for before in back.get(todo.pop(), ()):
            if before not in found:
                found.add(before)
                todo.append(before)
    return found
