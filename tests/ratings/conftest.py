"""A drawn and approved plan."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.transaction import transaction
from app.ratings.models import RatingSeat
from app.ratings.pushing import approve_plan, draw_plan
from tests.factories.ratings import RATING_DAY, Field, hand_in, make_field
from tests.support.seats import seats_of_organisations


@pytest.fixture
def rating_day() -> Iterator[None]:
    with clock.at(RATING_DAY):
        yield


@pytest.fixture
def field(app: Flask, rating_day: None) -> Field:
    """Twelve enterprises and three institutes may be asked about one candidacy."""
    return make_field()


@pytest.fixture
def pushed(field: Field) -> Field:
    """The plan is approved: the seats are sent."""
    push(field)
    return field


def push(field: Field) -> None:
    with transaction():
        draw_plan(round_id=field.round_id, actor=SYSTEM)
    with transaction():
        approve_plan(round_id=field.round_id, actor=SYSTEM)


@pytest.fixture
def rate(pushed: Field) -> Callable[..., RatingSeat]:
    """Submits good ratings, changed by `more`, for the n-th sent seat, and checks them as the diagram's next step does."""

    def rate_one(number: int = 0, **more: object) -> RatingSeat:
        seat = seats_of_organisations(pushed.candidacy_ids[0])[number]
        with transaction():
            hand_in(seat, pushed.raters[seat.organisation_id], **more)
        return seat

    return rate_one
