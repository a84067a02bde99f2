"""Acts of raters and of those who watch over the ratings."""

import hashlib
from collections.abc import Mapping
from typing import Any

from app.accounts.queries import find_active_user
from app.audit import usecases as audit
from app.candidacies.queries import get_candidacy
from app.conflicts.findings import Judge, JudgedItem
from app.conflicts.queries import find_conflicts, read_index_of
from app.conflicts.usecases import declare_conflict, ensure_no_conflict
from app.conflicts.vocabulary import ConflictKind
from app.filings.models import Filing
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, ForbiddenError, NotFoundError, field_error
from app.ratings.checking import check_rating
from app.ratings.models import Feedback, PushPlan, Rating, RatingRevision, RatingSeat
from app.ratings.queries import find_rating, get_seat_for, is_locked
from app.ratings.rules import needs_comment, overall_of, reduce_text
from app.ratings.vocabulary import (
    REPORT_DIMENSIONS,
    SUBJECT,
    DeclineReason,
    FeedbackKind,
    SeatState,
    Validity,
)
from app.rounds.models import Round
from app.rounds.rules import read_parameter

DECLARED_BY = {DeclineReason.INTEREST: ConflictKind.OTHER, DeclineReason.COMPETING: ConflictKind.COMPETING}
"""Reasons for declining that are declarations of a conflict."""
SHORTEST_TEXT = 8
"""Comments with fewer letters are too common to be called copies."""


def submit_rating(*, seat_id: int, values: Mapping[str, Any], actor: Actor) -> Rating:
    """Takes the rating of a seat, or its revision; every submission is kept, also after a second one.

    Refused: after the lock (rating_closed), with a conflict, without words at 1 or 5, or when the seat was declined.
    The diagram's next step checks it: what raises a doubt waits for a person (E6).
    """
    seat = get_seat_for(seat_id=seat_id, actor=actor)
    _ensure_open(seat)
    if seat.state == SeatState.DECLINED:
        raise ConflictError("seat_declined")
    _ensure_independent(seat, actor)
    marks = _read_marks(values)
    _ensure_commented(seat, marks, str(values.get("comment") or ""))
    rating = find_rating(seat.id) or Rating(seat_id=seat.id, revision=0)
    _write_rating(rating, seat=seat, marks=marks, values=values, actor=actor)
    session.add(rating)
    session.flush()  # revisions name the rating's id
    session.add(
        RatingRevision(
            rating_id=rating.id,
            revision=rating.revision,
            values={**values, **marks},
            rater_id=rating.rater_id,
            submitted_at=rating.submitted_at,
        )
    )
    _pass_on(seat, values)
    seat.state, seat.answered_at = SeatState.RATED, rating.submitted_at
    audit.record(action="ratings.submit_rating", actor=actor, object_type=SUBJECT, object_id=seat.id)
    return rating


def _ensure_open(seat: RatingSeat) -> None:
    if is_locked(session.get_one(PushPlan, seat.plan_id)):
        raise ConflictError("rating_closed")


def _ensure_independent(seat: RatingSeat, actor: Actor) -> None:
    """The plan excluded related organisations; what changed since is looked at again (E6: not from one group)."""
    candidacy = get_candidacy(seat.candidacy_id)
    filing = session.get_one(Filing, candidacy.filing_id)
    parties = {party.organisation_id for party in filing.parties if party.organisation_id is not None}
    organisations = frozenset(parties | {filing.organisation_id})
    judge = Judge(user_id=actor.id, organisation_ids=frozenset({seat.organisation_id}))
    item = JudgedItem(
        type="candidacy",
        id=candidacy.id,
        organisation_ids=organisations,
        party_names=frozenset(party.name for party in filing.parties),
        people=frozenset({filing.created_by}) if not filing.filed_for else frozenset(),
    )
    index = read_index_of(organisations | {seat.organisation_id})
    ensure_no_conflict(find_conflicts(judge=judge, item=item, index=index), locale=actor.locale)


def _read_marks(values: Mapping[str, Any]) -> dict[str, int]:
    """The marks of all dimensions that are asked of a report, as numbers from 1 to 5."""
    marks = {}
    for dimension in REPORT_DIMENSIONS:
        text = str(values.get(dimension) or "")
        if text not in {"1", "2", "3", "4", "5"}:
            raise field_error(dimension, "mark_required")
        marks[dimension.value] = int(text)
    if values.get("no_interest") is not True:
        raise field_error("no_interest", "declaration_required")
    return marks


def _ensure_commented(seat: RatingSeat, marks: Mapping[str, int], comment: str) -> None:
    evaluation_round = session.get_one(Round, seat.round_id)
    shortest = int(read_parameter(evaluation_round.parameters, "rating.min_comment_chars"))
    if needs_comment(marks.values()) and len(comment.strip()) < shortest:
        raise field_error("comment", "comment_too_short")


def _write_rating(
    rating: Rating, *, seat: RatingSeat, marks: dict[str, int], values: Mapping[str, Any], actor: Actor
) -> None:
    if actor.id is None:
        raise ForbiddenError
    now, user = clock.now(), find_active_user(actor.id)
    comment = str(values.get("comment") or "").strip()
    reduced = reduce_text(comment)
    rating.round_id, rating.candidacy_id = seat.round_id, seat.candidacy_id
    rating.organisation_id, rating.rater_id = seat.organisation_id, actor.id
    rating.job_role = user.job_role if user else None
    rating.dims, rating.overall = marks, overall_of(marks.values())
    rating.usage, rating.comment = str(values.get("usage") or ""), comment
    rating.text_hash = hashlib.sha256(reduced.encode()).hexdigest() if len(reduced) >= SHORTEST_TEXT else None
    rating.need = str(values.get("need") or "").strip()
    rating.suggestion = str(values.get("suggestion") or "").strip()
    rating.reading_seconds = None if seat.read_at is None else int((now - seat.read_at).total_seconds())
    rating.submitted_at, rating.revision = now, rating.revision + 1
    rating.validity, rating.doubts = (
        Validity.PENDING,
        [],
    )  # until it is checked: a diagram without the check has people do it
    rating.judged_by, rating.judged_at, rating.judgement = None, None, ""


def _pass_on(seat: RatingSeat, values: Mapping[str, Any]) -> None:
    """Need and suggestion go to the filer without any name (R-026); a revision replaces the texts."""
    filer_id = get_candidacy(seat.candidacy_id).organisation_id
    known = {row.kind: row for row in session.query(Feedback).filter(Feedback.seat_id == seat.id)}
    for kind in FeedbackKind:
        text = str(values.get(kind) or "").strip()
        row = known.get(kind)
        if row is not None and not text:
            session.delete(row)
        elif row is not None:
            row.text = text
        elif text:
            session.add(
                Feedback(
                    seat_id=seat.id,
                    candidacy_id=seat.candidacy_id,
                    filer_organisation_id=filer_id,
                    kind=kind,
                    text=text,
                    given_at=clock.now(),
                )
            )


def decline_seat(*, seat_id: int, reason: DeclineReason, actor: Actor) -> None:
    """谢绝: the seat is given back with its reason; an interest is a declaration of conflict at the same time."""
    seat = get_seat_for(seat_id=seat_id, actor=actor)
    _ensure_open(seat)
    if seat.state == SeatState.RATED:
        raise ConflictError("seat_rated")
    seat.state, seat.decline_reason, seat.answered_at = SeatState.DECLINED, reason, clock.now()
    kind = DECLARED_BY.get(reason)
    if kind is not None:
        declare_conflict(actor=actor, object_type="candidacy", object_id=seat.candidacy_id, kind=kind)
    audit.record(
        action="ratings.decline_seat", actor=actor, object_type=SUBJECT, object_id=seat.id, detail={"reason": reason}
    )


def revise_rating(*, seat_id: int, values: Mapping[str, Any], actor: Actor) -> Rating:
    """Changes a submitted rating before the lock; the former one is kept (E6). Only by the person who gave it.

    No step of a diagram follows, so it is checked here.
    """
    given = find_rating(get_seat_for(seat_id=seat_id, actor=actor).id)
    if given is None:
        raise NotFoundError
    if given.rater_id != actor.id:
        raise ForbiddenError
    rating = submit_rating(seat_id=seat_id, values=values, actor=actor)
    check_rating(rating)
    return rating


def open_seat(*, seat_id: int, actor: Actor) -> RatingSeat:
    """Notes that the rating page was opened: the reading time is counted from the first opening."""
    seat = get_seat_for(seat_id=seat_id, actor=actor)
    if seat.read_at is None:
        seat.read_at = clock.now()
    if seat.state == SeatState.SENT:
        seat.state = SeatState.READ
    return seat


def open_material(*, seat_id: int, actor: Actor) -> Filing:
    """Notes that the rating version was opened and gives the filing; raters are served its public file only."""
    seat = open_seat(seat_id=seat_id, actor=actor)
    if seat.material_at is None:
        seat.material_at = clock.now()
    return session.get_one(Filing, get_candidacy(seat.candidacy_id).filing_id)


def judge_rating(*, rating_id: int, validity: Validity, reason: str, actor: Actor) -> Rating:
    """A national auditor decides on a doubted rating: it counts, or is left out; with a reason, before the pool."""
    rating = session.get(Rating, rating_id, with_for_update=True)
    if rating is None:
        raise NotFoundError
    if rating.validity != Validity.PENDING:
        raise ConflictError("rating_judged")
    if not reason.strip():
        raise field_error("reason", "reason_required")
    rating.validity, rating.judgement = validity, reason.strip()
    rating.judged_by, rating.judged_at = actor.id, clock.now()
    detail = {"validity": validity, "doubts": list(rating.doubts), "reason": reason.strip()}
    audit.record(action="ratings.judge_rating", actor=actor, object_type="rating", object_id=rating.id, detail=detail)
    return rating
