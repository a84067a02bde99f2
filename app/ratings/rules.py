"""Pure rules of the ratings room: scores, votes, quorum, composite (E6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.filings.vocabulary import ReportType
from app.ratings.vocabulary import PROOF_POINTS, PROOF_TARGET, SeatRole

FOUR = Decimal("0.0001")
GOVERNMENT_TYPES = frozenset({ReportType.REGION, ReportType.TALENT})
"""Types that are not pushed to enterprises: invited departments and research units rate them (R-024, R-040/041)."""
RATERS_PER_ORGANISATION = 3


def round_half_up(value: Decimal) -> Decimal:
    """Four decimals, half up."""
    return value.quantize(FOUR, ROUND_HALF_UP)


def overall_of(marks: Iterable[int]) -> Decimal:
    """The overall mark of a rating: the mean of its dimensions, 1 to 5."""
    values = list(marks)
    return round_half_up(Decimal(sum(values)) / len(values))


def organisation_votes(ratings: Iterable[tuple[int, Decimal]]) -> Mapping[int, Decimal]:
    """One vote per organisation: the mean of up to three of its raters, in the order given (E6)."""
    marks: dict[int, list[Decimal]] = {}
    for organisation_id, overall in ratings:
        of_organisation = marks.setdefault(organisation_id, [])
        if len(of_organisation) < RATERS_PER_ORGANISATION:
            of_organisation.append(overall)
    return {key: round_half_up(sum(values, Decimal(0)) / len(values)) for key, values in marks.items()}


def bayes_mean(votes: Sequence[Decimal], *, prior_weight: Decimal, prior_mean: Decimal) -> Decimal:
    """s = (C·m + Σr) / (C + n) for marks from 1 to 5 (b.1, BAYES_MEAN); the prior mean without votes."""
    weight = prior_weight + len(votes)
    if not weight:
        return round_half_up(prior_mean)
    return round_half_up((prior_weight * prior_mean + sum(votes, Decimal(0))) / weight)


def points_of_mean(mean: Decimal, points: Decimal) -> Decimal:
    """A mean of 1 to 5 as 0 to `points`: P·(s − 1)/4 (b.1)."""
    return points * (mean - 1) / 4


def proof_part(levels: Iterable[str]) -> Decimal:
    """Strength of valid proofs as 0 to 100: weighted count by level, linear with a cap."""
    points = sum(PROOF_POINTS.get(level, 0) for level in levels)
    return round_half_up(Decimal(100) * min(Decimal(1), Decimal(points) / PROOF_TARGET))


def compose(
    parts: Mapping[str, Decimal | None], weights: Mapping[str, Decimal]
) -> tuple[Decimal, Mapping[str, Decimal]]:
    """The composite (0 to 100) of the parts that exist, and the weights as applied.

    A part that does not exist (None) is left out and the other weights are brought to the sum 1: openly,
    since the applied weights are stored beside the result.
    """
    present = {key: value for key, value in parts.items() if value is not None}
    total = sum((weights[key] for key in present), Decimal(0))
    if not total:
        return Decimal(0), {}
    applied = {key: weights[key] / total for key in present}
    score = sum((value * applied[key] for key, value in present.items()), Decimal(0))
    return round_half_up(score), {key: round_half_up(value) for key, value in applied.items()}


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many organisations have to have voted validly, and how many of them have to be of a kind."""

    organisations: int
    enterprises: int
    government: int

    def is_met(self, report_type: str, roles: Sequence[str]) -> bool:
        """Whether the seat roles of the valid votes suffice for a result of this type (flows.md 7.6)."""
        if report_type in GOVERNMENT_TYPES:
            return sum(role in (SeatRole.GOV, SeatRole.UNI) for role in roles) >= self.government
        enterprises = sum(role == SeatRole.ENT for role in roles)
        return len(roles) >= self.organisations and enterprises >= self.enterprises


def needs_comment(marks: Iterable[int]) -> bool:
    """A mark of 1 or 5 in any dimension asks for words (E6)."""
    return not {1, 5}.isdisjoint(marks)


def is_straight_line(marks: Iterable[int]) -> bool:
    """Whether every dimension has one and the same mark."""
    return len(set(marks)) == 1


def reduce_text(comment: str) -> str:
    """A comment without spaces and marks, so that copies are equal."""
    return "".join(char for char in comment.casefold() if char.isalnum())
