"""A canonical state of one version carried over to another by node ids: pure, before anything is written.

What stands at a node that both versions have, and that waits for the same kind of thing, stays. What stands at a node
that is gone, or that waits for something else now, needs a choice. Whether the state that results can come about in
the new version at all is asked of its exploration afterwards (`confirm`).
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import orjson

from app.engine.definition import Definition
from app.engine.versions.joining import Joining
from app.engine.versions.marks import Marks, mark, read_marks
from app.engine.window import NodeKind

ObstacleCode = Literal[
    "node_removed",  # the node is gone: needs a choice
    "kind_changed",  # the node waits for something else now: needs a choice
    "target_unknown",  # the node chosen is none at which a token can wait
    "target_acts",  # the node chosen acts by itself: a token is set down only where somebody or something is waited for
    "active_twice",  # two tokens would stand at one node
    "join_changed",  # the branch that has arrived at a join cannot be told among its inputs
    "nothing_left",  # every token was given up
    "not_reachable",  # the new version never comes into this state
    "not_proven",  # the new version has too many states to see them all, and this one was not among those seen
    "starting",  # said by the tables: the instance was set down by a set move and has not taken its first step yet
    "call_closed",  # said by the tables: the call that was open then has been closed by the move
]
CHOOSABLE = frozenset({"node_removed", "kind_changed", "target_unknown", "target_acts"})
Verdict = Literal["move", "choice", "stay"]
GIVEN_UP = ""
"""As a target: the token is taken away, e.g. from a branch that no longer exists."""
_CARRIED_ELSEWHERE = frozenset({NodeKind.USER, NodeKind.TIMER, NodeKind.CALL, NodeKind.SET_CALL})
"""What goes on at a chosen node of another id with all its rows; other kinds begin anew there."""

_WAITING = frozenset({NodeKind.USER, NodeKind.TIMER, NodeKind.MESSAGE})


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way of a move, and at which node of the old version."""

    code: ObstacleCode
    node: str = ""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A state carried over. `carried`: waiting node before -> after, whose item, timer or call goes on.

    `closed` and `opened`: waiting nodes whose rows end and begin. `state` is None while an obstacle forbids to say.
    """

    state: str | None
    carried: Mapping[str, str] = field(default_factory=dict)
    closed: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Whether an instance in this state moves, waits for somebody's choice, or stays with its version."""
        if not self.obstacles:
            return "move"
        return "choice" if any(obstacle.code in CHOOSABLE for obstacle in self.obstacles) else "stay"


def map_state(old: Definition, new: Definition, state: str, targets: Mapping[str, str] | None = None) -> Mapped:
    """The state in the new version; `targets`: node of the old version -> node of the new, GIVEN_UP for none."""
    return _Move(old, new, read_marks(orjson.loads(state)), targets or {}).result()


def confirm(mapped: Mapped, reachable: Container[str], *, bounded: bool = False) -> Mapped:
    """Lets only states pass that the new version's exploration has seen; `bounded`: it was cut off."""
    if mapped.state is None or mapped.state in reachable:
        return mapped
    obstacle = Obstacle("not_proven" if bounded else "not_reachable")
    return replace(mapped, obstacles=(*mapped.obstacles, obstacle))


def waiting_nodes(definition: Definition, state: str) -> tuple[str, ...]:
    """The nodes at which a token waits in a state, as `enabled` says, read off the marking."""
    return tuple(sorted(waiting_in(definition, read_marks(orjson.loads(state)))))


def places(definition: Definition) -> frozenset[str]:
    """Where a token can stand by itself: neither an event on an activity's border nor one behind an event gateway."""
    gateways = {id_ for id_, element in definition.diagram.elements.items() if element.tag == "eventBasedGateway"}
    behind = {flow.target for flow in definition.diagram.flows if flow.source in gateways}
    return frozenset({id_ for id_, node in definition.nodes.items() if not node.attached_to} - behind | gateways)


class _Move:
    """One state on its way."""

    def __init__(self, old: Definition, new: Definition, marks: Marks, targets: Mapping[str, str]) -> None:
        self.old, self.new, self.marks, self.targets = old, new, marks, targets
        self.obstacles: list[Obstacle] = []
        self.carried: dict[str, str] = {}
        self.moved = Marks()
        self._places = places(new)

    def result(self) -> Mapped:
        """Places first, then the events around them, then what has arrived at joins."""
        for place in self.marks.places:
            self._place(place)
        self._borders()
        for name, inputs in self.marks.joins.items():
            self._arrive(name, inputs)
        if not self.moved.places and not self.obstacles:
            self.obstacles.append(Obstacle("nothing_left"))
        if self.obstacles:
            return Mapped(None, obstacles=tuple(self.obstacles))
        before, after = waiting_in(self.old, self.marks), waiting_in(self.new, self.moved)
        return Mapped(
            state=mark(self.new.diagram, self.moved),
            carried=self.carried,
            closed=tuple(sorted(before - self.carried.keys())),
            opened=tuple(sorted(after - set(self.carried.values()))),
        )

    def _place(self, place: str) -> None:
        target = self.targets.get(place, place)
        if target == GIVEN_UP:
            return
        if target not in self._places:
            self.obstacles.append(Obstacle("target_unknown" if place in self.targets else "node_removed", place))
        elif target in self.moved.places:
            self.obstacles.append(Obstacle("active_twice", place))
        elif place not in self.targets and not self._same_kind(place, target):
            self.obstacles.append(Obstacle("kind_changed", place))
        elif not self._may_stand(place, target):
            self.obstacles.append(Obstacle("target_acts", place))
        else:
            self.moved.places.append(target)
            self._carry_place(place, target)

    def _may_stand(self, place: str, target: str) -> bool:
        """Whether the token goes on as it is, or the place is one that waits for the world."""
        goes_on = self._same_kind(place, target) and (place == target or self._kind(place) in _CARRIED_ELSEWHERE)
        return goes_on or target not in self.new.nodes or self.new.nodes[target].kind in _WAITING

    def _kind(self, place: str) -> NodeKind | None:
        node = self.old.nodes.get(place)
        return node.kind if node else None

    def _carry_place(self, place: str, target: str) -> None:
        if not self._same_kind(place, target):
            return
        if place not in self.old.nodes:  # an event gateway: what stands behind it waits
            for event in _behind(self.old, place) & _behind(self.new, target):
                if self._same_kind(event, event):
                    self.carried[event] = event
        elif place == target or self._kind(place) in _CARRIED_ELSEWHERE:
            self.carried[place] = target

    def _same_kind(self, before: str, after: str) -> bool:
        if before in self.old.nodes and after in self.new.nodes:
            return self.old.nodes[before].kind is self.new.nodes[after].kind
        return before not in self.old.nodes and after not in self.new.nodes

    def _borders(self) -> None:
        """Events on the border of what a token stands in: new ones are armed, those that have fired stay quiet."""
        came_from = {self.targets.get(id_, id_): id_ for id_ in (*self.marks.places, *self.marks.subs)}
        inside = {scope for place in self.moved.places for scope in scopes_around(self.new, place)}
        self.moved.subs = sorted(inside)
        for holder in (*self.moved.places, *self.moved.subs):
            events = self.new.diagram.boundaries.get(holder, ())
            if events:
                before = came_from.get(holder)
                goes_on = before in self.marks.subs or before in self.carried
                self.moved.armed[holder] = [
                    event.id for event in events if self._is_armed(event.id, before if goes_on else None)
                ]

    def _is_armed(self, event: str, holder: str | None) -> bool:
        """Whether the event waits now; `holder`: the activity of the old version that goes on, if any does."""
        known = self.old.diagram.elements.get(event)
        if holder is None or known is None or known.attached_to != holder:
            return True
        if known.event != self.new.diagram.elements[event].event:
            return True
        if event not in self.marks.armed.get(holder, ()):
            return False
        if event in self.old.nodes:
            self.carried[event] = event
        return True

    def _arrive(self, name: str, inputs: list[str]) -> None:
        target = self.targets.get(name, name)
        gateway = self.new.diagram.elements.get(target)
        if gateway is None or gateway.tag != self.old.diagram.elements[name].tag:
            return  # the branches no longer meet: what has arrived is over, the exploration says whether that can be
        found = Joining(self.old, self.new, name, target).inputs(inputs)
        if found is None:
            self.obstacles.append(Obstacle("join_changed", name))
        else:
            self.moved.joins[target] = found


def _behind(definition: Definition, gateway: str) -> set[str]:
    return {flow.target for flow in definition.diagram.outgoing.get(gateway, ())}


def waiting_in(definition: Definition, marks: Marks) -> set[str]:
    """The nodes that wait in a marking."""
    found = {event for armed in marks.armed.values() for event in armed if event in definition.nodes}
    for place in marks.places:
        found |= {place} if place in definition.nodes else _behind(definition, place)
    return found


def scopes_around(definition: Definition, node: str) -> list[str]:
    """The embedded sub-processes around a node."""
    found, scope = [], definition.diagram.elements[node].scope
    while scope in definition.diagram.elements:
        found.append(scope)
        scope = definition.diagram.elements[scope].scope
    return found
