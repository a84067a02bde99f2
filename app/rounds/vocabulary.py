"""Words of the rounds room: the stages of flows.md, section 0."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class RoundStatus(StrEnum):
    SETUP = "setup"
    RUNNING = "running"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class StageCode(StrEnum):
    SETUP = "setup"
    FILING = "filing"
    ANNUAL_FORM = "annual_form"
    AUDIT_TAIL = "audit_tail"
    SCREENING = "screening"
    PUSH = "push"
    RATING = "rating"
    RATING_SECOND = "rating_second"
    POOL = "pool"
    EXPERT_REVIEW = "expert_review"
    PANEL = "panel"
    PROPOSAL = "proposal"
    PUBLIC_NOTICE = "public_notice"
    RESULTS = "results"
    SCORING = "scoring"
    DECISION = "decision"
    ARCHIVED = "archived"


class StageStatus(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    SKIPPED = "skipped"


class ChangeKind(StrEnum):
    """How a stage's end was moved."""

    EXTENDED = "extend"
    CLOSED = "close"


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage's names and its default window in working days (None: it has no window of its own)."""

    code: StageCode
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    workdays: int | None

    @property
    def has_timer(self) -> bool:
        """Whether a timer of the main road follows the stage's end, so that closing it moves the round on."""
        return self.code in TIMED_STAGES


TIMED_STAGES = frozenset(
    {
        StageCode.FILING,
        StageCode.AUDIT_TAIL,
        StageCode.SCREENING,
        StageCode.RATING,
        StageCode.RATING_SECOND,
        StageCode.EXPERT_REVIEW,
        StageCode.PUBLIC_NOTICE,
    }
)
STAGES: tuple[StagePlan, ...] = (
    StagePlan(StageCode.SETUP, "启动准备", "Set-up", "启动准备", "Set-up", None),
    StagePlan(StageCode.FILING, "成果备案", "Filing", "成果备案", "Filing", 60),
    StagePlan(StageCode.ANNUAL_FORM, "年度信息填报", "Annual form", "年度填报", "Annual form", 60),
    StagePlan(StageCode.AUDIT_TAIL, "审核收尾", "Finishing of audits", "审核收尾", "Audit tail", 30),
    StagePlan(StageCode.SCREENING, "项目初筛", "Screening", "项目初筛", "Screening", 15),
    StagePlan(StageCode.PUSH, "领域推送", "Push by domain", "领域推送", "Push", 5),
    StagePlan(StageCode.RATING, "线上评价", "Online rating", "线上评价", "Rating", 20),
    StagePlan(StageCode.RATING_SECOND, "补充评价", "Second rating", "补充评价", "Second rating", 10),
    StagePlan(StageCode.POOL, "备选案例库", "Case pool", "案例库", "Case pool", 10),
    StagePlan(StageCode.EXPERT_REVIEW, "专家评审", "Expert review", "专家评审", "Expert review", 15),
    StagePlan(StageCode.PANEL, "评审会议", "Panel meeting", "评审会议", "Panel", 5),
    StagePlan(StageCode.PROPOSAL, "名单拟定与审批", "Proposal and approval", "名单审批", "Approval", 5),
    StagePlan(StageCode.PUBLIC_NOTICE, "公示", "Public notice", "公示", "Public notice", 5),
    StagePlan(StageCode.RESULTS, "优秀项目通报", "Commendation", "通报", "Awards", 10),
    StagePlan(StageCode.SCORING, "指标评分", "Indicator scoring", "指标评分", "Scoring", None),
    StagePlan(StageCode.DECISION, "结果确定与公布", "Final decision", "结果公布", "Decision", 10),
    StagePlan(StageCode.ARCHIVED, "归档", "Archived", "归档", "Archive", None),
)

READERS: Final = (
    "manager", "leader", "national_auditor", "secretary", "supervisor", "province_contact", "province_leader",
)  # fmt: skip
"""Who reads a round's own pages; everybody else reads the public schedule."""
