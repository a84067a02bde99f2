"""What the public pages show, put together in the reader's language."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.announcements import describing, queries
from app.announcements.models import Announcement, Contact, NoticeItem, Objection
from app.announcements.showing import province_names
from app.announcements.vocabulary import (
    ANNOUNCEMENT,
    KIND_NAMES,
    REPORT_TYPE_ORDER,
    AnnouncementKind,
    ObjectionStatus,
)
from app.announcements.words import DECISIONS, GROUNDS, STATUSES
from app.attachments.models import Attachment
from app.attachments.queries import list_attachments
from app.kernel import clock
from app.rounds.line import name_of
from app.rounds.models import Round
from app.rounds.queries import changes_of, current_round, get_round, view_round
from app.rounds.road import PLANS
from app.rounds.vocabulary import StageCode
from app.web.dates import beijing_day
from app.web.locale import current_locale, pick
from app.web.words import REPORT_TYPES
from app.workdays.calendar import is_workday, workdays_between

MOST_DAYS = 10
"""More working days than these are not drawn as tiles."""
NEWEST = 8


@dataclass(frozen=True, slots=True)
class NoticePage:
    """An announcement as an official document."""

    announcement: Announcement
    title: str
    paragraphs: Sequence[str]
    groups: Sequence[tuple[str, Sequence[NoticeItem]]]
    ranking: Sequence[Mapping[str, Any]]
    stages: Sequence[tuple[str, datetime]]
    provinces: Mapping[str, str]
    is_open: bool
    closes_at: datetime | None
    workdays_left: int
    days: Sequence[Mapping[str, Any]]
    files: Sequence[Attachment]
    contacts: Sequence[Contact]
    round: Round

    @property
    def count(self) -> int:
        return sum(len(items) for _, items in self.groups)


@dataclass(frozen=True, slots=True)
class ObjectionPage:
    """An objection for the bearer of its receipt: where it stands, and what the answer is."""

    objection: Objection
    item: NoticeItem
    status: str
    result: str
    may_supplement: bool
    may_withdraw: bool


def show_announcement(announcement_id: int) -> NoticePage:
    """The announcement; NotFoundError when there is none."""
    one = queries.get_announcement(announcement_id)
    ends = describing.closes_at(one)
    listed = one.frozen_lines
    return NoticePage(
        announcement=one,
        title=title_of(one),
        paragraphs=one.body.get(current_locale()) or one.body["zh"],
        groups=_groups(describing.lines_of(one)),
        ranking=listed if one.kind == AnnouncementKind.RANKING else [],
        stages=_stages(one),
        provinces=province_names(),
        is_open=describing.is_open(one),
        closes_at=ends,
        workdays_left=workdays_between(clock.now(), ends) if ends else 0,
        days=_days(one.published_at, ends) if ends else [],
        files=list_attachments(ANNOUNCEMENT, one.id),
        contacts=queries.contacts_of(one.round_id),
        round=get_round(one.round_id),
    )


def show_newest() -> list[dict[str, Any]]:
    """The newest announcements and change notices of stages together, the latest first."""
    rows = [announcement_row(one) for one in queries.list_announcements(limit=NEWEST).items]
    this = current_round()
    rows += [change_row(row) for row in changes(this)[:NEWEST]] if this else []
    return sorted(rows, key=lambda row: row["at"], reverse=True)[:NEWEST]


def announcement_row(one: Announcement) -> dict[str, Any]:
    """An announcement as a line of a list."""
    return {
        "id": one.id,
        "at": one.published_at,
        "kind": pick(*KIND_NAMES[AnnouncementKind(one.kind)]),
        "title": title_of(one),
        "number": one.document_number,
    }


def change_row(change: Mapping[str, Any]) -> dict[str, Any]:
    """A moved stage as a line of the same list."""
    stage, until = change["stage"], change["until"]
    day = f"{until.astimezone(clock.BEIJING):%Y-%m-%d}"
    title = pick(f"“{stage}”阶段调整至{day}", f"{stage}: new end {day}")
    return {"id": None, "at": change["at"], "kind": pick("变更公告", "Change"), "title": title, "number": ""}


def changes(this: Round) -> list[dict[str, Any]]:
    """The public change notices of a round: which stage, until when, why (E0); not by whom."""
    return [
        {
            "at": change.at,
            "stage": pick(PLANS[StageCode(change.stage_code)].name_zh, PLANS[StageCode(change.stage_code)].name_en),
            "before": change.closes_before,
            "until": change.closes_after,
            "reason": change.reason,
        }
        for change in changes_of(this.id)
    ]


def stage_rows(this: Round) -> list[dict[str, Any]]:
    """The stages of a round with their windows."""
    return [
        {"name": name_of(stage), "opens_at": stage.opens_at, "ends": stage.shown_end, "status": stage.status.value}
        for stage in view_round(this)
    ]


def show_objection(objection: Objection) -> ObjectionPage:
    """For the bearer of the receipt; findings stay inside."""
    result = ""
    if objection.status == ObjectionStatus.DECIDED and objection.decision:
        result = DECISIONS(objection.decision)
    elif objection.status == ObjectionStatus.REFUSED and objection.ground:
        result = GROUNDS(objection.ground)
    is_open = objection.status in (
        ObjectionStatus.REGISTERED,
        ObjectionStatus.SUPPLEMENT_ASKED,
        ObjectionStatus.ACCEPTED,
    )
    return ObjectionPage(
        objection=objection,
        item=queries.get_item(objection.item_id),
        status=STATUSES(objection.status),
        result=result,
        may_supplement=objection.status == ObjectionStatus.SUPPLEMENT_ASKED,
        may_withdraw=is_open and objection.withdrawal_asked_at is None,
    )


def title_of(one: Announcement) -> str:
    """The title in the reader's language where it has one."""
    return pick(one.title, one.title_en or one.title)


def write_csv(announcement: Announcement) -> bytes:
    """The frozen list as CSV, readable by spreadsheets (UTF-8 with mark)."""
    items = announcement.frozen_lines
    out = io.StringIO()
    writer = csv.writer(out)
    columns = list(items[0]) if items else []
    writer.writerow(columns)
    for item in items:
        writer.writerow([_cell(item[column]) for column in columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "、".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _groups(items: Sequence[NoticeItem]) -> list[tuple[str, Sequence[NoticeItem]]]:
    known = [*REPORT_TYPE_ORDER, ""]
    sorted_in: dict[str, list[NoticeItem]] = {code: [] for code in known}
    for item in items:
        sorted_in[item.report_type if item.report_type in REPORT_TYPE_ORDER else ""].append(item)
    return [(REPORT_TYPES(code) or pick("其他", "Other"), sorted_in[code]) for code in known if sorted_in[code]]


def _stages(one: Announcement) -> list[tuple[str, datetime]]:
    rows = one.body.get("stages", [])
    return [
        (
            pick(PLANS[StageCode(row["code"])].name_zh, PLANS[StageCode(row["code"])].name_en),
            datetime.fromisoformat(row["closes_at"]),
        )
        for row in rows
    ]


def _days(opens: datetime, ends: datetime) -> list[dict[str, Any]]:
    """The working days of a notice as tiles, from the day after its opening; none when there are too many."""
    today, last = clock.today(), beijing_day(ends)
    days: list[dict[str, Any]] = []
    day = beijing_day(opens) + timedelta(days=1)
    while day <= last and len(days) <= MOST_DAYS:
        if is_workday(day):
            days.append({"day": day, "state": _state(day, today)})
        day += timedelta(days=1)
    return days if len(days) <= MOST_DAYS else []


def _state(day: date, today: date) -> str:
    if day == today:
        return "now"
    return "done" if day < today else "future"
