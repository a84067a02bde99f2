"""What runs under torture: a case with everything that can go wrong, and operations that leave a line each time."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.sql.selectable import Select

from app import create_app
from app.accounts.vocabulary import Role
from app.kernel import clock
from app.kernel.db import session
from app.processes.doors import OperationCall, open_doors
from config import Settings
from tests.support.diagrams import (
    boundary_message,
    boundary_timer,
    catch,
    diagram,
    end,
    flows,
    gateway,
    pause,
    service,
    set_call,
    start,
    user,
)

ROLE = Role.NATIONAL_AUDITOR
WRONG_CLOCK = "TORTURE_CLOCK"
"""Names the file that says by how many seconds a process's clock is wrong."""
SEATS = 4
SEAT_SECONDS, CALL_SECONDS = 20, 40
MEMBERS = 2_000
LEDGER = Table(
    "torture_ledger",
    MetaData(),
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("instance_id", BigInteger),
    Column("node", String(64)),
)
"""One line for every time that an operation ran and was kept: a second one for a node says that it happened twice."""

CASE = diagram(
    "torture_case",
    start() + gateway("again") + user("check", outcomes="approve,return") + gateway("decided", default="f2_decided_note")
    + service("note", "torture.note") + gateway("fork", kind="parallel")
    + set_call("seats", called="torture_seat", collection="torture.seats", completion="done &gt;= 3")
    + boundary_timer("late", attached_to="seats", text=f"PT{CALL_SECONDS}S") + gateway("rated")
    + catch("wait", "go") + gateway("join", kind="parallel")
    + service("long", "torture.note", attributes='lodestar:job="true"') + user("confirm")
    + boundary_timer("nudge", attached_to="confirm", text="PT1S", interrupting=False)
    + service("nudged", "torture.note") + end("told") + end()
    + flows(
        "begin>again", "again>check", "decided>note", 'decided>again?outcome == "return"', "check>decided",
        "note>fork", "fork>seats", "fork>wait", "seats>rated", "late>rated", "rated>join", "wait>join",
        "join>long", "long>confirm", "confirm>end", "nudge>nudged", "nudged>told",
    ),
    messages=("go",),
    lanes={ROLE: "check confirm"},
)  # fmt: skip
SEAT = diagram(
    "torture_seat",
    start() + user("rate") + boundary_timer("over", attached_to="rate", text=f"PT{SEAT_SECONDS}S")
    + service("rated", "torture.note") + end("expired") + end()
    + flows("begin>rate", "rate>rated", "rated>end", "over>expired"),
    lanes={ROLE: "rate"},
)  # fmt: skip
CROWD = diagram(
    "torture_crowd",
    start() + set_call("members", called="torture_member", collection="torture.members") + end()
    + flows("begin>members", "members>end"),
)  # fmt: skip
MEMBER = diagram(
    "torture_member",
    start() + user("rate") + boundary_message("over", attached_to="rate", message="go")
    + pause("rest", text="PT1S") + service("rated", "torture.note") + end("expired") + end()
    + flows("begin>rate", "rate>rated", "rated>end", "over>rest", "rest>expired"),
    messages=("go",),
    lanes={ROLE: "rate"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flow:
    """What comes in: `together` cases for each message, thrown with `chance` five times a second."""

    process: str
    diagrams: tuple[bytes, ...]
    together: int
    chance: float


CASES = Flow("torture_case", (SEAT, CASE), together=10, chance=0.5)
CROWDS = Flow("torture_crowd", (MEMBER, CROWD), together=1, chance=0.4)
"""Thousands who are moved as a set, first by a message, then by their timers, while people rate."""
ONCE = {"torture_case": ("note", "long"), "torture_seat": ("rated",), "torture_member": ("rated",)}
"""The operations that a case of each process that ran to its end has run exactly once."""


def create_torture_app(settings: Settings | None = None) -> Flask:
    """The real application, with the operations of the case in the place of the rooms'."""
    app = create_app(settings)
    if WRONG_CLOCK in os.environ:
        _follow(Path(os.environ[WRONG_CLOCK]))
    open_torture_doors()
    return app


def _follow(file: Path) -> None:
    """Sets this process's one clock wrong by the seconds that stand in the file, as a machine's clock may be."""
    right = clock.now
    clock.now = lambda: right() + timedelta(seconds=int(file.read_text(encoding="ascii") or "0"))


def open_torture_doors() -> None:
    """The case's operation and collection."""
    open_doors(
        operations={"torture.note": _note},
        collections={"torture.seats": _seats, "torture.members": _members},
        completions={},
        stages=frozenset(),
    )


def _note(call: OperationCall) -> Mapping[str, Any] | None:
    session.execute(insert(LEDGER).values(instance_id=call.instance_id, node=call.node))
    return None


def _seats(call: OperationCall) -> Select[Any]:
    rows = [_child("torture_seat", literal(call.instance_id * SEATS + number)) for number in range(SEATS)]
    return select(union_all(*rows).subquery())


def _members(call: OperationCall) -> Select[Any]:
    numbers = select(literal(1).label("n")).cte(recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < MEMBERS))
    return _child("torture_member", literal(call.instance_id * MEMBERS) + numbers.c.n)


def _child(subject_type: str, subject_id: ColumnElement[int]) -> Select[Any]:
    return select(
        literal(subject_type).label("subject_type"),
        subject_id.label("subject_id"),
        literal("席位").label("title"),
        *(null().label(name) for name in ("province_code", "city_code", "organisation_id", "assignee_id")),
        null().label("variables"),
    )
