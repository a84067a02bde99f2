"""kill -9 at any moment: what was answered stays, what was not answered happened wholly or not at all."""

import http.client
import random
import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.accounts.usecases import issue_token
from app.accounts.vocabulary import Role
from app.kernel.db import Base, session
from app.kernel.transaction import transaction
from app.processes.models import ProcessTimer, WorkItem
from app.processes.worker import work_off
from tests.factories.accounts import make_actor
from tests.support.cleaning import empty_tables
from tests.support.diagrams import boundary_timer, diagram, end, flows, start, user
from tests.support.invariants import broken_invariants
from tests.support.real import Caller, Process, Web, worker_of

pytestmark = pytest.mark.process
KILLS = 5
CASES = 80
DRIVERS = 3
LONGEST_SECONDS = 60
CASE = diagram(
    "kill_case",
    start() + user("check") + '<bpmn:callActivity id="inner" name="inner" calledElement="kill_child"/>'
    + user("confirm") + end() + flows("begin>check", "check>inner", "inner>confirm", "confirm>end"),
    lanes={"national_auditor": "check confirm"},
)  # fmt: skip
CHILD = diagram(
    "kill_child",
    start() + user("rate") + boundary_timer("soon", attached_to="rate", text="PT1S", interrupting=False)
    + user("hurry") + end("hurried") + end()
    + flows("begin>rate", "rate>end", "soon>hurry", "hurry>hurried"),
    lanes={"national_auditor": "rate hurry"},
)  # fmt: skip


class Driver:
    """Completes whatever it finds, each item with a key of its own, and asks again until it gets an answer."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token
        self.acknowledged: dict[int, object] = {}
        self.faults: list[str] = []
        self.stop = threading.Event()

    def run(self, seed: int) -> None:
        chance, caller = random.Random(seed), Caller(self.port, self.token)
        while not self.stop.is_set():
            try:
                self._round(caller, chance)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)

    def _round(self, caller: Caller, chance: random.Random) -> None:
        _, listed = caller.call("GET", "/api/v1/work-items?limit=100")
        ids = [item["id"] for item in listed["items"]]
        repeated = chance.sample(sorted(self.acknowledged), min(2, len(self.acknowledged)))
        for item_id in [*chance.sample(ids, min(10, len(ids))), *repeated]:
            status, answer = caller.post(f"/api/v1/work-items/{item_id}/complete", {}, key=f"kill-{item_id}")
            if status != 200:
                self.faults.append(f"item {item_id}: {status} {answer}")
            elif self.acknowledged.setdefault(item_id, answer) != answer:
                self.faults.append(f"item {item_id}: another answer to the same key")


@pytest.fixture(autouse=True)
def swept(engine):
    """Other processes wrote to tables that this one does not know of: all of them are emptied."""
    yield
    session.remove()
    empty_tables(engine, Base.metadata.tables)


def kill_again_and_again(process: Process, moment: Callable[[], None]) -> None:
    for _ in range(KILLS):
        moment()
        process.kill()
        process.start()


def test_nothing_is_lost_and_nothing_happens_twice(app, deploy, run, upper_rooms):
    deploy(CHILD)
    deploy(CASE)
    person = make_actor(Role.NATIONAL_AUDITOR)
    for _ in range(CASES):
        run("kill_case")
    with transaction():
        token, _ = issue_token(user_id=person.id)
    web, worker = Web.of(app.config["SETTINGS"]), worker_of(app.config["SETTINGS"])
    driver, chance = Driver(web.port, token), random.Random(20261122)

    _drive(driver, web, worker, chance)
    session.rollback()
    time.sleep(1.1)  # the last timers are due now
    work_off()

    assert driver.faults == []
    done = set(session.scalars(select(WorkItem.id).where(WorkItem.status == "done")))
    assert driver.acknowledged.keys() <= done
    assert len(driver.acknowledged) > KILLS
    assert broken_invariants() == []
    assert session.scalar(select(func.count()).select_from(ProcessTimer)) == 0


def _drive(driver: Driver, web: Web, worker: Process, chance: random.Random) -> None:
    """Several clients at work while both processes are killed; returns when neither lives any more."""
    began = time.monotonic()

    def after_some_answers() -> None:
        seen = len(driver.acknowledged)
        while len(driver.acknowledged) < seen + 5 and time.monotonic() - began < LONGEST_SECONDS / 2:
            time.sleep(0.02)
        time.sleep(chance.random() / 3)

    killers = [
        threading.Thread(target=kill_again_and_again, args=(web, after_some_answers)),
        threading.Thread(target=kill_again_and_again, args=(worker, lambda: time.sleep(2 + 2 * chance.random()))),
    ]
    drivers = [threading.Thread(target=driver.run, args=(seed,)) for seed in range(DRIVERS)]
    web.start()
    worker.start()
    try:
        for thread in (*drivers, *killers):
            thread.start()
        for thread in killers:
            thread.join()
        after_some_answers()
    finally:
        driver.stop.set()
        web.kill()
        worker.kill()
        for thread in drivers:
            thread.join()
