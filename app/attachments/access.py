"""Who may see an attachment: upper rooms answer for what they own."""

from collections.abc import Callable

from app.attachments.models import Attachment
from app.kernel.actor import Actor

MaySee = Callable[[int, Actor], bool]

_owners: dict[str, MaySee] = {}


def register_owner(owner_type: str, may_see: MaySee) -> None:
    """Has a room decide who sees what is bound to its things: `may_see(owner_id, actor)`. Called by wiring."""
    _owners[owner_type] = may_see


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
