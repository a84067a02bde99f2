"""Home of the leader: what is to be signed, each with a one-page brief; nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from app.announcements.models import Announcement
from app.dashboard.blocks import Block, Home, NextStep, Paper, Row, Rows
from app.dashboard.common import Present, due_words, messages_block, plural, today_words
from app.kernel.db import session
from app.processes.models import ProcessEvent, WorkItem
from app.processes.vocabulary import EventKind, ItemStatus
from app.selection.models import ProposalEntry
from app.web.dates import moment_text
from app.web.locale import current_locale, pick
from app.web.outcomes import outcome_label


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Who took the last step before the signature."""

    actor_name: str
    node_name: str
    outcome: str
    at: Any


def leader_home(present: Present) -> Home:
    """To sign, each with a one-page brief; the round in one line; published results; nothing else."""
    items = session.scalars(
        select(WorkItem)
        .where(WorkItem.role == "leader", WorkItem.status == ItemStatus.OPEN)
        .order_by(WorkItem.sort_at, WorkItem.id)
        .limit(10)
    ).all()
    steps = _steps_before([item.instance_id for item in items])
    listed = _proposal(present.round_id) if any(item.node == "proposal_sign" for item in items) else None
    blocks: list[Block] = [_brief(item, steps.get(item.instance_id, []), listed) for item in items]
    blocks += [_published(), messages_block(present.actor)]
    words = pick(
        f"{len(items)}件事项等待签发。", f"{plural(len(items), 'item waits', 'items wait')} for your signature."
    )
    return Home(
        title=pick("待签事项", "For signature"),
        summary=today_words() + (words if items else pick("目前没有待签事项。", "Nothing waits for your signature.")),
        next=_sign_first(items),
        line=present.line,
        blocks=blocks,
    )


def _sign_first(items: Sequence[WorkItem]) -> NextStep:
    if not items:
        return NextStep(
            title=pick("目前没有待签事项", "Nothing waits for your signature"),
            why=pick(
                "需要您签发的事项送达时，在此附一页摘要列出。", "What you have to sign will appear here with a brief."
            ),
            calm=True,
        )
    first = items[0]
    return NextStep(
        title=first.node_name,
        why=pick("，", ", ").join(part for part in (first.title, due_words(first.due_at)) if part) + pick("。", "."),
        button=pick("打开签批", "Open"),
        href=url_for("inbox.item", item_id=first.id),
    )


def _steps_before(instance_ids: Sequence[int]) -> Mapping[int, list[_Prepared]]:
    """What people decided in these instances, the newest first."""
    rows = session.execute(
        select(
            ProcessEvent.instance_id,
            ProcessEvent.actor_name,
            ProcessEvent.node_name,
            ProcessEvent.outcome,
            ProcessEvent.at,
        )
        .where(ProcessEvent.instance_id.in_(instance_ids), ProcessEvent.kind == EventKind.COMPLETED)
        .order_by(ProcessEvent.id.desc())
        .limit(200)
    )
    found: dict[int, list[_Prepared]] = {}
    for instance_id, actor_name, node_name, outcome, at in rows:
        found.setdefault(instance_id or 0, []).append(_Prepared(actor_name or "", node_name or "", outcome or "", at))
    return found


def _proposal(round_id: int) -> tuple[int, int]:
    """How many items the proposal lists, and in how many it differs from the panels."""
    differs = func.count().filter(ProposalEntry.listed != ProposalEntry.by_quota)
    row = session.execute(
        select(func.count().filter(ProposalEntry.listed.is_(True)), differs).where(ProposalEntry.round_id == round_id)
    ).one()
    return int(row[0]), int(row[1])


def _proposal_words(listed: int, differing: int) -> str:
    """How long the proposed list is, and how it compares with the panels' ranking."""
    if not differing:
        return pick(
            f"拟列入优秀项目名单{listed}项，与评审排序一致。",
            f"{plural(listed, 'project is', 'projects are')} proposed, as the panels ranked them.",
        )
    return pick(
        f"拟列入优秀项目名单{listed}项，其中{differing}处与评审排序不同，均附理由。",
        f"{plural(listed, 'project is', 'projects are')} proposed; the list differs from the panels' ranking in "
        f"{plural(differing, 'place', 'places')}, each with a reason.",
    )


def _brief(item: WorkItem, steps: Sequence[_Prepared], listed: tuple[int, int] | None) -> Paper:
    locale = current_locale()
    facts = [
        (pick("事项", "Matter"), item.title),
        (pick("期限", "Due"), due_words(item.due_at) or pick("无期限", "none")),
    ]
    if steps:
        prepared = steps[0]
        facts.insert(1, (pick("呈报", "Prepared by"), f"{prepared.actor_name}　{moment_text(prepared.at, locale)}"))
    paragraphs = []
    if item.node == "proposal_sign" and listed is not None:
        paragraphs.append(_proposal_words(*listed))
    for step in steps[:3]:
        decided = outcome_label(step.outcome, locale) if step.outcome else pick("已办结", "completed")
        day = moment_text(step.at, locale)
        paragraphs.append(
            pick(
                f"{step.node_name}：{step.actor_name}，{decided}，{day}。",
                f"{step.node_name}: {step.actor_name}, {decided}, {day}.",
            )
        )
    return Paper(
        title=item.node_name,
        facts=facts,
        paragraphs=paragraphs,
        href=url_for("inbox.item", item_id=item.id),
        button=pick("打开签批", "Open"),
    )


def _published() -> Rows:
    """The latest announcements; results only after their publication."""
    found = session.scalars(select(Announcement).order_by(Announcement.id.desc()).limit(5)).all()
    rows = [
        Row(
            title=pick(one.title, one.title_en or one.title),
            href=url_for("portal.announcement", announcement_id=one.id),
            small=moment_text(one.published_at, current_locale()),
            strong=False,
        )
        for one in found
    ]
    return Rows(title=pick("已公布", "Published"), rows=rows, place="side")
