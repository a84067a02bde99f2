"""Announcements as the JSON API tells them: public words only."""

from typing import Any

from app.announcements.models import Announcement, NoticeItem
from app.announcements.queries import announced_items, items_of
from app.announcements.vocabulary import ANNOUNCEMENT, AnnouncementKind
from app.attachments.queries import list_attachments
from app.web.locale import current_locale, pick


def describe_line(row: Announcement) -> dict[str, Any]:
    """An announcement as a line of a list."""
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
    }


def describe_announcement(row: Announcement) -> dict[str, Any]:
    """One announcement with its text in the reader's language, its list and its documents."""
    lines = items_of(row.id) if row.kind == AnnouncementKind.PUBLIC_NOTICE else announced_items(row.id)
    files = list_attachments(ANNOUNCEMENT, row.id)
    return {
        **describe_line(row),
        "body": row.body.get(current_locale()) or row.body.get("zh") or [],
        "items": [_item(line) for line in lines],
        "list_sha256": row.list_sha256,
        "list": row.list_json,
        "files": [{"id": one.id, "name": one.name, "size": one.size, "sha256": one.sha256} for one in files],
    }


def _item(line: NoticeItem) -> dict[str, Any]:
    return {
        "position": line.position,
        "filing_number": line.filing_number,
        "title": line.shown_title,
        "organisations": line.shown_units,
        "report_type": line.report_type,
        "province": line.province_code,
        "status": line.status,
        "correction": line.correction,
    }
