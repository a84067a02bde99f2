"""Reads of the selection room. Who may see what stands in views.py; these are for the room's own use cases."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from app.kernel.db import session
from app.kernel.errors import NotFoundError, field_error
from app.selection.models import (
    DrawRecord,
    Minutes,
    Panel,
    PanelItem,
    PanelSeat,
    PoolEntry,
    ProposalEntry,
    ReviewSeat,
    ScoreSheet,
)
from app.selection.vocabulary import ReviewStatus, SeatStatus


def list_pool(round_id: int, *, only_in: bool = False) -> Sequence[PoolEntry]:
    """The entries in order of rank."""
    query = select(PoolEntry).where(PoolEntry.round_id == round_id).order_by(PoolEntry.rank, PoolEntry.candidacy_id)
    if only_in:
        query = query.where(PoolEntry.in_pool.is_(True))
    return session.scalars(query).all()


def get_pool_entry(round_id: int, candidacy_id: int) -> PoolEntry:
    """The entry; InvalidError at field 'changes' when the candidacy is not ranked in this round."""
    entry = session.get(PoolEntry, candidacy_id)
    if entry is None or entry.round_id != round_id:
        raise field_error("changes", "choice_unknown")
    return entry


def list_panels(round_id: int) -> Sequence[Panel]:
    """The panels of a round by their numbers."""
    return session.scalars(select(Panel).where(Panel.round_id == round_id).order_by(Panel.number)).all()


def rounds_with_panels() -> set[int]:
    """The rounds that have come to panels."""
    return set(session.scalars(select(Panel.round_id).distinct()))


def get_panel(panel_id: int) -> Panel:
    """The panel; NotFoundError when there is none."""
    panel = session.get(Panel, panel_id)
    if panel is None:
        raise NotFoundError
    return panel


def list_panel_items(panel_id: int) -> Sequence[PanelItem]:
    """The panel's items in order of id."""
    return session.scalars(
        select(PanelItem).where(PanelItem.panel_id == panel_id).order_by(PanelItem.candidacy_id)
    ).all()


def get_panel_item(candidacy_id: int) -> PanelItem:
    """The item; NotFoundError when it stands before no panel."""
    item = session.get(PanelItem, candidacy_id)
    if item is None:
        raise NotFoundError
    return item


def latest_draw(panel_id: int) -> DrawRecord | None:
    """The last attempt, drawn or only committed."""
    return session.scalars(
        select(DrawRecord).where(DrawRecord.panel_id == panel_id).order_by(DrawRecord.attempt.desc()).limit(1)
    ).one_or_none()


def list_draws(panel_id: int) -> Sequence[DrawRecord]:
    """All attempts, the first one first."""
    return session.scalars(select(DrawRecord).where(DrawRecord.panel_id == panel_id).order_by(DrawRecord.attempt)).all()


def list_seats(panel_id: int, *statuses: SeatStatus) -> Sequence[PanelSeat]:
    """Seats of a panel in the order of the lots; only those of `statuses` when given."""
    query = (
        select(PanelSeat)
        .where(PanelSeat.panel_id == panel_id, PanelSeat.status != SeatStatus.DISCARDED)
        .order_by(PanelSeat.draw_id, PanelSeat.position)
    )
    if statuses:
        query = query.where(PanelSeat.status.in_(statuses))
    return session.scalars(query).all()


def get_seat(seat_id: int) -> PanelSeat:
    """The panel seat; NotFoundError when there is none."""
    seat = session.get(PanelSeat, seat_id)
    if seat is None:
        raise NotFoundError
    return seat


def get_review_seat(seat_id: int) -> ReviewSeat:
    """The review seat; NotFoundError when there is none."""
    seat = session.get(ReviewSeat, seat_id)
    if seat is None:
        raise NotFoundError
    return seat


def list_review_seats(panel_id: int) -> Sequence[ReviewSeat]:
    """All review seats of a panel, void ones included, in order of id."""
    return session.scalars(select(ReviewSeat).where(ReviewSeat.panel_id == panel_id).order_by(ReviewSeat.id)).all()


def load_by_user(round_id: int) -> Mapping[int, int]:
    """Items that each expert already has in this round, by user id; void seats do not count."""
    query = (
        select(ReviewSeat.user_id, func.count())
        .join(Panel, Panel.id == ReviewSeat.panel_id)
        .where(Panel.round_id == round_id, ReviewSeat.status != ReviewStatus.VOID)
        .group_by(ReviewSeat.user_id)
    )
    return dict(session.execute(query).all())


def seated_elsewhere(round_id: int, panel_id: int) -> Mapping[int, int]:
    """Experts who hold a seat on another panel of this round: expert id -> items of that panel."""
    items = select(PanelItem.panel_id, func.count().label("load")).group_by(PanelItem.panel_id).subquery()
    query = (
        select(PanelSeat.expert_id, func.sum(items.c.load))
        .join(Panel, Panel.id == PanelSeat.panel_id)
        .join(items, items.c.panel_id == Panel.id)
        .where(
            Panel.round_id == round_id,
            Panel.id != panel_id,
            PanelSeat.status.in_((SeatStatus.INVITED, SeatStatus.ACCEPTED, SeatStatus.WAITING)),
        )
        .group_by(PanelSeat.expert_id)
    )
    return {expert_id: int(count) for expert_id, count in session.execute(query).all()}


def latest_sheets(review_seat_ids: Sequence[int]) -> Mapping[int, ScoreSheet]:
    """The last sheet of each seat, in one statement."""
    query = (
        select(ScoreSheet)
        .where(ScoreSheet.review_seat_id.in_(review_seat_ids))
        .order_by(ScoreSheet.review_seat_id, ScoreSheet.version)
    )
    return {sheet.review_seat_id: sheet for sheet in session.scalars(query).all()}


def latest_minutes(panel_id: int) -> Minutes | None:
    """The last version of the minutes."""
    return session.scalars(
        select(Minutes).where(Minutes.panel_id == panel_id).order_by(Minutes.version.desc()).limit(1)
    ).one_or_none()


def list_proposal(round_id: int) -> Sequence[ProposalEntry]:
    """The proposal by rank; unranked items last."""
    return session.scalars(
        select(ProposalEntry)
        .where(ProposalEntry.round_id == round_id)
        .order_by(ProposalEntry.rank.is_(None), ProposalEntry.rank, ProposalEntry.candidacy_id)
    ).all()


def listed_candidacies(round_id: int) -> Sequence[int]:
    """The candidacies of the proposed list, by rank: what the public notice opens with."""
    return [entry.candidacy_id for entry in list_proposal(round_id) if entry.listed]
