"""Loads the demo: accounts, and rounds that stand at different places, so that everybody finds work waiting."""

import itertools
from collections.abc import Iterator
from random import Random

from app.demo.answers import Temper
from app.demo.playing import Player, Progress, Told
from app.demo.results import Topic, further_topics, printed_topics
from app.demo.world import SIZES, Size, begin_round, file_many, list_filers, populate
from app.kernel import clock
from app.kernel.db import session
from app.rounds.queries import find_round_by_name, get_round, list_rounds

NOBODY: frozenset[str] = frozenset()


def load_demo(*, size: str, seed: int, password: str) -> None:
    """Fills an empty database: the small demo with rounds in several stages, the full one with a filed round."""
    populate(size=SIZES[size], seed=seed, password=password)
    chance = Random(seed)  # noqa: S311 -- a seeded world, no secret
    topics = _topics(chance)
    scenes = SCENES if size == "small" else FULL_SCENES
    for name, filings, until, leaves in scenes:
        _play_scene(
            name=name, size=SIZES[size], filings=filings, until=until, leaves=leaves, topics=topics, chance=chance
        )


def _topics(chance: Random) -> Iterator[Topic]:
    return itertools.chain(printed_topics(), further_topics(chance=chance, year=clock.today().year))


def _play_scene(
    *, name: str, size: Size, filings: int, until: str, leaves: frozenset[str], topics: Iterator[Topic], chance: Random
) -> None:
    """One round, filed and played until a stage, where the nodes in `leaves` wait for a visitor."""
    round_id = begin_round(name=name, size=size)
    player = Player(round_id=round_id, chance=chance, temper=Temper(responds=size.responds), leaves=leaves)
    player.on_open["filing"] = lambda: file_many(count=filings, topics=topics, filers=list_filers(), chance=chance)
    player.play(until=until)


SCENES: tuple[tuple[str, int, str, frozenset[str]], ...] = ()
FULL_SCENES: tuple[tuple[str, int, str, frozenset[str]], ...] = ()


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
    topics = further_topics(chance=chance, year=clock.today().year + round_id)
    player.on_open["filing"] = lambda: file_many(
        count=scale.filings, topics=topics, filers=list_filers(), chance=chance
    )
    stages = player.play(until=until)
    status = get_round(round_id).status
    session.rollback()
    return round_id, status, stages


def _free_name() -> str:
    numbers = itertools.count(len(list_rounds()) + 1)
    session.rollback()
    for number in numbers:
        name = f"演示周期{number}"
        found = find_round_by_name(name)
        session.rollback()
        if found is None:
            return name
    raise AssertionError("counting never ends")
