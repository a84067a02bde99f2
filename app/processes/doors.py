"""The three doors through which a flow reaches upwards; app/wiring fills them once at start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Select

from app.engine.window import Value
from app.kernel.actor import Actor

__all__ = [
    "BpmnError", "Collection", "CompletedItem", "Completion", "Doors", "Ending", "Operation", "OperationCall", "Subject", "Value",
    "doors", "open_doors",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """What an instance is about, as its starter said it: "processes" knows no subject by itself."""

    type: str
    id: int


@dataclass(frozen=True, slots=True)
class OperationCall:
    """A service task (or a set call asking for its rows) that has been reached.

    `batch_id` is the round's id; `variables` those of the instance; `inputs` the literals of the diagram;
    `actor` the person whose step led here, or SYSTEM behind a timer or broadcast.
    """

    instance_id: int
    process: str
    node: str
    subject: Subject
    batch_id: int | None
    variables: Mapping[str, Value]
    actor: Actor
    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompletedItem:
    """The work item that a person is completing, as its room sees it."""

    id: int
    instance_id: int
    process: str
    node: str
    role: str
    form: str | None
    subject: Subject
    batch_id: int | None
    title: str
    variables: Mapping[str, Value]
    completed_by: Mapping[str, int]
    """Who completed the earlier nodes of this instance last: node -> user id."""


class Operation(Protocol):
    """What a service task does. Runs in the step's transaction (or as a job); returns variables for the gateways.

    A BPMN error that a boundary event may catch is raised as `BpmnError`; every other exception rolls the step back.
    """

    def __call__(self, call: OperationCall, /) -> Mapping[str, Value] | None: ...


class Collection(Protocol):
    """The rows that become the children of a set call, as a SELECT with these labelled columns:

    subject_type, subject_id, title, province_code, city_code, organisation_id, assignee_id and variables
    (a JSON object as canonical text, or NULL). Unused ones are `null()`.
    """

    def __call__(self, call: OperationCall, /) -> Select[Any]: ...


class Completion(Protocol):
    """The use case that owns the meaning of a completed item: guards, writes its rows, returns variables."""

    def __call__(
        self, *, item: CompletedItem, outcome: str | None, values: Mapping[str, Value], actor: Actor
    ) -> Mapping[str, Value] | None: ...


class Ending(Protocol):
    """Told when an operator cancels an instance about a subject of its room, in the same transaction; not of trials."""

    def __call__(self, *, subject: Subject, reason: str, actor: Actor) -> None: ...


class BpmnError(Exception):
    """Raised by an operation to take the error boundary event with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Doors:
    operations: Mapping[str, Operation]
    collections: Mapping[str, Collection]
    completions: Mapping[str, Completion]
    stages: frozenset[str] = frozenset()
    messages: frozenset[str] = frozenset()
    """The messages that rooms throw by themselves, not by an event in a diagram."""
    endings: Mapping[str, Ending] = field(default_factory=dict)


_doors = Doors({}, {}, {})


def open_doors(
    *,
    operations: Mapping[str, Operation],
    collections: Mapping[str, Collection],
    completions: Mapping[str, Completion],
    stages: frozenset[str],
    messages: frozenset[str] = frozenset(),
    endings: Mapping[str, Ending] | None = None,
) -> None:
    """Hands the tables of app/wiring down; called once by the factory."""
    global _doors  # noqa: PLW0603 -- handed down once at start, read ever after
    _doors = Doors(operations, collections, completions, stages, messages, endings or {})


def doors() -> Doors:
    """The tables of app/wiring."""
    return _doors
