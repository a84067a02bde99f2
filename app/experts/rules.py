"""Pure rules of the experts room."""

from collections.abc import Sequence, Set
from datetime import date

from app.experts.vocabulary import LOOK_BACK_YEARS


def counts_as_employer(worked_to: date | None, *, today: date) -> bool:
    """Whether a former employer still bars the expert: the work ended less than three years ago (Annex 4)."""
    if worked_to is None:
        return True
    limit = (today.year - LOOK_BACK_YEARS, today.month, today.day)
    return (worked_to.year, worked_to.month, worked_to.day) >= limit


def count_rounds_in_a_row(served: Set[int], earlier_rounds: Sequence[int]) -> int:
    """How many rounds right before this one the expert served in; `earlier_rounds` from the latest back (E8)."""
    in_a_row = 0
    for round_id in earlier_rounds:
        if round_id not in served:
            break
        in_a_row += 1
    return in_a_row
