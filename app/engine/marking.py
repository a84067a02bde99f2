# ruff: noqa: SLF001 -- a task's state is read as SpiffWorkflow itself reads it
"""The canonical state: where tokens are, and nothing else. Two histories with the same marking give the same bytes.

A marking is JSON with sorted keys: `t` nodes with a token, `b` activities with boundary events and which of these are
armed, `j` joins and the inputs that have arrived, `s` open embedded sub-processes, nested. Empty parts are left out.
"""

from collections.abc import Container, Iterator
from typing import Any

import orjson
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EventBasedGateway
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import CodeEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.specs.Join import Join
from SpiffWorkflow.util.task import TaskState

from app.engine.faults import FaultError
from app.engine.net import Net, Token, is_end_join
from app.engine.specs import SpiffNet, SpiffSpec, SpiffTask, SubProcess
from app.engine.window import StepError

SPLIT = ".BoundaryEventSplit"
_OPEN = TaskState.READY | TaskState.WAITING | TaskState.STARTED


def dump(net: Net) -> str | None:
    """The canonical state of an instance that has settled; None when it has finished.

    Raises StepError when a node is active twice or nothing could ever go on.
    """
    if net.completed:
        return None
    marked = _mark(net, net)  # what is active twice is said first: it holds whatever else is still under way
    if not any(True for _ in tokens(net)):
        stuck = min((task.task_spec.name for part in net.live() for task in _standing(part)), default="")
        raise FaultError("deadlock", stuck, f"nothing can go on: '{stuck}' waits for what never comes")
    return orjson.dumps(marked, option=orjson.OPT_SORT_KEYS).decode()


def _mark(net: SpiffNet, top: Net) -> dict[str, Any]:
    places: list[str] = []
    groups: dict[str, list[str]] = {}
    joins: dict[str, list[str]] = {}
    inner: dict[str, Any] = {}
    for task in _standing(net):
        spec = task.task_spec
        if isinstance(spec, Join):
            arrived = joins.setdefault(spec.name, [])
            _once(task.parent.task_spec.name, arrived, spec.name)
            arrived.append(task.parent.task_spec.name)
            continue
        if isinstance(spec, SubProcess):
            _once(spec.name, inner)
            inner[spec.name] = _mark(top.subprocesses[task.id], top)
        if isinstance(task.parent.task_spec, BoundaryEventSplit):
            _once(spec.name, groups)
            groups[spec.name] = sorted(_armed(task.parent))
        elif not isinstance(spec, SubProcess):
            _once(spec.name, places)
            places.append(spec.name)
    ordered = {name: sorted(inputs) for name, inputs in joins.items()}
    parts = (("t", sorted(places)), ("b", groups), ("j", ordered), ("s", inner))
    return {key: part for key, part in parts if part}


def _standing(net: SpiffNet) -> Iterator[SpiffTask]:
    """The tasks that hold a token; armed boundary events belong to their activity, ends wait for nobody."""
    for task in net.tasks.values():
        if (
            task._state & _OPEN
            and not isinstance(task.task_spec, BoundaryEventJoin | BoundaryEvent)
            and not is_end_join(task)
        ):
            yield task


def _once(name: str, known: Container[str], node: str | None = None) -> None:
    if name in known:
        place = node or name
        raise FaultError("active_twice", place, f"the node '{place}' would be active twice")


def _armed(split: SpiffTask) -> list[str]:
    return [
        task.task_spec.name
        for task in split.children
        if isinstance(task.task_spec, BoundaryEvent) and task._state == TaskState.WAITING
    ]


def load(net: Net, state: str) -> None:
    """Puts the tokens of a state into a fresh instance, flat under its root.

    Raises StepError when the state names a node that the definition lacks.
    """
    try:
        _hang(net, orjson.loads(state), net)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise StepError(f"the state does not belong to this definition: {error}") from error


def _hang(net: SpiffNet, marking: dict[str, Any], top: Net) -> None:
    specs = net.spec.task_specs
    net.task_tree = root = Token(net, net.spec.start, state=TaskState.COMPLETED)
    groups, inner = marking.get("b", {}), marking.get("s", {})
    for name in marking.get("t", ()):
        Token(net, specs[name], root, _resting_state(specs[name]))
    for name, inputs in marking.get("j", {}).items():
        for source in inputs:  # an arrived input stands as a finished task above its waiting join
            Token(net, specs[name], Token(net, specs[source], root, TaskState.COMPLETED), TaskState.WAITING)
    holders = {name: _hang_group(net, name, armed) for name, armed in groups.items()}
    for name, sub in inner.items():
        _open(holders.get(name) or Token(net, specs[name], root, TaskState.STARTED), sub, top)


def _hang_group(net: SpiffNet, name: str, armed: list[str]) -> Token:
    """An open activity beside its armed boundary events."""
    specs = net.spec.task_specs
    split = Token(net, specs[name + SPLIT], net.task_tree, TaskState.COMPLETED)
    activity = Token(net, specs[name], split, _resting_state(specs[name]))
    for boundary in armed:
        Token(net, specs[boundary], split, TaskState.WAITING)
    return activity


def _open(holder: SpiffTask, marking: dict[str, Any], top: Net) -> None:
    spec = holder.task_spec
    sub = top.open_subprocess(holder, spec.spec)
    sub.completed_event.connect(spec._on_subworkflow_completed, holder)
    _hang(sub, marking, top)


def _resting_state(spec: SpiffSpec) -> int:
    if isinstance(spec, SubProcess):
        return int(TaskState.STARTED)
    return int(TaskState.READY if spec.manual else TaskState.WAITING)


def tokens(net: Net) -> Iterator[tuple[str, SpiffTask]]:
    """(node, task) of every place at which an event may be fired; behind an event-based gateway the task is its."""
    for part in net.live():
        for task in part.tasks.values():
            spec = task.task_spec
            if task._state == TaskState.READY and spec.manual:
                yield spec.name, task
            elif task._state == TaskState.WAITING and isinstance(spec, CatchingEvent):
                if isinstance(spec, EventBasedGateway):
                    yield from ((output, task) for output in spec._outputs)
                elif not isinstance(spec.event_definition, CodeEventDefinition):
                    yield spec.name, task
