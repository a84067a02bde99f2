"""Reads of push plans, for the manager's page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.accounts.models import Organisation, Region
from app.accounts.queries import list_regions, names_of_organisations
from app.candidacies.models import Candidacy
from app.kernel.db import session
from app.kernel.errors import NotFoundError
from app.ratings.models import PushItem, PushPlan, RatingSeat


def list_plans(round_id: int) -> Sequence[PushPlan]:
    """Every attempt of both pushes in order."""
    return session.scalars(
        select(PushPlan).where(PushPlan.round_id == round_id).order_by(PushPlan.number, PushPlan.attempt)
    ).all()


def get_plan(plan_id: int) -> PushPlan:
    """The plan; NotFoundError when there is none."""
    plan = session.get(PushPlan, plan_id)
    if plan is None:
        raise NotFoundError
    return plan


def plan_lines(plan_id: int, *, after: int = 0, limit: int = 50) -> Sequence[tuple[PushItem, Candidacy]]:
    """Items of a plan with their candidacies, those with shortages first within a page of ids above `after`."""
    rows = session.execute(
        select(PushItem, Candidacy)
        .join(Candidacy, Candidacy.id == PushItem.candidacy_id)
        .where(PushItem.plan_id == plan_id, PushItem.id > after)
        .order_by(PushItem.id)
        .limit(limit)
    )
    return list(rows)


def get_plan_item(*, plan_id: int, candidacy_id: int) -> tuple[PushItem, Candidacy]:
    """One item of a plan; NotFoundError when the plan has none of it."""
    row = session.execute(
        select(PushItem, Candidacy)
        .join(Candidacy, Candidacy.id == PushItem.candidacy_id)
        .where(PushItem.plan_id == plan_id, PushItem.candidacy_id == candidacy_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return row[0], row[1]


def seats_of(*, plan_id: int, candidacy_id: int) -> Sequence[tuple[RatingSeat, str]]:
    """The seats of one item with the organisations' names, in the order of choice."""
    rows = session.execute(
        select(RatingSeat, Organisation.name)
        .join(Organisation, Organisation.id == RatingSeat.organisation_id)
        .where(RatingSeat.plan_id == plan_id, RatingSeat.candidacy_id == candidacy_id)
        .order_by(RatingSeat.rank, RatingSeat.id)
    )
    return list(rows)


@dataclass(frozen=True, slots=True)
class Totals:
    """A plan in figures."""

    items: int
    seats: int
    organisations: int
    provinces: int
    short_items: int
    most_of_one: int
    """The most items that one organisation is asked to rate."""


def totals_of(plan_id: int) -> Totals:
    """The figures of a plan."""
    seats = RatingSeat.plan_id == plan_id
    loads = select(func.count().label("load")).where(seats).group_by(RatingSeat.organisation_id).subquery()
    organisations, most = session.execute(select(func.count(), func.max(loads.c.load)).select_from(loads)).one()
    shortages = session.scalars(select(PushItem.shortages).where(PushItem.plan_id == plan_id)).all()
    provinces = session.scalar(select(func.count(RatingSeat.province_code.distinct())).where(seats))
    count = session.scalar(select(func.count()).where(seats))
    short = sum(bool(found) for found in shortages)
    return Totals(len(shortages), count or 0, organisations, provinces or 0, short, most or 0)


def left_out_of(row: PushItem) -> Sequence[tuple[str, str]]:
    """(name, reason) of the organisations whose domain fits an item but who were left out."""
    names = names_of_organisations(key for key, _ in row.exclusions)
    return [(names.get(key, ""), reason) for key, reason in row.exclusions]


def province_names() -> Mapping[str | None, Region]:
    """Regions by code."""
    return {region.code: region for region in list_regions()}
