"""Announcements as JSON values for everybody: the API's answer, without a word of who objects."""

from datetime import datetime
from typing import Any

from app.announcements import queries
from app.announcements.models import Announcement, NoticeItem
from app.announcements.vocabulary import AnnouncementKind
from app.kernel import clock
from app.rounds.queries import get_round


def describe_announcement(announcement: Announcement) -> dict[str, Any]:
    """A line of GET /announcements."""
    this = get_round(announcement.round_id)
    return {
        "id": announcement.id,
        "kind": announcement.kind,
        "title": announcement.title,
        "title_en": announcement.title_en,
        "round": {"id": this.id, "name": this.name},
        "parent_id": announcement.parent_id,
        "document_number": announcement.document_number or None,
        "issued_on": announcement.issued_on.isoformat(),
        "published_at": _moment(announcement.published_at),
        "closes_at": _moment(closes_at(announcement)),
        "status": "open" if is_open(announcement) else "published",
        "list_sha256": announcement.list_sha256,
    }


def describe_whole(announcement: Announcement) -> dict[str, Any]:
    """GET /announcements/{id}: with the text, what became of every line, and the frozen list as it was hashed."""
    return {
        **describe_announcement(announcement),
        "body": announcement.body,
        "items": [describe_item(item) for item in lines_of(announcement)],
        "list": announcement.list_json,
    }


def describe_item(item: NoticeItem) -> dict[str, Any]:
    """A line of a notice or commendation as it stands now."""
    return {
        "id": item.id,
        "position": item.position,
        "filing_number": item.filing_number,
        "title": item.shown_title,
        "units": item.shown_units,
        "report_type": item.report_type,
        "province": item.province_code,
        "status": item.status,
        "correction": item.correction or None,
    }


def lines_of(announcement: Announcement) -> list[NoticeItem]:
    """The items of a public notice; those that a commendation or supplement named; none for other kinds."""
    if announcement.kind == AnnouncementKind.PUBLIC_NOTICE:
        return list(queries.items_of(announcement.id))
    return list(queries.announced_items(announcement.id))


def closes_at(announcement: Announcement) -> datetime | None:
    """When a public notice ends or ended; None for other kinds."""
    if announcement.kind != AnnouncementKind.PUBLIC_NOTICE:
        return None
    return announcement.closed_at or queries.end_of_notice(announcement.round_id)


def is_open(announcement: Announcement) -> bool:
    """Whether objections are in time now."""
    ends = closes_at(announcement)
    return ends is not None and announcement.closed_at is None and clock.now() <= ends


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(clock.BEIJING).isoformat()
