"""How the organisations of a province answer the invitations to rate: counts per organisation, never what they said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from app.accounts.models import Organisation
from app.dashboard.queries import Scope
from app.kernel.db import session
from app.ratings.models import RatingSeat
from app.ratings.vocabulary import SeatState

WAITING = (SeatState.SENT, SeatState.READ)


@dataclass(frozen=True, slots=True)
class Response:
    """An organisation's invitations of a round: how many were sent, rated, declined. No titles, no people."""

    organisation_id: int
    name: str
    phone: str | None
    province_code: str | None
    sent: int
    rated: int
    declined: int

    @property
    def waiting(self) -> int:
        return self.sent - self.rated - self.declined

    @property
    def is_silent(self) -> bool:
        """Nothing was answered at all."""
        return self.waiting == self.sent


@dataclass(frozen=True, slots=True)
class Rate:
    """Seats of an area."""

    sent: int = 0
    rated: int = 0
    declined: int = 0

    @property
    def percent(self) -> int | None:
        """The share of rated seats in whole percent; None where none was sent."""
        return round(100 * self.rated / self.sent) if self.sent else None


def _sums() -> tuple:  # type: ignore[type-arg]  # columns of three sums
    rated = func.sum(case((RatingSeat.state == SeatState.RATED, 1), else_=0))
    declined = func.sum(case((RatingSeat.state == SeatState.DECLINED, 1), else_=0))
    return func.count(RatingSeat.id), rated, declined


def list_responses(*, round_id: int, scope: Scope) -> Sequence[Response]:
    """Every organisation of the scope that was asked, silent ones first, in one statement."""
    query = (
        select(Organisation.id, Organisation.name, Organisation.phone, Organisation.province_code, *_sums())
        .join(RatingSeat, RatingSeat.organisation_id == Organisation.id)
        .where(RatingSeat.round_id == round_id, RatingSeat.state != SeatState.PENDING)
        .group_by(Organisation.id, Organisation.name, Organisation.phone, Organisation.province_code)
    )
    if scope is not None:
        query = query.where(Organisation.province_code.in_(scope))
    found = [Response(*row[:4], *map(int, row[4:])) for row in session.execute(query)]
    return sorted(found, key=lambda one: (not one.is_silent, -one.waiting, one.organisation_id))


def rates_by_province(round_id: int) -> Mapping[str | None, Rate]:
    """Seats sent and answered by the province of the organisation asked, in one statement."""
    rows = session.execute(
        select(Organisation.province_code, *_sums())
        .join(RatingSeat, RatingSeat.organisation_id == Organisation.id)
        .where(RatingSeat.round_id == round_id, RatingSeat.state != SeatState.PENDING)
        .group_by(Organisation.province_code)
    )
    return {row[0]: Rate(*map(int, row[1:])) for row in rows}


def add_rates(rates: Mapping[str | None, Rate]) -> Rate:
    """All areas together."""
    several = rates.values()
    return Rate(sum(r.sent for r in several), sum(r.rated for r in several), sum(r.declined for r in several))


def rate_of(responses: Sequence[Response]) -> Rate:
    """The seats of these organisations together."""
    return Rate(sum(r.sent for r in responses), sum(r.rated for r in responses), sum(r.declined for r in responses))
