"""Reading attachments; what somebody may not see is not there."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.attachments.access import may_see
from app.attachments.models import Attachment
from app.attachments.storage import storage
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFoundError


def get_attachment(attachment_id: int, actor: Actor | None) -> Attachment:
    """The attachment, for one who may see it; NotFoundError alike when it is missing or hidden."""
    attachment = session.get(Attachment, attachment_id)
    if attachment is None or not may_see(attachment, actor):
        raise NotFoundError
    return attachment


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way out."""

    name: str
    media_type: str
    size: int
    content: Iterator[bytes]


def open_download(attachment_id: int, actor: Actor | None) -> Download:
    """The file, for one who may see it; NotFoundError as in `get_attachment`."""
    attachment = get_attachment(attachment_id, actor)
    return Download(attachment.name, attachment.media_type, attachment.size, read_content(attachment))


def read_content(attachment: Attachment) -> Iterator[bytes]:
    """The content, piece by piece. Ask `get_attachment` first: here nobody asks who reads."""
    return storage().chunks(attachment.path)


def list_attachments(owner_type: str, owner_id: int) -> list[Attachment]:
    """What is bound to one owner, in order of upload; the owner's room has asked who sees it."""
    return list(
        session.scalars(
            select(Attachment)
            .where(Attachment.owner_type == owner_type, Attachment.owner_id == owner_id)
            .order_by(Attachment.id)
        )
    )


def attachments_by_id(ids: Collection[int]) -> Mapping[int, Attachment]:
    """Several at once for a page that has asked who sees them; unknown ids are left out."""
    if not ids:
        return {}
    found = session.scalars(select(Attachment).where(Attachment.id.in_(set(ids))))
    return {attachment.id: attachment for attachment in found}


def bound_with_hash(sha256: str, owner_type: str) -> list[Attachment]:
    """Attachments of the same content bound to owners of one type, the oldest first: the same report filed twice."""
    return list(
        session.scalars(
            select(Attachment)
            .where(Attachment.sha256 == sha256, Attachment.owner_type == owner_type)
            .order_by(Attachment.id)
        )
    )
