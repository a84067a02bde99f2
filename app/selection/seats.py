"""Members of a panel: invitation and pledge, reserves, chair (flows.md 10, step 3; 13)."""

from app.accounts.queries import user_ids_with_role
from app.accounts.vocabulary import Role
from app.audit.usecases import record
from app.experts.usecases import record_service
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.errors import ConflictError, NotFoundError, field_error
from app.processes.usecases import set_person
from app.selection.models import PanelSeat
from app.selection.queries import get_panel, get_seat, list_seats
from app.selection.telling import tell_supervisors
from app.selection.vocabulary import SeatKind, SeatStatus

COMPLETE = "complete"
RESERVES = "reserves"
SHORT = "short"


def accept_invitation(*, seat_id: int, actor: Actor) -> None:
    """The expert accepts and signs the integrity and secrecy pledge; nobody may review in his place (Annex 4)."""
    seat = own_seat(seat_id, actor)
    seat.status, seat.answered_at, seat.pledged_at = SeatStatus.ACCEPTED, clock.now(), clock.now()
    record(action="selection.accept_invitation", actor=actor, object_type="panel_seat", object_id=seat_id)


def decline_invitation(*, seat_id: int, reason: str, actor: Actor) -> None:
    """The expert declines, with a reason; a reserve steps in."""
    seat = own_seat(seat_id, actor)
    if not reason.strip():
        raise field_error("reason", "field_required", label="谢绝原因")
    seat.status, seat.answered_at, seat.decline_reason = SeatStatus.DECLINED, clock.now(), reason.strip()
    record(action="selection.decline_invitation", actor=actor, object_type="panel_seat", object_id=seat_id)


def own_seat(seat_id: int, actor: Actor) -> PanelSeat:
    """The actor's own seat with an open invitation; another person's does not exist for him."""
    seat = get_seat(seat_id)
    if seat.user_id != actor.id:
        raise NotFoundError
    if seat.status != SeatStatus.INVITED:
        raise ConflictError("invitation_closed")
    return seat


def check_panel(*, panel_id: int, instance_id: int, actor: Actor) -> str:
    """Closes unanswered invitations and says where the panel stands: complete, reserves left, or short.

    Complete, the first accepted member in the order of the lots who may chair (holds the role) is the chair, else the
    first of all: a draw decides, nobody wishes.
    """
    panel = get_panel(panel_id)
    for seat in list_seats(panel_id, SeatStatus.INVITED):
        seat.status = SeatStatus.EXPIRED
    members = list_seats(panel_id, SeatStatus.ACCEPTED)
    if len(members) >= panel.size:
        qualified = set(user_ids_with_role(Role.CHAIR))
        chair = next((seat for seat in members if seat.user_id in qualified), members[0])
        panel.chair_user_id = chair.user_id
        set_person(instance_id=instance_id, role=Role.CHAIR, user_id=chair.user_id)
        record_service(expert_ids=[seat.expert_id for seat in members], round_id=panel.round_id)
        record(action="selection.seat_panel", actor=actor, object_type="panel", object_id=panel_id)
        return COMPLETE
    return RESERVES if list_seats(panel_id, SeatStatus.WAITING) else SHORT


def promote_reserves(*, panel_id: int, actor: Actor) -> int:
    """Reserves take the vacant places in the order of their lots; supervision is told. Returns how many."""
    panel = get_panel(panel_id)
    vacant = panel.size - len(list_seats(panel_id, SeatStatus.ACCEPTED))
    promoted = list_seats(panel_id, SeatStatus.WAITING)[:vacant]
    for seat in promoted:
        seat.kind, seat.status = SeatKind.MEMBER, SeatStatus.INVITED
    record(
        action="selection.promote_reserves",
        actor=actor,
        object_type="panel",
        object_id=panel_id,
        detail={"count": len(promoted)},
    )
    tell_supervisors("reserves_promoted", panel_id=panel_id, count=len(promoted))
    return len(promoted)
