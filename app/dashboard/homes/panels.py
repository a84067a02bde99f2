"""Homes around the panels: expert and chair, secretary, supervisor. Names of experts are on none of them."""

from collections.abc import Sequence

from flask import url_for

from app.dashboard.blocks import Block, Cell, Home, NextStep, Row, Rows, Table
from app.dashboard.common import (
    Present,
    Waiting,
    dates_block,
    due_words,
    first_step,
    messages_block,
    plural,
    present_of_work,
    queue_block,
    queue_words,
    read_waiting,
    today_words,
)
from app.filings.showing import workdays_until
from app.selection.views import OwnReview, PanelLine, list_own_reviews, list_own_seats, list_working_panel_lines
from app.selection.vocabulary import ReviewStatus, SeatStatus
from app.selection.words import words
from app.web.dates import moment_text
from app.web.locale import current_locale, pick

SHOWN = 10
WATCHED = ("pool_changed", "proposal_changed", "expert_replaced", "reserves_promoted")
"""Messages about what was done by hand, which supervision reads."""
OVERDUE = ("audit_overdue",)


def expert_home(present: Present) -> Home:
    """Invitation, declarations, own items with progress, meeting. Nothing of others, no results."""
    seats = list_own_seats(present.actor)
    reviews = list_own_reviews(present.actor)
    waiting = read_waiting(present.actor, limit=SHOWN)
    own_rounds = (panel.round_id for _, panel, _ in seats)
    present = present_of_work(present, waiting.first.batch_id if waiting.first else next(own_rounds, None))
    scored = sum(review.seat.status == ReviewStatus.SCORED for review in reviews)
    undeclared = sum(review.seat.status == ReviewStatus.ASSIGNED for review in reviews)
    blocks: list[Block] = [
        _reviews(reviews, scored),
        _panels(seats),
        *([] if reviews else [queue_block(waiting, title=pick("待办", "To do"))]),
        messages_block(present.actor),
    ]
    return Home(
        title=pick("我的评审", "My reviews"),
        summary=today_words() + _expert_summary(reviews, scored, undeclared),
        next=_declare(undeclared, reviews) if undeclared else first_step(waiting),
        line=present.line,
        blocks=[block for block in blocks if not isinstance(block, Rows) or block.rows or block.empty],
    )


def _expert_summary(reviews: Sequence[OwnReview], scored: int, undeclared: int) -> str:
    if not reviews:
        return pick("目前没有分配给您的成果。", "No results are assigned to you.")
    declare = (
        pick(f"，{undeclared}项尚未声明回避情形", f", {undeclared} without your declaration of conflicts")
        if undeclared
        else ""
    )
    return pick(
        f"共{len(reviews)}项成果，已评分{scored}项{declare}。",
        f"{plural(len(reviews), 'result', 'results')}, {scored} scored{declare}.",
    )


def _declare(undeclared: int, reviews: Sequence[OwnReview]) -> NextStep:
    due = min((review.item.due_at for review in reviews if review.item and review.item.due_at), default=None)
    until = due_words(due)
    return NextStep(
        title=pick(
            f"声明{undeclared}项成果的回避情形", f"Declare conflicts for {plural(undeclared, 'result', 'results')}"
        ),
        why=pick("在一页上逐项声明，声明后方可查看材料", "All on one page; the material opens afterwards")
        + (pick(f"；{until}。", f"; {until}.") if until else pick("。", ".")),
        button=pick("去声明", "Declare"),
        href=url_for("reviews.declarations"),
    )


def _reviews(reviews: Sequence[OwnReview], scored: int) -> Rows:
    rows = [
        Row(
            title=review.title,
            href=url_for("inbox.item", item_id=review.item.id) if review.item else url_for("reviews.index"),
            small=words("report_type", review.report_type),
            figure=words("review", review.seat.status),
            workdays=workdays_until(review.item.due_at) if review.item else None,
            strong=review.item is not None,
        )
        for review in sorted(reviews, key=lambda one: one.item is None)[:SHOWN]
    ]
    return Rows(
        title=pick("我的评审成果", "My items"),
        count=f"{scored}/{len(reviews)}" if reviews else None,
        note=pick("已评分/全部", "scored of all") if reviews else "",
        rows=rows,
        link=(pick("全部", "All"), url_for("reviews.index")) if rows else None,
    )


def _panels(seats: Sequence[tuple]) -> Rows:  # type: ignore[type-arg]  # (seat, panel, item) of the selection room
    """Own panels: invitation with its term, meeting with time and place."""
    rows = []
    for seat, panel, item in seats:
        meeting = ""
        if panel.meeting_at is not None:
            meeting = "　".join((moment_text(panel.meeting_at, current_locale()), panel.meeting_place))
        accepted = seat.status == SeatStatus.ACCEPTED
        rows.append(
            Row(
                title=panel.name,
                href=url_for("inbox.item", item_id=item.id) if item else url_for("selection.panel", panel_id=panel.id),
                small=meeting or words("panel" if accepted else "seat", panel.status if accepted else seat.status),
                workdays=workdays_until(item.due_at) if item else None,
            )
        )
    return Rows(title=pick("评审组与会议", "Panels and meetings"), rows=rows, place="side")


def _round_of_work(waiting: Waiting, lines: Sequence[PanelLine]) -> int | None:
    """The round of what waits, else of the newest panel at work."""
    if waiting.first is not None:
        return waiting.first.batch_id
    return lines[0].panel.round_id if lines else None


def secretary_home(present: Present) -> Home:
    """Panels with draw, invitations and sheets as counts; what waits; the next dates."""
    waiting = read_waiting(present.actor)
    lines = list_working_panel_lines()
    present = present_of_work(present, _round_of_work(waiting, lines))
    handed, asked = sum(line.sheets for line in lines), sum(line.seats for line in lines)
    panels = pick(
        f"{len(lines)}个评审组，已交评分{handed}/{asked}份。",
        f"{plural(len(lines), 'panel', 'panels')} at work; {handed} of {asked} sheets handed in.",
    )
    return Home(
        title=pick("评审组织", "Panels"),
        summary=today_words() + queue_words(waiting.count) + pick("", " ") + (panels if lines else ""),
        next=first_step(waiting),
        line=present.line,
        blocks=[panels_table(lines), queue_block(waiting, title=pick("待办", "To do")), dates_block(present)],
    )


def panels_table(lines: Sequence[PanelLine]) -> Table:
    """Counts of every panel at work, never scores or names."""
    rows = [
        [
            Cell(
                text=line.panel.name,
                href=url_for("selection.panel", panel_id=line.panel.id),
                small=line.round_name,
            ),
            Cell(text=words("panel", line.panel.status)),
            Cell(text=str(line.items), is_number=True),
            Cell(text=f"{line.members}/{line.panel.size}", is_number=True),
            Cell(text=f"{line.sheets}/{line.seats}", is_number=True),
        ]
        for line in lines
    ]
    return Table(
        title=pick("评审组", "Panels"),
        count=len(lines) or None,
        columns=[
            (pick("评审组", "Panel"), ""),
            (pick("状态", "Status"), ""),
            (pick("成果", "Items"), "n"),
            (pick("已应邀", "Accepted"), "n"),
            (pick("已交评分", "Sheets"), "n"),
        ],
        rows=rows,
        note=pick("进行中", "at work") if rows else "",
        empty=pick("目前没有进行中的评审组。组建后在此列出。", "No panel is at work; new ones appear here."),
        link=(pick("全部", "All"), url_for("selection.panels")),
    )


def supervisor_home(present: Present) -> Home:
    """Draws to witness, changes made by hand, the panels read-only."""
    waiting = read_waiting(present.actor)
    lines = list_working_panel_lines()
    present = present_of_work(present, _round_of_work(waiting, lines))
    watched = messages_block(
        present.actor, title=pick("需知悉的变更", "Changes to take note of"), kinds=WATCHED, place="main"
    )
    overdue = messages_block(present.actor, title=pick("审核超期", "Overdue audits"), kinds=OVERDUE)
    witness = queue_block(
        waiting,
        title=pick("待监督事项", "To witness"),
        empty=pick("目前没有待监督的抽取。", "No draw waits for a witness."),
    )
    return Home(
        title=pick("监督", "Supervision"),
        summary=today_words() + queue_words(waiting.count),
        next=first_step(waiting),
        line=present.line,
        blocks=[
            witness,
            watched,
            panels_table(lines),
            overdue,
            dates_block(present),
        ],
    )
