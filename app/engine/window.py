"""What crosses the engine window: frozen values, no SpiffWorkflow, no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, TypeAlias

Value: TypeAlias = Any
"""A JSON value: None, bool, int, float, str, list or dict of these. Variables hold nothing else."""
Variables: TypeAlias = Mapping[str, Value]


class NodeKind(StrEnum):
    """What an open token waits for; gateways, starts and ends never wait and are no kinds."""

    USER = "user"  # user and manual tasks: a person completes them
    SERVICE = "service"  # service task: an operation, in the step's transaction or as a job
    DECISION = "decision"  # business rule task: a decision table
    CALL = "call"  # call activity: one child instance
    SET_CALL = "set_call"  # multi-instance call activity: a set of child instances
    TIMER = "timer"  # timer, intermediate, boundary or behind an event-based gateway
    MESSAGE = "message"  # message catch, intermediate, boundary, receive task or behind an event-based gateway
    THROW = "throw"  # message throw event and send task


TimerKind = Literal["date", "duration", "cycle", "workdays", "stage"]
MessageTarget = Literal["round", "panel", "subject"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A way to complete a user task. `when`: condition for its button to be there; `requires`: fields it needs."""

    code: str
    zh: str
    en: str
    when: str | None = None
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimerSpec:
    """When a timer is due. `text` is ISO 8601, or an expression when it begins with '='.

    kind 'workdays': `workdays` after arming; kind 'stage': `workdays` (0, or negative for before) after the end of `stage`.
    """

    kind: TimerKind
    text: str | None = None
    workdays: int = 0
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A node at which a token can wait, with everything the runner needs to know about it."""

    id: str
    kind: NodeKind
    name: str = ""
    role: str | None = None
    form: str | None = None
    outcomes: tuple[Outcome, ...] = ()
    due_workdays: int | None = None
    due_in: str | None = None
    stage: str | None = None
    not_by: tuple[str, ...] = ()
    priority: int = 0
    operation: str | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)
    job: bool = False
    called: str | None = None
    collection: str | None = None
    completion: str | None = None  # condition over total, open, done, expired and counts of a set call
    decision: str | None = None
    message: str | None = None
    to: MessageTarget | None = None
    timer: TimerSpec | None = None
    attached_to: str | None = None  # boundary events
    interrupting: bool = True


@dataclass(frozen=True, slots=True)
class Start:
    """The start event, and what plants an instance there by itself: a timer or a message."""

    node: str
    timer: TimerSpec | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at one node.

    'complete' a user task, 'done' for every other kind, 'error' for a failed service task that raised the BPMN
    error `error_code`. `values` become variables before the step runs; `outcome` among them only for this step.
    `again`: a repeating boundary timer stays armed after firing.
    """

    type: Literal["complete", "done", "error"]
    node: str
    values: Variables = field(default_factory=dict)
    again: bool = False
    error_code: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What an event did. `opened` and `closed` name the nodes of the waiting tokens that were made and used up.

    The token fired is always in `closed`; a token made in this step is always in `opened`, even at the same node.
    `state` is the canonical marking after the step (None once finished), `ends` the end events reached in it,
    `reads` the variables that expressions looked at as they were before the step, in order; `written` those that
    scripts set.
    """

    state: str | None
    variables: Variables
    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    written: tuple[str, ...] = ()

    @property
    def finished(self) -> bool:
        return self.state is None


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a diagram (contract.md, "Finding"). `path`: element ids that lead to a fault found by exploration."""

    rule: str
    message_zh: str
    message_en: str
    element_id: str = ""
    element_name: str = ""
    severity: Literal["error", "warning"] = "error"
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What exploration saw: reachable states and transitions; `bounded` when a limit was hit before all were seen.

    `reduced`: only so many states were looked at that no fault is missed; others are reachable, too.
    """

    states: tuple[str, ...]
    transitions: int
    bounded: bool
    findings: tuple[Finding, ...] = ()
    reduced: bool = False

    def summary(self) -> dict[str, int | bool]:
        """The proof in numbers, as it is kept and shown."""
        return {
            "states": len(self.states),
            "transitions": self.transitions,
            "bounded": self.bounded,
            "reduced": self.reduced,
        }


@dataclass(frozen=True, slots=True)
class References:
    """The names a diagram may use; the linter refuses others. `forms`: the field keys of each form.

    `completing` are the forms whose use case may return variables beyond the form's fields, `thrown` the messages that
    the house throws by itself.
    """

    roles: frozenset[str]
    forms: Mapping[str, frozenset[str]]
    operations: frozenset[str]
    collections: frozenset[str]
    processes: frozenset[str]
    decisions: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    completing: frozenset[str] = frozenset()
    thrown: frozenset[str] = frozenset()


class DefinitionRefusedError(ValueError):
    """A diagram that cannot be run; `findings` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(finding.message_en for finding in findings))
        self.findings = findings


class ExpressionError(ValueError):
    """An expression that is not allowed, or that failed; the text says which and why.

    `node`: the element of the diagram that asked for its value, where a step did.
    """

    node: str | None = None


class StepError(RuntimeError):
    """A step that cannot be taken: no token waits at the node, a node would be active twice, or nothing could go on."""
