"""What a new version means for the instances that run: who moves, who stays, and what somebody must choose first."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from app.engine import Definition
from app.engine.versions.mapping import (
    CHOOSABLE,
    GIVEN_UP,
    Mapped,
    Obstacle,
    Verdict,
    confirm,
    map_state,
    places,
    waiting_nodes,
)
from app.engine.window import NodeKind, Proof
from app.kernel.db import session
from app.kernel.errors import field_error
from app.processes.models import ProcessDefinition, ProcessInstance, ProcessState
from app.processes.states import get_definition, hash_state
from app.processes.vocabulary import FormChoice, TimerChoice
from app.processes.whole import is_reduced, see_whole

NEVER_STEPPED: ColumnElement[bool] = and_(ProcessInstance.revision == 0, ProcessInstance.call_id.is_not(None))
"""Children set down by a set move: what acts by itself in them is taken up by a job, which must find them unmoved."""
RESTING = frozenset({NodeKind.USER, NodeKind.TIMER})


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody chose for a move. Nodes of `targets`: old -> new; those of `timers` and `forms` are new ones."""

    targets: Mapping[str, str] = field(default_factory=dict)
    timers: Mapping[str, TimerChoice] = field(default_factory=dict)
    forms: Mapping[str, FormChoice] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"targets": dict(self.targets), "timers": dict(self.timers), "forms": dict(self.forms)}


def read_choices(sent: Mapping[str, Any]) -> Choices:
    """Choices as they came from outside; InvalidError at the field that makes no sense."""
    targets = sent.get("targets") or {}
    if not isinstance(targets, Mapping) or not all(isinstance(part, str) for pair in targets.items() for part in pair):
        raise field_error("targets", "choice_invalid", label="targets")
    return Choices(
        targets=dict(targets),
        timers=_read_words("timers", sent, TimerChoice),
        forms=_read_words("forms", sent, FormChoice),
    )


def _read_words(name: str, sent: Mapping[str, Any], words: type[Any]) -> dict[str, Any]:
    given = sent.get(name) or {}
    try:
        return {str(node): words(word) for node, word in given.items()}
    except (ValueError, AttributeError):
        raise field_error(name, "choice_invalid", label=name) from None


@dataclass(frozen=True, slots=True)
class Target:
    """The version that instances would move to.

    `states`: what its exploration saw; `is_bounded`: it was cut off; `is_reduced`: it spared states that can be reached.
    """

    definition: Definition
    states: Container[str]
    is_bounded: bool
    is_reduced: bool
    definition_id: int | None = None

    def confirm(self, mapped: Mapped) -> Mapped:
        """Lets only states pass that can come about in this version; what the proof spared is seen whole first.

        NotSeenWholeError within a writing transaction, unless it was seen before.
        """
        if mapped.state is None or mapped.state in self.states or not self.is_reduced:
            return confirm(mapped, self.states, bounded=self.is_bounded)
        whole = see_whole(self.definition)
        return confirm(mapped, whole.states, bounded=whole.is_bounded)


def target_of_proof(definition: Definition, proof: Proof) -> Target:
    """A version that is not deployed yet."""
    return Target(definition, frozenset(proof.states), proof.bounded, is_reduced(proof.summary()))


class _Deployed:
    """The states of a deployed version, asked of the table."""

    def __init__(self, definition_id: int) -> None:
        self._definition_id = definition_id
        self._known: dict[str, bool] = {}

    def __contains__(self, body: object) -> bool:
        if not isinstance(body, str):
            return False
        if body not in self._known:
            found = select(ProcessState.id).where(
                ProcessState.definition_id == self._definition_id, ProcessState.hash == hash_state(body)
            )
            self._known[body] = session.scalar(found) is not None
        return self._known[body]


def target_of_version(row: ProcessDefinition) -> Target:
    """A deployed version."""
    bounded = bool(row.proof.get("bounded"))
    return Target(get_definition(row.id), _Deployed(row.id), bounded, is_reduced(row.proof), row.id)


@dataclass(frozen=True, slots=True)
class StateImpact:
    """All instances of a version that stand in one state. `nodes`: where they wait."""

    definition_id: int
    version: int
    state_id: int
    nodes: tuple[str, ...]
    names: tuple[str, ...]
    count: int
    verdict: Verdict
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """The states in which instances stand, the fullest first."""

    states: Sequence[StateImpact]

    def count(self, verdict: Verdict) -> int:
        return sum(state.count for state in self.states if state.verdict == verdict)

    @property
    def running(self) -> int:
        return sum(state.count for state in self.states)


def weigh_impact(*, key: str, target: Target, choices: Choices, versions: Sequence[int] | None = None) -> Impact:
    """What would become of the running instances of the other versions (of these `versions` only)."""
    numbers = source_versions(key=key, besides=target.definition_id, versions=versions)
    rows = session.execute(
        select(ProcessInstance.definition_id, ProcessInstance.state_id, NEVER_STEPPED, func.count())
        .where(ProcessInstance.definition_id.in_(numbers), ProcessInstance.state_id.is_not(None))
        .group_by(ProcessInstance.definition_id, ProcessInstance.state_id, NEVER_STEPPED)
    ).all()
    bodies = read_bodies({row.state_id for row in rows if row.state_id is not None})
    states = []
    for definition_id, state_id, is_fresh, count in rows:
        if state_id is None:
            continue
        old, body = get_definition(definition_id), bodies[state_id]
        mapped = map_instance(old=old, body=body, target=target, choices=choices, is_fresh=bool(is_fresh))
        nodes = waiting_nodes(old, body)
        states.append(
            StateImpact(
                definition_id=definition_id,
                version=numbers[definition_id],
                state_id=state_id,
                nodes=nodes,
                names=tuple(old.names.get(node) or node for node in nodes if not old.nodes[node].attached_to),
                count=count,
                verdict=mapped.verdict,
                obstacles=mapped.obstacles,
            )
        )
    return Impact(sorted(states, key=lambda state: (-state.count, state.state_id)))


def read_bodies(state_ids: Iterable[int]) -> Mapping[int, str]:
    """The canonical markings behind many states, in one statement."""
    wanted = list(state_ids)
    rows = session.execute(select(ProcessState.id, ProcessState.body).where(ProcessState.id.in_(wanted)))
    return dict(rows.all())


def source_versions(*, key: str, besides: int | None, versions: Sequence[int] | None = None) -> Mapping[int, int]:
    """Id -> number of the versions that instances may come from."""
    query = select(ProcessDefinition.id, ProcessDefinition.version).where(ProcessDefinition.key == key)
    if besides is not None:
        query = query.where(ProcessDefinition.id != besides)
    if versions is not None:
        query = query.where(ProcessDefinition.version.in_(list(versions)))
    return dict(session.execute(query).all())


def map_instance(*, old: Definition, body: str, target: Target, choices: Choices, is_fresh: bool) -> Mapped:
    """What becomes of an instance in a state; `is_fresh`: it has not taken a step of its own yet."""
    mapped = map_state(old, target.definition, body, choices.targets)
    if is_fresh and any(old.nodes[node].kind not in RESTING for node in waiting_nodes(old, body)):
        return replace(mapped, state=None, obstacles=(Obstacle("starting"),))
    return target.confirm(mapped)


def offer_targets(*, old: Definition, target: Target, body: str, node: str, choices: Choices) -> Sequence[str]:
    """The nodes that a token at `node` may be moved to, so that the state can come about in the new version."""
    standing = places(target.definition)
    candidates = [id_ for id_ in target.definition.diagram.elements if id_ in standing]
    found = []
    for candidate in (*candidates, GIVEN_UP):
        tried = replace(choices, targets={**choices.targets, node: candidate})
        mapped = map_instance(old=old, body=body, target=target, choices=tried, is_fresh=False)
        if all(obstacle.code in CHOOSABLE and obstacle.node != node for obstacle in mapped.obstacles):
            found.append(candidate)
    return found
