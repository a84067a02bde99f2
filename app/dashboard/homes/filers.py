"""Home of the filer: what came back, filing anew, where each result stands, who asks for what (flows.md, section 14)."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import select

from app.accounts.vocabulary import Role
from app.candidacies.models import Candidacy
from app.candidacies.queries import told_standing
from app.dashboard.blocks import Block, Home, NextStep, Row, Rows
from app.dashboard.common import (
    Present,
    Waiting,
    first_step,
    item_row,
    messages_block,
    plural,
    read_waiting,
    today_words,
)
from app.filings.queries import list_filings
from app.filings.showing import Row as FilingRow
from app.filings.showing import rows_of
from app.filings.vocabulary import FilingStatus
from app.inbox.queries import Filter
from app.kernel.db import session
from app.ratings.queries import counts_for_filer, feedback_for
from app.rounds.vocabulary import StageCode
from app.web.dates import near_date, short_date
from app.web.locale import current_locale, pick
from app.web.shell import step_name

SHOWN = 6


def filer_home(present: Present) -> Home:
    """Returned results first, then the results with who has them."""
    actor = present.actor
    waiting = read_waiting(actor, wanted=Filter(role=Role.FILER), limit=SHOWN)
    rows = rows_of(list_filings(actor=actor, limit=SHOWN).items)
    blocks: list[Block] = [
        _returned(waiting),
        _results(rows),
        *_candidacies(present),
        *_feedback(present),
        messages_block(actor),
    ]
    new = ("file-earmark-plus", pick("新建备案", "File a result"), url_for("filings.new"))
    return Home(
        title=pick("我的备案", "My filings"),
        summary=today_words() + _summary(waiting),
        next=first_step(waiting, calm=_file_step(present)),
        line=present.line,
        actions=[new] if waiting.first else [],
        blocks=blocks,
    )


def _summary(waiting: Waiting) -> str:
    count = waiting.count
    if not count.open:
        return pick(
            "没有退回的备案，也没有待您答复的事项。", "Nothing was returned to you and nothing waits for an answer."
        )
    late = pick(f"，其中{count.overdue}件超期", f", {count.overdue} overdue") if count.overdue else ""
    return pick(
        f"{count.open}件事项等待您办理{late}。", f"{plural(count.open, 'item waits', 'items wait')} for you{late}."
    )


def _file_step(present: Present) -> NextStep:
    """One button 新建备案, with the round that it counts for and until when."""
    stage = present.stage(StageCode.FILING)
    why = pick("现在提交的备案计入下一评价周期。", "What is filed now counts for the next round.")
    if present.round and stage and present.is_open(StageCode.FILING):
        day, name = short_date(stage.closes_at, current_locale()), present.round.name
        why = pick(f"{day}前提交的，计入{name}。", f"Filed by {day}, it counts for {name}.")
    return NextStep(
        title=pick("新建备案", "File a result"),
        why=why,
        button=pick("新建备案", "File a result"),
        href=url_for("filings.new"),
        calm=not present.is_open(StageCode.FILING),
    )


def _returned(waiting: Waiting) -> Rows:
    rows = [item_row(item, icon="arrow-return-left") for item in waiting.items]
    return Rows(title=pick("待我办理", "Waiting for me"), count=waiting.count.open or None, rows=rows)


def _results(rows: Sequence[FilingRow]) -> Rows:
    return Rows(
        title=pick("我的成果", "My results"),
        rows=[_result(row) for row in rows],
        link=(pick("全部", "All"), url_for("filings.index")),
        empty=pick("尚无备案，从“新建备案”开始。", "Nothing filed yet: begin with “File a result”."),
        empty_icon="file-earmark-text",
    )


def _result(row: FilingRow) -> Row:
    """Status, who has it, since when."""
    filing, waiting = row.listed.filing, row.waiting
    is_draft = filing.status == FilingStatus.DRAFT
    since = ""
    if waiting is not None:
        day = near_date(waiting.item.opened_at, current_locale())
        who = waiting.holder or step_name(waiting.item.node_name)
        since = pick(f"{who}，自{day}", f"{who}, since {day}")
    return Row(
        title=filing.title or pick("（未命名草稿）", "(draft without title)"),
        href=url_for("filings.edit" if is_draft else "filings.show", filing_id=filing.id),
        small="　".join(part for part in (filing.number, since) if part),
        status=row.listed.status,
        strong=False,
    )


def _candidacies(present: Present) -> list[Rows]:
    """How far the rating of the own results is: counts only, no names, no marks."""
    organisations = [int(code) for code in present.actor.scope_codes(Role.FILER)]
    own = session.execute(
        select(Candidacy, told_standing(present.actor))
        .where(Candidacy.round_id == present.round_id, Candidacy.organisation_id.in_(organisations))
        .order_by(Candidacy.id)
        .limit(SHOWN)
    ).all()
    if not own:
        return []
    counts = counts_for_filer(organisation_ids=organisations, round_id=present.round_id)
    rows = []
    for candidacy, standing in own:
        sent, rated = counts.get(candidacy.id, (0, 0))
        progress = pick(f"已收到{rated}份评价，共推送{sent}家", f"{rated} of {sent} ratings received") if sent else ""
        rows.append(
            Row(
                title=candidacy.title,
                href=url_for("candidacies.show", candidacy_id=candidacy.id),
                small=progress,
                status=standing,
                strong=False,
            )
        )
    return [
        Rows(
            title=pick("参评成果", "Standing for the award"),
            count=len(rows),
            rows=rows,
            link=(pick("全部", "All"), url_for("candidacies.index")),
        )
    ]


def _feedback(present: Present) -> list[Rows]:
    """Needs and suggestions received; nobody is named (R-026, R-027)."""
    rows = [
        Row(
            title=given.text, small=title, icon="lightbulb" if given.kind == "need" else "chat-left-quote", strong=False
        )
        for given, title in feedback_for(actor=present.actor, limit=4)
    ]
    if not rows:
        return []
    return [
        Rows(
            title=pick("收到的需求与建议", "Needs and suggestions"),
            note=pick("不显示评价单位", "without names"),
            rows=rows,
        )
    ]
