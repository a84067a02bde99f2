"""Proof by exploration: every reachable state of a process, found with the real engine.

User tasks try every outcome they declare, operations may fail where an error is caught (and run before anything else
happens, unless they are jobs), repeating timers go on or stop, and conditions over other variables are answered every
way they can be (domains.py): what is proven holds whatever the forms and operations write.

A process with few states is seen whole. One with many is explored again, in each state trying only events that others
disturb (independence.py): fewer states, the same verdict. Where even these are too many, nothing is claimed.
"""

import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from app.engine.definition import Definition
from app.engine.faults import FaultError
from app.engine.graph import successors
from app.engine.linting.messages import finding
from app.engine.lower import drawn_id
from app.engine.net import Net
from app.engine.proving.answers import Answers
from app.engine.proving.domains import Domains, read_domains
from app.engine.proving.explored import finishing, ignored
from app.engine.proving.independence import Independence
from app.engine.proving.spreading import MAY_FAIL, URGENT
from app.engine.step import enabled, run
from app.engine.window import Event, ExpressionError, Finding, Node, NodeKind, Proof, Step, StepError, Value

MAX_ANSWERS = 4_096
"""How many ways of answering its conditions one event is tried in."""

_WITHOUT_OUTCOME = frozenset({None, NodeKind.TIMER, NodeKind.MESSAGE, NodeKind.THROW})
"""Steps that a start, a time or a message begins; operations and the like may give an outcome back."""
MAX_STATES = 20_000
MAX_WHOLE_STATES = 300
"""Up to here all states are seen, beyond only those that differ in what they can lead to."""


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
                self._tell_of_outcome(state, event, after)
                yield after.state
            picks = answers.next_picks()
            if picks is None:
                return
            if self.out_of_time():
                break
        self.bounded = True

    def _tell_of_outcome(self, state: str | None, event: Event | None, after: Step) -> None:
        """Tells who reads an outcome that nobody can have given."""
        fired = self.definition.start.node if event is None else event.node
        kind = None if event is None else self.definition.nodes[fired].kind
        if "outcome" in after.reads and kind in _WITHOUT_OUTCOME:
            gateway = self._reader(fired)
            self.note("outcome_without_completion", gateway, self.path(state, fired, gateway))

    def _reader(self, fired: str) -> str:
        """The first gateway or script behind the node that looks at an outcome."""
        diagram, todo, seen = self.definition.diagram, deque([fired]), {fired}
        while todo:
            node = todo.popleft()
            texts = [flow.condition for flow in diagram.outgoing[node]] + [self.definition.scripts.get(node)]
            if any(text and re.search(r"\boutcome\b", text) for text in texts):
                return node
            for after in successors(diagram, node):
                if after not in seen:
                    seen.add(after)
                    todo.append(after)
        return fired

    def _note_fault(self, error: Exception, state: str | None, event: Event | None) -> None:
        fired = event.node if event else self.definition.start.node
        rule, node = (error.rule, error.node) if isinstance(error, FaultError) else ("step_failed", fired)
        self.note(rule, node, self.path(state, fired, node))


def explore(
    definition: Definition,
    *,
    max_states: int = MAX_STATES,
    max_whole: int = MAX_WHOLE_STATES,
    seconds: float = 10.0,
    clock: Callable[[], float] = time.monotonic,
) -> Proof:
    """Every reachable state and every fault among them; `bounded` when a limit was hit before all were seen.

    Beyond `max_whole` states only enough of them are looked at that no fault is missed.
    """
    outcomes = {node.id: tuple(outcome.code for outcome in node.outcomes) for node in definition.nodes.values()}
    domains = read_domains(definition.conditions.values(), {id_: codes for id_, codes in outcomes.items() if codes})
    began = clock()
    may_spare, reduced = max_whole < max_states, False
    whole_until = began + (seconds / 4 if may_spare else seconds)  # the larger part is left for the other way
    search = _Search(definition, domains, lambda: clock() > whole_until)
    _run(search, min(max_states, max_whole), None)
    if search.bounded and may_spare:
        reduced = True
        search = _Search(definition, domains, lambda: clock() > began + seconds)
        _run(search, max_states, Independence(definition.diagram))
    if not search.bounded:
        _judge(search)
    return Proof(
        states=tuple(search.came_from),
        transitions=search.transitions,
        bounded=search.bounded,
        findings=tuple(search.faults.values()),
        reduced=reduced,
    )


def explore_whole(definition: Definition, *, max_states: int = MAX_STATES, seconds: float = 10.0) -> Proof:
    """Every reachable state, none spared: for asking whether one is reachable."""
    return explore(definition, max_states=max_states, max_whole=max_states, seconds=seconds)


def _run(search: _Search, max_states: int, independence: Independence | None) -> None:
    """Follows every event, or with `independence` only those that must be tried in each state."""
    definition = search.definition
    tried: dict[str, list[str]] = {}
    put_off: dict[str, list[str]] = {}
    todo: deque[str] = deque()
    _enter(search, None, definition.start.node, search.steps(None, None), todo)
    while todo and not search.bounded:
        state = todo.popleft()
        able = tried[state] = _able(definition, state)
        if independence is not None:
            tried[state] = independence.choose(state, able)
            put_off[state] = [node for node in able if node not in tried[state]]
        _follow(search, state, tried[state], todo)
        if not todo:
            for late in ignored(search.edges, tried, put_off):
                _follow(search, late, put_off[late], todo)
                tried[late] = [*tried[late], *put_off.pop(late)]
        search.bounded = search.bounded or len(search.came_from) > max_states or (bool(todo) and search.out_of_time())


def _follow(search: _Search, state: str, nodes: list[str], todo: deque[str]) -> None:
    """Takes every event at the nodes."""
    for node in nodes:
        for event in _events_at(search.definition, search.definition.nodes[node]):
            _enter(search, state, node, search.steps(state, event), todo)


def _enter(search: _Search, before: str | None, node: str, states: Iterator[str | None], todo: deque[str]) -> None:
    for state in states:
        if before is not None:
            search.edges.setdefault(before, set()).add(state)
        if state is not None and state not in search.came_from:
            search.came_from[state] = (before, node)
            todo.append(state)


def _able(definition: Definition, state: str) -> list[str]:
    """Where something may happen in a state. What the runner does within the step comes before anybody else's turn."""
    waiting = [definition.nodes[id_] for id_ in enabled(definition, state)]
    urgent = {node.id for node in waiting if node.kind in URGENT and not node.job}
    return [node.id for node in waiting if not urgent or node.id in urgent or node.attached_to in urgent]


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
    while place in diagram.elements and (node.kind in MAY_FAIL or place == node.id):
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
    good = finishing(search.edges)
    stuck = next((state for state in search.came_from if state not in good), None)
    if stuck is not None:
        waiting = enabled(search.definition, stuck)
        search.note("cannot_finish", waiting[0], search.path(stuck, waiting[0]))
        return
    for element in search.definition.diagram.elements.values():
        if element.id not in search.passed:
            search.note("never_reached", element.id, ())
