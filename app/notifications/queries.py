"""A person's own notifications. Nobody reads another's."""

from collections.abc import Collection

from sqlalchemy import func, select

from app.kernel.db import session
from app.kernel.errors import field_error
from app.kernel.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, cut_page, decode_cursor
from app.notifications.models import Notification
from app.notifications.vocabulary import UNREAD_CEILING


def list_for(
    user_id: int,
    *,
    kinds: Collection[str] = (),
    cursor: str | None = None,
    unread_only: bool = False,
    limit: int = DEFAULT_LIMIT,
) -> Page[Notification]:
    """What the person was told, the newest first; only of some kinds where these are given."""
    limit = max(1, min(limit, MAX_LIMIT))
    statement = select(Notification).where(Notification.user_id == user_id)
    if kinds:
        statement = statement.where(Notification.kind.in_(kinds))
    if unread_only:
        statement = statement.where(Notification.read_at.is_(None))
    if cursor:
        last_id = decode_cursor(cursor, size=1)[0]
        if not isinstance(last_id, int):
            raise field_error("cursor", "cursor_invalid")
        statement = statement.where(Notification.id < last_id)
    rows = session.scalars(statement.order_by(Notification.id.desc()).limit(limit + 1)).all()
    return cut_page(rows, limit=limit, key=lambda row: [row.id])


def count_unread(user_id: int) -> int:
    """How many wait to be read, in one statement; counting stops at UNREAD_CEILING."""
    unread = (
        select(Notification.id)
        .where(Notification.user_id == user_id, Notification.read_at.is_(None))
        .limit(UNREAD_CEILING)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(unread)) or 0
