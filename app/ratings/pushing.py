"""Pushes: a plan is drawn, approved or sent back, pushed a second time; declined seats are filled again."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from app.audit import usecases as audit
from app.candidacies.models import Candidacy
from app.candidacies.queries import get_candidacy
from app.conflicts.queries import read_index
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError
from app.processes.doors import Subject
from app.processes.usecases import add_sibling
from app.ratings.models import PushPlan, RatingSeat
from app.ratings.planning import (
    ASKED,
    describe_seat,
    ratable_candidacies,
    read_items,
    read_loads,
    read_targets,
    settings_of,
    write_plan,
)
from app.ratings.push import Choice, TargetBook, choose_replacement
from app.ratings.queries import get_seat, is_locked, latest_plan
from app.ratings.vocabulary import SUBJECT, PlanStatus, SeatState
from app.rounds.models import Round

WISHES = ("targets_per_item", "max_per_organisation", "min_provinces", "max_own_province_share")


def draw_plan(*, round_id: int, actor: Actor) -> PushPlan:
    """Draws the plan of the first push for everything that passed the screening; it waits for a manager."""
    plan = write_plan(
        evaluation_round=session.get_one(Round, round_id), number=1, candidacies=ratable_candidacies(round_id)
    )
    _note(plan, "ratings.draw_plan", actor)
    return plan


def draw_second_plan(*, round_id: int, actor: Actor) -> PushPlan:
    """Asks further organisations about the items below the quorum; sent at once, as flows.md 6 has it."""
    candidacies = [candidacy for candidacy in ratable_candidacies(round_id) if not candidacy.quorum_met]
    plan = write_plan(evaluation_round=session.get_one(Round, round_id), number=2, candidacies=candidacies)
    _send(plan, actor)
    _note(plan, "ratings.draw_second_plan", actor)
    return plan


def approve_plan(*, round_id: int, actor: Actor) -> PushPlan:
    """审定推送方案: from now on the seats are sent, as they were drawn."""
    plan = _draft_of(round_id)
    _send(plan, actor)
    _note(plan, "ratings.approve_plan", actor)
    return plan


def send_back_plan(*, round_id: int, wishes: Mapping[str, Any], reason: str, actor: Actor) -> PushPlan:
    """Asks for another plan: `wishes` (push settings by their last name) are taken by the next attempt."""
    plan = _draft_of(round_id)
    chosen = {key: wishes[key] for key in WISHES if wishes.get(key) is not None}
    plan.wishes = {
        key: float(value) if key == "max_own_province_share" else int(value) for key, value in chosen.items()
    }
    plan.reason = reason
    _note(plan, "ratings.send_back_plan", actor)
    return plan


def _draft_of(round_id: int) -> PushPlan:
    plan = latest_plan(round_id, 1)
    if plan is None or plan.status != PlanStatus.DRAFT:
        raise ConflictError("plan_decided")
    return plan


def _send(plan: PushPlan, actor: Actor) -> None:
    now = clock.now()
    plan.status, plan.approved_at, plan.approved_by = PlanStatus.APPROVED, now, actor.id
    session.execute(
        update(RatingSeat)
        .where(RatingSeat.plan_id == plan.id)
        .values(state=SeatState.SENT, sent_at=now)
        .execution_options(synchronize_session=False)
    )


def _note(plan: PushPlan, action: str, actor: Actor) -> None:
    detail = {"number": plan.number, "attempt": plan.attempt, "seed": plan.seed, "hash": plan.plan_hash}
    audit.record(action=action, actor=actor, object_type="push_plan", object_id=plan.id, detail=detail)


def fill_seat(*, seat_id: int, instance_id: int, actor: Actor) -> RatingSeat | None:
    """Asks one more organisation in place of a declined seat, by the plan's own rules (N6).

    None when nobody is left to ask, or rating has closed; the item then makes do with one seat fewer.
    """
    declined = get_seat(seat_id)
    plan = session.get_one(PushPlan, declined.plan_id)
    if is_locked(plan):
        return None
    candidacy = get_candidacy(declined.candidacy_id)
    choice = _choose_further(plan, candidacy)
    if choice is None:
        return None
    seat = _seat_of(plan, candidacy, choice, declined)
    session.add(seat)
    session.flush()  # the new child is about this id
    is_added = add_sibling(
        instance_id=instance_id,
        subject=Subject(SUBJECT, seat.id),
        title=candidacy.title,
        actor=actor,
        variables={"seat_role": seat.seat_role, "second": plan.number == 2},
        organisation_id=seat.organisation_id,
        province_code=seat.province_code,
    )
    if not is_added:
        session.delete(seat)
        return None
    return seat


def _choose_further(plan: PushPlan, candidacy: Candidacy) -> Choice | None:
    evaluation_round = session.get_one(Round, plan.round_id)
    (item,) = read_items([candidacy], read_index())
    book = TargetBook(read_targets(clock.today()), read_loads(plan.round_id))
    seated = session.scalars(
        select(RatingSeat.province_code).where(
            RatingSeat.plan_id == plan.id, RatingSeat.candidacy_id == candidacy.id, RatingSeat.state.in_(ASKED)
        )
    ).all()
    settings = settings_of(evaluation_round, plan.parameters)
    return choose_replacement(item, book, settings, seated=seated, seed=f"{plan.seed}:replacement")


def _seat_of(plan: PushPlan, candidacy: Candidacy, choice: Choice, declined: RatingSeat) -> RatingSeat:
    columns = describe_seat(plan, candidacy.id, choice)
    return RatingSeat(**{**columns, "state": SeatState.SENT, "sent_at": clock.now(), "replaces_id": declined.id})
