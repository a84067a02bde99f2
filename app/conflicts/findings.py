"""Conflicts between a person and a thing to be judged: pure, from facts that the rooms above bring (c.3, E8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.conflicts.index import OrganisationIndex
from app.conflicts.vocabulary import FINDINGS, ConflictKind, Verdict


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie of the past: to which organisation, of which kind, until when (None: it lasts)."""

    organisation_id: int
    kind: ConflictKind
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """Who would audit, rate, score or vote: a person, or an organisation when `user_id` is None."""

    user_id: int | None
    organisation_ids: frozenset[int]
    ties: tuple[Tie, ...] = ()
    recused_from: frozenset[int] = frozenset()
    """Organisations on the person's own recusal list."""


@dataclass(frozen=True, slots=True)
class JudgedItem:
    """What would be judged: its parties by organisation and by printed name, the people who made it."""

    type: str
    id: int
    organisation_ids: frozenset[int]
    party_names: frozenset[str] = frozenset()
    people: frozenset[int] = frozenset()
    named_by_filer: frozenset[int] = frozenset()
    """Users whom the filer named as unsuitable (at most three, E8)."""
    competing_organisation_ids: frozenset[int] = frozenset()
    """Organisations whose own results stand in the same comparison."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A conflict and its reason. `certain` is False where only a name is related: it bars until a person decides."""

    kind: ConflictKind
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    certain: bool = True

    def sentence(self, locale: str) -> str:
        """The reason in the reader's language."""
        zh, en = FINDINGS[self.code]
        return (en if locale == "en" else zh).format_map(dict(self.params))


def find_item_conflicts(
    *, judge: Judge, item: JudgedItem, index: OrganisationIndex, on: date, years: int = 3
) -> tuple[Conflict, ...]:
    """Every conflict between `judge` and `item` on a day; `years` is how far ties look back (recusal.years).

    The order is that of weight: the first conflict is the one to show.
    """
    return (
        *_of_person(judge, item),
        *_of_organisation(judge, item, index),
        *_of_ties(judge, item, index, on, years),
        *_of_competition(judge, item, index),
    )


def _of_person(judge: Judge, item: JudgedItem) -> Iterable[Conflict]:
    if judge.user_id is not None and judge.user_id in item.people:
        yield Conflict(ConflictKind.PARTICIPANT, "participant")
    if judge.user_id is not None and judge.user_id in item.named_by_filer:
        yield Conflict(ConflictKind.OTHER, "named_by_filer")


def _of_organisation(judge: Judge, item: JudgedItem, index: OrganisationIndex) -> Iterable[Conflict]:
    for own in sorted(judge.organisation_ids):
        params = {"judge": index.name_of(own)}
        if own in item.organisation_ids:
            yield Conflict(ConflictKind.SAME_ENTITY, "same_organisation", {**params, "party": index.name_of(own)})
            continue
        family = index.families([own])
        kin = sorted(item.organisation_ids & family)
        if kin:
            yield Conflict(ConflictKind.SHAREHOLDER_3Y, "same_group", {**params, "party": index.name_of(kin[0])})
            continue
        names = item.party_names | {index.name_of(party) for party in item.organisation_ids}
        yield from _of_names(own, sorted(name for name in names if name), index, params)


def _of_names(
    own: int, names: Iterable[str], index: OrganisationIndex, params: Mapping[str, object]
) -> Iterable[Conflict]:
    for name in names:
        match = index.matches(name).get(own)
        if match is None:
            continue
        if match.verdict == Verdict.SAME:
            yield Conflict(ConflictKind.SAME_ENTITY, "name_same", {**params, "party": name})
        else:
            yield Conflict(ConflictKind.OTHER, "name_related", {**params, "party": name}, certain=False)


TIE_CODES = {
    ConflictKind.EMPLOYED_3Y: "employed",
    ConflictKind.DIRECTOR_3Y: "director",
    ConflictKind.SHAREHOLDER_3Y: "shareholder",
    ConflictKind.KIN: "kin",
}


def _of_ties(judge: Judge, item: JudgedItem, index: OrganisationIndex, on: date, years: int) -> Iterable[Conflict]:
    parties = index.families(item.organisation_ids) | item.organisation_ids
    for tie in judge.ties:
        if tie.organisation_id in parties and (tie.until is None or tie.until >= years_before(on, years)):
            code = TIE_CODES.get(tie.kind, "recusal")
            yield Conflict(tie.kind, code, {"party": index.name_of(tie.organisation_id), "years": years})
    for party in sorted(judge.recused_from & parties):
        yield Conflict(ConflictKind.OTHER, "recusal", {"party": index.name_of(party)})


def _of_competition(judge: Judge, item: JudgedItem, index: OrganisationIndex) -> Iterable[Conflict]:
    rivals = item.competing_organisation_ids - item.organisation_ids
    if rivals & index.families(judge.organisation_ids):
        yield Conflict(ConflictKind.COMPETING, "competing")


def years_before(day: date, years: int) -> date:
    """The same day `years` years earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
