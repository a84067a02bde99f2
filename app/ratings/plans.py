"""Reads of push plans, for the manager's page."""

from collections.abc import Sequence

from sqlalchemy import select

from app.accounts.models import Organisation
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
