"""People and organisations for tests."""

import itertools

from app.accounts.models import User
from app.accounts.queries import actor_of
from app.accounts.usecases import create_organisation, create_user, grant_role, hash_password
from app.accounts.vocabulary import SCOPE_OF_ROLE, Role
from app.kernel.actor import Actor
from app.kernel.transaction import transaction

PASSWORD = "lodestar-demo"
PASSWORD_HASH = hash_password(PASSWORD)
_numbers = itertools.count(1)


def make_organisation(
    *, name: str | None = None, type: str = "ENTERPRISE", province_code: str | None = None, **more
) -> int:
    """An organisation; returns its id."""
    with transaction():
        made = create_organisation(
            name=name or f"测试单位{next(_numbers)}", type=type, province_code=province_code, **more
        )
        return made.id


def make_user(
    *roles: Role, username: str | None = None, scope_code: str = "", organisation_id: int | None = None
) -> User:
    """A user with these roles, all in the same scope; a role of an organisation gets one where none is named."""
    if organisation_id is None and any(SCOPE_OF_ROLE[role] == "organisation" for role in roles):
        organisation_id = make_organisation()
        scope_code = scope_code or str(organisation_id)
    with transaction():
        number = next(_numbers)
        user = create_user(
            username=username or f"user{number}",
            name=f"测试人员{number}",
            password_hash=PASSWORD_HASH,
            organisation_id=organisation_id,
        )
        for role in roles:
            grant_role(user=user, role=role, scope_code=scope_code)
    return user


def make_actor(*roles: Role, scope_code: str = "", organisation_id: int | None = None) -> Actor:
    """A signed-in person with these roles."""
    return actor_of(make_user(*roles, scope_code=scope_code, organisation_id=organisation_id))
