"""Somebody else for a vacant place at an item: members first, then reserves, then the next lots (E8; N6)."""

from collections import Counter
from collections.abc import Iterator

import orjson

from app.audit.usecases import record
from app.experts.queries import list_experts
from app.kernel.actor import Actor
from app.kernel.db import session
from app.processes.doors import Subject
from app.processes.usecases import add_sibling
from app.selection.facts import ItemFacts, bars, candidacies_by_id, items_of, setting
from app.selection.lottery import lot_of, split_pool
from app.selection.models import DrawRecord, Panel, PanelSeat, ReviewSeat
from app.selection.queries import (
    get_panel,
    get_review_seat,
    latest_draw,
    list_review_seats,
    list_seats,
)
from app.selection.reviews import SUBJECT, add_review_seat
from app.selection.telling import tell_supervisors
from app.selection.vocabulary import ReviewOrigin, ReviewStatus, SeatKind, SeatStatus

CLOSED = "closed"


def draw_replacement(*, review_seat_id: int, instance_id: int, actor: Actor) -> ReviewSeat | None:
    """Finds the next expert for the item of a void seat and opens his review; None when nobody is left.

    When scoring has closed meanwhile the seat stays void: the item may then be refilled by the secretary.
    """
    old = get_review_seat(review_seat_id)
    panel = get_panel(old.panel_id)
    item = next(item for item in items_of(panel.id) if item.candidacy_id == old.candidacy_id)
    seat = next(_candidates(panel, item), None)
    if seat is None:
        return None
    review = add_review_seat(seat, item.candidacy_id, ReviewOrigin.REPLACEMENT)
    joined = add_sibling(
        instance_id=instance_id,
        subject=Subject(SUBJECT, review.id),
        title=candidacies_by_id([item.candidacy_id])[item.candidacy_id].title,
        actor=actor,
        variables={"refill": False},
        assignee_id=seat.user_id,
    )
    if not joined:
        review.status, review.void_reason = ReviewStatus.VOID, CLOSED
        return None
    _tell(panel, actor, 1)
    return review


def draw_replacements(*, panel_id: int, actor: Actor) -> int:
    """Fills every thin item up to the least number of sheets; returns how many seats were made (flows.md 10, step 4)."""
    panel = get_panel(panel_id)
    least = int(setting(panel.round_id, "aggregation.min_sheets"))
    made = 0
    for item in items_of(panel_id):
        reviews = [review for review in list_review_seats(panel_id) if review.candidacy_id == item.candidacy_id]
        _close_silent(reviews)
        missing = least - sum(review.status == ReviewStatus.SCORED for review in reviews)
        for _ in range(missing):
            seat = next(_candidates(panel, item), None)
            if seat is None:
                break
            add_review_seat(seat, item.candidacy_id, ReviewOrigin.REFILL)
            made += 1
    _tell(panel, actor, made)
    return made


def _close_silent(reviews: list[ReviewSeat]) -> None:
    """Seats without a sheet at the lock are void."""
    for review in reviews:
        if review.status in (ReviewStatus.ASSIGNED, ReviewStatus.DECLARED):
            review.status, review.void_reason = ReviewStatus.VOID, CLOSED


def _tell(panel: Panel, actor: Actor, count: int) -> None:
    if count:
        record(
            action="selection.draw_replacement",
            actor=actor,
            object_type="panel",
            object_id=panel.id,
            detail={"count": count},
        )
        tell_supervisors("expert_replaced", panel_id=panel.id, count=count)


def _candidates(panel: Panel, item: ItemFacts) -> Iterator[PanelSeat]:
    """Who may step in, in order: accepted members with the least load, reserves, then lots of the last draw."""
    draw = latest_draw(panel.id)
    if draw is None or draw.seed is None:
        return
    reviews = list_review_seats(panel.id)
    used = {review.panel_seat_id for review in reviews if review.candidacy_id == item.candidacy_id}
    loads = Counter(review.panel_seat_id for review in reviews if review.status != ReviewStatus.VOID)
    members = sorted(
        list_seats(panel.id, SeatStatus.ACCEPTED),
        key=lambda seat: (seat.kind == SeatKind.RESERVE, loads[seat.id], seat.position),
    )
    reserves = list_seats(panel.id, SeatStatus.WAITING)
    seats = [seat for seat in (*members, *reserves) if seat.id not in used]
    profiles = list_experts([seat.expert_id for seat in seats], round_id=panel.round_id)
    yield from (seat for seat in seats if not bars(profiles[seat.expert_id], item))
    yield from _further_lots(panel, draw, item)


def _further_lots(panel: Panel, draw: DrawRecord, item: ItemFacts) -> Iterator[PanelSeat]:
    """The next lots of the committed pool, opened in their order; the expert gets a reserve's seat."""
    seed = str(draw.seed)
    holders, _ = split_pool(orjson.loads(draw.inputs))
    known = {seat.expert_id for seat in list_seats(panel.id)}
    waiting = sorted(
        (holder.id for holder in holders if holder.id not in known), key=lambda expert_id: lot_of(seed, expert_id)
    )
    profiles = list_experts(waiting, round_id=panel.round_id)
    for expert_id in waiting:
        if not bars(profiles[expert_id], item):
            yield _reserve_seat(draw, expert_id, profiles[expert_id].user_id)


def _reserve_seat(draw: DrawRecord, expert_id: int, user_id: int) -> PanelSeat:
    last = max((seat.position for seat in list_seats(draw.panel_id) if seat.draw_id == draw.id), default=0)
    seat = PanelSeat(
        panel_id=draw.panel_id,
        draw_id=draw.id,
        expert_id=expert_id,
        user_id=user_id,
        position=last + 1,
        kind=SeatKind.RESERVE,
        status=SeatStatus.WAITING,
    )
    session.add(seat)
    session.flush()  # the seat's id: the review seat refers to it
    return seat
