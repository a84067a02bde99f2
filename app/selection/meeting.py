"""From the lock to the closing of a panel: scores, attendance, opinion, minutes (flows.md 10, steps 4 to 8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.accounts.queries import names_of_users
from app.audit.usecases import record
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, NotFoundError, field_error
from app.selection.aggregation import CENT, aggregate, round_score, trim
from app.selection.facts import candidacies_by_id, method_of, proofs_of, share_setting
from app.selection.lottery import fingerprint
from app.selection.minutes import Attendee, MinutesFacts, RankedLine, write_minutes
from app.selection.models import Minutes, Panel, PanelItem, PanelSeat, PoolEntry, ScoreSheet
from app.selection.queries import (
    get_panel,
    latest_minutes,
    latest_sheets,
    list_panel_items,
    list_review_seats,
    list_seats,
)
from app.selection.ranking import Contender, rank_contenders
from app.selection.rules import is_quorate, least_present
from app.selection.vocabulary import PanelStatus, ReviewStatus, SeatKind, SeatStatus, TieStep

SUBJECT = "panel"
APPLICATION = "application"


@dataclass(frozen=True, slots=True)
class Scores:
    thin_items: int
    divergent_count: int


def aggregate_scores(*, panel_id: int, actor: Actor) -> Scores:
    """Locks the scores, aggregates every item and ranks those with enough sheets (E8)."""
    panel = get_panel(panel_id)
    sheets = valid_sheets(panel_id)
    method = method_of(panel.round_id)
    items = list_panel_items(panel_id)
    for item in items:
        own = sheets.get(item.candidacy_id, [])
        result = aggregate([sheet.total for sheet in own], method)
        item.valid_sheets = len(own)
        item.score = None if result is None else result.score
        item.is_divergent = result is not None and result.is_divergent
        item.application = _mean(trim([Decimal(sheet.marks[APPLICATION]) for sheet in own], method))
        item.recommend_share = None if not own else _share(sum(sheet.recommends for sheet in own), len(own))
    rank_items(items)
    panel.status, panel.locked_at = PanelStatus.LOCKED, panel.locked_at or clock.now()
    scores = Scores(sum(item.score is None for item in items), sum(item.is_divergent for item in items))
    record(
        action="selection.aggregate_scores",
        actor=actor,
        object_type=SUBJECT,
        object_id=panel_id,
        detail={"thin": scores.thin_items, "divergent": scores.divergent_count},
    )
    return scores


def valid_sheets(panel_id: int) -> Mapping[int, list[ScoreSheet]]:
    """The last sheet of every scored seat by candidacy, in order of seats."""
    seats = [seat for seat in list_review_seats(panel_id) if seat.status == ReviewStatus.SCORED]
    sheets = latest_sheets([seat.id for seat in seats])
    by_item: dict[int, list[ScoreSheet]] = {}
    for seat in seats:
        by_item.setdefault(seat.candidacy_id, []).append(sheets[seat.id])
    return by_item


def rank_items(items: Sequence[PanelItem]) -> None:
    """Ranks the items that have a score; a thin one is discussed without rank."""
    contenders = contenders_of(items)
    ranked = {place.id: place for place in rank_contenders(contenders)}
    for item in items:
        place = ranked.get(item.candidacy_id)
        item.rank = None if place is None else place.rank
        item.tie_step = None if place is None else place.tie_step


def contenders_of(items: Sequence[PanelItem]) -> list[Contender]:
    """What the tie-break looks at, for every item with a score."""
    scored = [item for item in items if item.score is not None]
    ids = [item.candidacy_id for item in scored]
    proofs = proofs_of(candidacies_by_id(ids).values())
    ratings = {id_: entry.rating for id_ in ids if (entry := session.get(PoolEntry, id_)) is not None}
    return [
        Contender(
            id=item.candidacy_id,
            score=item.score or Decimal(0),
            application=item.application or Decimal(0),
            rating=ratings.get(item.candidacy_id, Decimal(0)),
            proofs=proofs.get(item.candidacy_id, 0),
            vote=item.recommend_share or Decimal(0),
            chair=item.chair_order,
        )
        for item in scored
    ]


def open_meeting(*, panel_id: int, present: Sequence[int], held_at: datetime | None, place: str, actor: Actor) -> int:
    """Notes who signed in, by user id; InvalidError for somebody who is no member. Returns how many are present."""
    panel = get_panel(panel_id)
    members = members_of(panel_id)
    if strangers := set(present).difference(seat.user_id for seat in members):
        raise field_error("present", "not_a_member", n=len(strangers))
    for seat in members:
        seat.is_present = seat.user_id in present
    panel.meeting_at, panel.meeting_place = held_at or clock.now(), place.strip()
    record(
        action="selection.open_meeting",
        actor=actor,
        object_type=SUBJECT,
        object_id=panel_id,
        detail={"present": len(set(present)), "members": len(members)},
    )
    return len(set(present))


def members_of(panel_id: int) -> Sequence[PanelSeat]:
    """The members who accepted; a reserve who judged a single item has no place in the meeting."""
    return [seat for seat in list_seats(panel_id, SeatStatus.ACCEPTED) if seat.kind == SeatKind.MEMBER]


def quorum_of(panel_id: int) -> tuple[int, int]:
    """(members, how many of them must be present)."""
    members = len(members_of(panel_id))
    return members, least_present(members, share_setting(get_panel(panel_id).round_id, "meeting.quorum"))


def check_quorum(*, panel_id: int) -> bool:
    """Whether two thirds of the members are present (E8)."""
    panel = get_panel(panel_id)
    members = members_of(panel_id)
    present = sum(seat.is_present for seat in members)
    return is_quorate(present, len(members), share_setting(panel.round_id, "meeting.quorum"))


def write_opinion(
    *, panel_id: int, opinion: str, order: Sequence[int], dissents: Mapping[int, str], actor: Actor
) -> None:
    """The chair confirms the ranking and writes the panel's opinion.

    `order` parts only items that nothing else parts (tie-break 5, recorded); no score can be touched.
    `dissents`: what members handed in on paper, by user id; what a member wrote himself stays.
    """
    panel = get_panel(panel_id)
    if panel.chair_user_id != actor.id:
        raise NotFoundError
    items = {item.candidacy_id: item for item in list_panel_items(panel_id)}
    for item in items.values():
        item.chair_order = None
    rank_items(list(items.values()))
    if any(item not in items or items[item].tie_step != TieStep.NONE for item in order):
        raise field_error("order", "order_not_tied")
    for place, candidacy_id in enumerate(order, start=1):
        items[candidacy_id].chair_order = place
    rank_items(list(items.values()))
    panel.opinion = opinion.strip()
    members = {seat.user_id: seat for seat in members_of(panel_id)}
    if not members.keys() >= dissents.keys():
        raise field_error("dissents", "not_a_member", n=len(dissents.keys() - members.keys()))
    for user_id, text in dissents.items():
        members[user_id].dissent = members[user_id].dissent or text
    record(
        action="selection.write_opinion",
        actor=actor,
        object_type=SUBJECT,
        object_id=panel_id,
        detail={"cast": len(order)},
    )


def write_dissent(*, panel_id: int, text: str, actor: Actor) -> None:
    """A member's written dissent, from the lock until the panel closes; without it he counts as agreeing."""
    panel = get_panel(panel_id)
    seat = next((seat for seat in members_of(panel_id) if seat.user_id == actor.id), None)
    if seat is None:
        raise NotFoundError
    if panel.status != PanelStatus.LOCKED:
        raise ConflictError("panel_not_in_session")
    seat.dissent = text.strip()
    record(action="selection.write_dissent", actor=actor, object_type=SUBJECT, object_id=panel_id)


def generate_minutes(*, panel_id: int, actor: Actor) -> Minutes:
    """Writes the minutes from the records; the same records give the same text and hash."""
    before = latest_minutes(panel_id)
    text = write_minutes(minutes_facts(get_panel(panel_id)))
    minutes = Minutes(
        panel_id=panel_id,
        version=1 if before is None else before.version + 1,
        text=text,
        sha256=fingerprint(text),
        generated_at=clock.now(),
    )
    session.add(minutes)
    record(
        action="selection.generate_minutes",
        actor=actor,
        object_type=SUBJECT,
        object_id=panel_id,
        detail={"version": minutes.version, "sha256": minutes.sha256},
    )
    return minutes


def minutes_facts(panel: Panel) -> MinutesFacts:
    """What the minutes tell, read from the records."""
    seats = members_of(panel.id)
    names = names_of_users([seat.user_id for seat in seats])
    items = list_panel_items(panel.id)
    titles = {id_: c.title for id_, c in candidacies_by_id([item.candidacy_id for item in items]).items()}
    return MinutesFacts(
        panel=panel.name,
        held_at=panel.meeting_at,
        place=panel.meeting_place,
        attendees=[
            Attendee(names[seat.user_id], seat.is_present, seat.user_id == panel.chair_user_id, seat.dissent)
            for seat in seats
        ],
        lines=[
            RankedLine(item.rank, titles[item.candidacy_id], item.score, item.valid_sheets, item.tie_step)
            for item in sorted(items, key=lambda item: (item.rank is None, item.rank or 0, item.candidacy_id))
        ],
        opinion=panel.opinion,
    )


def close_panel(*, panel_id: int, actor: Actor) -> None:
    """The panel has decided; from now on single sheets are open to managers."""
    panel = get_panel(panel_id)
    panel.status, panel.decided_at = PanelStatus.CLOSED, clock.now()
    record(action="selection.close_panel", actor=actor, object_type=SUBJECT, object_id=panel_id)


def _mean(values: Sequence[Decimal]) -> Decimal | None:
    return round_score(sum(values, Decimal(0)) / len(values)) if values else None


def _share(part: int, whole: int) -> Decimal:
    return (Decimal(part) / whole).quantize(CENT * CENT * CENT)
