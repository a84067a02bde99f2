"""Home of the leader: what is to be signed, each with a one-page brief; nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import func, select

from app.accounts.queries import names_of_users
from app.announcements.models import Announcement
from app.dashboard.blocks import Block, Home, NextStep, Paper, Row, Rows
from app.dashboard.common import Present, due_words, messages_block, plural, present_of_work, today_words
from app.kernel.db import session
from app.processes.models import ProcessInstance, WorkItem
from app.processes.states import get_definition
from app.processes.vocabulary import ItemStatus
from app.selection.models import ProposalEntry
from app.web.dates import moment_text
from app.web.locale import current_locale, pick
from app.web.outcomes import outcome_label
from app.web.shell import step_name

OPINIONS = ("opinion", "findings", "reason")
"""What the forms of earlier steps call the words of the person who took them."""
LONGEST_OPINION = 120
STEPS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A step before the signature, in words."""

    actor_name: str
    step: str
    outcome: str
    at: datetime
    opinion: str


def leader_home(present: Present) -> Home:
    """To sign, each with a one-page brief; the round in one line; published results; nothing else."""
    items = session.scalars(
        select(WorkItem)
        .where(WorkItem.role == "leader", WorkItem.status == ItemStatus.OPEN)
        .order_by(WorkItem.sort_at, WorkItem.id)
        .limit(10)
    ).all()
    present = present_of_work(present, items[0].batch_id if items else None)
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
        title=step_name(first.node_name),
        why=pick("，", ", ").join(part for part in (first.title, due_words(first.due_at)) if part) + pick("。", "."),
        button=pick("打开签批", "Open"),
        href=url_for("inbox.item", item_id=first.id),
    )


def _steps_before(instance_ids: Sequence[int]) -> Mapping[int, list[_Prepared]]:
    """What people decided in these instances with their opinions, the newest first, in two statements."""
    rows = session.execute(
        select(WorkItem, ProcessInstance.definition_id)
        .join(ProcessInstance, ProcessInstance.id == WorkItem.instance_id)
        .where(WorkItem.instance_id.in_(instance_ids), WorkItem.status == ItemStatus.DONE)
        .order_by(WorkItem.completed_at.desc(), WorkItem.id.desc())
        .limit(200)
    ).all()
    names = names_of_users(item.completed_by for item, _ in rows if item.completed_by)
    found: dict[int, list[_Prepared]] = {}
    for item, definition_id in rows:
        step = _Prepared(
            actor_name=names.get(item.completed_by or 0, ""),
            step=step_name(item.node_name),
            outcome=_outcome_words(item, definition_id),
            at=item.completed_at or item.opened_at,
            opinion=_opinion(item),
        )
        found.setdefault(item.instance_id, []).append(step)
    return found


def _outcome_words(item: WorkItem, definition_id: int) -> str:
    """The outcome as the diagram names it."""
    if not item.outcome:
        return pick("已办结", "completed")
    node = get_definition(definition_id).nodes.get(item.node)
    known = next((one for one in node.outcomes if one.code == item.outcome and one.zh), None) if node else None
    return pick(known.zh, known.en) if known else outcome_label(item.outcome, current_locale())


def _opinion(item: WorkItem) -> str:
    values = item.values or {}
    text = next((str(values[key]) for key in OPINIONS if values.get(key)), "")
    return text if len(text) <= LONGEST_OPINION else f"{text[:LONGEST_OPINION]}……"


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
        (pick("签批环节", "To be signed"), step_name(item.node_name)),
        (pick("期限", "Due"), due_words(item.due_at) or pick("无期限", "none")),
    ]
    if steps:
        prepared = steps[0]
        facts.insert(1, (pick("呈报", "Prepared by"), f"{prepared.actor_name}　{moment_text(prepared.at, locale)}"))
    return Paper(
        title=item.title,
        facts=facts,
        paragraphs=[_proposal_words(*listed)] if item.node == "proposal_sign" and listed is not None else [],
        story=[
            {
                "time": moment_text(step.at, locale),
                "text": pick(
                    f"{step.step}：{step.outcome}，{step.actor_name}", f"{step.step}: {step.outcome}, {step.actor_name}"
                ),
                "detail": step.opinion,
            }
            for step in steps[:STEPS_SHOWN]
        ],
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
