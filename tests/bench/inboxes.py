"""The inbox of somebody with 100,000 open items beside that of somebody with 1,000."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from app.accounts.vocabulary import Role
from app.inbox.queries import Filter, count_items, list_items
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db, session
from app.kernel.transaction import transaction
from app.processes.deploying import deploy_definition
from app.processes.doors import Subject
from app.processes.models import WorkItem
from app.processes.starting import start_instance
from app.processes.vocabulary import ItemStatus
from tests.bench.houses import analyze, fresh_house
from tests.bench.result import Result, alternate, seconds_of
from tests.factories.accounts import make_actor
from tests.support.browser import sign_in
from tests.support.diagrams import diagram, end, flows, start, user

GOAL = 1.5
FEW, MANY = 1_000, 100_000
PAGE = 30
ROUNDS = 15
CASE = diagram(
    "case", start() + user("audit") + end() + flows("begin>audit", "audit>end"), lanes={"national_auditor": "audit"}
)


def run(database: str) -> Iterator[Result]:
    """The query alone, and the whole page over the test client."""
    with ExitStack() as houses:
        large, small = (
            Desk(houses.enter_context(fresh_house(database, f"inbox_{count}")), count) for count in (MANY, FEW)
        )
        for name, measure in (("inbox query", Desk.query), ("inbox page", Desk.page)):
            for desk in (large, small):
                measure(desk)  # once for the caches
            many, few = alternate(lambda m=measure: m(large), lambda m=measure: m(small), rounds=ROUNDS)
            yield Result(name, many * 1_000, "ms", few * 1_000, GOAL, database)


class Desk:
    """A national auditor with `count` open items, some of them claimed."""

    def __init__(self, app: Flask, count: int) -> None:
        self.app = app
        self.actor = make_actor(Role.NATIONAL_AUDITOR)
        designer = make_actor(Role.DESIGNER)
        with transaction():
            deploy_definition(xml=CASE, note="bench", actor=designer)
            instance_id = start_instance(process="case", subject=Subject("case", 1), title="0", actor=designer)
        self._fill(instance_id, count - 1)
        analyze(db.engine)
        self.client: FlaskClient = sign_in(app.test_client(), self.actor.id or 0)

    def _fill(self, instance_id: int, count: int) -> None:
        now = clock.now()
        with transaction():
            for first in range(0, count, 5_000):
                numbers = range(first, min(first + 5_000, count))
                rows = [self._row(instance_id, number, now + timedelta(minutes=number % 40_000)) for number in numbers]
                session.execute(insert(WorkItem), rows)

    def _row(self, instance_id: int, number: int, due_at: object) -> dict[str, object]:
        return {
            "instance_id": instance_id,
            "process": "case",
            "node": "audit",
            "role": Role.NATIONAL_AUDITOR,
            "title": f"专利导航成果 {number}",
            "node_name": "国家级审核",
            "subject_type": "case",
            "subject_id": number,
            "province_code": f"{11 + number % 31}0000",
            "assignee_id": self.actor.id if number % 50 == 0 else None,
            "status": ItemStatus.OPEN,
            "due_at": due_at,
            "sort_at": due_at,
            "priority": 0,
            "opened_at": clock.now(),
        }

    def query(self) -> float:
        """Seconds of the first page and the count."""
        with self.app.app_context():
            return seconds_of(lambda: self._ask(self.actor))

    @staticmethod
    def _ask(actor: Actor) -> None:
        assert len(list_items(actor=actor, wanted=Filter(), limit=PAGE).items) == PAGE
        assert count_items(actor=actor).open == FEW

    def page(self) -> float:
        """Seconds of GET /inbox, drawn."""
        return seconds_of(self._open)

    def _open(self) -> None:
        assert self.client.get("/inbox").status_code == 200
