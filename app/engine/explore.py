"""Proof by exploration: every reachable state of a process, found with the real engine.

User tasks try every outcome they declare, operations may fail where an error is caught (and run before anything else
happens, unless they are jobs), repeating timers go on or stop,
and conditions over other variables are answered every way they can be (domains.py): what is proven holds whatever the
forms and operations write.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from app.engine import expressions
from app.engine.definition import Definition
from app.engine.domains import Domains, read_domains
from app.engine.faults import FaultError
from app.engine.lower import drawn_id
from app.engine.messages import finding
from app.engine.net import Net
from app.engine.step import Scripts, enabled, run
from app.engine.window import Event, ExpressionError, Finding, Node, NodeKind, Proof, StepError, Value

MAX_ANSWERS = 4_096
"""How many ways of answering its conditions one event is tried in."""

_URGENT = frozenset({NodeKind.SERVICE, NodeKind.DECISION, NodeKind.THROW})
_MAY_FAIL = frozenset({NodeKind.SERVICE, NodeKind.DECISION, NodeKind.CALL, NodeKind.SET_CALL})


class Answers(Scripts):
    """A script engine that answers conditions freely, following a list of picks and noting where it had a choice."""

    def __init__(self, domains: Domains, known: Mapping[str, Value], picks: list[int]) -> None:
        super().__init__(dict(known), known.get("outcome"))
        self._domains = domains
        self._picks = picks
        self._chosen: dict[str, Value] = {}
        self.trail: list[tuple[int, int]] = []

    def __getitem__(self, name: str) -> Value:
        if name in self.variables:
            return self.variables[name]
        return self._choose(name, self._domains.samples.get(name, (True, False)))

    def _choose(self, key: str, options: tuple[Value, ...]) -> Value:
        if key not in self._chosen:
            place = len(self.trail)
            pick = self._picks[place] if place < len(self._picks) else 0
            self.trail.append((pick, len(options)))
            self._chosen[key] = options[pick]
        return self._chosen[key]

    def evaluate(self, _task: object, expression: str, **_options: object) -> Value:
        """The condition's value where it follows from what is known, else both in turn."""
        if expression in self._domains.plain:
            try:
                return expressions.evaluate(expression, self)
            except ExpressionError:
                pass  # a sample of the wrong type: answered both ways
        return self._choose(f"({expression})", (True, False))

    def execute(self, _task: object, script: str, **_options: object) -> bool:
        """What a script writes may be anything from now on."""
        for name, _ in expressions.parse_script(script):
            self.variables.pop(name, None)
            self._chosen.pop(name, None)
        return True

    def next_picks(self) -> list[int] | None:
        """The picks of the next run, None when every answer was tried."""
        for place in range(len(self.trail) - 1, -1, -1):
            pick, options = self.trail[place]
            if pick + 1 < options:
                return [earlier for earlier, _ in self.trail[:place]] + [pick + 1]
        return None


@dataclass
class _Search:
    """What is known so far: for each state how it was reached, and what was passed on the way."""

    definition: Definition
    domains: Domains
    out_of_time: Callable[[], bool]
    came_from: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    edges: dict[str, set[str | None]] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    faults: dict[tuple[str, str], Finding] = field(default_factory=dict)
    transitions: int = 0
    bounded: bool = False

    def path(self, state: str | None, *more: str) -> tuple[str, ...]:
        """The nodes fired on the way to a state, then `more`."""
        nodes: list[str] = []
        while state is not None:
            state, node = self.came_from[state]
            nodes.append(node)
        return (*reversed(nodes), *(node for node in more if node))

    def note(self, rule: str, node: str, path: tuple[str, ...]) -> None:
        self.faults.setdefault((rule, node), finding(rule, node, self.definition.names.get(node, ""), path=path))

    def steps(self, state: str | None, event: Event | None) -> Iterator[str | None]:
        """The states that an event can lead to."""
        picks: list[int] | None = []
        for _ in range(MAX_ANSWERS):
            answers = Answers(self.domains, {} if event is None else _known(event), picks or [])
            try:
                after, net = run(self.definition, state, event, answers)
            except (StepError, ExpressionError) as error:
                self._note_fault(error, state, event)
            else:
                self.transitions += 1
                self.passed.update(_passed(net))
                yield after.state
            picks = answers.next_picks()
            if picks is None:
                return
            if self.out_of_time():
                break
        self.bounded = True

    def _note_fault(self, error: Exception, state: str | None, event: Event | None) -> None:
        fired = event.node if event else self.definition.start.node
        rule, node = (error.rule, error.node) if isinstance(error, FaultError) else ("step_failed", fired)
        self.note(rule, node, self.path(state, fired, node))


def explore(
    definition: Definition,
    *,
    max_states: int = 20_000,
    seconds: float = 10.0,
    clock: Callable[[], float] = time.monotonic,
) -> Proof:
    """Every reachable state and every fault among them; `bounded` when a limit was hit before all were seen."""
    outcomes = {node.id: tuple(outcome.code for outcome in node.outcomes) for node in definition.nodes.values()}
    domains = read_domains(definition.conditions.values(), {id_: codes for id_, codes in outcomes.items() if codes})
    deadline = clock() + seconds
    search = _Search(definition, domains, lambda: clock() > deadline)
    todo: deque[str] = deque()
    _enter(search, None, definition.start.node, search.steps(None, None), todo)
    while todo and not search.bounded:
        state = todo.popleft()
        for event in _events(definition, state):
            _enter(search, state, event.node, search.steps(state, event), todo)
        search.bounded = search.bounded or len(search.came_from) > max_states or (bool(todo) and search.out_of_time())
    if not search.bounded:
        _judge(search)
    return Proof(
        states=tuple(search.came_from),
        transitions=search.transitions,
        bounded=search.bounded,
        findings=tuple(search.faults.values()),
    )


def _enter(search: _Search, before: str | None, node: str, states: Iterator[str | None], todo: deque[str]) -> None:
    for state in states:
        if before is not None:
            search.edges.setdefault(before, set()).add(state)
        if state is not None and state not in search.came_from:
            search.came_from[state] = (before, node)
            todo.append(state)


def _events(definition: Definition, state: str) -> Iterator[Event]:
    """Everything that may happen in a state. What the runner does within the step comes before anybody else's turn."""
    waiting = [definition.nodes[id_] for id_ in enabled(definition, state)]
    urgent = {node.id for node in waiting if node.kind in _URGENT and not node.job}
    for node in waiting:
        if not urgent or node.id in urgent or node.attached_to in urgent:
            yield from _events_at(definition, node)


def _events_at(definition: Definition, node: Node) -> Iterator[Event]:
    if node.kind is NodeKind.USER:
        values = [{"outcome": outcome.code} for outcome in node.outcomes] or [{}]
        yield from (Event("complete", node.id, value) for value in values)
        return
    yield Event("done", node.id)
    if node.attached_to and not node.interrupting and node.timer and node.timer.kind == "cycle":
        yield Event("done", node.id, again=True)
    yield from (Event("error", node.id, error_code=code) for code in sorted(_error_codes(definition, node)))


def _error_codes(definition: Definition, node: Node) -> set[str]:
    """The errors of an operation at the node that something around it catches."""
    diagram, codes, place = definition.diagram, set(), node.id
    while place in diagram.elements and (node.kind in _MAY_FAIL or place == node.id):
        for boundary in diagram.boundaries[place]:
            if boundary.event == "error":
                error = diagram.defined("error").get(boundary.events[0].get("errorRef") or "")
                codes.add("any error" if error is None else error.get("errorCode") or error.get("id") or "")
        place = diagram.elements[place].scope
    return codes


def _known(event: Event) -> dict[str, Value]:
    outcome = event.values.get("outcome")
    return {"outcome": outcome, f"{event.node}_outcome": outcome} if event.type == "complete" else {"outcome": None}


def _passed(net: Net) -> set[str]:
    parts = (net, *net.subprocesses.values())
    return {drawn_id(task.task_spec.name) for part in parts for task in part.tasks.values()}


def _judge(search: _Search) -> None:
    """Looks for states that cannot finish and for nodes that nothing reaches; other faults would cause both."""
    if search.faults:
        return
    good = _finishing(search.edges)
    stuck = next((state for state in search.came_from if state not in good), None)
    if stuck is not None:
        waiting = enabled(search.definition, stuck)
        search.note("cannot_finish", waiting[0], search.path(stuck, waiting[0]))
        return
    for element in search.definition.diagram.elements.values():
        if element.id not in search.passed:
            search.note("never_reached", element.id, ())


def _finishing(edges: Mapping[str, set[str | None]]) -> set[str | None]:
    """The states from which the end can be reached, the end being None."""
    back: dict[str | None, list[str]] = {}
    for before, afters in edges.items():
        for after in afters:
            back.setdefault(after, []).append(before)
    good: set[str | None] = {None}
    todo: list[str | None] = [None]
    while todo:
        for before in back.get(todo.pop(), ()):
            if before not in good:
                good.add(before)
                todo.append(before)
    return good
