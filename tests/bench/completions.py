"""A completion without HTTP: beside the same SQL without an engine, and by several at once beside plain commits."""

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
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

GOAL, CLIENTS_GOAL = 1.2, 0.4
CLIENTS = 4


def run(database: str, size: Size) -> Iterator[Result]:
    """One after the other, in turn; then four at once."""
    with fresh_house(database, "step") as app:
        auditor, _ = furnish()
        warm, rounds = warm_up(size), size.completions
        ids = start_cases(auditor, 2 * (warm + rounds) + 2 * CLIENTS * rounds)
        value, floor = _in_turn(ids[: 2 * (warm + rounds)], auditor, warm)
        yield Result("step completion", value * 1_000, "ms", floor * 1_000, GOAL, database)
        yield _at_once(app, ids[2 * (warm + rounds) :], auditor, database)


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


def _at_once(app: Flask, ids: Sequence[int], actor: Actor, database: str) -> Result:
    """Completions and commits of a single row a second, by four threads, in turn."""
    halves = ids[::2], ids[1::2]

    def completions(part: Sequence[int]) -> list[Callable[[], None]]:
        return [partial(_complete, item_id, actor) for item_id in part]

    def rate(acts: Sequence[Callable[[], None]]) -> float:
        return len(acts) / seconds_of(lambda: _share_out(app, acts))

    left = iter(halves)
    value, floor = alternate(
        lambda: rate(completions(next(left))), lambda: rate([_commit_one_row] * len(halves[0])), rounds=len(halves)
    )
    name = f"step completions of {CLIENTS} clients"
    return Result(name, value, "per second", floor, CLIENTS_GOAL, database, at_least=True)


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
