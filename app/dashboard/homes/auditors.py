"""Homes of the auditors of city, province and nation: the queue by deadline, then what else needs a look."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from app.accounts.queries import list_regions
from app.accounts.vocabulary import Role
from app.dashboard.blocks import Block, Home, Kpis, NextStep, Row, Rows
from app.dashboard.common import (
    Present,
    Waiting,
    counted,
    first_step,
    messages_block,
    queue_block,
    queue_words,
    read_waiting,
    today_words,
    unit,
)
from app.filings.models import AuditOpinion
from app.filings.queries import count_suspicions, counts_by_status
from app.filings.vocabulary import AuditLevel, Decision, DisplayStatus, FilingStatus
from app.inbox.queries import Count, Filter, count_items, last_month
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.processes.models import WorkItem
from app.processes.vocabulary import ItemStatus
from app.web.locale import current_locale, pick
from app.web.outcomes import status_label

QUEUE = 8
STATUSES = (
    DisplayStatus.CITY_REVIEW, DisplayStatus.PROV_REVIEW, DisplayStatus.NAT_REVIEW, DisplayStatus.RETURNED,
    FilingStatus.FILED, FilingStatus.REJECTED,
)  # fmt: skip


def city_home(present: Present) -> Home:
    """To audit by due date, then the city's filings by stage."""
    waiting = read_waiting(present.actor, limit=QUEUE, with_organisations=True)
    counts = counts_by_status(actor=present.actor)
    blocks: list[Block] = [
        queue_block(waiting, title=pick("待初审", "To audit")),
        _by_status(counts, pick("本市备案", "Filings of the city")),
        messages_block(present.actor),
    ]
    return _auditor(present, waiting, pick("市级初审", "City audit"), blocks)


def province_home(present: Present) -> Home:
    """The queue; what came back corrected; suspected duplicates; the person's own thirty days."""
    waiting = read_waiting(present.actor, limit=QUEUE, with_organisations=True)
    blocks: list[Block] = [
        queue_block(waiting, title=pick("待审核", "To audit")),
        *_hints(present.actor, waiting),
        _own_month(present.actor),
    ]
    return _auditor(present, waiting, pick("省级审核", "Provincial audit"), blocks)


def national_home(present: Present) -> Home:
    """Own items, the common queue by province, screening, and where provinces are late."""
    mine = read_waiting(present.actor, wanted=Filter(mine=True), limit=QUEUE, with_organisations=True)
    blocks: list[Block] = [
        queue_block(
            mine,
            title=pick("我认领的", "Claimed by me"),
            link=(pick("全部待办", "Whole queue"), url_for("inbox.index")),
            empty=pick("尚未认领，可在公共队列中批量认领。", "Nothing claimed: take items from the common queue."),
        ),
        *_common_queue(present),
        *_own_duplicates(present.actor),
        _own_month(present.actor),
    ]
    return _auditor(
        present, mine, pick("国家审核", "National audit"), blocks, calm=_take_step(count_items(actor=present.actor))
    )


def _take_step(count: Count) -> NextStep | None:
    """Nothing is claimed, but the common queue is not empty."""
    if not count.open:
        return None
    number = counted(count)
    late = pick(f"其中{count.overdue}件超期；", f"{count.overdue} overdue; ") if count.overdue else ""
    return NextStep(
        title=pick(f"认领公共队列的{number}件事项", f"Take from the common queue: {number}"),
        why=late + pick("可一次认领多件，认领后由您办理。", "several can be claimed at once; they are yours then."),
        button=pick("去认领", "Open the queue"),
        href=url_for("inbox.index"),
    )


def _auditor(
    present: Present, waiting: Waiting, title: str, blocks: list[Block], *, calm: NextStep | None = None
) -> Home:
    return Home(
        title=title,
        summary=today_words() + queue_words(count_items(actor=present.actor)),
        next=first_step(waiting, calm=calm),
        line=present.line,
        blocks=blocks,
    )


def _by_status(counts: Mapping[str, int], title: str) -> Rows:
    rows = [
        Row(
            title=status_label(code, current_locale()),
            figure=pick(f"{counts[code]}件", str(counts[code])),
            figure_href=url_for("filings.index", status=code),
            strong=False,
        )
        for code in STATUSES
        if counts.get(code)
    ]
    return Rows(title=title, rows=rows, place="side", link=(pick("全部", "All"), url_for("filings.index")))


def _hints(actor: Actor, waiting: Waiting) -> list[Rows]:
    """Resubmitted filings, with their differences ready, and suspected duplicates."""
    back = session.scalars(
        select(AuditOpinion.filing_id)
        .where(
            AuditOpinion.filing_id.in_([item.subject_id for item in waiting.items]),
            AuditOpinion.decision == Decision.RETURN,
        )
        .distinct()
    ).all()
    rows = [waiting.row(item) for item in waiting.items if item.subject_id in back]
    found = [
        Rows(
            title=pick("补正后重新提交", "Resubmitted"),
            note=pick("打开即见修改之处", "the changes are shown"),
            count=len(rows),
            rows=rows,
        )
    ]
    return [*(block for block in found if block.rows), *_own_duplicates(actor)]


def _own_duplicates(actor: Actor) -> list[Rows]:
    count = count_suspicions(actor)
    if not count:
        return []
    row = Row(
        title=pick("疑似重复的在审备案", "Filings under audit with a suspected duplicate"),
        href=url_for("filings.duplicates"),
        figure=pick(f"{count}件", str(count)),
        figure_href=url_for("filings.duplicates"),
        strong=False,
    )
    return [Rows(title=pick("需要留意", "To be looked at"), rows=[row], place="side")]


def _own_month(actor: Actor) -> Kpis:
    """The last thirty days: done, in time, returned, and, for a province, rejected by the nation afterwards."""
    month = last_month(actor)
    percent = month.returned_percent
    items: list[dict[str, Any]] = [
        {
            "label": pick("已办结", "Completed"),
            "value": month.done,
            "unit": unit("件"),
            "href": url_for("inbox.index", status="done"),
        },
        {"label": pick("超期办结", "Completed late"), "value": month.late, "unit": unit("件"), "bad": month.late > 0},
        {"label": pick("退回率", "Returned"), "value": None if percent is None else f"{percent}%"},
    ]
    if actor.has_role(Role.PROVINCE_AUDITOR):
        label = pick("被国家审核否定", "Rejected by the nation")
        items.append({"label": label, "value": _count_overturned(actor), "unit": unit("件")})
    return Kpis(title=pick("我的近30天", "My last 30 days"), items=items, place="wide")


def _count_overturned(actor: Actor) -> int:
    """How many filings that this person approved the nation rejected."""
    later = aliased(AuditOpinion)
    return (
        session.scalar(
            select(func.count(func.distinct(AuditOpinion.filing_id)))
            .join(later, later.filing_id == AuditOpinion.filing_id)
            .where(
                AuditOpinion.auditor_id == actor.id,
                AuditOpinion.level == AuditLevel.PROVINCE,
                AuditOpinion.decision == Decision.APPROVE,
                later.level == AuditLevel.NATIONAL,
                later.decision == Decision.REJECT,
            )
        )
        or 0
    )


@dataclass(frozen=True, slots=True)
class Load:
    """Open items of one role in one province: how many, and how many of them late."""

    province: str | None
    role: str
    process: str
    count: int
    late: int


def _read_loads() -> list[Load]:
    """Audits that nobody of the nation has claimed, and those of the provinces, the latest first."""
    late = func.sum(case((WorkItem.due_at < clock.now(), 1), else_=0))
    rows = session.execute(
        select(WorkItem.province_code, WorkItem.role, WorkItem.process, func.count(), late)
        .where(
            WorkItem.status == ItemStatus.OPEN,
            WorkItem.role.in_((Role.NATIONAL_AUDITOR, Role.PROVINCE_AUDITOR)),
            WorkItem.assignee_id.is_(None) | (WorkItem.role == Role.PROVINCE_AUDITOR),
        )
        .group_by(WorkItem.province_code, WorkItem.role, WorkItem.process)
    )
    loads = [Load(row[0], row[1], row[2], int(row[3]), int(row[4])) for row in rows]
    return sorted(loads, key=lambda load: (-load.late, -load.count, load.province or ""))


def _common_queue(present: Present) -> list[Block]:  # noqa: ARG001 -- every home's part is asked with the present
    """What nobody has claimed, by province; screening and rechecks; where provinces are late."""
    names = {region.code: pick(region.name_zh, region.name_en) for region in list_regions()}
    loads = _read_loads()
    own = [load for load in loads if load.role == Role.NATIONAL_AUDITOR and load.process == "filing"]
    screening = sum(load.count for load in loads if load.process == "award_candidacy")
    late = [load for load in loads if load.role == Role.PROVINCE_AUDITOR and load.late]
    blocks = [
        Rows(
            title=pick("公共队列", "Common queue"),
            count=sum(load.count for load in own),
            note=pick("按省份，超期在前", "by province, overdue first"),
            rows=[_load_row(load, names) for load in own],
            link=(pick("批量认领", "Claim several"), url_for("inbox.index", process="filing")),
        ),
        Rows(title=pick("初筛", "Screening"), rows=_screening_rows(screening), place="side"),
        Rows(
            title=pick("各省超期", "Overdue by province"),
            note=pick("省级审核", "provincial audits"),
            rows=[_late_row(load, names) for load in late],
            place="side",
            link=(pick("督办", "Remind"), url_for("board.stuck", only="late")),
        ),
    ]
    return [block for block in blocks if block.rows]


def _load_row(load: Load, names: Mapping[str, str]) -> Row:
    return Row(
        title=names.get(load.province or "", pick("国家", "Nation")),
        small=pick(f"其中{load.late}件超期", f"{load.late} overdue") if load.late else "",
        figure=pick(f"{load.count}件", str(load.count)),
        strong=False,
    )


def _late_row(load: Load, names: Mapping[str, str]) -> Row:
    return Row(
        title=names.get(load.province or "", pick("国家", "Nation")),
        figure=pick(f"{load.late}件", str(load.late)),
        figure_href=url_for("board.stuck", province=load.province, only="late"),
        strong=False,
    )


def _screening_rows(count: int) -> list[Row]:
    if not count:
        return []
    title = pick("人工核定与复核", "Manual screening and rechecks")
    href = url_for("inbox.index", process="award_candidacy")
    return [Row(title=title, figure=pick(f"{count}件", str(count)), figure_href=href, strong=False)]
