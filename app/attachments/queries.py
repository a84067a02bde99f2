"""Reading attachments; what somebody may not see is not there."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.attachments.access import mark_for, may_see
from app.attachments.models import Attachment
from app.attachments.storage import storage
from app.attachments.vocabulary import MEDIA_TYPES, VIEWED_INLINE, FileKind
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
    size: int | None
    """Bytes; None where the copy is made on the way."""
    content: Iterator[bytes]


def open_download(attachment_id: int, actor: Actor | None) -> Download:
    """The file, for one who may see it; NotFoundError as in `get_attachment`.

    Who reads it as an expert gets a copy with a watermark (flows.md 8), made on the way and kept nowhere. A picture
    becomes an SVG page of that picture. Other kinds of file have no pages to mark.
    """
    attachment = get_attachment(attachment_id, actor)
    mark = mark_for(attachment, actor)
    if mark is None or attachment.media_type not in VIEWED_INLINE:
        return Download(attachment.name, attachment.media_type, attachment.size, read_content(attachment))
    return _marked(attachment, mark)


def _marked(attachment: Attachment, mark: str) -> Download:
    from app.attachments import watermark  # noqa: PLC0415 -- pypdf is heavy, and only reading experts need it

    if attachment.media_type == MEDIA_TYPES[FileKind.PDF]:
        marked = watermark.mark_pdf(read_content(attachment), mark)
        return Download(attachment.name, attachment.media_type, None, watermark.chunks_of(marked))
    marked = watermark.mark_image(read_content(attachment), attachment.media_type, mark)
    return Download(f"{attachment.name}.svg", "image/svg+xml", None, watermark.chunks_of(marked))


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
