"""Reviewing: assignment, declaration, score sheet, replacement (E8; flows.md 9)."""

from collections.abc import Mapping, Sequence

from app.audit.usecases import record
from app.candidacies.usecases import set_standing
from app.candidacies.vocabulary import Standing
from app.conflicts.usecases import declare_conflict as keep_declaration
from app.conflicts.vocabulary import ConflictKind
from app.experts.queries import ExpertProfile, list_experts
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, InvalidError, NotFoundError, field_error
from app.selection.aggregation import add_marks
from app.selection.assignment import Matching, match_reviewers
from app.selection.facts import CANDIDACY, ItemFacts, bars, criteria_of, items_of, setting
from app.selection.models import Panel, PanelSeat, ReviewSeat, ScoreSheet
from app.selection.queries import get_panel, get_review_seat, latest_sheets, list_seats
from app.selection.rules import find_sheet_faults, may_open_material, read_mark
from app.selection.vocabulary import (
    TRIM_FROM,
    PanelStatus,
    ReviewOrigin,
    ReviewStatus,
    SeatStatus,
)

SUBJECT = "review_seat"
CANNOT_JUDGE = "cannot_judge"
CONFLICT = "conflict"
SILENT = "silent"


def assign_items(*, panel_id: int, actor: Actor) -> Matching:
    """Gives every item its reviewers: five where possible, load balanced, nobody who is barred from it (E8).

    ConflictError `items_uncovered` when an item would have fewer than three.
    """
    panel = get_panel(panel_id)
    seats = list_seats(panel_id, SeatStatus.ACCEPTED)
    items = items_of(panel_id)
    matching = match_panel(panel, seats, items)
    least = int(setting(panel.round_id, "aggregation.min_sheets"))
    uncovered = [item for item, reviewers in matching.reviewers.items() if len(reviewers) < least]
    if uncovered:
        raise ConflictError("items_uncovered", n=len(uncovered), least=least)
    by_id = {seat.id: seat for seat in seats}
    for item, reviewers in matching.reviewers.items():
        for seat_id in reviewers:
            add_review_seat(by_id[seat_id], item, ReviewOrigin.ASSIGNMENT)
    panel.status = PanelStatus.REVIEWING
    set_standing(candidacy_ids=[item.candidacy_id for item in items], standing=Standing.IN_REVIEW)
    record(
        action="selection.assign_items",
        actor=actor,
        object_type="panel",
        object_id=panel_id,
        detail={"items": len(items), "reviewers": len(seats), "short": len(matching.short)},
    )
    return matching


def match_panel(panel: Panel, seats: Sequence[PanelSeat], items: Sequence[ItemFacts]) -> Matching:
    """The exact assignment over the panel's seats; own domain counts more than own industry."""
    profiles = list_experts([seat.expert_id for seat in seats], round_id=panel.round_id)
    pairs = [(item, seat, profiles[seat.expert_id]) for item in items for seat in seats]
    return match_reviewers(
        items=[item.candidacy_id for item in items],
        reviewers=[seat.id for seat in seats],
        per_item=min(len(seats), max(TRIM_FROM, len(seats) // 2 + 1)),
        capacity={seat.id: profiles[seat.expert_id].capacity for seat in seats},
        forbidden={(item.candidacy_id, seat.id) for item, seat, expert in pairs if bars(expert, item)},
        affinity={(item.candidacy_id, seat.id): affinity(expert, item.domain) for item, seat, expert in pairs},
    )


def affinity(expert: ExpertProfile, domain: str) -> int:
    """9 main domain, 7 further domain, 4 same industry, 0 none."""
    if domain == expert.domains[0]:
        return 9
    if domain in expert.domains:
        return 7
    return 4 if domain.partition(".")[0] in {code.partition(".")[0] for code in expert.domains} else 0


def add_review_seat(seat: PanelSeat, candidacy_id: int, origin: ReviewOrigin) -> ReviewSeat:
    """A place of this panel member at an item."""
    review = ReviewSeat(
        panel_id=seat.panel_id,
        panel_seat_id=seat.id,
        candidacy_id=candidacy_id,
        user_id=seat.user_id,
        origin=origin,
        created_at=clock.now(),
    )
    session.add(review)
    session.flush()  # the review seat's id: the subject of its instance
    return review


def declare_no_conflict(*, review_seat_id: int, actor: Actor) -> None:
    """Opens the item's content to the expert. A reserve who steps in pledges with the same act."""
    review = own_review(review_seat_id, actor)
    ensure_status(review, ReviewStatus.ASSIGNED)
    review.status, review.declared_at = ReviewStatus.DECLARED, clock.now()
    keep_declaration(actor=actor, object_type=CANDIDACY, object_id=review.candidacy_id, kind=None)
    seat = session.get_one(PanelSeat, review.panel_seat_id)
    if seat.pledged_at is None:
        seat.status, seat.answered_at, seat.pledged_at = SeatStatus.ACCEPTED, clock.now(), clock.now()


def declare_conflict(*, review_seat_id: int, kind: str, detail: str, actor: Actor) -> None:
    """The expert recuses himself; a sheet already handed in is void with the seat (招标投标法实施条例 48)."""
    review = own_review(review_seat_id, actor)
    if kind not in set(ConflictKind):
        raise field_error("conflict_kind", "choice_unknown")
    keep_declaration(
        actor=actor,
        object_type=CANDIDACY,
        object_id=review.candidacy_id,
        kind=ConflictKind(kind),
        detail=detail.strip(),
    )
    review.status, review.void_reason = ReviewStatus.VOID, CONFLICT
    record(
        action="selection.declare_conflict",
        actor=actor,
        object_type=SUBJECT,
        object_id=review.id,
        detail={"kind": kind},
    )


def submit_sheet(*, review_seat_id: int, values: Mapping[str, object], actor: Actor) -> ScoreSheet:
    """Hands a score sheet in; InvalidError with a fault at each field that breaks a rule (E8)."""
    review = own_review(review_seat_id, actor)
    if not may_open_material(review.status):
        raise ConflictError("not_declared")
    panel = get_panel(review.panel_id)
    ensure_open_for(panel, review)
    criteria = criteria_of(panel.round_id)
    least = int(setting(panel.round_id, "sheet.min_opinion_chars"))
    if faults := find_sheet_faults(values, criteria, least=least, locale=actor.locale):
        raise InvalidError("sheet_invalid", fields=faults)
    marks = {criterion.code: read_mark(values[criterion.code]) for criterion in criteria}
    known = {code: mark for code, mark in marks.items() if mark is not None}
    before = latest_sheets([review.id]).get(review.id)
    sheet = ScoreSheet(
        review_seat_id=review.id,
        version=1 if before is None else before.version + 1,
        marks={code: str(mark) for code, mark in known.items()},
        total=add_marks(known),
        opinion=str(values["opinion"]).strip(),
        recommends=values["recommend"] == "yes",
        submitted_at=clock.now(),
    )
    session.add(sheet)
    review.status = ReviewStatus.SCORED
    record(
        action="selection.submit_sheet",
        actor=actor,
        object_type=SUBJECT,
        object_id=review.id,
        detail={"version": sheet.version},
    )
    return sheet


def refuse_to_judge(*, review_seat_id: int, reason: str, actor: Actor) -> None:
    """“无法评判”: the seat falls vacant, with the reason; another expert is found (国家自然科学基金条例 15)."""
    review = own_review(review_seat_id, actor)
    if not reason.strip():
        raise field_error("reason", "field_required", label="无法评判的原因")
    review.status, review.void_reason = ReviewStatus.VOID, CANNOT_JUDGE
    record(
        action="selection.refuse_to_judge",
        actor=actor,
        object_type=SUBJECT,
        object_id=review.id,
        detail={"reason": reason.strip()},
    )


def revise_sheet(*, review_seat_id: int, values: Mapping[str, object], actor: Actor) -> ScoreSheet:
    """Another version of a sheet handed in, until the scores are locked; both are kept."""
    ensure_status(own_review(review_seat_id, actor), ReviewStatus.SCORED)
    return submit_sheet(review_seat_id=review_seat_id, values=values, actor=actor)


def check_sheet(*, review_seat_id: int) -> None:
    """Reads the sheet again as it was stored: its total is the sum of its marks, each within its weight."""
    review = get_review_seat(review_seat_id)
    sheet = latest_sheets([review.id])[review.id]
    criteria = criteria_of(get_panel(review.panel_id).round_id)
    marks = {criterion.code: read_mark(sheet.marks[criterion.code]) for criterion in criteria}
    known = {code: mark for code, mark in marks.items() if mark is not None}
    if len(known) < len(criteria) or add_marks(known) != sheet.total:
        raise ConflictError("sheet_invalid")


def void_seat(*, review_seat_id: int) -> str:
    """Closes a seat and says why: a declared conflict, no judgement possible, or silence."""
    review = get_review_seat(review_seat_id)
    if review.status != ReviewStatus.VOID:
        review.status, review.void_reason = ReviewStatus.VOID, SILENT
    return str(review.void_reason)


def own_review(review_seat_id: int, actor: Actor) -> ReviewSeat:
    """The actor's own review seat; another person's does not exist for him. Void ones are closed."""
    review = get_review_seat(review_seat_id)
    if review.user_id != actor.id:
        raise NotFoundError
    if review.status == ReviewStatus.VOID:
        raise ConflictError("seat_void")
    return review


def ensure_status(review: ReviewSeat, status: ReviewStatus) -> None:
    """ConflictError `seat_moved_on` when the seat is not (any longer) there."""
    if review.status != status:
        raise ConflictError("seat_moved_on")


def ensure_open_for(panel: Panel, review: ReviewSeat) -> None:
    """ConflictError `scores_locked` after the lock; only sheets of a refill come later, once."""
    is_refill = review.origin == ReviewOrigin.REFILL and review.status == ReviewStatus.DECLARED
    if panel.status != PanelStatus.REVIEWING and not (is_refill and panel.status == PanelStatus.LOCKED):
        raise ConflictError("scores_locked")
