"""Pure rules of bonus and result (R-070, R-071, E11). Points are exact fractions until they are rounded once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

PLACES = Decimal("0.001")
ATTRIBUTION = "attribution"
JOINT = "joint"


@dataclass(frozen=True, slots=True)
class AwardedProject:
    """An awarded candidacy. `province`: that of the payer or commissioner; `commissioning`: of all commissioners."""

    candidacy_id: int
    title: str
    province: str
    commissioning: frozenset[str]


@dataclass(frozen=True, slots=True)
class Share:
    """What one project gives one province, and why."""

    candidacy_id: int
    title: str
    share: Fraction
    reason: str


@dataclass(frozen=True, slots=True)
class RegionBonus:
    """A province's bonus with the projects behind it. `points` is capped and rounded to three places."""

    region_code: str
    points: Decimal
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class RankedRegion:
    """A province in the final result; equal scores share a rank: 1-2-2-4 (E11)."""

    region_code: str
    bonus: Decimal
    deduction: Decimal
    score: Decimal
    rank: int


def credited_provinces(*, province: str, commissioning: Collection[str]) -> tuple[str, ...]:
    """Who is credited: the attribution province, or all commissioning provinces of a joint project (R-070).

    A service institution's province is never among them: it is neither attribution nor commissioner.
    """
    return tuple(sorted(commissioning)) if len(commissioning) > 1 else (province,)


def share_out(projects: Iterable[AwardedProject]) -> Mapping[str, tuple[Share, ...]]:
    """The projects' shares by province; a joint project is split evenly."""
    shares: dict[str, list[Share]] = {}
    for project in sorted(projects, key=lambda one: one.candidacy_id):
        credited = credited_provinces(province=project.province, commissioning=project.commissioning)
        for code in credited:
            shares.setdefault(code, []).append(
                Share(
                    project.candidacy_id,
                    project.title,
                    Fraction(1, len(credited)),
                    JOINT if len(credited) > 1 else ATTRIBUTION,
                )
            )
    return {code: tuple(of_region) for code, of_region in sorted(shares.items())}


def count_bonuses(
    projects: Iterable[AwardedProject], *, each: Fraction, cap: Fraction, regions: Collection[str] = ()
) -> tuple[RegionBonus, ...]:
    """Every province's bonus: `each` points per project, at most `cap`; `regions` appear even without a project."""
    shares = share_out(projects)
    return tuple(
        RegionBonus(code, bonus_points(shares.get(code, ()), each=each, cap=cap), shares.get(code, ()))
        for code in sorted({*shares, *regions})
    )


def bonus_points(shares: Sequence[Share], *, each: Fraction, cap: Fraction) -> Decimal:
    """The sum of the shares times `each`, capped, then rounded half up to three places."""
    return _rounded(min(sum((one.share for one in shares), Fraction(0)) * each, cap))


def rank_regions(
    bonuses: Mapping[str, Decimal],
    deductions: Mapping[str, Decimal],
    *,
    floor: Decimal,
    cap: Decimal,
) -> tuple[RankedRegion, ...]:
    """The provinces by bonus minus deduction, the best first; bounded by floor and cap, ties share a rank (E11)."""
    scores = {code: max(floor, min(cap, points - deductions.get(code, Decimal(0)))) for code, points in bonuses.items()}
    order = sorted(scores, key=lambda code: (-scores[code], code))
    return tuple(
        RankedRegion(
            region_code=code,
            bonus=bonuses[code],
            deduction=deductions.get(code, Decimal(0)),
            score=scores[code],
            rank=1 + sum(other > scores[code] for other in scores.values()),
        )
        for code in order
    )


def _rounded(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(PLACES, rounding=ROUND_HALF_UP)
