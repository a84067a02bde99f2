"""A canonical state laid flat: what it says of each node, without the nesting, and put together again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.engine.source import Diagram


@dataclass(slots=True)
class Marks:
    """`places` hold a token by themselves, `subs` are open sub-processes; both may have `armed` events on their border.

    `joins`: which inputs have arrived at a join.
    """

    places: list[str] = field(default_factory=list)
    subs: list[str] = field(default_factory=list)
    armed: dict[str, list[str]] = field(default_factory=dict)
    joins: dict[str, list[str]] = field(default_factory=dict)


def read_marks(marking: Mapping[str, Any]) -> Marks:
    """The marks of a marking (marking.py says how it is written), those of inner sub-processes included."""
    inner: Mapping[str, Any] = marking.get("s", {})
    armed: Mapping[str, list[str]] = marking.get("b", {})
    marks = Marks(
        places=[*marking.get("t", ()), *(name for name in armed if name not in inner)],
        subs=list(inner),
        armed=dict(armed),
        joins=dict(marking.get("j", {})),
    )
    for part in inner.values():
        deeper = read_marks(part)
        marks.places += deeper.places
        marks.subs += deeper.subs
        marks.armed |= deeper.armed
        marks.joins |= deeper.joins
    return marks


def mark(diagram: Diagram, marks: Marks) -> str:
    """The canonical state of these marks in a diagram, byte for byte as a step would leave it."""
    levels: dict[str, dict[str, Any]] = {
        id_: {"t": [], "b": {}, "j": {}, "s": {}} for id_ in (diagram.key, *marks.subs)
    }
    for sub in marks.subs:
        levels[diagram.elements[sub].scope]["s"][sub] = levels[sub]
    for holder, armed in marks.armed.items():
        levels[diagram.elements[holder].scope]["b"][holder] = sorted(armed)
    for place in marks.places:
        if place not in marks.armed:
            levels[diagram.elements[place].scope]["t"].append(place)
    for join, inputs in marks.joins.items():
        level = levels.get(diagram.elements[join].scope)
        if level is not None:  # nothing is left in its sub-process: then nothing waits for what had arrived
            level["j"][join] = sorted(inputs)
    return orjson.dumps(_bare(levels[diagram.key]), option=orjson.OPT_SORT_KEYS).decode()


def _bare(level: dict[str, Any]) -> dict[str, Any]:
    """A level without its empty parts."""
    bare: dict[str, Any] = {key: part for key, part in level.items() if part}
    if "s" in bare:
        bare["s"] = {name: _bare(part) for name, part in bare["s"].items()}
    if "t" in bare:
        bare["t"] = sorted(bare["t"])
    return bare
