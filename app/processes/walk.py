"""The way of an instance, or of a set of equal ones, through its diagram: steps, and which tokens they leave behind."""

from dataclasses import dataclass, field

from app.engine import step as engine_step
from app.engine.window import Event, Node, NodeKind, Step, Value
from app.processes.states import get_definition

CALLS = (NodeKind.CALL, NodeKind.SET_CALL)
RESTING = (NodeKind.USER, NodeKind.TIMER)
"""These wait for a person or for the worker's clock; every other token is taken up when it was made."""


@dataclass(slots=True, kw_only=True)
class Walk:
    """Steps taken and booked; nothing is written and nothing is run."""

    definition_id: int
    variables: dict[str, Value] = field(default_factory=dict)
    state: str | None = None
    opened: dict[str, Node] = field(default_factory=dict)
    """Tokens made since the walk began, by node."""
    gone: dict[str, Node] = field(default_factory=dict)
    """Tokens used up that stood before the walk began: these have rows to close."""
    pending: list[Node] = field(default_factory=list)
    """Tokens made and not yet taken up."""
    end_node: str | None = None

    def step(self, event: Event) -> None:
        """Takes one step. Raises StepError and ExpressionError as the engine does."""
        self.take(engine_step(get_definition(self.definition_id), self.state or "", event, self.variables))

    def take(self, step: Step) -> None:
        """Books what a step opened and closed."""
        nodes = get_definition(self.definition_id).nodes
        self.state, self.variables = step.state, dict(step.variables)
        for name in step.closed:
            if self.opened.pop(name, None) is None:
                self.gone[name] = nodes[name]
            self.pending = [node for node in self.pending if node.id != name]
        for name in step.opened:
            self.opened[name] = nodes[name]
            self.pending.append(nodes[name])
        if step.ends:
            self.end_node = step.ends[-1]

    def gone_of(self, *kinds: NodeKind) -> list[str]:
        """The nodes of these kinds whose rows are to be closed."""
        return [name for name, node in self.gone.items() if node.kind in kinds]
