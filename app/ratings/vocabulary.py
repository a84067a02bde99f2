"""Words of the ratings room (domain.md E5, E6)."""

from enum import StrEnum

SUBJECT = "rating_seat"
"""The subject of a rating instance."""


class PlanStatus(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    REPLACED = "replaced"


class SeatRole(StrEnum):
    """Who sits there: the kind of organisation; GOV goes to the lane of invited departments."""

    ENT = "ENT"
    UNI = "UNI"
    GOV = "GOV"


class SeatState(StrEnum):
    """domain.md c.3, PushState."""

    PENDING = "PENDING"
    SENT = "SENT"
    READ = "READ"
    DECLINED = "DECLINED"
    RATED = "RATED"


class Validity(StrEnum):
    VALID = "valid"
    PENDING = "pending"
    INVALID = "invalid"


class Dimension(StrEnum):
    """domain.md c.3, RatingDimension: scales from 1 to 5, named as the fields of the form."""

    USEFUL = "useful"
    DATA = "data"
    ACTIONABLE = "actionable"
    INNOVATIVE = "innovative"
    EXPERIENCE = "experience"


REPORT_DIMENSIONS = (Dimension.USEFUL, Dimension.DATA, Dimension.ACTIONABLE, Dimension.INNOVATIVE)
"""Ease of use is asked of databases and tools only; these do not stand for the award."""


class Usage(StrEnum):
    USED = "used"
    INTENDS = "intends"
    NO = "no"


class DeclineReason(StrEnum):
    WRONG_DOMAIN = "wrong_domain"
    INTEREST = "interest"
    NO_TIME = "no_time"
    COMPETING = "competing"


class Doubt(StrEnum):
    """Why a rating waits for a person's check (E6)."""

    NOT_READ = "not_read"
    STRAIGHT_LINE = "straight_line"
    COPIED_TEXT = "copied_text"
    RECIPROCAL = "reciprocal"


class FeedbackKind(StrEnum):
    NEED = "need"
    SUGGESTION = "suggestion"


class Exclusion(StrEnum):
    """Why an organisation of the right domain was not chosen for an item."""

    OWN = "own"
    PARTY = "party"
    RELATED = "related"
    NAME_RELATED = "name_related"
    DISHONEST = "dishonest"
    ASKED_BEFORE = "asked_before"
    AT_CAP = "at_cap"


class Shortage(StrEnum):
    """What a plan could not give an item."""

    TARGETS = "targets"
    PROVINCES = "provinces"
    ENTERPRISE = "enterprise"
    RESEARCH = "research"


class Purpose(StrEnum):
    """What a target was chosen for."""

    ENTERPRISE = "enterprise"
    RESEARCH = "research"
    PROVINCES = "provinces"
    DOMAIN = "domain"
    REPLACEMENT = "replacement"


class Fit(StrEnum):
    """How well a target's domains fit the item."""

    DOMAIN = "domain"
    PARENT = "parent"
    INVITED = "invited"


STRAIGHT_LINES_DOUBTED = 3
"""From this many results on, raters who gave every dimension of each the same mark are looked at."""
PROOF_POINTS = {"NATIONAL": 5, "PROVINCE": 3, "CITY": 2, "COUNTY": 1, "UNIT": 1}
"""Weights of valid application proofs by level (domain.md B1.1)."""
PROOF_TARGET = 10
"""Points of proofs that give the full proof part (LINEAR_CAP, proposed default)."""
