# ruff: noqa: SLF001 -- SpiffWorkflow's hooks are its underscored methods; this module is where they are bent
"""SpiffWorkflow made lean: the tasks and workflows that a step runs on.

Three things differ from the plain library. Tasks carry no data, no log and no clock, and the future is not predicted:
children are made when a task completes. Joins are exact (specs.py). An error or an escalation looks outwards for a
boundary event of the sub-processes around it, never sideways.
"""

from collections import deque
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit, _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    EventBasedGateway,
)
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import CodeEventDefinition, ErrorEventDefinition
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.specs.Join import Join
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.faults import FaultError
from app.engine.lower import drawn_id
from app.engine.specs import (
    CountingParallelGateway,
    FirstMatchGateway,
    LookingInclusiveGateway,
    SpiffEvent,
    SpiffNet,
    SpiffSpec,
    SpiffTask,
    SubProcess,
)

MAX_AUTOMATIC = 1_000
"""How many gateways, scripts and events one step may pass before it is taken for an endless loop."""


class Token(Task):  # type: ignore[misc]  # SpiffWorkflow carries no types
    """A task without data, log and clock, whose children are made when it completes."""

    def __init__(
        self, workflow: SpiffNet, task_spec: SpiffSpec, parent: SpiffTask = None, state: int = TaskState.MAYBE
    ) -> None:
        top = workflow.top_workflow
        top.serial += 1
        self.id = top.serial
        workflow.tasks[self.id] = self
        self.workflow = workflow
        self._parent = None
        self._children: list[int] = []
        self._state = state
        self.triggered = False
        self.task_spec = task_spec
        self.thread_id = 0
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.last_state_change = 0.0
        if parent is not None:
            self._parent = parent.id
            parent._children.append(self.id)

    def _add_child(self, task_spec: SpiffSpec, state: int = TaskState.MAYBE) -> "Token":
        return Token(self.workflow, task_spec, self, state)

    def _inherit_data(self) -> None:
        """Variables belong to the instance."""

    def _set_state(self, value: int) -> None:
        self._state = value
        if value == TaskState.READY and not self.task_spec.manual:
            self.workflow.top_workflow.ready.append(self)

    def _ready(self) -> None:
        if self._state & TaskState.FINISHED_MASK:
            return
        self._set_state(TaskState.READY)
        self.task_spec._on_ready_hook(self)
        if isinstance(self.task_spec, BoundaryEventSplit | EventBasedGateway):
            self.task_spec._predict_hook(self)  # these two pick among children that exist already

    def complete(self) -> None:
        """Ends the task and wakes what follows; nothing follows in a sub-process that has been left."""
        self._set_state(TaskState.COMPLETED)
        if isinstance(self.task_spec, EndEvent):
            self.workflow.top_workflow.ends.append(drawn_id(self.task_spec.name))
        if self.workflow.completed:
            return
        if not self._children:
            for spec in self.task_spec.outputs:
                self._add_child(spec, TaskState.FUTURE)
        self.task_spec._on_complete(self)


class LoweredParser(BpmnParser):  # type: ignore[misc]  # SpiffWorkflow carries no types
    """Parses lowered models into the specs above."""

    OVERRIDE_PARSER_CLASSES: ClassVar = {
        full_tag(tag): (BpmnParser.PARSER_CLASSES[full_tag(tag)][0], spec)
        for tag, spec in (
            ("exclusiveGateway", FirstMatchGateway),
            ("parallelGateway", CountingParallelGateway),
            ("inclusiveGateway", LookingInclusiveGateway),
            ("subProcess", SubProcess),
        )
    }


class _Lean:
    """What top and embedded workflows have in common: quiet completion, and only joins are looked at again."""

    tasks: dict[int, Any]
    completed: bool
    completed_event: SpiffEvent

    def _task_completed_notify(self, task: SpiffTask) -> None:
        if task.task_spec.name == "End":
            self.completed = True
        if self.completed:
            self.completed_event(self)
        else:
            self.update_waiting_tasks()

    def _mark_complete(self, _task: SpiffTask) -> None:
        self.completed = True

    def update_waiting_tasks(self) -> None:
        """Looks again at the joins: a branch that ended elsewhere may let them go on."""
        for task in [task for task in self.tasks.values() if task._state == TaskState.WAITING]:
            if isinstance(task.task_spec, Join) and task._state == TaskState.WAITING:
                task.task_spec._update(task)


class SubNet(_Lean, BpmnSubWorkflow):  # type: ignore[misc]  # SpiffWorkflow carries no types
    """An open embedded sub-process."""


class Net(_Lean, BpmnWorkflow):  # type: ignore[misc]  # SpiffWorkflow carries no types
    """One instance for the length of one step."""

    def __init__(self, spec: SpiffSpec, subs: dict[str, Any], script_engine: object) -> None:
        self.serial = 0
        self.ready: deque[Any] = deque()
        self.ends: list[str] = []
        super().__init__(spec, subs, script_engine=self, deserializing=True)
        self.script_engine = script_engine  # the library would take its own, unsafe one for anything that is falsy

    def plant(self) -> None:
        """Puts the first token on the start."""
        self.task_tree = Token(self, self.spec.start, state=TaskState.FUTURE)
        self.task_tree._ready()

    def create_subprocess(self, my_task: SpiffTask, spec_name: str) -> SpiffNet:
        """Opens an embedded sub-process with its first token on its start."""
        net = self.open_subprocess(my_task, spec_name)
        net.task_tree = Token(net, net.spec.start, state=TaskState.FUTURE)
        return net

    def open_subprocess(self, my_task: SpiffTask, spec_name: str) -> SpiffNet:
        """Opens an embedded sub-process without any token."""
        net = SubNet(self.subprocess_specs[spec_name], my_task.id, self, deserializing=True)
        self.subprocesses[my_task.id] = net
        return net

    def live(self) -> list[Any]:
        """This workflow and its open embedded ones, outer before inner."""
        return [self, *(net for net in self.subprocesses.values() if not net.completed)]

    def settle(self) -> None:
        """Runs everything that waits for nobody."""
        for _ in range(MAX_AUTOMATIC):
            if not self.ready:
                return
            task = self.ready.popleft()
            if task._state == TaskState.READY and not task.workflow.completed and task.id in task.workflow.tasks:
                task.run()
        node = drawn_id(self.ready[0].task_spec.name) if self.ready else ""
        raise FaultError(
            "automatic_loop", node, f"the step never ends: a loop without anything that waits, at '{node}'"
        )

    def catch(self, event: SpiffEvent) -> None:
        """Hands an error or an escalation to the nearest boundary event around the place where it was thrown."""
        definition = event.event_definition
        if not isinstance(definition, CodeEventDefinition):
            return
        net = event.target
        while net is not self:
            holder = self.get_task_from_id(net.parent_task_id)
            boundary = catching_boundary(holder, definition)
            if boundary is not None:
                fire_boundary(boundary, again=True)
                return
            net = holder.workflow
        if isinstance(definition, ErrorEventDefinition) and event.target is not self:
            code = definition.code
            raise FaultError("uncaught_error", event.target.spec.name, f"nothing catches the error '{code}'")


def catching_boundary(activity: SpiffTask, definition: SpiffEvent) -> SpiffTask | None:
    """The armed boundary event of an open activity that catches an error or escalation, a named code before any."""
    split = activity.parent
    if not isinstance(split.task_spec, BoundaryEventSplit):
        return None
    caught = [
        task
        for task in split.children
        if isinstance(task.task_spec, BoundaryEvent)
        and task._state == TaskState.WAITING
        and task.task_spec.event_definition == definition
    ]
    caught.sort(key=lambda task: task.task_spec.event_definition.code is None)
    return caught[0] if caught else None


def fire_boundary(boundary: SpiffTask, *, again: bool) -> None:
    """Runs a boundary event at once, so that an activity it interrupts is gone before anything else moves."""
    split = boundary.parent
    boundary._ready()
    boundary.run()
    if again and not boundary.task_spec.cancel_activity and not split.workflow.completed:
        split._add_child(boundary.task_spec, TaskState.WAITING)


def parse_lowered(root: etree._Element, key: str) -> tuple[Any, dict[str, Any]]:
    """(spec, specs of embedded sub-processes) of a lowered model, safe to share between threads."""
    parser = LoweredParser()
    parser.add_bpmn_xml(root)
    spec, subs = parser.get_spec(key), parser.get_subprocess_specs(key)
    for process in (spec, *subs.values()):
        for task_spec in process.task_specs.values():
            task_spec._predict = _no_prediction
            if isinstance(task_spec, LookingInclusiveGateway):
                task_spec._reaching()
    return spec, subs


def _no_prediction(*_arguments: object, **_options: object) -> None:
    """Stands in for TaskSpec._predict: what lies ahead is made when it is reached."""


def is_end_join(task: SpiffTask) -> bool:
    """Whether the task only waits for the other branches of its process to end."""
    return isinstance(task.task_spec, _EndJoin)
