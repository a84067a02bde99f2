"""Seats of a candidacy for tests."""

from collections.abc import Sequence

from sqlalchemy import select

from app.kernel.db import session
from app.ratings.models import RatingSeat


def seats_of_organisations(candidacy_id: int) -> Sequence[RatingSeat]:
    """All seats of a candidacy in the order of choice."""
    return session.scalars(
        select(RatingSeat).where(RatingSeat.candidacy_id == candidacy_id).order_by(RatingSeat.rank, RatingSeat.id)
    ).all()
