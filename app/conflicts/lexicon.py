"""What is known about names: places, words, aliases, groups, relations; data files, read once."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.conflicts.vocabulary import Verdict

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The tables behind the matching of names; every name in them is written as `spelling.fold` leaves it."""

    places: Mapping[str, str]
    """Place without its suffix -> province code."""
    words: Mapping[str, tuple[str, ...]]
    """Kind of word -> words, longest first."""
    aliases: Mapping[str, str]
    """Alias -> entity."""
    groups: tuple[tuple[str, str], ...]
    """(head of a name, group), longest head first."""
    relations: Mapping[frozenset[str], Verdict]


@cache
def read_characters() -> Mapping[int, str]:
    """Traditional characters and printed radicals -> the simplified character, as a table for str.translate."""
    return {ord(row["written"]): row["folded"] for row in _rows("characters.csv")}


def read_rows(name: str) -> Iterator[Mapping[str, str]]:
    """The rows of a data file of this room."""
    yield from _rows(name)


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
