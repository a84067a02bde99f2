"""Small processes with operations of the test's own."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, literal, null, select, union_all

from app.accounts.vocabulary import Role
from app.kernel.actor import Actor
from app.kernel.transaction import transaction
from app.processes import doors as doors_module
from app.processes.deploying import Deployed
from app.processes.doors import OperationCall, Subject, doors, open_doors
from app.processes.starting import start_instance
from tests.factories.accounts import make_actor
from tests.support.proofs import deploy_proven
from tests.support.statements import count_statements

__all__ = ["count_statements"]


@pytest.fixture
def designer(app: Flask) -> Actor:
    return make_actor(Role.DESIGNER)


@pytest.fixture
def deploy(designer: Actor) -> Callable[[bytes], Deployed]:
    def deploy_one(xml: bytes) -> Deployed:
        with transaction():
            return deploy_proven(xml=xml, actor=designer)

    return deploy_one


@pytest.fixture
def run(designer: Actor) -> Callable[..., int]:
    """Starts an instance about subject (case, 1) unless told otherwise."""

    def run_one(process: str, **more: Any) -> int:
        with transaction():
            return start_instance(
                process=process,
                subject=more.pop("subject", Subject("case", 1)),
                title=more.pop("title", "测试"),
                actor=designer,
                **more,
            )

    return run_one


@pytest.fixture
def upper_rooms() -> Iterator[Callable[..., None]]:
    """Fills the doors with the test's own operations and collections."""
    before = doors()

    def fill(*, operations: Mapping[str, Any] | None = None, collections: Mapping[str, Any] | None = None) -> None:
        open_doors(
            operations=operations or {}, collections=collections or {}, completions={}, stages=frozenset({"rating"})
        )

    fill()
    yield fill
    doors_module._doors = before


def seeds(count: int, *, variables: str | None = None, assignees: list[int] | None = None) -> Select[Any]:
    """A collection of `count` rows about seats 1, 2, …"""
    rows = [
        select(
            literal("seat").label("subject_type"),
            literal(number).label("subject_id"),
            literal(f"席位{number}").label("title"),
            null().label("province_code"),
            null().label("city_code"),
            null().label("organisation_id"),
            literal(assignees[number - 1] if assignees else None).label("assignee_id"),
            literal(variables).label("variables"),
        )
        for number in range(1, count + 1)
    ]
    return select(union_all(*rows).subquery())


def empty_seeds() -> Select[Any]:
    """A collection without rows."""
    none = seeds(1).subquery()
    return select(none).where(literal(1) == literal(0))


def note_call(calls: list[OperationCall], values: Mapping[str, Any] | None = None):
    """An operation that notes how it was called."""

    def operation(call: OperationCall) -> Mapping[str, Any] | None:
        calls.append(call)
        return values

    return operation
