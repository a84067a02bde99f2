"""Which events of a state must be tried now, and which may wait since they disturb nobody: partial-order reduction.

The events chosen in a state are a persistent set (Godefroid, Partial-Order Methods for the Verification of Concurrent
Systems, LNCS 1032, 1996, chapter 4; the strong stubborn sets of Valmari, Stubborn Sets for Reduced State Space
Generation, LNCS 483, 1991): whatever the other tokens do before one of them happens commutes with it. Two events
disturb each other when both may mark one node or one input of a join, when one may end the other's token, or when a
join that looks around (inclusive, or the end of a sub-process) may see one of them. A parallel join does not disturb:
it waits for all its inputs, in whichever order they come. What a step faults at is named by its own place alone
(marking.dump says "active twice" before "deadlock"), so the orders left out could name nothing new.

What tokens may do is over-estimated from the drawing (spreading.py): a doubt costs states, never soundness.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from app.engine.lower import drawn_id
from app.engine.proving.spreading import Place, Reach, Spread, is_join, is_looking_join, scopes_of
from app.engine.proving.threads import Threads
from app.engine.source import Diagram


@dataclass(frozen=True)
class Group:
    """A token with everything that can happen to it: its own event, its boundary events, or a choice of events.

    The boundary events of an open sub-process are a group of their own, whose place is the sub-process. `around` are
    the open sub-processes that hold it.
    """

    place: str
    events: tuple[str, ...]
    around: frozenset[str]


class Independence:
    """The independence of one diagram's events."""

    def __init__(self, diagram: Diagram) -> None:
        self._diagram = diagram
        self._threads = Threads(diagram)
        self._effects: dict[str, Reach] = {}
        self._futures: dict[Group, Reach] = {}

    def choose(self, state: str, events: list[str]) -> list[str]:
        """Those of the state's events (by node) that must be tried in it; the others keep until afterwards."""
        place = _Reading(self._diagram, state, frozenset(events))
        best = events
        for group in place.groups:
            chosen = self._close(group, place)
            found = [event for event in events if any(event in one.events for one in chosen)]
            if len(found) < len(best):
                best = found
            if len(chosen) == 1:
                break
        return best

    def _close(self, first: Group, place: "_Reading") -> set[Group]:
        """The smallest set with this group that nothing outside it disturbs."""
        chosen = {first}
        while len(chosen) < len(place.groups):
            others = [group for group in place.groups if group not in chosen]
            more = self._disturbing(chosen, others, place)
            if not more:
                break
            chosen |= more
        return chosen

    def _disturbing(self, chosen: set[Group], others: list[Group], place: "_Reading") -> set[Group]:
        held = frozenset(scope for group in chosen for scope in group.around)
        own = self._own(chosen)
        moved = Spread(self._diagram, stops=False, arrived=place.arrived, held=held).run(_events(others))
        standing = {group.place for group in chosen} | held
        outside = moved.places | {group.place for group in others if not self._is_hosted(group)}
        outside |= {scope for group in others for scope in group.around - held}
        spots = (own.places | standing) & outside
        spots |= {via for scope, via in moved.kills if self._any_inside(own.places | standing, scope)}
        for scope, _ in own.kills:
            spots |= {spot for spot in outside if self._any_inside((spot,), scope)}
        spots |= self._doubled(own, moved, others, held, place)
        spots |= self._looking(chosen, own, moved, place)
        found = {group for group in others if self._concerns(group, spots, own)}
        return found or (set(others) if spots else set())

    def _own(self, chosen: set[Group]) -> Reach:
        """What the chosen events themselves may do, and what follows from them within their step."""
        own = Reach()
        for event in _events(chosen):
            effect = self._effect(event)
            own.places |= effect.places
            own.kills |= effect.kills
            own.ended |= effect.ended
            own.passed |= effect.passed
        return own

    def _effect(self, event: str) -> Reach:
        if event not in self._effects:
            self._effects[event] = Spread(self._diagram, stops=True).run((event,))
        return self._effects[event]

    def _future(self, group: Group) -> Reach:
        if group not in self._futures:
            self._futures[group] = Spread(self._diagram, stops=False).run(group.events)
        return self._futures[group]

    def _is_hosted(self, group: Group) -> bool:
        return self._diagram.elements[group.place].tag == "subProcess"

    def _concerns(self, group: Group, spots: set[Place], own: Reach) -> bool:
        """Whether the group stands at one of the spots or may come there, or would be disarmed by a sub-process's end."""
        if self._is_hosted(group) and group.place in own.ended:
            return True
        future = self._future(group)
        near = {group.place, *group.around}
        passed = future.passed
        return any(
            spot in near or spot in future.places or (spot if isinstance(spot, str) else spot[0]) in passed
            for spot in spots
        )

    def _any_inside(self, places: Iterable[Place], scope: str) -> bool:
        if scope == self._diagram.key:
            return True
        nodes = (place if isinstance(place, str) else place[0] for place in places)
        return any(scope in scopes_of(self._diagram, node) for node in nodes)

    def _doubled(
        self, own: Reach, moved: Reach, others: list[Group], held: frozenset[str], place: "_Reading"
    ) -> set[Place]:
        """Where a join that fires earlier or later would hide that one of its inputs is reached twice."""
        joins = {node for node in own.passed if is_join(self._diagram, node)}
        inputs = {(join, flow.source) for join in joins for flow in self._diagram.incoming[join]} - own.places
        tokens = [group.place for group in others if not self._is_hosted(group)]
        opened = {scope for group in others for scope in group.around - held}
        emptied: set[Place] = {input_ for input_ in own.places & place.arrived if input_[0] in moved.passed}
        return emptied | {
            input_
            for input_ in inputs & moved.places
            if self._threads.may_double(input_, tokens=tokens, opened=opened, moved=moved, arrived=place.arrived)
        }

    def _looking(self, chosen: set[Group], own: Reach, moved: Reach, place: "_Reading") -> set[Place]:
        """The inclusive joins that may fire or not because of the chosen tokens."""
        seen = own.passed.union(*(self._future(group).passed for group in chosen))
        joins = {node for node in (own.passed | moved.passed) if is_looking_join(self._diagram, node)} | place.looking
        return {node for node in joins if node in seen}


class _Reading:
    """A state read as groups of tokens, of which only those that can move now count."""

    def __init__(self, diagram: Diagram, state: str, events: frozenset[str]) -> None:
        self._diagram = diagram
        self._events = events
        self.arrived: frozenset[Place] = frozenset()
        self.looking: frozenset[str] = frozenset()
        self.groups = tuple(self._read(orjson.loads(state), frozenset()))

    def _read(self, marking: dict[str, Any], around: frozenset[str]) -> Iterator[Group]:
        inner = marking.get("s", {})
        for join, sources in marking.get("j", {}).items():
            if is_join(self._diagram, join):
                self.arrived |= {(join, drawn_id(source)) for source in sources}
            else:
                self.looking |= {join}
        for node in marking.get("t", ()):
            gateway = self._diagram.elements[node].tag == "eventBasedGateway"
            yield from self._group(
                node, (flow.target for flow in self._diagram.outgoing[node]) if gateway else (node,), around
            )
        for node, armed in marking.get("b", {}).items():
            yield from self._group(node, armed if node in inner else (node, *armed), around)
        for node, sub in inner.items():
            yield from self._read(sub, around | {node})

    def _group(self, place: str, events: Iterable[str], around: frozenset[str]) -> Iterator[Group]:
        able = tuple(event for event in events if event in self._events)
        if able:
            yield Group(place, able, around)


def _events(groups: Iterable[Group]) -> Iterator[str]:
    return (event for group in groups for event in group.events)
