"""Doubts about a rating: what makes it wait for a person's check (E6). A doubt never changes a mark by itself."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.candidacies.models import Candidacy
from app.kernel.db import session
from app.ratings.models import Rating, RatingSeat
from app.ratings.queries import get_seat
from app.ratings.rules import is_straight_line
from app.ratings.vocabulary import STRAIGHT_LINES_DOUBTED, Doubt, Validity
from app.rounds.models import Round
from app.rounds.rules import read_parameter

HIGH = 4.5
COPIES_OF_ONE_RATER = 3


def check_rating(rating: Rating) -> None:
    """Sets the validity of a rating that nobody has judged yet: valid, or pending with its doubts."""
    if rating.judged_at is not None:
        return
    doubts = find_doubts(rating)
    rating.doubts = list(doubts)
    rating.validity = Validity.PENDING if doubts else Validity.VALID


def find_doubts(rating: Rating) -> Sequence[Doubt]:
    """Everything about the rating that a person has to look at."""
    seat = get_seat(rating.seat_id)
    checks = (
        (Doubt.NOT_READ, _is_unread(rating, seat)),
        (Doubt.STRAIGHT_LINE, is_straight_line(rating.dims.values()) and _only_straight_lines(rating)),
        (Doubt.COPIED_TEXT, rating.text_hash is not None and _is_copied(rating)),
        (Doubt.RECIPROCAL, rating.overall >= HIGH and _is_reciprocal(rating)),
    )
    return [doubt for doubt, found in checks if found]


def _is_unread(rating: Rating, seat: RatingSeat) -> bool:
    """Neither was the rating version opened nor was there time to read; unknown times are not held against anybody."""
    if seat.material_at is not None or rating.reading_seconds is None:
        return False
    evaluation_round = session.get_one(Round, rating.round_id)
    return rating.reading_seconds < int(read_parameter(evaluation_round.parameters, "rating.min_reading_seconds"))


def _only_straight_lines(rating: Rating) -> bool:
    """Whether the rater gave every result of the round one and the same mark throughout, three results or more."""
    all_dims = session.scalars(
        select(Rating.dims).where(Rating.rater_id == rating.rater_id, Rating.round_id == rating.round_id)
    ).all()
    return len(all_dims) >= STRAIGHT_LINES_DOUBTED and all(is_straight_line(dims.values()) for dims in all_dims)


def _is_copied(rating: Rating) -> bool:
    """The same words from another organisation on this result, or from one rater on three results."""
    same = select(func.count()).where(Rating.round_id == rating.round_id, Rating.text_hash == rating.text_hash)
    others = session.scalar(
        same.where(Rating.candidacy_id == rating.candidacy_id, Rating.organisation_id != rating.organisation_id)
    )
    own = session.scalar(same.where(Rating.rater_id == rating.rater_id))
    return bool(others) or (own or 0) >= COPIES_OF_ONE_RATER


def _is_reciprocal(rating: Rating) -> bool:
    """Whether the filer's organisation rated a result of the rater's organisation as high (a ring of two)."""
    filer = select(Candidacy.organisation_id).where(Candidacy.id == rating.candidacy_id).scalar_subquery()
    back = session.scalar(
        select(Rating.id)
        .join(Candidacy, Candidacy.id == Rating.candidacy_id)
        .where(
            Rating.round_id == rating.round_id,
            Rating.organisation_id == filer,
            Candidacy.organisation_id == rating.organisation_id,
            Rating.overall >= HIGH,
        )
        .limit(1)
    )
    return back is not None
