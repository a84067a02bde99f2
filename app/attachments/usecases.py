"""Taking files in and giving them to their owners."""

import tempfile
from collections.abc import Collection

from sqlalchemy import select

from app.attachments.models import Attachment
from app.attachments.rules import clean_name, kind_of, refused_type
from app.attachments.storage import Readable, receive, storage
from app.attachments.sweeping import spare_content
from app.attachments.vocabulary import EXTENSIONS, MEDIA_TYPES
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import InvalidError, TooLargeError, field_error

IN_MEMORY = 2 * 1024 * 1024
ALL_TYPES = tuple(EXTENSIONS)


def store_file(
    *,
    stream: Readable,
    name: str,
    actor: Actor,
    limit_mb: int,
    types: Collection[str] = ALL_TYPES,
    public: bool = False,
) -> Attachment:
    """Takes in one upload and returns its attachment with an id; only `actor` sees it until it is bound.

    `types`: extensions allowed. TooLargeError `file_too_large` above `limit_mb`; InvalidError `file_type` when
    content and extension disagree or are not allowed, `file_empty` when nothing came. Nothing of a refused upload
    is kept. Two uploads of equal content share the stored file, not the row.
    """
    allowed = tuple(dict.fromkeys(extension.lower().lstrip(".") for extension in types))
    shown = clean_name(name)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as content:
        received = receive(stream, content, limit_mb=limit_mb)
        if not received.size:
            raise field_error("file", "file_empty")
        kind = kind_of(content, shown, allowed)
        path = storage().path_of(received.sha256)
        spare_content(path)  # before it is looked for: from here on no sweep removes it
        storage().keep(content, received.sha256)
    attachment = Attachment(
        name=shown,
        size=received.size,
        media_type=MEDIA_TYPES[kind],
        sha256=received.sha256,
        path=path,
        uploaded_by=actor.id,
        organisation_id=actor.organisation_id,
        created_at=clock.now(),
        public=public,
    )
    session.add(attachment)
    session.flush()  # the attachment's id is the value of a form's field
    return attachment


def bind_attachments(
    *,
    ids: Collection[int],
    owner_type: str,
    owner_id: int,
    actor: Actor,
    types: Collection[str] = ALL_TYPES,
    limit_mb: int | None = None,
) -> list[Attachment]:
    """Gives uploads of `actor` to their owner, whose room says from now on who sees them.

    What the owner holds already stays. InvalidError `attachment_unknown` for a file that is missing, somebody else's
    or another owner's: the three are never told apart. `types` and `limit_mb` are those of the form's field.
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    rows = session.scalars(select(Attachment).where(Attachment.id.in_(wanted)).with_for_update())
    found = {row.id: row for row in rows}
    bound = []
    for attachment_id in wanted:
        attachment = found.get(attachment_id)
        if attachment is None or not _may_bind(attachment, owner_type, owner_id, actor):
            raise InvalidError("attachment_unknown", id=attachment_id)
        if attachment.name.rpartition(".")[2].lower() not in {one.lower() for one in types}:
            raise refused_type(tuple(types))
        if limit_mb is not None and attachment.size > limit_mb * 1024 * 1024:
            raise TooLargeError("file_too_large", max=limit_mb)
        attachment.owner_type, attachment.owner_id = owner_type, owner_id
        bound.append(attachment)
    return bound


def publish_attachments(*, ids: Collection[int], owner_type: str, owner_id: int) -> None:
    """Opens what an owner holds to everybody: documents of a public notice."""
    rows = session.scalars(
        select(Attachment).where(
            Attachment.id.in_(set(ids)), Attachment.owner_type == owner_type, Attachment.owner_id == owner_id
        )
    )
    for attachment in rows:
        attachment.public = True


def _may_bind(attachment: Attachment, owner_type: str, owner_id: int, actor: Actor) -> bool:
    if attachment.owner_type is None:
        return attachment.uploaded_by == actor.id
    return (attachment.owner_type, attachment.owner_id) == (owner_type, owner_id)
