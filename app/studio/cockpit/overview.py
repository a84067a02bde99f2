"""What the cockpit shows of one instance, and in words: where it stands, what happened, what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.accounts.queries import names_of_users
from app.engine.places import Move
from app.kernel.actor import Actor
from app.processes import queries
from app.processes.models import ProcessInstance, ProcessTimer, SetCall, WorkItem
from app.processes.operating.incident_models import Incident
from app.processes.operating.instances import InstanceLine, get_line, list_calls, list_incidents
from app.processes.operating.placing import list_moves
from app.processes.queries import HistoryLine
from app.studio.cockpit.operating import sees_content
from app.web.shell import step_name

SECRET_ROLES = frozenset({"rater", "gov_user", "expert", "chair", "objection_handler"})
"""Who rates and judges is nobody's to read here; names of others are those of officials at their work."""
MOST_MOVES = 60


@dataclass(frozen=True, slots=True)
class Overview:
    """One instance as an operator sees it. `names`: node -> its name on the diagram."""

    line: InstanceLine
    title: str
    definition_id: int
    names: Mapping[str, str]
    items: Sequence[WorkItem]
    holders: Mapping[int, str]
    timers: Sequence[ProcessTimer]
    calls: Sequence[SetCall]
    incidents: Sequence[Incident]
    history: Sequence[HistoryLine]
    passed: Sequence[str]
    moves: Sequence[Move]
    variables: Mapping[str, Any] | None
    parent_id: int | None
    has_picture: bool

    @property
    def troubled(self) -> Sequence[str]:
        """The elements at which something failed and is not over."""
        open_ones = [one for one in self.incidents if one.resolved_at is None]
        return sorted({place for one in open_ones for place in (one.node, one.element) if place})

    def name_of(self, node: str) -> str:
        """A node's name in the reader's language, or its id where it has none."""
        return step_name(self.names.get(node)) or node


def show_instance(*, instance_id: int, actor: Actor) -> Overview:
    """Everything about one instance; NotFoundError out of the operator's reach. No content for system administrators."""
    line = get_line(instance_id, actor=actor)
    instance = queries.get_instance(instance_id)
    items = queries.open_items_of_instance(instance_id)
    history = queries.get_instance_history(instance_id)
    content = sees_content(actor)
    return Overview(
        line=line,
        title=line.title if content else f"#{line.id}",
        definition_id=instance.definition_id,
        names=queries.definition_of(instance).names,
        items=items,
        holders=_holders(items, instance),
        timers=queries.list_timers(instance_id),
        calls=list_calls(instance_id),
        incidents=list_incidents(instance_id),
        history=[_without_name(one, instance, actor) for one in history],
        passed=sorted({one.node for one in history if one.node} - set(line.waiting)),
        moves=list_moves(instance)[:MOST_MOVES] if actor.has_role("designer") else (),
        variables=(instance.variables or {}) if actor.has_role("designer") or instance.is_trial else None,
        parent_id=instance.parent_id,
        has_picture=queries.has_picture(instance.definition_id),
    )


def _holders(items: Sequence[WorkItem], instance: ProcessInstance) -> Mapping[int, str]:
    """Item -> who has it, but for items of those who rate and judge."""
    told = [one for one in items if instance.is_trial or one.role not in SECRET_ROLES]
    names = names_of_users({one.assignee_id for one in told if one.assignee_id is not None})
    return {one.id: names[one.assignee_id] for one in told if one.assignee_id is not None and one.assignee_id in names}


def _without_name(line: HistoryLine, instance: ProcessInstance, actor: Actor) -> HistoryLine:
    """Who acted is told of operators' acts, of trials and of oneself: flows of raters and experts give no names away."""
    if instance.is_trial or line.actor_id == actor.id or line.kind in OPERATOR_KINDS:
        return line
    return HistoryLine(line.at, line.kind, line.node, line.node_name, None, None, line.outcome, None)


OPERATOR_KINDS = frozenset({"suspended", "resumed", "cancelled", "placed", "resolved", "incident"})
