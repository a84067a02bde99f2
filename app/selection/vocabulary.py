"""Words of the selection room (domain.md c.3; flows.md 9, 10, 13)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

DRAW_ALGORITHM = "lodestar-lot-1"
"""sha-256 lot order over a mixed seed; see lottery.py."""
LEAST_SHEETS = 3
"""Fewer valid sheets make no score (E8)."""
TRIM_FROM = 5
"""From this many sheets on, one highest and one lowest are dropped (E8)."""
RANGE_LIMIT = Decimal(25)
MEDIAN_LIMIT = Decimal(20)
"""A wider range, or a greater distance from the median, is a divergence that is talked over (E8)."""
OPINION_LENGTH = 50
PRESENT_SHARE = Fraction(2, 3)
"""The share of members who must be present (E8)."""
MAJORITY = Fraction(1, 2)
"""The share of recommending sheets that must be exceeded (E8)."""


class PoolReason(StrEnum):
    """Why an entry stands above or below the line (E7)."""

    QUOTA = "quota"
    TIE = "tie"
    TYPE_GUARANTEE = "type_guarantee"
    BY_PROOFS = "by_proofs"
    BELOW_LINE = "below_line"
    BELOW_MINIMUM = "below_minimum"


class PanelStatus(StrEnum):
    FORMING = "forming"
    COMMITTED = "committed"
    DRAWN = "drawn"
    REVIEWING = "reviewing"
    LOCKED = "locked"
    CLOSED = "closed"


class SeatKind(StrEnum):
    MEMBER = "member"
    RESERVE = "reserve"


class SeatStatus(StrEnum):
    """A place on a panel. A reserve waits until a member's place falls vacant."""

    WAITING = "waiting"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    DISCARDED = "discarded"  # the draw was repeated


class ReviewStatus(StrEnum):
    """An expert's place at one item. The item's content is closed until the declaration."""

    ASSIGNED = "assigned"
    DECLARED = "declared"
    SCORED = "scored"
    VOID = "void"


class ReviewOrigin(StrEnum):
    ASSIGNMENT = "assignment"
    REPLACEMENT = "replacement"
    REFILL = "refill"


class Exclusion(StrEnum):
    """Why an expert of the domain did not enter the lot (E8)."""

    INTEGRITY = "integrity"
    ORGANISATION = "organisation"
    FORMER_ORGANISATION = "former_organisation"
    PROVINCE = "province"
    RECUSED = "recused"
    ROTATION = "rotation"
    CAPACITY = "capacity"
    ORDERED = "ordered"  # recusal ordered without request, with a reason (国家自然科学基金条例 20)
    SEATED = "seated"
    ANSWERED = "answered"  # declined or let an earlier invitation to this panel pass


class TieStep(StrEnum):
    """The steps that part equal scores, in this order; never time of submission, never a silent lot (E8)."""

    SCORE = "score"
    APPLICATION = "application"
    RATING = "rating"
    PROOFS = "proofs"
    VOTE = "vote"
    CHAIR = "chair"
    NONE = "none"


class ProposalReason(StrEnum):
    QUOTA = "quota"
    BELOW_QUOTA = "below_quota"
    TIED_AT_QUOTA = "tied_at_quota"
    NOT_RECOMMENDED = "not_recommended"
    UNRANKED = "unranked"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the six dimensions of the score sheet; its maximum is its weight (E8)."""

    code: str
    name_zh: str
    name_en: str
    maximum: int
    anchor_zh: str
    anchor_en: str


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "goal",
        "目标完成",
        "Goals met",
        10,
        "立项目标逐条对应，均有完成证据为9分以上；缺一条主要目标不超过6分",
        "9 and more: every goal answered with evidence; at most 6 when a main goal is missing",
    ),
    Criterion(
        "method",
        "方法规范",
        "Sound method",
        15,
        "检索、标引、分析符合国家标准且可复核为13分以上",
        "13 and more: search, indexing and analysis follow the national standard and can be checked",
    ),
    Criterion(
        "data",
        "数据来源及质量",
        "Sources and quality of data",
        15,
        "来源清楚、截止日明确、抽查差错率低于2%为13分以上",
        "13 and more: clear sources and cut-off date, fewer than 2% errors in samples",
    ),
    Criterion(
        "report",
        "报告质量",
        "Quality of the report",
        20,
        "论证完整、结论与数据一致为17分以上；结论空泛不超过12分",
        "17 and more: complete reasoning, conclusions agree with data; at most 12 for vague conclusions",
    ),
    Criterion(
        "application",
        "成果应用",
        "Application of results",
        30,
        "有政府采纳或企业实施证据且成效可核为25分以上；仅有使用意向不超过15分",
        "25 and more: evidence of adoption with effects that can be checked; at most 15 for mere intentions",
    ),
    Criterion(
        "outreach",
        "宣传推广",
        "Promotion",
        10,
        "两个以上地区或行业引用为8分以上",
        "8 and more: cited in more than two regions or industries",
    ),
)
