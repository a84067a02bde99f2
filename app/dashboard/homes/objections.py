"""Home of the objection handler: new ones, those in hand, held items. Objectors are named on the case's page only."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import select

from app.announcements.models import NoticeItem, Objection
from app.announcements.queries import list_objections
from app.announcements.vocabulary import OPEN, UNCHECKED
from app.candidacies.models import Candidacy
from app.candidacies.vocabulary import Standing
from app.dashboard.blocks import Home, Row, Rows
from app.dashboard.common import Present, dates_block, first_step, plural, queue_block, read_waiting, today_words
from app.kernel import clock
from app.kernel.db import session
from app.web.dates import short_date
from app.web.locale import current_locale, pick
from app.workdays.calendar import workdays_between

TERM = 15
"""Working days from acceptance to the decision (E9)."""


def handler_home(present: Present) -> Home:
    """New objections, those in hand with their day of fifteen, items on hold."""
    waiting = read_waiting(present.actor)
    objections = list_objections(actor=present.actor, statuses=sorted(OPEN))
    titles = _titles(objections)
    new = [one for one in objections if one.status in UNCHECKED]
    running = [one for one in objections if one.status not in UNCHECKED]
    return Home(
        title=pick("异议处理", "Objections"),
        summary=today_words()
        + pick(
            f"{len(new)}件待受理，{len(running)}件办理中。",
            f"{plural(len(new), 'objection', 'objections')} to examine, {len(running)} in hand.",
        ),
        next=first_step(waiting),
        line=present.line,
        blocks=[
            queue_block(waiting, title=pick("待办", "To do")),
            *_cases(new, titles, pick("待受理", "To examine")),
            *_cases(running, titles, pick("办理中", "In hand")),
            *_held(present),
            dates_block(present),
        ],
    )


def _titles(objections: Sequence[Objection]) -> dict[int, str]:
    rows = session.execute(
        select(NoticeItem.id, NoticeItem.title).where(NoticeItem.id.in_([one.item_id for one in objections]))
    )
    return dict(rows.all())


def _cases(objections: Sequence[Objection], titles: dict[int, str], title: str) -> list[Rows]:
    rows = [
        Row(
            title=titles.get(one.item_id, ""),
            href=url_for("announcements.objection", objection_id=one.id),
            small=pick(
                f"{one.receipt_number}，{short_date(one.received_at, current_locale())}收到",
                f"{one.receipt_number}, received {short_date(one.received_at, current_locale())}",
            ),
            figure=_day_of(one),
            strong=False,
        )
        for one in objections
    ]
    return [Rows(title=title, count=len(rows), rows=rows)] if rows else []


def _day_of(objection: Objection) -> str:
    """第3个工作日，共15个."""
    if objection.accepted_at is None:
        return ""
    day = workdays_between(objection.accepted_at, clock.now())
    return pick(f"第{day}个工作日，共{TERM}个", f"Working day {day} of {TERM}")


def _held(present: Present) -> list[Rows]:
    held = session.scalars(
        select(Candidacy)
        .where(Candidacy.round_id == present.round_id, Candidacy.standing == Standing.HELD)
        .order_by(Candidacy.id)
    ).all()
    rows = [
        Row(title=one.title, href=url_for("candidacies.show", candidacy_id=one.id), status=one.standing, strong=False)
        for one in held
    ]
    return [Rows(title=pick("暂缓公布", "On hold"), count=len(rows), rows=rows)] if rows else []
