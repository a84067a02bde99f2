"""The demo's world: organisations, people, and rounds that they carry."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from sqlalchemy import select

from app.accounts.models import Organisation, OrganisationDomain, User
from app.accounts.queries import actor_of, find_user_by_name, select_users_with_role
from app.accounts.vocabulary import Role
from app.demo.organisations import MadeOrganisation, make_offices, make_organisations
from app.demo.people import Roster, open_accounts
from app.demo.results import Topic, file_topic
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.rounds.models import Programme
from app.rounds.usecases import create_round


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything. `targets`: organisations that each result is pushed to.

    `willing`: so many of so many results stand for the award, the others are filed only. `most`: results that one
    organisation is asked to rate, at most.
    """

    organisations: int
    experts: int
    filings: int
    targets: int
    awards: int
    responds: float
    willing: tuple[int, int] = (5, 6)
    most: int = 15


SMALL = Size(organisations=160, experts=60, filings=12, targets=12, awards=5, responds=0.95)
FULL = Size(
    organisations=600, experts=180, filings=1_200, targets=30, awards=60, responds=0.32, willing=(4, 19), most=20
)
"""The magnitudes of domain.md, section f: 9,000 push tasks, 2,700 ratings."""
SIZES = {"small": SMALL, "full": FULL}


@dataclass(frozen=True, slots=True)
class Filer:
    """A person who files, with the organisation filed for."""

    actor: Actor
    organisation: MadeOrganisation


def populate(*, size: Size, seed: int, password: str) -> None:
    """Opens the demo's organisations and accounts."""
    chance = Random(seed)  # noqa: S311 -- a seeded world, no secret
    with transaction():
        organisations = make_organisations(count=size.organisations, chance=chance)
        roster = Roster(password=password, chance=chance)
        open_accounts(organisations=organisations, offices=make_offices(), experts=size.experts, roster=roster)


def list_filers() -> Sequence[Filer]:
    """Everyone who files, with the organisation, in order of their accounts."""
    users: list[User] = list(session.scalars(select_users_with_role(Role.FILER)).unique())
    ids = {user.organisation_id for user in users}
    organisations = {row.id: row for row in session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}
    domains: dict[int, list[str]] = {}
    for row in session.execute(select(OrganisationDomain.organisation_id, OrganisationDomain.domain_code)):
        domains.setdefault(row.organisation_id, []).append(row.domain_code)
    found = [
        Filer(actor_of(user), _remember(organisations[user.organisation_id], domains))
        for user in users
        if user.organisation_id is not None
    ]
    session.rollback()
    return found


def _remember(row: Organisation, domains: dict[int, list[str]]) -> MadeOrganisation:
    return MadeOrganisation(
        row.id, row.name, row.type, row.province_code or "", row.city_code or "", tuple(domains.get(row.id, ()))
    )


def actor_named(username: str) -> Actor:
    """The person of a demo account."""
    user = find_user_by_name(username)
    if user is None:
        raise LookupError(f"no demo account {username}")
    actor = actor_of(user)
    session.rollback()
    return actor


def begin_round(*, name: str, size: Size) -> int:
    """A manager creates a round whose settings suit the demo's size; returns its id."""
    with transaction():
        programme = session.scalars(select(Programme.code).order_by(Programme.code)).first() or ""
        made = create_round(
            programme=programme,
            name=name,
            starts_on=clock.today(),
            actor=actor_named_within("manager"),
            parameters={
                "push": {"targets_per_item": size.targets, "max_per_organisation": size.most},
                "rating": {"min_reading_seconds": 0},
                "awards": {"count": size.awards},
            },
            is_demo=True,
        )
        return made.id


def actor_named_within(username: str) -> Actor:
    """`actor_named` inside an open transaction."""
    user = find_user_by_name(username)
    if user is None:
        raise LookupError(f"no demo account {username}")
    return actor_of(user)


def file_many(
    *,
    count: int,
    topics: Iterator[Topic],
    filers: Sequence[Filer],
    chance: Random,
    willing: tuple[int, int] = SMALL.willing,
    pause: timedelta | None = None,
) -> None:
    """Files `count` results, every seventh by the first filer, one transaction each as at the door.

    `willing`: so many of so many stand for the award. `pause`: how far the frozen clock moves on between two of them.
    """
    standing, among = willing
    for number in range(count):
        if pause is not None:
            clock.travel(pause)
        filer = filers[(number * 3 + 1) % len(filers)] if number % 7 else filers[0]
        with transaction():
            file_topic(
                topic=next(topics),
                filer=filer.actor,
                organisation=filer.organisation,
                chance=chance,
                willing=number % among < standing,
            )
