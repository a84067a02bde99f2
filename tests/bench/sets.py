"""A million ratings in set calls, opened and closed at the deadline, beside plain SQL that writes the same rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter
from typing import Any

from flask import Flask
from sqlalchemy import (
    BigInteger,
    Column,
    MetaData,
    String,
    Table,
    case,
    event,
    func,
    insert,
    literal,
    null,
    select,
    text,
)
from sqlalchemy.sql.selectable import Select

from app.accounts.vocabulary import Role
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db, session
from app.kernel.memory import set_loaded_apart
from app.kernel.transaction import transaction
from app.processes.deploying import deploy_definition
from app.processes.doors import Subject, open_doors
from app.processes.models import ProcessInstance, ProcessState, ProcessTimer, SetCall, WorkItem
from app.processes.starting import start_instance
from app.processes.worker import work_off
from tests.bench.houses import analyze, fresh_house
from tests.bench.memory import Memory
from tests.bench.result import Result, seconds_of
from tests.bench.sizes import Size
from tests.factories.accounts import make_actor
from tests.support.diagrams import boundary_timer, diagram, end, flows, gateway, set_call, start, user

GOAL = 1.5
BYTES, LONGEST_MS, MEMORY_MB = 40, 200, 300
CHILD = diagram(
    "seat",
    start() + user("rate") + boundary_timer("slow", attached_to="rate", text="P30D", interrupting=False)
    + end("told") + end() + flows("begin>rate", "rate>end", "slow>told"),
    lanes={"rater": "rate"},
)  # fmt: skip
PARENT = diagram(
    "rating_round",
    start() + set_call("seats", called="seat", collection="bench.seats")
    + boundary_timer("late", attached_to="seats", text="P3D") + gateway("merge") + user("after") + end()
    + flows("begin>seats", "seats>merge", "late>merge", "merge>after", "after>end"),
)  # fmt: skip
SEATS = Table(
    "bench_seat",
    MetaData(),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("title", String(200)),
    Column("province_code", String(6)),
    Column("organisation_id", BigInteger),
    Column("assignee_id", BigInteger),
)
"""What the collection reads: a table as a room above has one."""


def run(database: str, size: Size) -> Iterator[Result]:
    """Opening, call by call in turn; closing at the deadline, part by part in turn; seconds of everything."""
    total = f"{size.calls * size.children:,}"
    with fresh_house(database, "sets") as app, Memory() as memory:
        hall = Hall(app, size)
        value, floor = hall.open_all()
        hall.ensure_equal()
        analyze(db.engine)
        set_loaded_apart()  # as a worker does before it begins
        yield Result(f"open {total} ratings", value, "s", floor, GOAL, database)
        yield Result("open bytes of control flow", hall.bytes_of_control_flow(), "bytes", BYTES, 1.0, database)
        value, floor = hall.close_all()
        yield Result(f"close {total} ratings", value, "s", floor, GOAL, database)
        yield Result("close longest transaction", hall.longest * 1_000, "ms", LONGEST_MS, 1.0, database)
    yield Result("close memory of the process", memory.peak, "MB", MEMORY_MB, 1.0, database)


class Hall:
    """Parents whose sets were opened: by the flow, and by hand."""

    def __init__(self, app: Flask, size: Size) -> None:
        self.app, self.size = app, size
        self.actor: Actor = make_actor(Role.DESIGNER)
        self.by_hand: list[int] = []
        self.longest = 0.0
        SEATS.create(db.engine)
        open_doors(
            operations={}, collections={"bench.seats": lambda _call: _seats()}, completions={}, stages=frozenset()
        )
        rows = [
            {
                "id": n,
                "title": f"席位{n}",
                "province_code": f"{11 + n % 31}0000",
                "organisation_id": n,
                "assignee_id": n,
            }
            for n in range(1, size.children + 1)
        ]
        with transaction():
            session.execute(insert(SEATS), rows)
            for xml in (CHILD, PARENT):
                deploy_definition(xml=xml, note="bench", actor=self.actor)
        self._open_by_flow()  # once for the caches; its rows are the pattern of those by hand
        self.pattern = session.scalars(
            select(ProcessInstance).where(ProcessInstance.call_id.is_not(None)).limit(1)
        ).one()
        session.rollback()

    def open_all(self) -> tuple[float, float]:
        """Seconds until all children with their items and timers are committed: by the flow, and by hand."""
        taken = [0.0, 0.0]
        for number in range(self.size.calls):
            with clock.at(START + timedelta(days=30 * (number % self.size.deadlines))):
                for place in (0, 1) if number % 2 == 0 else (1, 0):
                    taken[place] += seconds_of((self._open_by_flow, self._open_by_hand)[place])
        return taken[0], taken[1]

    def _open_by_flow(self) -> None:
        with transaction():
            start_instance(process="rating_round", subject=Subject("round", 1), title="评价", actor=self.actor)

    def _open_by_hand(self) -> None:
        now, pattern, count = clock.now(), self.pattern, self.size.children
        with transaction():
            given = {"now": _stored(now), "due": _stored(now + timedelta(days=30)), "far": _stored(FAR_AWAY)}
            given |= {"definition": pattern.definition_id, "state": pattern.state_id, "parent": pattern.parent_id}
            insert_call = insert(SetCall).values(instance_id=pattern.parent_id, node="by_hand", total=count, open=count)
            call_id = session.execute(insert_call.returning(SetCall.id)).scalar_one()
            for statement in (INSTANCES, ITEMS, TIMERS):
                session.execute(text(statement), given | {"call": call_id})
        self.by_hand.append(call_id)

    def ensure_equal(self) -> None:
        """Both ways must have left the same number of rows."""
        for count in (
            select(func.count()).select_from(ProcessInstance).where(ProcessInstance.call_id.is_not(None)),
            select(func.count()).select_from(WorkItem).where(WorkItem.node == "rate"),
            select(func.count()).select_from(ProcessTimer).where(ProcessTimer.node == "slow"),
        ):
            assert session.scalar(count) == (2 * self.size.calls + 1) * self.size.children
        session.rollback()

    def close_all(self) -> tuple[float, float]:
        """Seconds until the deadlines have passed: the parents go on, all children have expired."""
        taken = [0.0, 0.0]
        for part in range(self.size.deadlines):
            with clock.at(START + timedelta(days=30 * part + 4)), self._watch():
                taken[0] += seconds_of(work_off)
            taken[1] += seconds_of(partial(self._close_by_hand, self.by_hand[part :: self.size.deadlines]))
        left = select(func.count()).where(WorkItem.status == "open", WorkItem.node == "rate")
        assert session.scalar(left) == self.size.children  # of the first call, which has no deadline here
        session.rollback()
        return taken[0], taken[1]

    def _close_by_hand(self, calls: list[int]) -> None:
        for call_id in calls:
            given = {"call": call_id, "now": _stored(clock.now()), "count": self.size.children}
            with transaction():
                for statement in (CLOSE_CALL, CLOSE_ITEMS, CLOSE_TIMERS, CLOSE_INSTANCES):
                    session.execute(text(statement), given)

    @contextmanager
    def _watch(self) -> Iterator[None]:
        """Notes how long the longest transaction held its locks."""
        began = [perf_counter()]

        def begin(_connection: object) -> None:
            began[0] = perf_counter()

        def end(_connection: object) -> None:
            self.longest = max(self.longest, perf_counter() - began[0])

        event.listen(db.engine, "begin", begin)
        event.listen(db.engine, "commit", end)
        try:
            yield
        finally:
            event.remove(db.engine, "begin", begin)
            event.remove(db.engine, "commit", end)

    def bytes_of_control_flow(self) -> float:
        """State and revision of a child as the database stores them, and its share of the states' own rows."""
        columns = (ProcessInstance.state_id, ProcessInstance.revision)
        if db.engine.dialect.name == "postgresql":
            own = sum(func.pg_column_size(column) for column in columns)
        else:  # a record of SQLite holds a number in as many bytes as it needs, and a byte that says how many
            own = sum(case((column < 2**7, 2), (column < 2**15, 3), else_=5) for column in columns)
        children = ProcessInstance.call_id.is_not(None)
        shared = session.scalar(select(func.sum(func.length(ProcessState.body) + func.length(ProcessState.hash)))) or 0
        each, count = session.execute(select(func.avg(own), func.count()).where(children)).one()
        assert session.scalar(select(func.count()).where(children, ProcessInstance.variables.is_not(None))) == 0
        session.rollback()
        return float(each) + shared / count


START = datetime.fromisoformat("2026-01-05T09:00:00+08:00")
FAR_AWAY = datetime.fromisoformat("9999-12-31T00:00:00+00:00")


def _stored(moment: datetime) -> datetime | str:
    """A moment as the tables hold it."""
    naive = moment.astimezone(UTC).replace(tzinfo=None)
    return naive.isoformat(" ") if db.engine.dialect.name == "sqlite" else naive


def _seats() -> Select[Any]:
    return select(
        literal("seat").label("subject_type"),
        SEATS.c.id.label("subject_id"),
        SEATS.c.title,
        SEATS.c.province_code,
        null().label("city_code"),
        SEATS.c.organisation_id,
        SEATS.c.assignee_id,
        null().label("variables"),
    )


INSTANCES = """
INSERT INTO process_instance (subject_type, subject_id, title, province_code, organisation_id, assignee_id, parent_id,
    call_id, status, revision, is_trial, started_by, started_at, definition_id, state_id)
SELECT 'seat', id, title, province_code, organisation_id, assignee_id, :parent, :call, 'running', 0, false, 1, :now,
    :definition, :state FROM bench_seat"""
ITEMS = """
INSERT INTO work_item (instance_id, process, node, role, title, node_name, subject_type, subject_id, province_code,
    organisation_id, assignee_id, status, sort_at, priority, opened_at)
SELECT id, 'seat', 'rate', 'rater', title, 'rate', subject_type, subject_id, province_code, organisation_id,
    assignee_id, 'open', :far, 0, :now FROM process_instance WHERE call_id = :call"""
TIMERS = """
INSERT INTO process_timer (instance_id, node, due_at, stage_workdays)
SELECT id, 'slow', :due, 0 FROM process_instance WHERE call_id = :call"""
CLOSE_CALL = """
UPDATE set_call SET closed_at = :now, open = open - :count, expired = expired + :count WHERE id = :call"""
CLOSE_ITEMS = """
UPDATE work_item SET status = 'expired' WHERE status = 'open'
    AND instance_id IN (SELECT id FROM process_instance WHERE call_id = :call)"""
CLOSE_TIMERS = """
DELETE FROM process_timer WHERE instance_id IN (SELECT id FROM process_instance WHERE call_id = :call)"""
CLOSE_INSTANCES = """
UPDATE process_instance SET status = 'expired', state_id = NULL, ended_at = :now, revision = revision + 1
    WHERE call_id = :call AND status = 'running'"""
