"""A set call of 20,000 children beside plain SQL that writes the same rows."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, String, Table, func, insert, literal, null, select, text
from sqlalchemy.sql.selectable import Select

from app.accounts.vocabulary import Role
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db, session
from app.kernel.transaction import transaction
from app.processes.deploying import deploy_definition
from app.processes.doors import Subject, open_doors
from app.processes.models import ProcessInstance, ProcessTimer, SetCall, WorkItem
from app.processes.starting import start_instance
from app.processes.worker import work_off
from tests.bench.houses import analyze, fresh_house
from tests.bench.result import Result, alternate, seconds_of
from tests.factories.accounts import make_actor
from tests.support.diagrams import boundary_timer, diagram, end, flows, gateway, set_call, start, user

GOAL = 1.5
CHILDREN = 20_000
ROUNDS = 4
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


def run(database: str) -> Iterator[Result]:
    """Opening in one transaction; closing at the deadline in one transaction."""
    with fresh_house(database, "sets"):
        hall = Hall()
        value, floor = alternate(hall.open_by_flow, hall.open_by_hand, rounds=ROUNDS)
        hall.ensure_equal()
        analyze(db.engine)
        yield Result(f"open {CHILDREN:,} children", value * 1_000, "ms", floor * 1_000, GOAL, database)
        value, floor = alternate(hall.close_by_flow, hall.close_by_hand, rounds=ROUNDS)
        yield Result(f"close {CHILDREN:,} children", value * 1_000, "ms", floor * 1_000, GOAL, database)


class Hall:
    """Parents whose sets were opened: by the flow, and by hand."""

    def __init__(self) -> None:
        self.actor: Actor = make_actor(Role.DESIGNER)
        self.by_hand: list[int] = []
        self.rounds = 0
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
            for n in range(1, CHILDREN + 1)
        ]
        with transaction():
            session.execute(insert(SEATS), rows)
            for xml in (CHILD, PARENT):
                deploy_definition(xml=xml, note="bench", actor=self.actor)
        self._start()  # once for the caches; its rows are the pattern of those by hand
        self.pattern = session.scalars(
            select(ProcessInstance).where(ProcessInstance.call_id.is_not(None)).limit(1)
        ).one()
        session.rollback()

    def _start(self) -> None:
        with transaction():
            start_instance(process="rating_round", subject=Subject("round", 1), title="评价", actor=self.actor)

    def open_by_flow(self) -> float:
        """Seconds until all children with their items and timers are committed."""
        self.rounds += 1
        with clock.at(START + timedelta(days=self.rounds * 10)):
            return seconds_of(self._start)

    def open_by_hand(self) -> float:
        """The same rows by three plain statements."""
        return seconds_of(self._insert)

    def _insert(self) -> None:
        now, pattern = clock.now(), self.pattern
        with transaction():
            given = {"now": _stored(now), "due": _stored(now + timedelta(days=30)), "far": _stored(FAR_AWAY)}
            given |= {"definition": pattern.definition_id, "state": pattern.state_id, "parent": pattern.parent_id}
            insert_call = insert(SetCall).values(
                instance_id=pattern.parent_id, node="by_hand", total=CHILDREN, open=CHILDREN
            )
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
            assert session.scalar(count) == (2 * ROUNDS + 1) * CHILDREN
        session.rollback()

    def close_by_flow(self) -> float:
        """Seconds of one deadline: the parent's timer fires, the children expire, the parent goes on."""
        self.rounds -= 1
        opened = START + timedelta(days=(ROUNDS - self.rounds) * 10)
        with clock.at(opened + timedelta(days=4)):
            return seconds_of(self._fire)

    @staticmethod
    def _fire() -> None:
        assert work_off() == 1

    def close_by_hand(self) -> float:
        """The same changes by four plain statements."""
        return seconds_of(self._update)

    def _update(self) -> None:
        given = {"call": self.by_hand.pop(), "now": _stored(clock.now()), "count": CHILDREN}
        with transaction():
            for statement in (CLOSE_CALL, CLOSE_ITEMS, CLOSE_TIMERS, CLOSE_INSTANCES):
                session.execute(text(statement), given)


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
