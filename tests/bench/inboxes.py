"""The inbox of somebody with 5,000,000 open items beside that of somebody with 5,000."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import BigInteger, Column, MetaData, String, Table, cast, insert, literal, select

from app.accounts.vocabulary import Role
from app.inbox.queries import Filter, count_items, list_items
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import UtcDateTime, db, session, table_of
from app.kernel.transaction import transaction
from app.processes.deploying import deploy_definition
from app.processes.doors import Subject
from app.processes.models import WorkItem
from app.processes.starting import start_instance
from app.processes.vocabulary import ItemStatus
from tests.bench.houses import analyze, fresh_house
from tests.bench.result import Result, alternate, seconds_of
from tests.bench.sizes import Size
from tests.factories.accounts import make_actor
from tests.support.browser import sign_in
from tests.support.diagrams import diagram, end, flows, start, user

GOAL = 1.3
PAGE = 30
BLOCK = 10_000
NUMBERS = Table(
    "bench_number",
    MetaData(),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("due_at", UtcDateTime()),
    Column("province_code", String(6)),
    Column("assignee_id", BigInteger),
)
"""What is particular to each item of a block."""
CASE = diagram(
    "case", start() + user("audit") + end() + flows("begin>audit", "audit>end"), lanes={"national_auditor": "audit"}
)


def run(database: str, size: Size) -> Iterator[Result]:
    """The query alone, and the whole page over the test client: medians, in turn."""
    with ExitStack() as houses:
        large, small = (
            Desk(houses.enter_context(fresh_house(database, f"inbox_{count}")), count)
            for count in (size.open_items, size.few_items)
        )
        for name, measure in (("inbox query", Desk.query), ("inbox page", Desk.page)):
            for desk in (large, small):
                measure(desk)  # once for the caches
            many, few = alternate(lambda m=measure: m(large), lambda m=measure: m(small), rounds=size.rounds)
            title = f"{name}, {size.open_items:,} beside {size.few_items:,}"
            yield Result(title, many * 1_000, "ms", few * 1_000, GOAL, database)


class Desk:
    """A national auditor with `count` open items, some of them claimed."""

    def __init__(self, app: Flask, count: int) -> None:
        self.app, self.count = app, count
        self.actor = make_actor(Role.NATIONAL_AUDITOR)
        designer = make_actor(Role.DESIGNER)
        with transaction():
            deploy_definition(xml=CASE, note="bench", actor=designer)
            instance_id = start_instance(process="case", subject=Subject("case", 1), title="0", actor=designer)
        self._fill(instance_id, count - 1)
        analyze(db.engine)
        self.client: FlaskClient = sign_in(app.test_client(), self.actor.id or 0)

    def _fill(self, instance_id: int, count: int) -> None:
        """Due dates in no order, one item in fifty claimed; inserted as a set, since there may be millions."""
        now = clock.now()
        NUMBERS.create(db.engine)
        rows = [
            {
                "n": number,
                "due_at": now + timedelta(minutes=number * 7_919 % 40_000),
                "province_code": f"{11 + number % 31}0000",
                "assignee_id": self.actor.id if number % 50 == 0 else None,
            }
            for number in range(BLOCK)
        ]
        with transaction():
            session.execute(insert(NUMBERS), rows)
        for first in range(0, count, BLOCK):
            with transaction():
                self._insert_block(instance_id, first, min(BLOCK, count - first))

    @staticmethod
    def _insert_block(instance_id: int, first: int, size: int) -> None:
        table = table_of(WorkItem)
        given: dict[str, Any] = {
            "instance_id": instance_id,
            "process": "case",
            "node": "audit",
            "role": Role.NATIONAL_AUDITOR.value,
            "node_name": "国家级审核",
            "subject_type": "case",
            "status": ItemStatus.OPEN.value,
            "priority": 0,
            "opened_at": clock.now(),
        }
        columns = {name: literal(value, table.c[name].type) for name, value in given.items()}
        columns |= {name: NUMBERS.c[name] for name in ("due_at", "province_code", "assignee_id")}
        columns |= {"sort_at": NUMBERS.c.due_at, "subject_id": NUMBERS.c.n + first}
        columns["title"] = literal("专利导航成果 ").concat(cast(NUMBERS.c.n + first, String))
        session.execute(insert(table).from_select(list(columns), select(*columns.values()).where(NUMBERS.c.n < size)))

    def query(self) -> float:
        """Seconds of the first page and the count."""
        with self.app.app_context():
            return seconds_of(lambda: self._ask(self.actor))

    @staticmethod
    def _ask(actor: Actor) -> None:
        assert len(list_items(actor=actor, wanted=Filter(), limit=PAGE).items) == PAGE
        assert count_items(actor=actor).open > 0

    def page(self) -> float:
        """Seconds of GET /inbox, drawn."""
        return seconds_of(self._open)

    def _open(self) -> None:
        """In a context of its own: the house that was opened last would else find its person already loaded."""
        with self.app.app_context():
            assert self.client.get("/inbox").status_code == 200
