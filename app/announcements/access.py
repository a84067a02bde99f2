"""Who sees the files of this room: wiring tells attachments."""

from app.accounts.vocabulary import Role
from app.announcements.vocabulary import ANNOUNCEMENT, DRAFT, OBJECTION
from app.attachments.access import MaySee
from app.kernel.actor import Actor


def may_see_evidence(objection_id: int, actor: Actor) -> bool:  # noqa: ARG001 -- the signature of attachments.access
    """What an objector handed in may tell who objects: handlers only (E9)."""
    return actor.has_role(Role.OBJECTION_HANDLER)


def may_see_sealed(round_id: int, actor: Actor) -> bool:  # noqa: ARG001 -- the signature of attachments.access
    """The sealed document before its publication."""
    return actor.has_role(Role.MANAGER, Role.LEADER)


def may_see_published(announcement_id: int, actor: Actor) -> bool:  # noqa: ARG001 -- the signature of attachments.access
    """What belongs to an announcement is open to everybody."""
    return True


OWNERS: dict[str, MaySee] = {
    ANNOUNCEMENT: may_see_published,
    DRAFT: may_see_sealed,
    OBJECTION: may_see_evidence,
}
"""Owner type -> who sees its files."""
