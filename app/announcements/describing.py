"""Announcements as JSON values for everybody: public words only, without a word of who objects."""

from datetime import datetime
from typing import Any

from app.announcements import queries
from app.announcements.models import Announcement, NoticeItem
from app.announcements.vocabulary import ANNOUNCEMENT, AnnouncementKind
from app.attachments.queries import list_attachments
from app.kernel import clock
from app.web.locale import current_locale, pick


def describe_line(row: Announcement) -> dict[str, Any]:
    """An announcement as a line of a list; `status` of a public notice is open while objections are in time."""
    return {
        "id": row.id,
        "kind": row.kind,
        "title": pick(row.title, row.title_en),
        "round": row.round_id,
        "parent": row.parent_id,
        "document_number": row.document_number,
        "issued_on": row.issued_on,
        "published_at": row.published_at,
        "closed_at": row.closed_at,
        "closes_at": closes_at(row),
        "status": "open" if is_open(row) else "published",
    }


def describe_announcement(row: Announcement) -> dict[str, Any]:
    """One announcement with its text in the reader's language, its list as it was hashed, and its documents."""
    files = list_attachments(ANNOUNCEMENT, row.id)
    return {
        **describe_line(row),
        "body": row.body.get(current_locale()) or row.body.get("zh") or [],
        "items": [describe_item(line) for line in lines_of(row)],
        "list_sha256": row.list_sha256,
        "list": row.list_json,
        "files": [{"id": one.id, "name": one.name, "size": one.size, "sha256": one.sha256} for one in files],
    }


def describe_item(item: NoticeItem) -> dict[str, Any]:
    """A line of a notice or commendation as it stands now."""
    return {
        "position": item.position,
        "filing_number": item.filing_number,
        "title": item.shown_title,
        "organisations": item.shown_units,
        "report_type": item.report_type,
        "province": item.province_code,
        "status": item.status,
        "correction": item.correction,
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
