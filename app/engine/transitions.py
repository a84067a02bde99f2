"""What steps were seen to do: a trie over the variables they looked at, for each definition, state and event.

A step depends on nothing but the definition, the state, the event and the variables it reads, and it reads them in an
order that the values read so far decide. So one path of values leads to one effect. Definitions are told apart by the
checksum of their diagram: another version never meets these entries.
"""

import copy
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

import orjson

from app.engine.definition import Definition
from app.engine.step import merge_values, start, step
from app.engine.window import Event, Step, Value, Variables

MAX_EFFECTS = 20_000
"""How many effects are kept in all; the places met first go first."""
MAX_EFFECTS_OF_A_PLACE = 256
"""Beyond these a place is begun anew: what reads a counter or an amount hardly ever repeats."""
MAX_READS = 64
MAX_VALUE_SIZE = 200
"""Characters, in JSON, of the largest value that is compared; a step that looks at a larger one is not kept."""

_Place: TypeAlias = tuple[str | bool | None, ...]
_Compared: TypeAlias = tuple[object, ...]
_ABSENT: Final = ("absent",)
"""Stands for the value of a variable that is not set."""


@dataclass(frozen=True, slots=True)
class _Effect:
    """A step whose `variables` are only those that scripts wrote; `mutable`: there are lists or dicts among them."""

    step: Step
    mutable: bool


@dataclass(slots=True)
class _Choice:
    """The next variable that the step looks at, and where each of its values leads."""

    name: str
    after: "dict[_Compared | None, _Choice | _Effect]" = field(default_factory=dict)


class Transitions:
    """A bounded memory of steps, which threads may share. `start` and `step` answer as the engine's do, but sooner."""

    def __init__(self, *, max_effects: int = MAX_EFFECTS) -> None:
        self._max_effects = max_effects
        self._tries: dict[_Place, _Choice | _Effect] = {}
        self._sizes: dict[_Place, int] = {}
        self._total = 0
        self._adding = threading.Lock()

    def __len__(self) -> int:
        """How many effects are kept."""
        return self._total

    def start(self, definition: Definition, variables: Variables) -> Step:
        """As app.engine.start."""
        found = self.look_up(definition, None, None, variables)
        if found is None:
            found = start(definition, variables)
            self.add(definition, None, None, variables, found)
        return found

    def step(self, definition: Definition, state: str, event: Event, variables: Variables) -> Step:
        """As app.engine.step."""
        found = self.look_up(definition, state, event, variables)
        if found is None:
            found = step(definition, state, event, variables)
            self.add(definition, state, event, variables, found)
        return found

    def look_up(
        self, definition: Definition, state: str | None, event: Event | None, variables: Variables
    ) -> Step | None:
        """What the step does, None when it was not seen yet. Without state and event: the first step of an instance."""
        here = self._tries.get(_place(definition, state, event))
        if here is None:
            return None
        values, outcome = merge_values(event, variables)
        while isinstance(here, _Choice):
            here = here.after.get(_compared(outcome if here.name == "outcome" else values.get(here.name, _ABSENT)))
        return None if here is None else _replay(here, values)

    def add(
        self, definition: Definition, state: str | None, event: Event | None, variables: Variables, seen: Step
    ) -> None:
        """Keeps what the engine's step did with these variables, where what it looked at can be compared."""
        values, outcome = merge_values(event, variables)
        path = [(name, _compared(outcome if name == "outcome" else values.get(name, _ABSENT))) for name in seen.reads]
        if len(path) > MAX_READS or any(value is None for _, value in path):
            return
        written = copy.deepcopy({name: seen.variables[name] for name in seen.written})
        mutable = any(isinstance(value, list | dict) for value in written.values())
        with self._adding:
            self._keep(_place(definition, state, event), path, _Effect(replace(seen, variables=written), mutable))

    def _keep(self, place: _Place, path: Sequence[tuple[str, _Compared | None]], effect: _Effect) -> None:
        if self._sizes.get(place, 0) >= MAX_EFFECTS_OF_A_PLACE:
            self._drop(place)
        while self._total >= self._max_effects:
            self._drop(next(iter(self._sizes)))
        self._tries[place] = _graft(self._tries.get(place), path, effect)
        self._sizes[place] = self._sizes.get(place, 0) + 1
        self._total += 1

    def _drop(self, place: _Place) -> None:
        self._total -= self._sizes.pop(place)
        del self._tries[place]


def _graft(
    here: _Choice | _Effect | None, path: Sequence[tuple[str, _Compared | None]], effect: _Effect
) -> _Choice | _Effect:
    """The trie with one more path. What is new is complete before it is hung in: others look things up meanwhile."""
    if not path:
        return effect
    name, value = path[0]
    if not isinstance(here, _Choice) or here.name != name:
        here = _Choice(name)
    here.after[value] = _graft(here.after.get(value), path[1:], effect)
    return here


def _place(definition: Definition, state: str | None, event: Event | None) -> _Place:
    if event is None:
        return (definition.checksum,)
    return (definition.checksum, state, event.type, event.node, event.again, event.error_code)


def _replay(effect: _Effect, values: dict[str, Value]) -> Step:
    """The step as the engine would have answered it; whoever changes its variables later does not change ours."""
    seen = effect.step
    values.update(copy.deepcopy(seen.variables) if effect.mutable else seen.variables)
    return Step(seen.state, values, seen.opened, seen.closed, seen.ends, seen.reads, seen.written)


def _compared(value: Value) -> _Compared | None:
    """What tells the value from every other, 1 from True and 0.0 from -0.0, too; None for one that is too large."""
    kind = value.__class__
    if kind is str:
        return (str, value) if len(value) <= MAX_VALUE_SIZE else None
    if kind is float:
        return (float, repr(value))
    if kind is list or kind is dict:
        return _compared_parts(value)
    return _ABSENT if value is _ABSENT else (kind, value)


def _compared_parts(value: Value) -> _Compared | None:
    try:
        text = orjson.dumps(value)
    except TypeError:  # a number that JSON's 64 bits do not hold
        return None
    return (value.__class__, text) if len(text) <= MAX_VALUE_SIZE else None
