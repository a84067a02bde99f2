"""Whose names are nobody's business: who rated, and who was drawn for a panel."""

import html
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.models import User
from app.filings.models import Filing
from app.kernel.db import session
from app.ratings.models import Rating
from app.selection.models import PanelSeat
from tests.doors.world import World

KNOWS_NO_NAMES = (
    "", "filer", "city_auditor", "province_contact", "province_auditor", "province_leader", "rater", "gov_user",
)  # fmt: skip
"""Who may never learn a rater's or a drawn expert's name, the own house and the own province's accounts apart."""
CARES_FOR_ACCOUNTS = ("province_contact",)


@dataclass(frozen=True)
class Hidden:
    """A person whose part in the evaluation is hidden."""

    marks: tuple[str, ...]
    organisation_id: int | None
    province: str | None


def hidden_people(world: World) -> Collection[Hidden]:
    """Raters and drawn experts, by name where nobody else bears it, by e-mail and account always."""
    with world.house.app_context():
        ids = {*session.scalars(select(Rating.rater_id)), *session.scalars(select(PanelSeat.user_id))}
        bearers: dict[str, set[int]] = {}
        for user_id, name in session.execute(select(User.id, User.name)):
            bearers.setdefault(name, set()).add(user_id)
        written = " ".join(map(str, session.scalars(select(Filing.values))))  # whom a filing names is no secret
        people = session.scalars(select(User).where(User.id.in_(ids))).unique().all()
        return [
            Hidden(
                (*([user.name] if bearers[user.name] <= ids and user.name not in written else []), f"{user.username}@"),
                user.organisation_id,
                world.provinces.get(user.organisation_id),
            )
            for user in people
        ]


def names_in(text: str, *, reader: str, world: World, people: Iterable[Hidden]) -> list[str]:
    """The hidden names in what this reader was sent."""
    told = html.unescape(text)
    return [mark for one in people if not _is_close(one, reader, world) for mark in one.marks if mark in told]


def _is_close(one: Hidden, reader: str, world: World) -> bool:
    """Colleagues know each other; a province's contact opens the accounts of its organisations."""
    if not reader:
        return False
    own = world.people[reader].organisation_id
    return one.organisation_id == own or (reader in CARES_FOR_ACCOUNTS and one.province == world.provinces.get(own))
