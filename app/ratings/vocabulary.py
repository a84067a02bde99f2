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


EXCLUSION_NAMES: dict[Exclusion, tuple[str, str]] = {
    Exclusion.OWN: ("备案单位本身", "Filed the result"),
    Exclusion.PARTY: ("成果参与方", "Party to the result"),
    Exclusion.RELATED: ("与参与方同属一个集团或有隶属关系", "Same group as a party"),
    Exclusion.NAME_RELATED: ("名称与参与方相关，未经人工排除", "Name related to a party's, not cleared"),
    Exclusion.DISHONEST: ("列入失信名单", "On a dishonesty list"),
    Exclusion.ASKED_BEFORE: ("已推送过", "Asked before"),
    Exclusion.AT_CAP: ("评价件数已达上限", "Has its full number of items"),
}
SHORTAGE_NAMES: dict[Shortage, tuple[str, str]] = {
    Shortage.TARGETS: ("推送单位不足", "Too few organisations"),
    Shortage.PROVINCES: ("省份数不足", "Too few provinces"),
    Shortage.ENTERPRISE: ("没有企业", "No enterprise"),
    Shortage.RESEARCH: ("没有高校或科研机构", "No university or institute"),
}
FIT_NAMES: dict[Fit, tuple[str, str]] = {
    Fit.DOMAIN: ("领域相同", "Same domain"),
    Fit.PARENT: ("同一产业", "Same industry"),
    Fit.INVITED: ("受邀单位", "Invited"),
}
PURPOSE_NAMES: dict[Purpose, tuple[str, str]] = {
    Purpose.ENTERPRISE: ("保证有企业", "So that an enterprise rates"),
    Purpose.RESEARCH: ("保证有高校或科研机构", "So that a university or institute rates"),
    Purpose.PROVINCES: ("保证省份数", "So that enough provinces rate"),
    Purpose.DOMAIN: ("按领域与负荷排序选取", "By domain and load"),
    Purpose.REPLACEMENT: ("谢绝后补位", "In place of one that declined"),
}
DOUBT_NAMES: dict[Doubt, tuple[str, str]] = {
    Doubt.NOT_READ: ("未阅读评价版，且用时不足", "Rating version not opened, too little time"),
    Doubt.STRAIGHT_LINE: ("多项成果各方面均评同一分", "Several results rated with one and the same mark"),
    Doubt.COPIED_TEXT: ("意见与其他评价雷同", "Comment equals that of another rating"),
    Doubt.RECIPROCAL: ("两单位互评且均为高分", "Two organisations rate each other high"),
}
FEEDBACK_NAMES: dict[FeedbackKind, tuple[str, str]] = {
    FeedbackKind.NEED: ("需求", "Need"),
    FeedbackKind.SUGGESTION: ("改进建议", "Suggestion"),
}
STRAIGHT_LINES_DOUBTED = 3
"""From this many results on, raters who gave every dimension of each the same mark are looked at."""
PROOF_POINTS = {"NATIONAL": 5, "PROVINCE": 3, "CITY": 2, "COUNTY": 1, "UNIT": 1}
"""Weights of valid application proofs by level (domain.md B1.1)."""
PROOF_TARGET = 10
"""Points of proofs that give the full proof part (LINEAR_CAP, proposed default)."""
