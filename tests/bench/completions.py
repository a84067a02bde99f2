"""A completion without HTTP: beside the same SQL without an engine, and by several at once beside plain commits."""

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from statistics import median

from flask import Flask
from sqlalchemy import insert

from app.inbox.usecases import complete_item
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.commands import begin_command, end_command
from app.processes.models import ProcessEvent
from tests.bench.floor import complete_plainly
from tests.bench.houses import fresh_house
from tests.bench.https import ANSWER, furnish, start_cases, warm_up
from tests.bench.result import Result, alternate, seconds_of
from tests.bench.sizes import Size

GOAL, CLIENTS_GOAL, COMMITS_GOAL = 1.2, 0.83, 0.4
CLIENTS = 4
TURNS = 2
"""How often four at once are measured: ours and the floor, then the floor and ours."""


def run(database: str, size: Size) -> Iterator[Result]:
    """One after the other, in turn; then four at once."""
    with fresh_house(database, "step") as app:
        auditor, _ = furnish()
        warm, rounds = warm_up(size), size.completions
        alone, together = 2 * (warm + rounds), CLIENTS * rounds
        ids = start_cases(auditor, alone + 3 * TURNS * together)  # ours twice, without engine once
        value, floor = _in_turn(ids[:alone], auditor, warm)
        yield Result("step completion", value * 1_000, "ms", floor * 1_000, GOAL, database)
        yield from _at_once(app, iter(ids[alone:]), auditor, database, together)


def _in_turn(ids: Sequence[int], actor: Actor, warm: int) -> tuple[float, float]:
    taken: tuple[list[float], list[float]] = ([], [])
    for number, item_id in enumerate(ids):
        place = (number + number // 2) % 2  # ours, floor, floor, ours, …
        taken[place].append(seconds_of(partial((_complete, _complete_plainly)[place], item_id, actor)))
    return median(taken[0][warm:]), median(taken[1][warm:])


def _complete(item_id: int, actor: Actor) -> None:
    with transaction():
        begin_command(key=f"bench-{item_id}", actor=actor, request=ANSWER)
        done = complete_item(item_id=item_id, outcome="approve", values=ANSWER["values"], actor=actor)
        end_command(key=f"bench-{item_id}", actor=actor, status=200, answer={"opened": [one.id for one in done.opened]})


def _complete_plainly(item_id: int, actor: Actor) -> None:
    with transaction():
        begin_command(key=f"bench-{item_id}", actor=actor, request=ANSWER)
        answer = complete_plainly(item_id, ANSWER, actor)
        end_command(key=f"bench-{item_id}", actor=actor, status=200, answer=answer)


def _at_once(app: Flask, ids: Iterator[int], actor: Actor, database: str, count: int) -> Iterator[Result]:
    """Completions a second by four threads, in turn with the same SQL without engine, then with one-row commits."""

    def rate(acts: Sequence[Callable[[], None]]) -> float:
        return len(acts) / seconds_of(lambda: _share_out(app, acts))

    def on_items(act: Callable[[int, Actor], None]) -> float:
        return rate([partial(act, item_id, actor) for item_id in islice(ids, count)])

    name = f"step completions of {CLIENTS} clients"
    value, floor = alternate(lambda: on_items(_complete), lambda: on_items(_complete_plainly), rounds=TURNS)
    yield Result(name, value, "per second", floor, CLIENTS_GOAL, database, at_least=True)
    value, floor = alternate(lambda: on_items(_complete), lambda: rate([_commit_one_row] * count), rounds=TURNS)
    yield Result(f"{name}, commits of one row", value, "per second", floor, COMMITS_GOAL, database, at_least=True)


def _share_out(app: Flask, acts: Sequence[Callable[[], None]]) -> None:
    def work(part: Sequence[Callable[[], None]]) -> None:
        with app.app_context():
            for act in part:
                act()
            session.remove()

    threads = [threading.Thread(target=work, args=(acts[number::CLIENTS],)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _commit_one_row() -> None:
    with transaction():
        session.execute(insert(ProcessEvent.__table__).values(instance_id=1, at=clock.now(), kind="completed"))
