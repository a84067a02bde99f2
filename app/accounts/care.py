"""Accounts that people look after for others: the province's contact, an organisation's administrator, the system's."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select, true

from app.accounts.models import Organisation, RoleGrant, User
from app.accounts.queries import get_user
from app.accounts.usecases import create_user, grant_role, hash_password
from app.accounts.vocabulary import CARED_FOR, COLLEAGUE_ROLES, ONE_TIME_DAYS, JobRole, Role, UserStatus
from app.audit.usecases import record
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import FieldError, ForbiddenError, InvalidError, NotFoundError, field_error

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 4
USERNAME = re.compile(r"[a-z][a-z0-9_.-]{3,63}")
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class OneTime:
    """A new password, told once: only its hash is kept."""

    user_id: int
    name: str
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class CaredOrganisation:
    """An organisation of the province with its accounts that can sign in."""

    id: int
    name: str
    type: str
    phone: str | None
    accounts: int


def organisations_in_care(
    *, provinces: frozenset[str], without_account: bool = False, q: str = "", after: int = 0, limit: int = 50
) -> Sequence[CaredOrganisation]:
    """Organisations of these provinces in order of id, one more than `limit` where there are more."""
    counted = func.count(User.id)
    query = (
        select(Organisation.id, Organisation.name, Organisation.type, Organisation.phone, counted)
        .outerjoin(User, (User.organisation_id == Organisation.id) & (User.status == UserStatus.ACTIVE))
        .where(Organisation.province_code.in_(provinces), Organisation.id > after)
        .group_by(Organisation.id, Organisation.name, Organisation.type, Organisation.phone)
        .order_by(Organisation.id)
        .limit(limit + 1)
    )
    if without_account:
        query = query.having(counted == 0)
    if words := q.strip():
        query = query.where(Organisation.name.contains(words, autoescape=True))
    return [CaredOrganisation(*row) for row in session.execute(query)]


def count_without_account(provinces: frozenset[str]) -> int:
    """How many organisations of these provinces nobody can sign in for."""
    holders = exists().where(User.organisation_id == Organisation.id, User.status == UserStatus.ACTIVE)
    query = select(func.count()).where(Organisation.province_code.in_(provinces), ~holders)
    return session.scalar(query) or 0


def people_in_care(*, provinces: frozenset[str], organisation_id: int) -> Sequence[User]:
    """The accounts of one organisation that the contacts of these provinces look after; roles are not told."""
    query = select(User).where(_in_care(provinces), User.organisation_id == organisation_id)
    return session.scalars(query.order_by(User.id)).all()


def get_organisation_in_care(*, provinces: frozenset[str], organisation_id: int) -> Organisation:
    """The organisation; NotFoundError outside the provinces."""
    query = select(Organisation).where(Organisation.id == organisation_id, Organisation.province_code.in_(provinces))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def _in_care(provinces: frozenset[str]) -> ColumnElement[bool]:
    """Active people of the provinces' organisations who hold no role beyond CARED_FOR."""
    homes = select(Organisation.id).where(Organisation.province_code.in_(provinces))
    others = exists().where(RoleGrant.user_id == User.id, RoleGrant.role.not_in(CARED_FOR))
    return User.organisation_id.in_(homes) & (User.status == UserStatus.ACTIVE) & ~others


def has_account(organisation_id: int) -> bool:
    """Whether anybody was ever given an account of this organisation."""
    return session.scalar(select(User.id).where(User.organisation_id == organisation_id).limit(1)) is not None


def colleagues_of(actor: Actor) -> Sequence[User]:
    """The active accounts of the administrator's own organisation; ForbiddenError for everybody else."""
    administrator = _administrator(actor)
    query = select(User).where(User.organisation_id == administrator.organisation_id, User.status == UserStatus.ACTIVE)
    return session.scalars(query.order_by(User.id)).all()


def administers(actor: Actor) -> bool:
    """Whether the person opens accounts for colleagues (单位管理员)."""
    user = session.get(User, actor.id) if actor.id is not None else None
    return user is not None and user.is_organisation_admin and user.organisation_id is not None


def _administrator(actor: Actor) -> User:
    if not administers(actor):
        raise ForbiddenError
    return get_user(actor.id or 0)


def roles_held(organisation_id: int) -> Sequence[Role]:
    """Which roles the organisation's people hold in its own scope: what its administrator may hand on."""
    held = set(
        session.scalars(
            select(RoleGrant.role)
            .where(RoleGrant.scope_type == "organisation", RoleGrant.scope_code == str(organisation_id))
            .distinct()
        )
    )
    return [role for role in COLLEAGUE_ROLES if role in held]


def reset_password(*, user_id: int, actor: Actor, organisation_id: int | None = None) -> OneTime:
    """A one-time password for an account in the contact's province, or of the administrator's organisation.

    `organisation_id`: whose account it must be. Sessions of the account end. NotFoundError outside the actor's care.
    """
    member = true() if organisation_id is None else User.organisation_id == organisation_id
    reach: list[ColumnElement[bool]] = [_in_care(actor.scope_codes(Role.PROVINCE_CONTACT))]
    if administers(actor):
        own = (User.organisation_id == actor.organisation_id) & (User.status == UserStatus.ACTIVE)
        beyond = exists().where(RoleGrant.user_id == User.id, RoleGrant.role.not_in(COLLEAGUE_ROLES))
        reach.append(own & ~beyond)
    user = session.scalars(
        select(User).where(User.id == user_id, User.id != actor.id, member, or_(*reach))
    ).one_or_none()
    if user is None:
        raise NotFoundError
    password = _make_password()
    user.password_hash = hash_password(password)
    user.password_until = clock.now() + timedelta(days=ONE_TIME_DAYS)
    user.sessions_end_before, user.failed_count, user.locked_until = clock.now(), 0, None
    record(action="accounts.reset_password", actor=actor, object_type="user", object_id=user.id)
    return OneTime(user.id, user.name, user.username, password)


def open_colleague(
    *, name: str, username: str, job_role: str, roles: Sequence[str], actor: Actor, email: str = ""
) -> OneTime:
    """An account for a colleague of the administrator's organisation, with a one-time password."""
    administrator = _administrator(actor)
    organisation_id = administrator.organisation_id or 0
    allowed = roles_held(organisation_id)
    faults = _faults(name, username, job_role)
    if not roles or any(role not in allowed for role in roles):
        faults["roles"] = [FieldError("field_required", label="角色")]
    if faults:
        raise InvalidError(fields=faults)
    made = _open(name, username, organisation_id, job_role=job_role, email=email)
    for role in roles:
        grant_role(user=made[0], role=Role(role), scope_code=str(organisation_id))
    _record_opening(made[0], actor, roles)
    return made[1]


def open_first_account(*, organisation_id: int, name: str, username: str, actor: Actor) -> OneTime:
    """The account of an organisation's administrator, opened by the contact while the organisation has none."""
    provinces = actor.scope_codes(Role.PROVINCE_CONTACT)
    organisation = get_organisation_in_care(provinces=provinces, organisation_id=organisation_id)
    if has_account(organisation.id):
        raise field_error("username", "organisation_has_account")
    if faults := _faults(name, username, JobRole.IP):
        raise InvalidError(fields=faults)
    made = _open(name, username, organisation.id, job_role=JobRole.IP, email="")
    made[0].is_organisation_admin = True
    grant_role(user=made[0], role=Role.FILER, scope_code=str(organisation.id))
    _record_opening(made[0], actor, (Role.FILER,))
    return made[1]


def unlock_user(*, user_id: int, actor: Actor) -> User:
    """Lifts the lock of an account before its time; only system administrators."""
    if not actor.has_role(Role.SYS_ADMIN):
        raise ForbiddenError
    user = get_user(user_id)
    user.locked_until, user.failed_count = None, 0
    record(action="accounts.unlock_user", actor=actor, object_type="user", object_id=user.id)
    return user


def _faults(name: str, username: str, job_role: str) -> dict[str, Sequence[FieldError]]:
    faults: dict[str, Sequence[FieldError]] = {}
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        faults["name"] = [FieldError("field_required", label="姓名")]
    if not USERNAME.fullmatch(username.strip()):
        faults["username"] = [FieldError("username_shape")]
    if job_role not in tuple(JobRole):
        faults["job_role"] = [FieldError("field_required", label="岗位")]
    return faults


def _open(name: str, username: str, organisation_id: int, *, job_role: str, email: str) -> tuple[User, OneTime]:
    password = _make_password()
    user = create_user(
        username=username.strip(),
        name=name.strip(),
        password_hash=hash_password(password),
        organisation_id=organisation_id,
        job_role=job_role,
        email=email.strip() or None,
    )
    user.password_until = clock.now() + timedelta(days=ONE_TIME_DAYS)
    return user, OneTime(user.id, user.name, user.username, password)


def _record_opening(user: User, actor: Actor, roles: Sequence[str]) -> None:
    record(
        action="accounts.open_account",
        actor=actor,
        object_type="user",
        object_id=user.id,
        detail={"roles": sorted(roles), "organisation_id": user.organisation_id},
    )


def _make_password() -> str:
    """Four groups of four letters and figures that nobody mixes up when they are read out."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)
