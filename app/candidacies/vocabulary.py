"""Words of the candidacies room."""

from enum import StrEnum
from typing import Final


class Standing(StrEnum):
    """Where a candidacy stands (flows.md, section 15)."""

    SCREENING = "screening"
    SCREENED_OUT = "screened_out"
    IN_RATING = "in_rating"
    LOW_SAMPLE = "low_sample"
    IN_POOL = "in_pool"
    NOT_POOLED = "not_pooled"
    IN_REVIEW = "in_review"
    NOT_SELECTED = "not_selected"
    IN_NOTICE = "in_notice"
    HELD = "held"
    AWARDED = "awarded"
    EXCLUDED = "excluded"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"


ENDED: Final = frozenset(
    {
        Standing.SCREENED_OUT,
        Standing.NOT_POOLED,
        Standing.NOT_SELECTED,
        Standing.AWARDED,
        Standing.EXCLUDED,
        Standing.WITHDRAWN,
        Standing.DISQUALIFIED,
    }
)
"""Standings that do not change any more; a candidacy short of ratings may still enter by its proofs."""

POOLED: Final = frozenset(
    {
        Standing.IN_POOL,
        Standing.IN_REVIEW,
        Standing.NOT_SELECTED,
        Standing.IN_NOTICE,
        Standing.HELD,
        Standing.AWARDED,
    }
)
"""Standings of candidacies that stand in the pool, or have gone through it: their filing stays (E1)."""


LISTED: Final = frozenset(
    {Standing.NOT_SELECTED, Standing.IN_NOTICE, Standing.HELD, Standing.AWARDED, Standing.EXCLUDED}
)
"""Standings that only the published list gives: where a round has one of them, its list is out."""

UNTOLD: Final = frozenset(
    {Standing.IN_RATING, Standing.LOW_SAMPLE, Standing.IN_POOL, Standing.NOT_POOLED, Standing.IN_REVIEW}
)
"""Standings that tell who is in the pool: until the list is out, a filer is told of one as of the others."""


class ScreenResult(StrEnum):
    PASS = "pass"  # noqa: S105 -- the verdict, no password
    FAIL = "fail"
    MANUAL = "manual"


class RuleCode(StrEnum):
    """The rules of the initial screening (E4), in the order in which they are shown."""

    FILED = "filed"
    WILLING = "willing"
    COMPLETE = "complete"
    IN_PERIOD = "in_period"
    NO_DUPLICATE = "no_duplicate"
    PROVED = "proved"
    NOT_AWARDED = "not_awarded"
    HONEST = "honest"
    NO_CASE = "no_case"
    WITHIN_CAP = "within_cap"


class Finding(StrEnum):
    """What a rule found; the decision table screening_rules says what follows from it."""

    MET = "met"
    NOT_FILED = "not_filed"
    OTHER_ROUND = "other_round"
    UNWILLING = "unwilling"
    INCOMPLETE = "incomplete"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    NO_PROOF = "no_proof"
    NO_GOVERNMENT_PROOF = "no_government_proof"
    AWARDED = "awarded"
    LISTED = "listed"
    UNKNOWN_PARTY = "unknown_party"
    OPEN_CASE = "open_case"
    OVER_CAP = "over_cap"


class DecisionStep(StrEnum):
    """What a person decided or asked for after the rules."""

    MANUAL = "manual"
    REQUEST = "request"
    RECHECK = "recheck"
    LOW_SAMPLE = "low_sample"
    WITHDRAWAL = "withdrawal"


SUBJECT: Final = "candidacy"
PROCESS: Final = "award_candidacy"
