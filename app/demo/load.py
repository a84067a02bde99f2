"""Loads the demo: accounts, and rounds that stand at different places, so that everybody finds work waiting."""

import itertools
from collections.abc import Iterator
from random import Random

from sqlalchemy import Select, func, select

from app.accounts.models import Organisation, Region
from app.accounts.vocabulary import OrganisationType
from app.candidacies.models import Candidacy
from app.demo.answers import Temper
from app.demo.naming import name_the_busy
from app.demo.playing import Player, Progress, Told
from app.demo.results import Topic, further_topics, printed_topics
from app.demo.scenes import SCENES, Scene, play_scene
from app.demo.world import SIZES, begin_round, file_many, list_filers, populate
from app.experts.models import Expert
from app.filings.models import Filing
from app.kernel import clock
from app.kernel.db import session
from app.ratings.models import Rating, RatingSeat
from app.rounds.queries import find_round_by_name, get_round, list_rounds
from app.selection.models import Panel


def load_demo(*, size: str, seed: int, password: str) -> None:
    """Fills an empty database with a world of that size and the scenes that wait for visitors."""
    populate(size=SIZES[size], seed=seed, password=password)
    chance = Random(seed)  # noqa: S311 -- a seeded world, no secret
    topics = itertools.chain(printed_topics(), further_topics(chance=chance, year=clock.today().year))
    scenes: tuple[Scene, ...] = SCENES
    for scene in scenes:
        # Its own chance: panels are drawn with real secrets, and what they bring must not change the scenes after it.
        own = Random(f"{seed} {scene.name}")  # noqa: S311 -- a seeded world, no secret
        play_scene(scene=scene, size=SIZES[size], topics=topics, chance=own)
    name_the_busy()


def play_round(
    *, size: str, seed: int, until: str | None, password: str, told: Told | None = None
) -> tuple[int, str, list[Progress]]:
    """A new round, filed and played through; the world is made first where nobody lives yet.

    Returns the round's id, its status and what happened stage by stage.
    """
    if not list_filers():
        populate(size=SIZES[size], seed=seed, password=password)
    chance, scale = Random(seed), SIZES[size]  # noqa: S311 -- a seeded world, no secret
    round_id = begin_round(name=_free_name(), size=scale)
    player = Player(round_id=round_id, chance=chance, temper=Temper(responds=scale.responds), told=told)
    topics: Iterator[Topic] = further_topics(chance=chance, year=clock.today().year + round_id)
    player.on_open["filing"] = lambda: file_many(
        count=scale.filings, topics=topics, filers=list_filers(), chance=chance, willing=scale.willing
    )
    stages = player.play(until=until, untouched=True)
    status = get_round(round_id).status
    session.rollback()
    return round_id, status, stages


def count_sizes(round_id: int) -> dict[str, int]:
    """What a `Size` promises, counted: the world's people and places, and what this round has seen."""
    offices = (OrganisationType.IP_NATIONAL, OrganisationType.IP_PROV)
    counted: dict[str, Select[int]] = {
        "regions": select(func.count()).select_from(Region),
        "organisations": select(func.count()).where(Organisation.is_demo, Organisation.type.not_in(offices)),
        "experts": select(func.count()).where(Expert.is_demo),
        "filings": select(func.count()).where(Filing.round_id == round_id),
        "candidacies": select(func.count()).where(Candidacy.round_id == round_id),
        "push_tasks": select(func.count()).where(RatingSeat.round_id == round_id),
        "ratings": select(func.count()).where(Rating.round_id == round_id),
        "panels": select(func.count()).where(Panel.round_id == round_id),
    }
    sizes = {name: session.scalars(query).one() for name, query in counted.items()}
    session.rollback()
    return sizes


def _free_name() -> str:
    """演示周期1, 2, …: the first that no round bears."""
    number = len(list_rounds()) + 1
    while find_round_by_name(f"演示周期{number}") is not None:
        number += 1
    session.rollback()
    return f"演示周期{number}"
