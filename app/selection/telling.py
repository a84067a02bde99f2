"""Whom the room tells: supervision of what needs notice, secretaries of sheets not begun. Never a name of an expert."""

from collections.abc import Collection

from sqlalchemy import select

from app.accounts.queries import user_ids_with_role
from app.accounts.vocabulary import Role
from app.kernel.db import session
from app.notifications.usecases import notify
from app.processes.models import WorkItem
from app.processes.vocabulary import ItemStatus
from app.rounds.queries import get_round
from app.selection.queries import get_panel, get_review_seat
from app.selection.vocabulary import ReviewStatus

BEGUN = (ReviewStatus.SCORED, ReviewStatus.VOID)


def tell_supervisors(kind: str, *, count: int, round_id: int | None = None, panel_id: int | None = None) -> None:
    """Tells supervision that something by hand happened in a round or a panel, and how often (flows.md 14)."""
    if panel_id is not None:
        name, link = get_panel(panel_id).name, f"/panels/{panel_id}"
    else:
        name, link = get_round(round_id or 0).name, f"/rounds/{round_id}/pool"
    _tell(user_ids_with_role(Role.SUPERVISOR), kind, {"name": name, "count": count}, link)


def tell_unbegun(*, review_seat_id: int, instance_id: int) -> bool:
    """Tells the secretaries that a sheet has not been begun; not when there is a draft. Whether they were told."""
    review = get_review_seat(review_seat_id)
    if review.status in BEGUN or _has_draft(instance_id):
        return False
    _tell(
        user_ids_with_role(Role.SECRETARY),
        "review_unbegun",
        {"name": get_panel(review.panel_id).name},
        f"/panels/{review.panel_id}",
    )
    return True


def _tell(user_ids: Collection[int], kind: str, params: dict[str, object], link: str) -> None:
    if user_ids:
        notify(user_ids=user_ids, kind=kind, params=params, link=link)


def _has_draft(instance_id: int) -> bool:
    query = select(WorkItem.draft).where(WorkItem.instance_id == instance_id, WorkItem.status == ItemStatus.OPEN)
    return any(draft for draft in session.scalars(query).all())
