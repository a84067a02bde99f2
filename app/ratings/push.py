"""The push plan, pure and seeded: who is asked to rate what, and why (E5).

Hard rules, never broken: exclusions, the share of the item's own province, the items per organisation, the number
of targets per item. Wishes, kept where the organisations allow it: provinces at least, an enterprise, a research unit.
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.ratings.rules import GOVERNMENT_TYPES
from app.ratings.vocabulary import Exclusion, Fit, Purpose, SeatRole, Shortage


@dataclass(frozen=True, slots=True)
class Target:
    """An organisation that may be asked on the day of the push. `role`: what kind of seat it takes."""

    organisation_id: int
    role: SeatRole
    province_code: str | None
    domains: frozenset[str]
    honours: tuple[str, ...] = ()
    has_account: bool = True


@dataclass(frozen=True, slots=True)
class PushItem:
    """A candidacy to be rated, with the organisations that may not rate it."""

    candidacy_id: int
    report_type: str
    domain_code: str
    province_code: str
    excluded: Mapping[int, Exclusion] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PushSettings:
    """The settings push.* of the round."""

    targets_per_item: int = 30
    min_provinces: int = 3
    max_own_province_share: float = 0.6
    max_per_organisation: int = 15
    types: frozenset[str] = frozenset({"INDUSTRY", "ENTERPRISE", "RND"})
    """Types pushed to enterprises and research units; the others go to invited departments and research units."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen target and why: how its domain fits, its load before, its lot, and what it was chosen for."""

    target: Target
    rank: int
    fit: Fit
    load: int
    draw: float
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """The targets of one item, and what was left out or could not be had."""

    item: PushItem
    found: int
    choices: tuple[Choice, ...]
    exclusions: tuple[tuple[int, Exclusion], ...]
    shortages: tuple[Shortage, ...]

    @property
    def provinces(self) -> int:
        return len({choice.target.province_code for choice in self.choices})

    @property
    def own_province(self) -> int:
        return sum(choice.target.province_code == self.item.province_code for choice in self.choices)


class TargetBook:
    """Targets by role and domain; counts each organisation's items, so that caps and an even load are kept."""

    def __init__(self, targets: Iterable[Target], loads: Mapping[int, int] | None = None) -> None:
        self.loads: Counter[int] = Counter(loads or {})
        self.domain: dict[str, list[Target]] = {}
        self.parent: dict[str, list[Target]] = {}
        self.invited: list[Target] = []
        for target in sorted(targets, key=lambda known: known.organisation_id):
            if target.role == SeatRole.GOV:
                self.invited.append(target)
                continue
            for code in target.domains:
                self.domain.setdefault(code, []).append(target)
            for code in {parent_domain(domain) for domain in target.domains}:
                self.parent.setdefault(code, []).append(target)

    def tiers(self, item: PushItem, settings: PushSettings) -> Iterable[Sequence[tuple[Target, Fit]]]:
        """Targets whose domain fits, each tier in order of id: the domain and the invited first, then the industry."""
        government = is_for_government(item, settings)
        close = {target.organisation_id: (target, Fit.INVITED) for target in self.invited if government}
        for target in self.domain.get(item.domain_code, ()):
            if not government or target.role != SeatRole.ENT:
                close[target.organisation_id] = target, Fit.DOMAIN
        yield [close[key] for key in sorted(close)]
        yield [
            (target, Fit.PARENT)
            for target in self.parent.get(parent_domain(item.domain_code), ())
            if target.organisation_id not in close and (not government or target.role != SeatRole.ENT)
        ]


def is_for_government(item: PushItem, settings: PushSettings) -> bool:
    """Whether departments and research units rate the item instead of enterprises (R-024)."""
    return item.report_type in GOVERNMENT_TYPES and item.report_type not in settings.types


def parent_domain(code: str) -> str:
    """The industry (level 1) of a domain."""
    return code.partition(".")[0]


def plan_items(items: Iterable[PushItem], book: TargetBook, settings: PushSettings, *, seed: str) -> Sequence[ItemPlan]:
    """A plan for every item; `book` counts the loads as it goes. The same arguments give the same plan.

    Items with the fewest fitting organisations choose first, so that caps used up elsewhere do not starve them.
    """
    scarce = sorted(items, key=lambda item: (len(next(iter(book.tiers(item, settings)))), item.candidacy_id))
    plans = [_plan_item(item, book, settings, seed) for item in scarce]
    return sorted(plans, key=lambda plan: plan.item.candidacy_id)


def _plan_item(item: PushItem, book: TargetBook, settings: PushSettings, seed: str) -> ItemPlan:
    """Asks those of the domain; those of the same industry only where the domain does not suffice."""
    candidates: list[Choice] = []
    exclusions: list[tuple[int, Exclusion]] = []
    found, chosen, shortages = 0, list[Choice](), tuple[Shortage, ...]()
    for tier in book.tiers(item, settings):
        found += len(tier)
        further, left_out = _sort_candidates(item, tier, book, settings, seed)
        candidates += further
        exclusions += left_out
        chosen = _choose(item, candidates, settings)
        shortages = tuple(_find_shortages(item, chosen, settings))
        if not shortages:
            break
    for choice in chosen:
        book.loads[choice.target.organisation_id] += 1
    return ItemPlan(item, found, tuple(chosen), tuple(exclusions), shortages)


def _sort_candidates(
    item: PushItem, found: Sequence[tuple[Target, Fit]], book: TargetBook, settings: PushSettings, seed: str
) -> tuple[list[Choice], list[tuple[int, Exclusion]]]:
    """Those of one tier who may be asked, best first: account, lowest load, then the lot."""
    fit = found[0][1] if found else Fit.DOMAIN
    lots = random.Random(f"{seed}:{item.candidacy_id}:{fit == Fit.PARENT}")  # noqa: S311 -- a replayable draw, no secret
    candidates, exclusions = [], []
    for target, fit_of_target in found:
        draw = lots.random()
        load = book.loads[target.organisation_id]
        reason = item.excluded.get(target.organisation_id)
        if reason is None and load >= settings.max_per_organisation:
            reason = Exclusion.AT_CAP
        if reason is not None:
            exclusions.append((target.organisation_id, reason))
        else:
            candidates.append(Choice(target, 0, fit_of_target, load, draw, Purpose.DOMAIN))
    candidates.sort(key=_preference)
    return candidates, exclusions


def _preference(choice: Choice) -> tuple[bool, int, float]:
    return not choice.target.has_account, choice.load, choice.draw


def _choose(item: PushItem, candidates: Sequence[Choice], settings: PushSettings) -> list[Choice]:
    size = settings.targets_per_item
    own_limit = max_own(item, candidates, settings)
    picked: dict[int, Purpose] = {}
    own = 0
    for place, purpose in [
        *_needed(candidates, item, settings),
        *((n, Purpose.DOMAIN) for n in range(len(candidates))),
    ]:
        is_own = candidates[place].target.province_code == item.province_code
        if len(picked) >= size or place in picked or (is_own and own >= own_limit):
            continue
        picked[place] = purpose
        own += is_own
    return [
        _ranked(candidates[place], rank, purpose) for rank, (place, purpose) in enumerate(sorted(picked.items()), 1)
    ]


def _ranked(choice: Choice, rank: int, purpose: Purpose) -> Choice:
    return Choice(choice.target, rank, choice.fit, choice.load, choice.draw, purpose)


def max_own(item: PushItem, candidates: Sequence[Choice], settings: PushSettings) -> int:
    """How many targets may come from the item's own province, so that the share holds for what will be chosen."""
    others = sum(choice.target.province_code != item.province_code for choice in candidates)
    limit = int(settings.max_own_province_share * settings.targets_per_item + 1e-9)
    if limit + others >= settings.targets_per_item or settings.max_own_province_share >= 1:
        return limit
    share = settings.max_own_province_share
    return min(limit, int(others * share / (1 - share) + 1e-9))


def _needed(candidates: Sequence[Choice], item: PushItem, settings: PushSettings) -> Iterable[tuple[int, Purpose]]:
    """Places of the best candidates that the wishes ask for: a kind each, then further provinces.

    A candidate from another province comes first, since the own province's share may be used up.
    """
    away_first = sorted(
        range(len(candidates)),
        key=lambda place: (candidates[place].target.province_code == item.province_code, place),
    )
    provinces: set[str | None] = set()
    for role, purpose in ((SeatRole.ENT, Purpose.ENTERPRISE), (SeatRole.UNI, Purpose.RESEARCH)):
        place = next((place for place in away_first if candidates[place].target.role == role), None)
        if place is not None:
            provinces.add(candidates[place].target.province_code)
            yield place, purpose
    for place in away_first:
        province = candidates[place].target.province_code
        if len(provinces) < settings.min_provinces and province not in provinces:
            provinces.add(province)
            yield place, Purpose.PROVINCES


def _find_shortages(item: PushItem, chosen: Sequence[Choice], settings: PushSettings) -> Iterable[Shortage]:
    roles = {choice.target.role for choice in chosen}
    if len(chosen) < settings.targets_per_item:
        yield Shortage.TARGETS
    if len({choice.target.province_code for choice in chosen}) < settings.min_provinces:
        yield Shortage.PROVINCES
    if SeatRole.ENT not in roles and not is_for_government(item, settings):
        yield Shortage.ENTERPRISE
    if SeatRole.UNI not in roles:
        yield Shortage.RESEARCH


def choose_replacement(
    item: PushItem, book: TargetBook, settings: PushSettings, *, seated: Sequence[str | None], seed: str
) -> Choice | None:
    """One more target in place of a declined seat, or None; `seated` are the provinces of the seats that stay."""
    own = sum(province == item.province_code for province in seated)
    own_fits = own + 1 <= settings.max_own_province_share * (len(seated) + 1) + 1e-9
    for tier in book.tiers(item, settings):
        for choice in _sort_candidates(item, tier, book, settings, seed)[0]:
            if own_fits or choice.target.province_code != item.province_code:
                return _ranked(choice, len(seated) + 1, Purpose.REPLACEMENT)
    return None
