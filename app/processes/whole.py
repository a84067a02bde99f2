"""Every state of a version, where its proof spared some: explored when first asked for, never while others wait to write."""

from collections.abc import Mapping
from typing import Any

from app.engine import Definition, explore_whole
from app.kernel.db import writing
from app.kernel.errors import ConflictError
from app.processes.kept import Whole, kept

WHOLE_SECONDS = 10.0
MAX_KEPT = 8
"""Versions remembered; each may take some megabytes."""


class NotSeenWholeError(ConflictError):
    """A writing transaction asks for what takes seconds to find out: `see_whole` first, then try again."""

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


def is_reduced(summary: Mapping[str, Any]) -> bool:
    """Whether the kept proof of a version spared states; of one from before this was noted, it may have."""
    return bool(summary.get("reduced", True)) and not summary.get("bounded")
