"""Sweeping: uploads that never became part of anything, and the stored files that nothing names any more."""

import logging
from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import delete, exists, select

from app.attachments.models import Attachment, SweptContent
from app.attachments.storage import storage
from app.attachments.vocabulary import ORPHANED_AFTER, REMOVAL_PAUSES, REMOVED_AFTER
from app.kernel import clock
from app.kernel.db import session

log = logging.getLogger(__name__)
Mentions = Callable[[Collection[int]], Collection[int]]
_mentions: list[Mentions] = []


def register_mentions(*mentions: Mentions) -> None:
    """Has upper rooms say which of some uploads their drafts name; those are not swept. Called by wiring."""
    _mentions[:] = mentions


def sweep_attachments(*, limit: int) -> int:
    """One tick of the worker: forgets orphaned uploads and removes the contents that fell free; how many were forgotten.

    Contents fall free in one transaction and are removed in a later one, so that whoever uploads the same content
    meanwhile either takes the row away first or finds the file gone and stores it anew.
    """
    _remove_contents(limit)
    orphans = _find_orphans(limit)
    if orphans:
        paths = set(session.scalars(select(Attachment.path).where(Attachment.id.in_(orphans))))
        session.execute(delete(Attachment).where(Attachment.id.in_(orphans), Attachment.owner_type.is_(None)))
        still_named = set(session.scalars(select(Attachment.path).where(Attachment.path.in_(paths))))
        due_at = clock.now() + REMOVED_AFTER
        noted = set(session.scalars(select(SweptContent.path).where(SweptContent.path.in_(paths))))
        session.add_all(SweptContent(path=path, due_at=due_at) for path in sorted(paths - still_named - noted))
    return len(orphans)


def _find_orphans(limit: int) -> set[int]:
    """Uploads bound to nothing for ORPHANED_AFTER, not public, and named by no draft."""
    query = (
        select(Attachment.id)
        .where(
            Attachment.owner_type.is_(None),
            Attachment.public.is_(False),
            Attachment.created_at < clock.now() - ORPHANED_AFTER,
        )
        .order_by(Attachment.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = set(session.scalars(query))
    for mentions in _mentions if found else ():
        found -= set(mentions(found))
    return found


def spare_content(path: str) -> None:
    """Keeps a stored file that was about to be removed, because somebody hands its content in again."""
    session.execute(delete(SweptContent).where(SweptContent.path == path))


def _remove_contents(limit: int) -> None:
    now = clock.now()
    due = session.scalars(
        select(SweptContent)
        .where(SweptContent.due_at <= now)
        .order_by(SweptContent.due_at, SweptContent.path)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in due:
        if session.scalar(select(exists().where(Attachment.path == row.path))) or _is_removed(row, now):
            session.delete(row)


def _is_removed(row: SweptContent, now: datetime) -> bool:
    """Removes one file; a storage that refuses is asked again after a growing pause."""
    try:
        storage().remove(row.path)
    except OSError as error:
        log.warning("a swept file could not be removed: %s", type(error).__name__)
        row.due_at = now + REMOVAL_PAUSES[min(row.attempts, len(REMOVAL_PAUSES) - 1)]
        row.attempts += 1
        return False
    return True
