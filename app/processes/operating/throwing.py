"""Which messages can still be thrown: by a throw event ahead of some open instance, or in a flow that it may call."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from app.engine import Definition
from app.engine.proving.ahead import ahead
from app.engine.window import NodeKind
from app.kernel.db import session
from app.processes.models import ProcessDefinition, ProcessInstance
from app.processes.states import enabled_nodes, get_definition
from app.processes.vocabulary import OPEN_STATUSES, DefinitionStatus

Where = tuple[int | None, int | None]
"""(round, panel)."""


@dataclass(slots=True)
class Throwers:
    """`known`: every name that some diagram throws; others are thrown by rooms, which nobody can foresee.

    `within`: what may still be thrown in a round, and, by throws to a panel, in one panel of it.
    """

    known: set[str] = field(default_factory=set)
    within: dict[Where, set[str]] = field(default_factory=lambda: defaultdict(set))

    def can_come(self, name: str, *, batch_id: int | None, panel_id: int | None) -> bool:
        """Whether somebody may still throw this message to an instance of that round and panel."""
        if name not in self.known:
            return True
        return name in self.within[batch_id, None] or name in self.within[batch_id, panel_id]


def find_throwers() -> Throwers:
    """Looks at every place where open instances stand."""
    active = _active_definitions()
    throwers = Throwers()
    for definition in active.values():
        throwers.known |= _thrown_in(definition, definition.nodes, {}, frozenset())[0]
    occupied = session.execute(
        select(
            ProcessInstance.definition_id, ProcessInstance.state_id, ProcessInstance.batch_id, ProcessInstance.panel_id
        )
        .where(ProcessInstance.status.in_(OPEN_STATUSES))
        .distinct()
    )
    for definition_id, state_id, batch_id, panel_id in occupied:
        definition = get_definition(definition_id)
        front = ahead(definition, enabled_nodes(definition_id, state_id or 0))
        everywhere, in_panel = _thrown_in(definition, front, active, frozenset())
        throwers.within[batch_id, None] |= everywhere
        throwers.within[batch_id, panel_id] |= in_panel
        throwers.known |= everywhere | in_panel
    return throwers


def _active_definitions() -> Mapping[str, Definition]:
    rows = session.execute(
        select(ProcessDefinition.key, ProcessDefinition.id).where(ProcessDefinition.status == DefinitionStatus.ACTIVE)
    )
    return {key: get_definition(definition_id) for key, definition_id in rows}


def _thrown_in(
    definition: Definition, front: Collection[str], callable_: Mapping[str, Definition], seen: frozenset[str]
) -> tuple[set[str], set[str]]:
    """(names thrown anywhere ahead, names thrown to the instance's own panel) within these elements.

    A called flow's throws to its panel count for the round: its panel is not known before it starts.
    """
    everywhere: set[str] = set()
    in_panel: set[str] = set()
    for name in front:
        node = definition.nodes.get(name)
        if node is None:
            continue
        if node.kind is NodeKind.THROW:
            (in_panel if node.to == "panel" else everywhere).add(node.message or node.id)
        called = callable_.get(node.called or "")
        if called is not None and called.key not in seen:
            for names in _thrown_in(called, called.nodes, callable_, seen | {called.key}):
                everywhere |= names
    return everywhere, in_panel
