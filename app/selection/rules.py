"""Pure rules of the selection room."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import ceil

from app.kernel.errors import FieldError
from app.selection.vocabulary import CRITERIA, MAJORITY, OPINION_LENGTH, PRESENT_SHARE, Criterion, ReviewStatus


def criteria_with(weights: Mapping[str, int]) -> tuple[Criterion, ...]:
    """The six criteria with the weights of the round (E8: 10, 15, 15, 20, 30, 10)."""
    return tuple(
        Criterion(c.code, c.name_zh, c.name_en, int(weights.get(c.code, c.maximum)), c.anchor_zh, c.anchor_en)
        for c in CRITERIA
    )


def read_mark(value: object) -> Decimal | None:
    """A mark as it was typed; None when it is no number."""
    try:
        mark = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return mark if mark.is_finite() else None


def find_sheet_faults(
    values: Mapping[str, object], criteria: Sequence[Criterion], *, least: int = OPINION_LENGTH, locale: str = "zh"
) -> dict[str, list[FieldError]]:
    """What is wrong with a sheet: marks outside 0 … maximum, an opinion under 50 characters, no recommendation."""
    faults: dict[str, list[FieldError]] = {}
    for criterion in criteria:
        label = criterion.name_en if locale == "en" else criterion.name_zh
        mark = read_mark(values.get(criterion.code, ""))
        if mark is None or not 0 <= mark <= criterion.maximum:
            faults[criterion.code] = [FieldError("number_range", label=label, min=0, max=criterion.maximum)]
    length = len(str(values.get("opinion") or "").strip())
    if length < least:
        faults["opinion"] = [FieldError("opinion_too_short", min=least, n=length)]
    if values.get("recommend") not in ("yes", "no"):
        label = "Recommendation" if locale == "en" else "是否推荐为优秀项目成果"
        faults["recommend"] = [FieldError("field_required", label=label)]
    return faults


def is_quorate(present: int, members: int, share: Fraction = PRESENT_SHARE) -> bool:
    """Whether at least two thirds (a setting of the round) of the members are present (E8)."""
    return members > 0 and Fraction(present, members) >= share


def least_present(members: int, share: Fraction = PRESENT_SHARE) -> int:
    """How many of the members make a quorum (E8): the smallest number with which `is_quorate` is met."""
    return max(1, ceil(members * share))


def may_open_material(status: str) -> bool:
    """An item's content is closed until its expert has declared (E8)."""
    return status in (ReviewStatus.DECLARED, ReviewStatus.SCORED)


def is_carried(recommend_share: Decimal | None, majority: Fraction = MAJORITY) -> bool:
    """Whether more than half (a setting of the round) of the valid sheets recommend the item (E8)."""
    return recommend_share is not None and Fraction(recommend_share) > majority


def name_matches(expert: str, named: Sequence[str]) -> bool:
    """Whether the filer named this expert as unsuitable (at most three names count, E8)."""
    return expert.strip() in [name.strip() for name in named[:3]]
