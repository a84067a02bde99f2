"""Reads of the accounts room."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Absence, ApiToken, Organisation, Region, RoleGrant, User
from app.accounts.rules import hash_token, is_away, may_stand_in
from app.accounts.vocabulary import ROLE_NAMES, Role, UserStatus
from app.kernel import clock
from app.kernel.actor import Absent, Actor, Grant
from app.kernel.db import session
from app.kernel.errors import NotFoundError
from app.notifications.mail import Address
from app.web.requests import once

RUNNING = (Absence.ended_at.is_(None), Absence.starts_on <= bindparam("today"), Absence.ends_on >= bindparam("today"))
STANDING_IN = joinedload(User.standing_in.and_(*RUNNING)).selectinload(Absence.user).joinedload(User.grants)
ACTIVE = select(User).options(joinedload(User.grants), STANDING_IN).where(User.status == UserStatus.ACTIVE)
"""Every request asks who is there: made once and only bound anew. Whom somebody stands in for is a second statement."""
ACTIVE_BY_ID = ACTIVE.where(User.id == bindparam("user_id"))
ACTIVE_BY_TOKEN = ACTIVE.where(
    User.id
    == select(ApiToken.user_id)
    .where(ApiToken.token_hash == bindparam("token_hash"), ApiToken.expires_at > bindparam("now"))
    .scalar_subquery()
)


def actor_of(user: User) -> Actor:
    """The person as a value, with the roles held now and those of the people for whom the person stands in today."""
    own = tuple(Grant(grant.role, grant.scope_type, grant.scope_code) for grant in user.grants)
    return Actor(
        id=user.id,
        name=user.name,
        organisation_id=user.organisation_id,
        grants=own + tuple(_grants_of_absent(user)),
        locale=user.locale,
    )


def _grants_of_absent(user: User) -> Iterator[Grant]:
    """What others may not do themselves today: only their own grants, so that nothing is passed on twice."""
    held, today = {grant.role for grant in user.grants}, clock.today()
    for absence in user.standing_in:
        away, person = _holds(absence, today), absence.user
        if not away or person.status != UserStatus.ACTIVE or person.organisation_id != user.organisation_id:
            continue
        for grant in person.grants:
            if may_stand_in(grant.role, held):
                yield Grant(grant.role, grant.scope_type, grant.scope_code, Absent(person.id, person.name))


def _holds(absence: Absence, today: date) -> bool:
    return is_away(
        starts_on=absence.starts_on, ends_on=absence.ends_on, is_ended=absence.ended_at is not None, today=today
    )


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role with its scope, in both languages."""

    zh: str
    en: str


def role_lines(actor: Actor) -> Sequence[RoleLine]:
    """The roles that the actor holds, with the area of those that have one: "省级审核员 · 山东省"."""
    codes = {grant.scope_code[:2] + "0000" for grant in actor.grants if grant.scope_type in ("province", "city")}
    regions = regions_by_code(codes)
    lines = []
    for grant in actor.grants:
        zh, en = ROLE_NAMES[Role(grant.role)]
        region = regions.get(grant.scope_code[:2] + "0000") if grant.scope_type in ("province", "city") else None
        if region is not None:
            zh, en = f"{zh} · {region.name_zh}", f"{en} · {region.name_en}"
        if grant.absent is not None:
            zh, en = f"{zh}（代{grant.absent.name}）", f"{en} (for {grant.absent.name})"
        lines.append(RoleLine(zh, en))
    return lines


def find_active_user(user_id: int) -> User | None:
    """The user with grants and today's absences of those for whom the user stands in; None when closed."""
    found = session.scalars(ACTIVE_BY_ID, {"user_id": user_id, "today": clock.today()})
    return found.unique().one_or_none()


def find_token_user(token: str) -> User | None:
    """As `find_active_user`, of a token that has not ended."""
    values = {"token_hash": hash_token(token), "now": clock.now(), "today": clock.today()}
    return session.scalars(ACTIVE_BY_TOKEN, values).unique().one_or_none()


def find_user_by_name(username: str) -> User | None:
    """The user with this sign-in name, whatever the status."""
    return session.scalars(
        select(User).options(selectinload(User.grants)).where(User.username == username)
    ).one_or_none()


def get_user(user_id: int) -> User:
    """The user; NotFoundError when there is none."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError
    return user


def names_of_users(user_ids: Iterable[int]) -> Mapping[int, str]:
    """Name by user id, in one statement."""
    ids = set(user_ids)
    if not ids:
        return {}
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(ids))).all())


def usernames_of(user_ids: Iterable[int]) -> Mapping[int, str]:
    """Sign-in name by user id, in one statement."""
    ids = set(user_ids)
    if not ids:
        return {}
    return dict(session.execute(select(User.id, User.username).where(User.id.in_(ids))).all())


def mail_addresses(user_ids: Collection[int]) -> Mapping[int, Address]:
    """Where active people get mail; those without an address are left out."""
    users = session.execute(
        select(User.id, User.email, User.name, User.locale).where(
            User.id.in_(set(user_ids)), User.status == UserStatus.ACTIVE, User.email.is_not(None)
        )
    )
    return {
        user_id: Address(email, name, "en" if locale == "en" else "zh")
        for user_id, email, name, locale in users
        if email
    }


def select_users_with_role(
    role: str, *, scope_codes: Sequence[str] | None = None, organisation_id: int | None = None
) -> Select[User]:
    """Active users who hold `role`, in one of the scopes and of the organisation when these are given."""
    query = (
        select(User)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role == role, User.status == UserStatus.ACTIVE)
        .order_by(User.id)
    )
    if scope_codes is not None:
        query = query.where(RoleGrant.scope_code.in_(scope_codes))
    if organisation_id is not None:
        query = query.where(User.organisation_id == organisation_id)
    return query


def user_ids_with_role(role: str, *, scope_codes: Sequence[str] | None = None) -> Sequence[int]:
    """Ids of the active users who hold `role` in one of the scopes."""
    users = select_users_with_role(role, scope_codes=scope_codes)
    return session.scalars(users.with_only_columns(User.id).distinct()).all()


def get_organisation(organisation_id: int) -> Organisation:
    """The organisation; NotFoundError when there is none."""
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFoundError
    return organisation


def names_of_organisations(organisation_ids: Iterable[int]) -> Mapping[int, str]:
    """Name by organisation id, in one statement."""
    ids = set(organisation_ids)
    if not ids:
        return {}
    return dict(session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))).all())


def list_regions() -> Sequence[Region]:
    """The 32 evaluated areas in order of their codes."""
    return session.scalars(select(Region).order_by(Region.code)).all()


def regions_by_code(codes: Iterable[str]) -> Mapping[str, Region]:
    """These areas, read once in a request."""
    wanted = sorted(set(codes))
    if not wanted:
        return {}
    query = select(Region).where(Region.code.in_(wanted)).order_by(Region.code)
    return once(f"regions:{','.join(wanted)}", lambda: {region.code: region for region in session.scalars(query)})


def get_region(code: str) -> Region:
    """The area; NotFoundError when there is none."""
    region = session.get(Region, code)
    if region is None:
        raise NotFoundError
    return region


def locked_users() -> Sequence[User]:
    """Accounts that are locked now, the longest first."""
    return session.scalars(
        select(User).where(User.locked_until > clock.now()).order_by(User.locked_until, User.id)
    ).all()
