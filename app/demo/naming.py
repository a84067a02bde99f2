"""Accounts without a number belong to people who have something to do."""

from collections import Counter

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.queries import find_user_by_name, select_users_with_role
from app.accounts.usecases import grant_role
from app.accounts.vocabulary import Role
from app.demo.people import HOME
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.models import WorkItem
from app.processes.vocabulary import ItemStatus

CHANCE_ROLES = (Role.RATER, Role.EXPERT, Role.CHAIR)
"""Roles whose work falls to people by lot: others find it wherever they are."""
ENOUGH = 2
"""Open items with which a visitor sees one being done and another waiting."""


def name_the_busy() -> None:
    """The person of each such role with most open items takes the account's plain name; the two exchange theirs."""
    for role in CHANCE_ROLES:
        with transaction():
            busy, known = _busiest(role), find_user_by_name(role.value)
            if busy is not None and known is not None and busy.id != known.id:
                _exchange(busy, known)
                if role is Role.CHAIR:
                    grant_role(user=busy, role=role)


def _exchange(one: User, other: User) -> None:
    names = one.username, other.username
    one.username = ""
    session.flush()  # no id: the name is unique and has to be free first
    other.username, other.email = names[0], f"{names[0]}@demo.example"
    session.flush()
    one.username, one.email = names[1], f"{names[1]}@demo.example"


def _busiest(role: Role) -> User | None:
    """Who has most open items of the role, from the home province where somebody there has enough."""
    rows = session.execute(
        select(WorkItem.assignee_id, WorkItem.organisation_id, WorkItem.province_code).where(
            WorkItem.role == role, WorkItem.status == ItemStatus.OPEN
        )
    ).all()
    holders = {user.organisation_id: user.id for user in session.scalars(select_users_with_role(role)).unique()}
    counts = Counter((row.province_code == HOME, row.assignee_id or holders.get(row.organisation_id)) for row in rows)
    ranked = sorted(
        ((min(count, ENOUGH), is_home, count, person) for (is_home, person), count in counts.items() if person),
        reverse=True,
    )
    return session.get_one(User, ranked[0][-1]) if ranked else None
