"""Walking a process of workflows/ without a database: people and timers are fired, operations answer at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.engine import Definition, Event, NodeKind, Step, compile_definition, enabled, evaluate, start, step

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / "workflows"
FORMS = ROOT / "forms"
KEYS = tuple(sorted(path.stem for path in WORKFLOWS.glob("*.bpmn")))

_AT_ONCE = frozenset({NodeKind.SERVICE, NodeKind.THROW})


def definition_of(key: str) -> Definition:
    return compile_definition((WORKFLOWS / f"{key}.bpmn").read_bytes())


class Walk:
    """One instance. `answers`: the variables that the operation at a node returns; they may be changed on the way."""

    def __init__(self, key: str, answers: Mapping[str, Mapping[str, Any]] | None = None, **variables: Any) -> None:
        self.definition = definition_of(key)
        self.answers: dict[str, Mapping[str, Any]] = dict(answers or {})
        self.variables: Mapping[str, Any] = {}
        self.state: str | None = None
        self.operations: list[str] = []
        self.ends: list[str] = []
        self._take(start(self.definition, variables))

    @property
    def waits_at(self) -> set[str]:
        return set() if self.state is None else set(enabled(self.definition, self.state))

    @property
    def ended_as(self) -> str | None:
        """The last end event, once the instance is over."""
        return self.ends[-1] if self.state is None else None

    def buttons(self, node: str) -> list[str]:
        """The outcomes that the task offers now."""
        outcomes = self.definition.nodes[node].outcomes
        return [o.code for o in outcomes if o.when is None or evaluate(o.when, self.variables)]

    def complete(self, node: str, outcome: str, **values: Any) -> "Walk":
        """A person completes a task; `values` is what its use case returns."""
        assert outcome in self.buttons(node), (node, outcome)
        return self._fire(Event("complete", node, {**values, "outcome": outcome}))

    def happen(self, *nodes: str) -> "Walk":
        """Timers, messages, jobs and set calls come in, one after the other."""
        for node in nodes:
            self._fire(Event("done", node, self.answers.get(node, {})))
        return self

    def _fire(self, event: Event) -> "Walk":
        assert self.state is not None, "the instance is over"
        self._take(step(self.definition, self.state, event, self.variables))
        return self

    def _take(self, taken: Step) -> None:
        self.state, self.variables = taken.state, taken.variables
        self.ends += taken.ends
        nodes = self.definition.nodes
        waiting = [nodes[id_] for id_ in sorted(self.waits_at)]
        at_once = next((node.id for node in waiting if node.kind in _AT_ONCE and not node.job), None)
        if at_once is not None:
            self.operations.append(at_once)
            self.happen(at_once)
