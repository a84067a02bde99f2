"""Who may see an attachment: upper rooms answer for what they own."""

from collections.abc import Callable

from app.attachments.models import Attachment
from app.kernel.actor import Actor

MaySee = Callable[[int, Actor], bool]
MarkFor = Callable[[int, Actor], str | None]

_owners: dict[str, MaySee] = {}
_marks: dict[str, MarkFor] = {}


def register_owner(owner_type: str, may_see: MaySee, mark_for: MarkFor | None = None) -> None:
    """Has a room decide who sees what is bound to its things: `may_see(owner_id, actor)`. Called by wiring.

    `mark_for(owner_id, actor)`: the words that the person's copy carries over every page; None for a clean copy.
    """
    _owners[owner_type] = may_see
    if mark_for is not None:
        _marks[owner_type] = mark_for


def mark_for(attachment: Attachment, actor: Actor | None) -> str | None:
    """The watermark of this person's copy; None where the copy is clean. Ask `may_see` first."""
    judge = _marks.get(attachment.owner_type or "")
    if judge is None or attachment.public or actor is None or attachment.owner_id is None:
        return None
    return judge(attachment.owner_id, actor)


def may_see(attachment: Attachment, actor: Actor | None) -> bool:
    """Public ones: everybody. Unbound: the uploader. Bound: as the owner's room says, and nobody if none speaks."""
    if attachment.public:
        return True
    if actor is None:
        return False
    if attachment.owner_type is None or attachment.owner_id is None:
        return actor.id is not None and attachment.uploaded_by == actor.id
    judge = _owners.get(attachment.owner_type)
    return judge is not None and judge(attachment.owner_id, actor)
