"""Home of those who rate: what waits, what is begun, what may still be changed."""

from collections.abc import Mapping, Sequence

from flask import url_for
from sqlalchemy import select

from app.dashboard.blocks import Block, Home, NextStep, Row, Rows
from app.dashboard.common import Present, due_words, messages_block, plural, present_of_work, today_words
from app.domains.models import Domain
from app.filings.showing import workdays_until
from app.kernel.db import session
from app.processes.models import WorkItem
from app.ratings.queries import SeatLine, list_seats
from app.ratings.showing import OPEN
from app.ratings.vocabulary import SeatState
from app.rounds.vocabulary import StageCode, StageStatus
from app.web.dates import short_date
from app.web.locale import current_locale, pick

MINUTES_EACH = 6
"""What a rating takes, measured with people (flows.md, section 16)."""
SHOWN = 10


def rater_home(present: Present) -> Home:
    """Items to rate with domain, minutes and due date; drafts; rated ones that may still be changed."""
    lines = list_seats(actor=present.actor, states=(*OPEN, SeatState.RATED))
    waiting = [line for line in lines if line.seat.state in OPEN and line.item_id is not None]
    rated = [line for line in lines if line.seat.state == SeatState.RATED]
    drafts = _begun([line.item_id or 0 for line in waiting])
    present = present_of_work(present, next((line.seat.round_id for line in (*waiting, *rated)), None))
    domains = _domain_names({line.domain_code for line in lines})
    blocks: list[Block] = [
        Rows(
            title=pick("待评价", "To rate"),
            count=len(waiting),
            rows=[_waiting_row(line, domains, drafts) for line in waiting[:SHOWN]],
            empty=_when(present),
            link=(pick("全部", "All"), url_for("ratings.index")),
        ),
        *_rated(rated, domains),
        messages_block(present.actor),
    ]
    return Home(
        title=pick("线上评价", "Online rating"),
        summary=today_words() + _summary(waiting, rated),
        next=_next(waiting, drafts),
        line=present.line,
        blocks=blocks,
    )


def _begun(item_ids: Sequence[int]) -> frozenset[int]:
    """Which of these items have a draft."""
    query = select(WorkItem.id).where(WorkItem.id.in_(item_ids), WorkItem.draft.is_not(None))
    return frozenset(session.scalars(query))


def _domain_names(codes: set[str]) -> Mapping[str, str]:
    rows = session.execute(select(Domain.code, Domain.name_zh, Domain.name_en).where(Domain.code.in_(codes)))
    return {code: pick(zh, en) for code, zh, en in rows}


def _waiting_row(line: SeatLine, domains: Mapping[str, str], drafts: frozenset[int]) -> Row:
    begun = line.item_id in drafts
    minutes = pick(f"约{MINUTES_EACH}分钟", f"about {MINUTES_EACH} minutes")
    parts = [domains.get(line.domain_code, ""), pick("已有草稿", "draft kept") if begun else minutes]
    return Row(
        title=line.title,
        href=url_for("inbox.item", item_id=line.item_id),
        small=pick("，", ", ").join(part for part in parts if part),
        icon="pencil" if begun else "circle",
        workdays=workdays_until(line.due_at),
    )


def _rated(rated: Sequence[SeatLine], domains: Mapping[str, str]) -> list[Rows]:
    if not rated:
        return []
    rows = [
        Row(
            title=line.title,
            href=url_for("ratings.rated", seat_id=line.seat.id),
            small=domains.get(line.domain_code, ""),
            icon="check-circle-fill",
            strong=False,
        )
        for line in rated[:5]
    ]
    return [
        Rows(
            title=pick("已评价", "Rated"),
            count=len(rated),
            note=pick("截止前可以修改", "may be changed until the end"),
            rows=rows,
            link=(pick("全部", "All"), url_for("ratings.index", show="rated")),
        )
    ]


def _summary(waiting: Sequence[SeatLine], rated: Sequence[SeatLine]) -> str:
    if not waiting and not rated:
        return pick("目前没有待评价的成果。", "Nothing to rate at present.")
    if not waiting:
        return pick(
            f"受邀评价的{len(rated)}项成果均已评价。", f"All {plural(len(rated), 'result', 'results')} are rated."
        )
    minutes = len(waiting) * MINUTES_EACH
    return pick(
        f"有{len(waiting)}项成果待贵单位评价，共约{minutes}分钟；已评价{len(rated)}项。",
        f"{plural(len(waiting), 'result waits', 'results wait')} for your organisation's rating, about {minutes} minutes; "
        f"{len(rated)} rated.",
    )


def _next(waiting: Sequence[SeatLine], drafts: frozenset[int]) -> NextStep:
    if not waiting:
        return NextStep(
            title=pick("目前没有待评价的成果", "Nothing to rate at present"),
            why=pick("有成果推送给贵单位时，会以消息通知您。", "You will get a message when results are sent to you."),
            calm=True,
        )
    first = next((line for line in waiting if line.item_id in drafts), waiting[0])
    begun = first.item_id in drafts
    title = pick(f"评价“{first.title}”", f"Rate “{first.title}”")
    parts = (pick(f"约{MINUTES_EACH}分钟", f"about {MINUTES_EACH} minutes"), due_words(first.due_at))
    return NextStep(
        title=title,
        why=pick("，", ", ").join(part for part in parts if part)
        + pick(
            "。存在利害关系或不熟悉该领域的，可以谢绝。",
            ". You may decline if there is an interest or the field is not yours.",
        ),
        button=pick("继续评价", "Continue") if begun else pick("开始评价", "Begin"),
        href=url_for("inbox.item", item_id=first.item_id),
    )


def _when(present: Present) -> str:
    stage = present.stage(StageCode.RATING)
    if stage is None or stage.opens_at is None or stage.status is not StageStatus.PLANNED:
        return pick("领域推送后，待评价的成果在此列出。", "Results sent to you will be listed here.")
    day = short_date(stage.opens_at, current_locale())
    return pick(
        f"线上评价计划自{day}开始，届时在此列出。", f"Online rating is planned from {day}; results appear here."
    )
