"""What each person may see of panels, draws and scores (domain.md d). Outside it a thing is not there.

The drawn list is secret until the result: names are for secretary, supervisor and manager only. Secretaries never see
scores; experts see their own sheets, and the ranking after the lock; managers see single sheets after the closing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from app.accounts.queries import names_of_organisations, names_of_users
from app.accounts.vocabulary import Role
from app.candidacies.models import Candidacy
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFoundError
from app.processes.models import WorkItem
from app.processes.vocabulary import ItemStatus
from app.rounds.models import Round
from app.selection.facts import candidacies_by_id
from app.selection.models import Panel, PanelItem, PanelSeat, ReviewSeat, ScoreSheet
from app.selection.queries import get_review_seat, latest_sheets, list_panel_items, list_review_seats, list_seats
from app.selection.vocabulary import PanelStatus, ReviewStatus, SeatKind, SeatStatus

OFFICE = (Role.SECRETARY, Role.SUPERVISOR, Role.MANAGER)
LOCKED = (PanelStatus.LOCKED, PanelStatus.CLOSED)


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A panel in a list: counts only."""

    panel: Panel
    round_name: str
    items: int
    members: int
    sheets: int
    seats: int


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat with its expert's name: for the office only."""

    seat: PanelSeat
    name: str
    declared: int
    scored: int
    total: int


@dataclass(frozen=True, slots=True)
class OwnReview:
    """An expert's own review with its item and the open work item, if any."""

    seat: ReviewSeat
    title: str
    report_type: str
    item: WorkItem | None


@dataclass(frozen=True, slots=True)
class RankLine:
    item: PanelItem
    title: str
    organisation: str


def get_panel_for(*, panel_id: int, actor: Actor) -> Panel:
    """The panel for its office, or for a member of it; NotFoundError for everybody else."""
    panel = session.scalars(select(Panel).where(Panel.id == panel_id, _visible_to(actor))).one_or_none()
    if panel is None:
        raise NotFoundError
    return panel


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    if actor.has_role(*OFFICE):
        return Panel.id.is_not(None)
    own = select(PanelSeat.panel_id).where(
        PanelSeat.user_id == actor.id, PanelSeat.status.in_((SeatStatus.INVITED, SeatStatus.ACCEPTED))
    )
    return Panel.id.in_(own)


def may_see_names(actor: Actor) -> bool:
    """Whether the list of drawn experts is open to this person."""
    return actor.has_role(*OFFICE)


def may_see_ranking(panel: Panel, actor: Actor) -> bool:
    """Aggregated scores and ranks, after the lock; never for the secretary."""
    if panel.status not in LOCKED:
        return False
    if actor.has_role(Role.MANAGER, Role.SUPERVISOR):
        return True
    return any(seat.user_id == actor.id and seat.kind == SeatKind.MEMBER for seat in _accepted(panel.id))


def may_see_sheets(panel: Panel, actor: Actor) -> bool:
    """Single sheets: members after the lock, managers after the panel has closed."""
    if actor.has_role(Role.MANAGER):
        return has_closed(panel)
    return not actor.has_role(Role.SECRETARY, Role.SUPERVISOR) and may_see_ranking(panel, actor)


def has_closed(panel: Panel) -> bool:
    """Whether the panel's work is done and kept."""
    return panel.status == PanelStatus.CLOSED


def _accepted(panel_id: int) -> Sequence[PanelSeat]:
    return list_seats(panel_id, SeatStatus.ACCEPTED)


def list_panel_lines(round_id: int) -> Sequence[PanelLine]:
    """All panels of a round with their counts, in one statement."""
    return _panel_lines(Panel.round_id == round_id)


def list_working_panel_lines() -> Sequence[PanelLine]:
    """The panels of every round whose work is not done, the newest round first, in one statement."""
    return _panel_lines(Panel.status != PanelStatus.CLOSED)


def _panel_lines(condition: ColumnElement[bool]) -> Sequence[PanelLine]:
    member = PanelSeat.panel_id == Panel.id, PanelSeat.status == SeatStatus.ACCEPTED, PanelSeat.kind == SeatKind.MEMBER
    seat = ReviewSeat.panel_id == Panel.id, ReviewSeat.status != ReviewStatus.VOID
    counts = (
        select(func.count()).where(PanelItem.panel_id == Panel.id),
        select(func.count()).where(*member),
        select(func.count()).where(*seat, ReviewSeat.status == ReviewStatus.SCORED),
        select(func.count()).where(*seat),
    )
    rows = session.execute(
        select(Panel, Round.name, *(count.correlate(Panel).scalar_subquery() for count in counts))
        .join(Round, Round.id == Panel.round_id)
        .where(condition)
        .order_by(Round.starts_on.desc(), Panel.round_id.desc(), Panel.number)
    )
    return [PanelLine(*row) for row in rows]


def list_seat_lines(panel_id: int) -> Sequence[SeatLine]:
    """The seats with names and how far each expert is: counts, never scores."""
    seats = list_seats(panel_id)
    names = names_of_users([seat.user_id for seat in seats])
    reviews = [review for review in list_review_seats(panel_id) if review.status != ReviewStatus.VOID]
    return [
        SeatLine(
            seat=seat,
            name=names.get(seat.user_id, ""),
            declared=sum(r.panel_seat_id == seat.id and r.status != ReviewStatus.ASSIGNED for r in reviews),
            scored=sum(r.panel_seat_id == seat.id and r.status == ReviewStatus.SCORED for r in reviews),
            total=sum(r.panel_seat_id == seat.id for r in reviews),
        )
        for seat in seats
    ]


def list_rank_lines(panel_id: int) -> Sequence[RankLine]:
    """The items by rank, those without rank last."""
    items = sorted(list_panel_items(panel_id), key=lambda i: (i.rank is None, i.rank or 0, i.candidacy_id))
    candidacies = candidacies_by_id([item.candidacy_id for item in items])
    owners = names_of_organisations([candidacy.organisation_id for candidacy in candidacies.values()])
    return [
        RankLine(item, candidacies[item.candidacy_id].title, owners[candidacies[item.candidacy_id].organisation_id])
        for item in items
    ]


def list_own_reviews(actor: Actor, panel_id: int | None = None) -> Sequence[OwnReview]:
    """The actor's reviews that are not void, in order, each with its open work item."""
    query = (
        select(ReviewSeat, Candidacy.title, Candidacy.report_type)
        .join(Candidacy, Candidacy.id == ReviewSeat.candidacy_id)
        .join(Panel, Panel.id == ReviewSeat.panel_id)
        .where(
            ReviewSeat.user_id == actor.id,
            ReviewSeat.status != ReviewStatus.VOID,
            or_(Panel.status != PanelStatus.CLOSED, ReviewSeat.panel_id == panel_id),
        )
        .order_by(ReviewSeat.panel_id, ReviewSeat.candidacy_id)
    )
    if panel_id is not None:
        query = query.where(ReviewSeat.panel_id == panel_id)
    rows = session.execute(query).all()
    items = _open_items("review_seat", [seat.id for seat, _, _ in rows], actor)
    return [OwnReview(seat, title, kind, items.get(seat.id)) for seat, title, kind in rows]


def list_own_seats(actor: Actor) -> Sequence[tuple[PanelSeat, Panel, WorkItem | None]]:
    """The actor's panels that are not closed: invitations first."""
    rows = session.execute(
        select(PanelSeat, Panel)
        .join(Panel, Panel.id == PanelSeat.panel_id)
        .where(
            PanelSeat.user_id == actor.id,
            PanelSeat.status.in_((SeatStatus.INVITED, SeatStatus.ACCEPTED)),
            Panel.status != PanelStatus.CLOSED,
        )
        .order_by(PanelSeat.status.desc(), PanelSeat.id)
    ).all()
    items = _open_items("panel_seat", [seat.id for seat, _ in rows], actor)
    return [(seat, panel, items.get(seat.id)) for seat, panel in rows]


def _open_items(subject_type: str, ids: Sequence[int], actor: Actor) -> Mapping[int, WorkItem]:
    query = select(WorkItem).where(
        WorkItem.subject_type == subject_type,
        WorkItem.subject_id.in_(ids),
        WorkItem.status == ItemStatus.OPEN,
        WorkItem.assignee_id == actor.id,
    )
    return {item.subject_id: item for item in session.scalars(query).all()}


def get_own_review(*, review_seat_id: int, actor: Actor, item: WorkItem | None = None) -> OwnReview:
    """The actor's own seat at an item, with the work item that is being done; another person's is not there."""
    seat = get_review_seat(review_seat_id)
    if seat.user_id != actor.id:
        raise NotFoundError
    candidacy = session.get_one(Candidacy, seat.candidacy_id)
    return OwnReview(seat, candidacy.title, candidacy.report_type, item)


def own_sheet(seat: ReviewSeat) -> ScoreSheet | None:
    """The last sheet of one's own seat."""
    return latest_sheets([seat.id]).get(seat.id)


def may_open_filing(filing_id: int, actor: Actor) -> bool:
    """Whether an expert may open a filing's files: its item is his, and he has declared (E8)."""
    query = (
        select(ReviewSeat.id)
        .join(Candidacy, Candidacy.id == ReviewSeat.candidacy_id)
        .where(
            Candidacy.filing_id == filing_id,
            ReviewSeat.user_id == actor.id,
            ReviewSeat.status.in_((ReviewStatus.DECLARED, ReviewStatus.SCORED)),
        )
        .limit(1)
    )
    return session.scalar(query) is not None
