"""会议纪要 as text: pure, so that the same records give the same minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.kernel.clock import BEIJING
from app.selection.vocabulary import TieStep

SCORES_HEADING = "附：评分汇总"
"""What follows this line is withheld from the secretary, who never sees scores."""
TIE_WORDS = {
    TieStep.APPLICATION: "同分，按成果应用得分排序",
    TieStep.RATING: "同分，按线上评价排序",
    TieStep.PROOFS: "同分，按政府端和企业端有效证明数排序",
    TieStep.VOTE: "同分，按推荐比例排序",
    TieStep.CHAIR: "同分，由组长裁定",
    TieStep.NONE: "同分，名次并列",
}


@dataclass(frozen=True, slots=True)
class Attendee:
    name: str
    is_present: bool
    is_chair: bool
    dissent: str


@dataclass(frozen=True, slots=True)
class RankedLine:
    """`rank` None: too few valid sheets, discussed without rank."""

    rank: int | None
    title: str
    score: Decimal | None
    sheets: int
    tie_step: str | None


@dataclass(frozen=True, slots=True)
class MinutesFacts:
    panel: str
    held_at: datetime | None
    place: str
    attendees: Sequence[Attendee]
    lines: Sequence[RankedLine]
    opinion: str


def write_minutes(facts: MinutesFacts) -> str:
    """The minutes; the scores stand at the end, behind SCORES_HEADING."""
    parts = [
        f"{facts.panel}评审会议纪要",
        *_meeting(facts),
        "一、评审结果",
        *[_order_line(line) for line in facts.lines],
        "二、评审意见",
        facts.opinion,
        "三、不同意见",
        *(_dissents(facts.attendees) or ["到会专家未提出书面不同意见，视为同意。"]),
        SCORES_HEADING,
        *[_score_line(line) for line in facts.lines],
    ]
    return "\n".join(parts)


def without_scores(text: str) -> str:
    """The minutes as the secretary prints them for signature."""
    return text.partition(f"\n{SCORES_HEADING}\n")[0]


def _meeting(facts: MinutesFacts) -> list[str]:
    present = [attendee for attendee in facts.attendees if attendee.is_present]
    absent = [attendee.name for attendee in facts.attendees if not attendee.is_present]
    chair = next((attendee.name for attendee in facts.attendees if attendee.is_chair), "")
    held = facts.held_at.astimezone(BEIJING) if facts.held_at else None
    return [
        f"时间：{held.year}年{held.month}月{held.day}日{held:%H:%M}" if held else "时间：",
        f"地点：{facts.place}" if facts.place else "地点：线上会议",
        f"组长：{chair}",
        f"应到{len(facts.attendees)}人，实到{len(present)}人：{'、'.join(a.name for a in present)}",
        f"缺席：{'、'.join(absent)}" if absent else "缺席：无",
    ]


def _order_line(line: RankedLine) -> str:
    if line.rank is None:
        return f"不排名次  {line.title}（有效评分不足，仅讨论）"
    words = TIE_WORDS.get(TieStep(line.tie_step)) if line.tie_step else None
    return f"第{line.rank}名  {line.title}" + (f"（{words}）" if words else "")


def _dissents(attendees: Sequence[Attendee]) -> list[str]:
    return [f"{attendee.name}：{attendee.dissent}" for attendee in attendees if attendee.dissent]


def _score_line(line: RankedLine) -> str:
    score = "不计分" if line.score is None else f"{line.score:.2f}分"
    return f"{line.title}：{score}，有效评分表{line.sheets}份"
