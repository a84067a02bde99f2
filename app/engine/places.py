"""Where an instance can be set down instead: other proven states, told by the places that change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

MOST_EXCHANGED = 3
"""Places that one move may leave or enter."""


@dataclass(frozen=True, slots=True)
class Places:
    """A marking, flat: where tokens stand (boundary events belong to their activity), what is armed, what arrived."""

    nodes: frozenset[str]
    armed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    arrived: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    """A proven state that differs from the present one by the places left and entered."""

    leaves: frozenset[str]
    enters: frozenset[str]
    state: str


def read_places(state: str) -> Places:
    """The places of a canonical state; an open sub-process is told by what stands in it."""
    nodes: set[str] = set()
    armed: dict[str, frozenset[str]] = {}
    arrived: dict[str, frozenset[str]] = {}
    _collect(orjson.loads(state), nodes, armed, arrived)
    return Places(frozenset(nodes), armed, arrived)


def _collect(
    marking: Mapping[str, Any], nodes: set[str], armed: dict[str, frozenset[str]], arrived: dict[str, frozenset[str]]
) -> None:
    inner = marking.get("s", {})
    nodes.update(marking.get("t", ()))
    for name, events in marking.get("b", {}).items():
        armed[name] = frozenset(events)
        if name not in inner:
            nodes.add(name)
    arrived.update({name: frozenset(inputs) for name, inputs in marking.get("j", {}).items()})
    for part in inner.values():
        _collect(part, nodes, armed, arrived)


def possible_moves(state: str, proven: Iterable[str]) -> tuple[Move, ...]:
    """Every exchange of places that leads to a proven state, few changes first; one state per exchange.

    A state in which more inputs have arrived at a join than now is no move: what nobody did would count as done.
    Of several states with the same places the one is taken that changes least for the tokens that stay: the same
    inputs arrived at joins, the same boundary events armed; what is entered has all its boundary events armed.
    """
    now = read_places(state)
    found: dict[tuple[frozenset[str], frozenset[str]], tuple[tuple[Any, ...], str]] = {}
    for body in proven:
        then = read_places(body)
        leaves, enters = now.nodes - then.nodes, then.nodes - now.nodes
        if not 0 < len(enters) <= MOST_EXCHANGED or not 0 < len(leaves) <= MOST_EXCHANGED:
            continue
        if any(not inputs <= now.arrived.get(join, frozenset()) for join, inputs in then.arrived.items()):
            continue
        rank = (*_cost(now, then, enters), body)
        best = found.get((leaves, enters))
        if best is None or rank < best[0]:
            found[leaves, enters] = (rank, body)
    moves = [Move(leaves, enters, body) for (leaves, enters), (_, body) in found.items()]
    return tuple(sorted(moves, key=lambda one: (len(one.leaves) + len(one.enters), sorted(one.enters))))


def _cost(now: Places, then: Places, enters: frozenset[str]) -> tuple[int, int, int]:
    joins = sum(now.arrived.get(name) != then.arrived.get(name) for name in {*now.arrived, *then.arrived})
    staying = sum(
        len(now.armed.get(name, frozenset()) ^ events) for name, events in then.armed.items() if name not in enters
    )
    return joins, staying, -sum(len(then.armed.get(name, ())) for name in enters)
