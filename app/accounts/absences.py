"""Absences and substitutes (AB角): who is away from when to when, and who of the same office does the work."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.accounts.models import Absence, User
from app.accounts.queries import get_user
from app.accounts.rules import find_period_fault, may_stand_in
from app.accounts.vocabulary import MOST_ABSENT_DAYS, UserStatus
from app.audit.usecases import record
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, FieldError, InvalidError, NotFoundError, field_error
from app.notifications.usecases import notify

PAGE = "/account/absence"


def colleagues_for(actor: Actor) -> Sequence[User]:
    """Active people of the actor's office who may stand in for at least one of the actor's own roles, by name."""
    if actor.organisation_id is None:
        return []
    query = (
        select(User)
        .options(selectinload(User.grants))
        .where(
            User.organisation_id == actor.organisation_id, User.status == UserStatus.ACTIVE, User.id != (actor.id or 0)
        )
        .order_by(User.name, User.id)
    )
    own = _own_roles(actor)
    return [user for user in session.scalars(query) if _covered(own, user)]


def _own_roles(actor: Actor) -> list[str]:
    return [grant.role for grant in actor.grants if grant.absent is None]


def _covered(own: Sequence[str], user: User) -> list[str]:
    held = {grant.role for grant in user.grants}
    return [role for role in own if may_stand_in(role, held)]


def absences_of(actor: Actor) -> Sequence[Absence]:
    """The actor's own absences that hold or are to come, the nearest first."""
    return session.scalars(_current().where(Absence.user_id == (actor.id or 0))).all()


def absences_covered_by(actor: Actor) -> Sequence[Absence]:
    """Absences of others in which the actor stands in, now or later, the nearest first."""
    return session.scalars(_current().where(Absence.substitute_id == (actor.id or 0))).all()


def _current() -> Select[Absence]:
    return (
        select(Absence)
        .options(selectinload(Absence.user), selectinload(Absence.substitute))
        .where(Absence.ended_at.is_(None), Absence.ends_on >= clock.today())
        .order_by(Absence.starts_on, Absence.id)
    )


def announce_absence(
    *, substitute_id: int | None, starts_on: date | None, ends_on: date | None, actor: Actor
) -> Absence:
    """The actor is away on these days and the substitute does the work; the substitute is told.

    Refused at the field: a day that is missing, past, before the first or too late; a colleague who may not stand in,
    is away on one of these days, or days of which the actor has announced one already.
    """
    chosen, first, last = _complete(substitute_id, starts_on, ends_on)
    fault = find_period_fault(starts_on=first, ends_on=last, today=clock.today())
    if fault is not None:
        raise field_error(*fault, days=MOST_ABSENT_DAYS)
    if chosen not in {user.id for user in colleagues_for(actor)}:
        raise field_error("substitute", "substitute_unfit")
    if _meets(actor.id or 0, first, last):
        raise field_error("starts_on", "absence_overlaps")
    if _meets(chosen, first, last):
        raise field_error("substitute", "substitute_away")
    absence = Absence(user_id=actor.id, substitute_id=chosen, starts_on=first, ends_on=last, created_at=clock.now())
    session.add(absence)
    session.flush()  # the audit entry names the absence's id
    _tell("substitute_named", absence, actor)
    return absence


def _complete(substitute_id: int | None, starts_on: date | None, ends_on: date | None) -> tuple[int, date, date]:
    given = {
        "substitute": (substitute_id, "代办人"),
        "starts_on": (starts_on, "开始日期"),
        "ends_on": (ends_on, "结束日期"),
    }
    missing: Mapping[str, Sequence[FieldError]] = {
        name: [FieldError("field_required", label=label)] for name, (value, label) in given.items() if value is None
    }
    if substitute_id is None or starts_on is None or ends_on is None:
        raise InvalidError(fields=missing)
    return substitute_id, starts_on, ends_on


def _meets(user_id: int, first: date, last: date) -> bool:
    """Whether the person is away on one of these days."""
    query = select(Absence.id).where(
        Absence.user_id == user_id, Absence.ended_at.is_(None), Absence.starts_on <= last, Absence.ends_on >= first
    )
    return session.scalar(query.limit(1)) is not None


def end_absence(*, absence_id: int, actor: Actor) -> Absence:
    """The actor is back, or stays: from now on the substitute does the work no more. NotFoundError for others' absences."""
    query = select(Absence).where(Absence.id == absence_id, Absence.user_id == actor.id).with_for_update()
    absence = session.scalars(query).one_or_none()
    if absence is None:
        raise NotFoundError
    if absence.ended_at is not None:
        raise ConflictError("absence_ended")
    absence.ended_at = clock.now()
    _tell("substitute_released", absence, actor)
    return absence


def _tell(kind: str, absence: Absence, actor: Actor) -> None:
    """The substitute learns of it, and so does the audit trail."""
    days = {"on": absence.starts_on.isoformat(), "until": absence.ends_on.isoformat()}
    notify(user_ids=[absence.substitute_id], kind=kind, params={"name": actor.name, **days}, link=PAGE)
    record(
        action=f"accounts.{kind}",
        actor=actor,
        object_type="absence",
        object_id=absence.id,
        detail={"substitute": get_user(absence.substitute_id).username, **days},
    )
