"""Every state of a version, where its proof spared some: explored when first asked for, never while others wait to write."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from app.engine import Definition, explore_whole
from app.kernel.db import writing
from app.kernel.errors import ConflictError
from app.processes.kept import Whole, kept

T = TypeVar("T")
WHOLE_SECONDS = 10.0
MAX_KEPT = 32
"""Versions remembered, each some megabytes at most; more than one transaction ever asks for."""


class NotSeenWholeError(ConflictError):
    """A writing transaction asks for what takes seconds to find out: `look_first` sees to it."""

    def __init__(self, definition: Definition) -> None:
        super().__init__("edit_conflict")
        self.definition = definition


def see_whole(definition: Definition) -> Whole:
    """What can be reached, from memory after the first time.

    Within a writing transaction only from memory: NotSeenWholeError where that is lacking.
    """
    memory = kept().whole
    found = memory.get(definition.checksum)
    if found is None:
        if writing.get():
            raise NotSeenWholeError(definition)
        proof = explore_whole(definition, seconds=WHOLE_SECONDS)
        if len(memory) >= MAX_KEPT:
            memory.clear()
        found = memory[definition.checksum] = Whole(frozenset(proof.states), proof.bounded)
    return found


def look_first(act: Callable[[], T]) -> T:
    """Runs `act`, which opens a transaction: where that needs to see a version whole, it is seen, and `act` runs again."""
    while True:
        try:
            return act()
        except NotSeenWholeError as first:
            see_whole(first.definition)


def is_reduced(summary: Mapping[str, Any]) -> bool:
    """Whether the kept proof of a version spared states; of one from before this was noted, it may have."""
    return bool(summary.get("reduced", True)) and not summary.get("bounded")
