"""Proposing panels: items of like domains together, 15 to 25 each (flows.md 10)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Grouped:
    """A proposed panel: its industries and its items."""

    domains: tuple[str, ...]
    items: tuple[int, ...]


def group_items(domain_of: Mapping[int, str], *, most: int) -> list[Grouped]:
    """As few panels as hold all items with at most `most` each, evenly filled, neighbours by domain.

    `domain_of`: candidacy -> level-2 domain code. Items are laid out in order of their domains and cut into
    even pieces, so that an industry is split only where a panel is full.
    """
    if not domain_of:
        return []
    ordered = sorted(domain_of, key=lambda item: (_sort_key(domain_of[item]), item))
    pieces = ceil(len(ordered) / most)
    base, rest = divmod(len(ordered), pieces)
    groups: list[Grouped] = []
    start = 0
    for piece in range(pieces):
        members = ordered[start : start + base + (piece < rest)]
        start += len(members)
        groups.append(Grouped(_industries(members, domain_of), tuple(members)))
    return groups


def _sort_key(code: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in code.split("."))


def _industries(members: Sequence[int], domain_of: Mapping[int, str]) -> tuple[str, ...]:
    """Level-1 codes, the most frequent first."""
    counts: dict[str, int] = defaultdict(int)
    for item in members:
        counts[domain_of[item].partition(".")[0]] += 1
    return tuple(sorted(counts, key=lambda code: (-counts[code], code)))
