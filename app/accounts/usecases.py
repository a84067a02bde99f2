"""Sign-in, tokens, users, organisations and their grants."""

import csv
import secrets
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, insert, select

from app.accounts import rules
from app.accounts.models import ApiToken, Organisation, Region, RoleGrant, User
from app.accounts.queries import find_active_user, find_user_by_name, get_user
from app.accounts.vocabulary import (
    FAILURES_BEFORE_LOCK,
    LOCK_MINUTES,
    PASSWORD_LENGTH,
    SCOPE_OF_ROLE,
    TOKEN_HOURS,
    Role,
    UserStatus,
)
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session, table_of
from app.kernel.errors import UnauthorizedError, field_error

REGIONS_FILE = Path(__file__).parent / "data" / "regions.csv"
_hasher = PasswordHasher()


@cache  # hashing is slow on purpose: not at every start of a command
def _nobody() -> str:
    """A hash of nobody's password, verified for unknown names, so that they take as long as known ones."""
    return hash_password(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    return _hasher.hash(password)


def check_password(*, username: str, password: str, demo_allowed: bool = True) -> int | None:
    """The id of the user whom the credentials belong to, or None; reads only, so that hashing holds no lock.

    A locked, closed or (where not allowed) demo account is answered like a wrong password.
    """
    unknown = _nobody()  # before the name is looked up, so that the first question tells nothing either
    user = find_user_by_name(username)
    matches = _verify(user.password_hash if user else unknown, password)
    if user is None or not matches or user.status != UserStatus.ACTIVE or (user.is_demo and not demo_allowed):
        return None
    return user.id if _may_enter(user) else None


def _may_enter(user: User) -> bool:
    """Neither locked, nor with a one-time password that has run out."""
    now = clock.now()
    is_locked = user.locked_until is not None and user.locked_until > now
    return not is_locked and (user.password_until is None or user.password_until > now)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def record_sign_in(*, username: str, user_id: int | None) -> User:
    """Writes the result of `check_password` down; raises UnauthorizedError after counting the failure.

    Five failures in a row lock the account for 30 minutes. The door keeps the count although it refuses:
    it commits before it raises (see `count_failure`).
    """
    user = find_active_user(user_id) if user_id is not None else None
    if user is None or user.username != username:
        raise UnauthorizedError("bad_credentials")
    user.failed_count, user.locked_until = 0, None
    return user


def count_failure(*, username: str) -> None:
    """Counts a wrong password; the fifth in a row locks the account."""
    user = find_user_by_name(username)
    if user is None or (user.locked_until and user.locked_until > clock.now()):
        return
    user.failed_count += 1
    if user.failed_count >= FAILURES_BEFORE_LOCK:
        user.failed_count = 0
        user.locked_until = clock.now() + timedelta(minutes=LOCK_MINUTES)


def change_password(*, present: str, new: str, again: str, actor: Actor) -> None:
    """A new password for oneself; sessions opened before it end. Refused at the field that is wrong."""
    user = get_user(actor.id or 0)
    if not _verify(user.password_hash, present):
        raise field_error("present", "password_wrong")
    if len(new) < PASSWORD_LENGTH or new in (user.username, present):
        raise field_error("new", "password_weak", min=PASSWORD_LENGTH)
    if new != again:
        raise field_error("again", "password_differs")
    user.password_hash = hash_password(new)
    user.password_until, user.sessions_end_before = None, clock.now()


def keep_locale(*, actor: Actor, locale: str) -> None:
    """Remembers the language in which the person wants to be answered."""
    get_user(actor.id or 0).locale = locale


def lock_user(*, username: str, duration: timedelta) -> bool:
    """Locks an account for a while and ends its sessions and tokens; False when there is none of that name."""
    user = find_user_by_name(username)
    if user is None:
        return False
    now = clock.now()
    user.locked_until, user.sessions_end_before = now + duration, now
    session.execute(delete(ApiToken).where(ApiToken.user_id == user.id))
    return True


def issue_token(*, user_id: int) -> tuple[str, datetime]:
    """A new bearer token and when it ends; only its hash is kept."""
    token, now = secrets.token_urlsafe(32), clock.now()
    expires_at = now + timedelta(hours=TOKEN_HOURS)
    session.execute(delete(ApiToken).where(ApiToken.user_id == user_id, ApiToken.expires_at <= now))
    session.add(ApiToken(token_hash=rules.hash_token(token), user_id=user_id, created_at=now, expires_at=expires_at))
    return token, expires_at


def create_organisation(
    *,
    name: str,
    type: str,  # noqa: A002 -- the field's name
    province_code: str | None,
    uscc: str | None = None,
    city_code: str | None = None,
    city_name: str | None = None,
    parent_id: int | None = None,
    group_code: str | None = None,
    is_demo: bool = False,
) -> Organisation:
    """A new organisation; a credit code that fails GB 32100-2015 is refused at field 'uscc'."""
    if uscc is not None and (position := rules.find_uscc_fault(uscc)) is not None:
        raise field_error("uscc", "uscc_invalid", n=position)
    organisation = Organisation(
        name=name,
        type=type,
        province_code=province_code,
        uscc=uscc,
        city_code=city_code,
        city_name=city_name,
        parent_id=parent_id,
        group_code=group_code,
        is_demo=is_demo,
    )
    session.add(organisation)
    session.flush()  # grants in an organisation's scope name its id
    return organisation


def create_user(
    *,
    username: str,
    name: str,
    password_hash: str,
    organisation_id: int | None = None,
    job_role: str | None = None,
    email: str | None = None,
    is_demo: bool = False,
) -> User:
    """A new account without roles; a sign-in name that is taken is refused at field 'username'."""
    if find_user_by_name(username) is not None:
        raise field_error("username", "username_taken")
    user = User(
        username=username,
        name=name,
        password_hash=password_hash,
        organisation_id=organisation_id,
        job_role=job_role,
        email=email,
        is_demo=is_demo,
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()  # grants name the user's id
    return user


def grant_role(*, user: User, role: Role, scope_code: str = "") -> None:
    """Gives `user` a role in the scope that this role is granted in."""
    user.grants.append(RoleGrant(role=role, scope_type=SCOPE_OF_ROLE[role], scope_code=scope_code))


def load_regions() -> int:
    """Writes the 32 evaluated areas where they are missing; returns how many were new."""
    known = set(session.scalars(select(Region.code)))
    with REGIONS_FILE.open(encoding="utf-8", newline="") as file:
        missing = [
            {
                "code": row["code"],
                "name_zh": row["name_zh"],
                "name_en": row["name_en"],
                "short_zh": row["short_zh"],
                "peer_group": row["peer_group"],
                "tile_row": int(row["row"]),
                "tile_col": int(row["col"]),
                "body_name": row["evaluated_body"],
            }
            for row in csv.DictReader(file)
            if row["code"] not in known
        ]
    if missing:
        session.execute(insert(table_of(Region)), missing)
    return len(missing)
