"""Words of the candidacies room."""

from enum import StrEnum


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


class ScreenResult(StrEnum):
    PASS = "pass"  # noqa: S105 -- the verdict, no password
    FAIL = "fail"
    MANUAL = "manual"
