"""From score sheets to one score per item (E8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from app.selection.vocabulary import LEAST_SHEETS, MEDIAN_LIMIT, RANGE_LIMIT, TRIM_FROM

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Method:
    """The method of a round, frozen before any sheet is opened (E8)."""

    trimmed: bool = True
    least: int = LEAST_SHEETS
    trim_from: int = TRIM_FROM
    widest: Decimal = RANGE_LIMIT
    farthest: Decimal = MEDIAN_LIMIT


DEFAULT_METHOD = Method()


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The score of one item, two decimals, half up; how many sheets were there and how many were dropped."""

    score: Decimal
    sheets: int
    dropped: int
    is_divergent: bool


def round_score(value: Decimal) -> Decimal:
    """Two decimals, half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


def add_marks(marks: Mapping[str, Decimal]) -> Decimal:
    """The total of a sheet: every mark is out of its weight, the weights add up to 100."""
    return round_score(sum(marks.values(), Decimal(0)))


def trim(totals: Sequence[Decimal], method: Method = DEFAULT_METHOD) -> list[Decimal]:
    """From five sheets on without one highest and one lowest (a setting of the round); in rising order."""
    ordered = sorted(totals)
    return ordered[1:-1] if method.trimmed and len(ordered) >= method.trim_from else ordered


def is_divergent(totals: Sequence[Decimal], method: Method = DEFAULT_METHOD) -> bool:
    """Whether the range is wider than 25 or a total lies more than 20 from the median."""
    if len(totals) < 2:
        return False
    middle = median(totals)
    return max(totals) - min(totals) > method.widest or any(abs(total - middle) > method.farthest for total in totals)


def aggregate(totals: Sequence[Decimal], method: Method = DEFAULT_METHOD) -> Aggregate | None:
    """The score of an item; None with fewer than three valid sheets: the item is thin and has no rank (E8)."""
    if len(totals) < method.least:
        return None
    kept = trim(totals, method)
    score = round_score(sum(kept, Decimal(0)) / len(kept))
    return Aggregate(score, len(totals), len(totals) - len(kept), is_divergent(totals, method))
