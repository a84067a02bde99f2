"""Home of the objection handler: new ones, those in hand, held items. Objectors are named on the case's page only."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import select

from app.announcements.models import NoticeItem, Objection
from app.announcements.queries import list_objections
from app.announcements.vocabulary import OPEN, UNCHECKED, ObjectionStatus
from app.candidacies.models import Candidacy
from app.candidacies.vocabulary import Standing
from app.dashboard.blocks import Home, Row, Rows
from app.dashboard.common import (
    Present,
    dates_block,
    first_step,
    plural,
    present_of_work,
    queue_block,
    read_waiting,
    today_words,
)
from app.kernel import clock
from app.kernel.db import session
from app.processes.models import WorkItem
from app.processes.vocabulary import ItemStatus
from app.web.dates import short_date
from app.web.locale import current_locale, pick
from app.web.shell import step_name
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
    asked = [one for one in new if one.status == ObjectionStatus.SUPPLEMENT_ASKED]
    places = _places(objections)
    first = waiting.first
    present = present_of_work(present, first.batch_id if first else None)
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
            *_cases(asked, titles, places, pick("待补充材料", "Supplement asked for")),
            *_cases(running, titles, places, pick("办理中", "In hand")),
            *_held(present),
            dates_block(present),
        ],
    )


def _titles(objections: Sequence[Objection]) -> dict[int, str]:
    rows = session.execute(
        select(NoticeItem.id, NoticeItem.title).where(NoticeItem.id.in_([one.item_id for one in objections]))
    )
    return dict(rows.all())


def _places(objections: Sequence[Objection]) -> dict[int, str]:
    """The step at which each case waits for somebody, by instance."""
    rows = session.execute(
        select(WorkItem.instance_id, WorkItem.node_name).where(
            WorkItem.instance_id.in_([one.instance_id for one in objections]), WorkItem.status == ItemStatus.OPEN
        )
    )
    return {instance_id: step_name(node) for instance_id, node in rows}


def _cases(objections: Sequence[Objection], titles: dict[int, str], places: dict[int, str], title: str) -> list[Rows]:
    rows = [
        Row(
            title=titles.get(one.item_id, ""),
            href=url_for("announcements.objection", objection_id=one.id),
            small=_small(one, places.get(one.instance_id or 0, "")),
            figure=_day_of(one),
            strong=False,
        )
        for one in objections
    ]
    return [Rows(title=title, count=len(rows), rows=rows)] if rows else []


def _small(objection: Objection, place: str) -> str:
    day = short_date(objection.received_at, current_locale())
    received = pick(f"{day}收到", f"received {day}")
    waits = pick(f"现在{place}环节", f"now at: {place}") if place else ""
    return pick("，", ", ").join(part for part in (objection.receipt_number, received, waits) if part)


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
