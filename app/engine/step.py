# ruff: noqa: SLF001 -- a single task is fired through SpiffWorkflow's hooks: its send_event would reach every namesake
"""One step: a state and an event in, a state and what it opened out. Pure: no clock, no chance, no database."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EventBasedGateway
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import ErrorEventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent

from app.engine import expressions, marking
from app.engine.definition import Definition
from app.engine.lower import drawn_id
from app.engine.net import Net, catching_boundary, fire_boundary
from app.engine.specs import SpiffTask
from app.engine.window import Event, ExpressionError, NodeKind, Step, StepError, Value, Variables


class Scripts(Mapping[str, Value]):
    """The script engine of one step: reads and writes the instance's variables, remembers what was looked at."""

    def __init__(self, variables: dict[str, Value], outcome: Value = None) -> None:
        self.variables = variables
        self.outcome = outcome
        self.reads: list[str] = []
        self.written: dict[str, None] = {}

    def __getitem__(self, name: str) -> Value:
        if name not in self.reads and (name not in self.written or name == "outcome"):
            self.reads.append(name)
        return self.outcome if name == "outcome" else self.variables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.variables)

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        return len(self.variables)

    def evaluate(self, _task: SpiffTask, expression: str, **_options: object) -> Value:
        """A gateway asks whether a condition holds."""
        with _at(_task):
            return expressions.evaluate(expression, self)

    def execute(self, _task: SpiffTask, script: str, **_options: object) -> bool:
        """A script task runs its assignments."""
        with _at(_task):
            for name, text in expressions.parse_script(script):
                self.variables[name] = expressions.evaluate(text, self)
                self.written[name] = None
        return True


@contextmanager
def _at(task: SpiffTask) -> Iterator[None]:
    """An expression that fails says at which element."""
    try:
        yield
    except ExpressionError as error:
        error.node = drawn_id(task.task_spec.name)
        raise


def start(definition: Definition, variables: Variables) -> Step:
    """The first step of an instance, up to the first nodes that wait. Raises StepError and ExpressionError."""
    return run(definition, None, None, Scripts(dict(variables)))[0]


def step(definition: Definition, state: str, event: Event, variables: Variables) -> Step:
    """What an event does to an instance; the rules stand beside Event and Step.

    Raises StepError when nothing waits at the node or the step cannot end well, ExpressionError for a bad condition.
    """
    return run(definition, state, event, Scripts(*merge_values(event, variables)))[0]


def run(definition: Definition, state: str | None, event: Event | None, scripts: Scripts) -> tuple[Step, Net]:
    """A step with its own script engine, and the net it ran on: exploration looks where it passed."""
    net = definition.net(scripts)
    if state is None or event is None:
        net.plant()
        before = {}
    else:
        marking.load(net, state)
        before = dict(marking.tokens(net))
        _fire(definition, before, event)
    return _settle(definition, net, scripts, before), net


def enabled(definition: Definition, state: str) -> tuple[str, ...]:
    """The nodes at which an event may be fired, sorted."""
    net = definition.net(Scripts({}))
    marking.load(net, state)
    return tuple(sorted(node for node, _ in marking.tokens(net)))


def merge_values(event: Event | None, variables: Variables) -> tuple[dict[str, Value], Value]:
    """(the variables as a step finds them, the outcome that only this step may read)."""
    if event is None:
        return dict(variables), None
    values = {**variables, **event.values}
    if "outcome" in event.values:
        values[f"{event.node}_outcome"] = values.pop("outcome")
    return values, event.values.get("outcome")


def _fire(definition: Definition, waiting: dict[str, SpiffTask], event: Event) -> None:
    task = waiting.get(event.node)
    if task is None:
        raise StepError(f"nothing waits at the node '{event.node}'")
    if event.type == "error":
        _fire_error(task, event)
        return
    if (definition.nodes[event.node].kind is NodeKind.USER) != (event.type == "complete"):
        raise StepError(f"the event '{event.type}' does not fit the node '{event.node}'")
    spec = task.task_spec
    if isinstance(spec, EventBasedGateway):
        chosen = spec.event_definition.event_definitions[spec._outputs.index(event.node)]
        task.internal_data["seen_events"] = [BpmnEvent(chosen)]
        task._ready()
    elif isinstance(spec, BoundaryEvent):
        fire_boundary(task, again=event.again)
    elif spec.manual:
        task.run()
    else:
        task._ready()


def _fire_error(task: SpiffTask, event: Event) -> None:
    """Takes the error boundary event of the node, else of the nearest sub-process around it."""
    definition = ErrorEventDefinition(event.error_code, event.error_code)
    top = task.workflow.top_workflow
    while True:
        boundary = catching_boundary(task, definition)
        if boundary is not None:
            fire_boundary(boundary, again=False)
            return
        if task.workflow is top:
            raise StepError(f"nothing catches the error '{event.error_code}' at the node '{event.node}'")
        task = top.get_task_from_id(task.workflow.parent_task_id)


def _settle(definition: Definition, net: Net, scripts: Scripts, before: dict[str, SpiffTask]) -> Step:
    try:
        net.settle()
    except (StepError, ExpressionError):
        raise
    except Exception as error:  # a fault of the library must not pass for one of the caller
        raise StepError(f"{type(error).__name__}: {error}") from error
    state = marking.dump(net)
    after = {} if state is None else dict(marking.tokens(net))
    return Step(
        state=state,
        variables=scripts.variables,
        opened=tuple(node for node, task in after.items() if before.get(node) is not task),
        closed=tuple(node for node, task in before.items() if after.get(node) is not task),
        ends=tuple(node for node in net.ends if definition.diagram.elements[node].tag == "endEvent"),
        reads=tuple(scripts.reads),
        written=tuple(scripts.written),
    )
