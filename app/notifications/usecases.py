"""Telling people, and their reading it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, update

from app.kernel import clock
from app.kernel.db import session, table_of
from app.kernel.errors import NotFoundError
from app.notifications.models import Notification
from app.notifications.texts import MESSAGES, render
from app.notifications.vocabulary import MailStatus

CHUNK = 1_000
LONGEST_LINK = 300
INSERT = insert(table_of(Notification))


def notify(*, user_ids: Collection[int], kind: str, params: Mapping[str, Any], link: str | None = None) -> int:
    """Tells people something, each once, in the caller's transaction; returns how many.

    `kind` and its `params` stand in texts.py (ValueError when they do not agree, a fault of the program); dates and
    moments may be given as such. `link`: a path of this site. Mail follows after the commit.
    """
    stored = {name: _as_json(value) for name, value in params.items()}
    _ensure_sayable(kind, stored, link)
    now, has_mail = clock.now(), MESSAGES[kind].mail
    row = {
        "kind": kind,
        "params": stored,
        "link": link,
        "created_at": now,
        "mail_status": MailStatus.QUEUED if has_mail else MailStatus.NONE,
        "mail_due_at": now if has_mail else None,
        "mail_attempts": 0,
    }
    people = sorted(set(user_ids))
    for start in range(0, len(people), CHUNK):
        chunk = people[start : start + CHUNK]
        session.execute(INSERT, [{**row, "user_id": user_id} for user_id in chunk])
    return len(people)


def mark_read(*, user_id: int) -> int:
    """Marks all of the person's notifications as read; returns how many were not."""
    statement = (
        update(Notification)
        .where(Notification.user_id == user_id, Notification.read_at.is_(None))
        .values(read_at=clock.now())
    )
    return _rows(session.execute(statement))


def open_notification(*, notification_id: int, user_id: int) -> str | None:
    """Marks one as read and says where it leads; NotFoundError for another person's."""
    row = session.get(Notification, notification_id)
    if row is None or row.user_id != user_id:
        raise NotFoundError
    if row.read_at is None:
        row.read_at = clock.now()
    return row.link


def _ensure_sayable(kind: str, params: Mapping[str, Any], link: str | None) -> None:
    if kind not in MESSAGES:
        raise ValueError(f"texts.py has no kind {kind}")
    if MESSAGES[kind].params != params.keys():
        raise ValueError(f"kind {kind} takes {sorted(MESSAGES[kind].params)}, not {sorted(params)}")
    render(kind, params, "zh")
    if link is not None and (not link.startswith("/") or link.startswith("//") or len(link) > LONGEST_LINK):
        raise ValueError(f"{link} is no short path of this site")


def _as_json(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _rows(result: object) -> int:
    count = getattr(result, "rowcount", 0)
    return int(count)
