"""Making an announcement: text, frozen list with its hash, audit entry, and telling those concerned."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.announcements.models import Announcement
from app.announcements.rules import freeze_list
from app.announcements.vocabulary import AnnouncementKind
from app.announcements.wording import Text
from app.audit.usecases import record
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.rounds.models import Round


def publish(
    *,
    kind: AnnouncementKind,
    this: Round,
    text: Text,
    actor: Actor,
    document_number: str = "",
    issued_on: date | None = None,
    listed: Mapping[str, Any] | None = None,
    extra: Mapping[str, Any] | None = None,
    parent_id: int | None = None,
) -> Announcement:
    """Publishes at once. `listed` is frozen as canonical JSON with its hash; `extra` are further parts of the body."""
    frozen, digest = freeze_list(listed) if listed is not None else (None, None)
    made = Announcement(
        kind=kind,
        round_id=this.id,
        parent_id=parent_id,
        title=text.title,
        title_en=text.title_en,
        body={**text.body, **(extra or {})},
        document_number=document_number,
        issued_on=issued_on or clock.today(),
        published_at=clock.now(),
        list_json=frozen,
        list_sha256=digest,
        published_by=actor.id,
    )
    session.add(made)
    session.flush()  # items, files and links name the announcement's id
    record(
        action=f"announcements.publish_{kind.value}",
        actor=actor,
        object_type="announcement",
        object_id=made.id,
        detail={"round_id": this.id, "title": made.title, "list_sha256": digest},
    )
    return made


def path_of(announcement: Announcement) -> str:
    """Where everybody reads it."""
    return f"/public/announcements/{announcement.id}"
