"""All organisations at once: who is the same, who belongs together, whose names are close. Pure; built from rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.conflicts.names import MOST_NAMES, parse_name
from app.conflicts.rules import Match, entity_of, group_of, match_names
from app.conflicts.vocabulary import Verdict


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """What relations are read from."""

    id: int
    name: str
    parent_id: int | None = None
    group_code: str | None = None


class OrganisationIndex:
    """Answers "who is related to these" without comparing every pair.

    Parent and child (both ways, transitively), one group code and one normalised name make one family.
    """

    def __init__(self, organisations: Iterable[OrganisationRow]) -> None:
        self._rows = {row.id: row for row in organisations}
        self._root = {key: key for key in self._rows}
        self._blocks: Mapping[str, set[int]] = defaultdict(set)
        self._matches: dict[str, Mapping[int, Match]] = {}
        seats: dict[str, int] = {}
        for row in self._rows.values():
            for key in self._family_keys(row):
                self._join(row.id, seats.setdefault(key, row.id))
            if row.parent_id in self._rows:
                self._join(row.id, row.parent_id)
            for key in _block_keys(row.name):
                self._blocks[key].add(row.id)
        self._families: Mapping[int, set[int]] = defaultdict(set)
        for member in self._rows:
            self._families[self._find(member)].add(member)

    @staticmethod
    def _family_keys(row: OrganisationRow) -> Iterable[str]:
        yield f"name:{entity_of(parse_name(row.name))}"
        if row.group_code:
            yield f"group:{row.group_code}"

    def _find(self, key: int) -> int:
        while self._root[key] != key:
            self._root[key] = self._root[self._root[key]]
            key = self._root[key]
        return key

    def _join(self, a: int, b: int) -> None:
        first, second = sorted((self._find(a), self._find(b)))
        self._root[second] = first

    def name_of(self, organisation_id: int) -> str:
        """The name, or "" for an organisation that the index does not hold."""
        row = self._rows.get(organisation_id)
        return row.name if row else ""

    def families(self, organisation_ids: Iterable[int]) -> frozenset[int]:
        """The organisations of the families of `organisation_ids`, these included."""
        known = {key for key in organisation_ids if key in self._rows}
        return frozenset(member for key in known for member in self._families[self._find(key)]) | known

    def matches(self, name: str) -> Mapping[int, Match]:
        """Organisations whose names are the same as `name` or related to it (a person has not cleared them)."""
        known = self._matches.get(name)
        if known is None:
            near = {found for key in _block_keys(name) for found in self._blocks.get(key, ())}
            verdicts = {found: match_names(name, self._rows[found].name) for found in sorted(near)}
            known = {found: match for found, match in verdicts.items() if match.verdict != Verdict.DIFFERENT}
            self._matches[name] = known
        return known


@lru_cache(maxsize=MOST_NAMES)
def _block_keys(name: str) -> frozenset[str]:
    """Names that may be the same or related share one of these: beginnings of whole and core, entity, group."""
    parsed = parse_name(name)
    entity = entity_of(parsed)
    texts = parsed.text[:2], parsed.core[:2], entity[:2], parse_name(entity).core[:2]
    group = group_of(parsed)
    return frozenset(text for text in (*texts, f"group:{group}" if group else "") if text)
