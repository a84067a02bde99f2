"""Trials 试运行: an instance that concerns nothing, started by a designer to see a flow run."""

from collections.abc import Mapping
from typing import Any

from app.accounts.queries import user_ids_with_role
from app.accounts.vocabulary import SCOPE_OF_ROLE, Role
from app.audit.usecases import record
from app.engine.window import ExpressionError, NodeKind, StepError
from app.kernel.actor import Actor
from app.kernel.errors import InvalidError
from app.processes.doors import Subject
from app.processes.models import ProcessInstance
from app.processes.queries import get_instance
from app.processes.starting import start_instance
from app.processes.states import active_definition

TRIAL = Subject("trial", 0)
"""No row has id 0: an operation that looks for its subject finds nothing that it could change."""


def start_trial(*, definition_key: str, title: str, variables: Mapping[str, Any], actor: Actor) -> ProcessInstance:
    """Starts the active version of a process as a trial.

    Steps of a role that is granted in an area or by name belong to its first holder, or to the designer who holds it:
    a trial has no area. NotFoundError `process_unknown`; InvalidError `trial_stopped` when the first step fails.
    """
    _id, definition = active_definition(definition_key)
    roles = {node.role for node in definition.nodes.values() if node.kind is NodeKind.USER and node.role}
    people = {role: person for role in sorted(roles) if (person := _holder(role, actor)) is not None}
    try:
        instance_id = start_instance(
            process=definition_key,
            subject=TRIAL,
            title=title,
            actor=actor,
            variables=variables,
            people=people,
            is_trial=True,
        )
    except (ExpressionError, StepError, LookupError) as error:
        raise InvalidError("trial_stopped", reason=str(error)) from error
    record(action="studio.start_trial", actor=actor, object_type="process_instance", object_id=instance_id)
    return get_instance(instance_id)


def _holder(role: str, actor: Actor) -> int | None:
    """Who takes the steps of a role that is not granted nation-wide."""
    if role not in tuple(Role) or SCOPE_OF_ROLE[Role(role)] == "nation":
        return None
    if actor.has_role(role):
        return actor.id
    holders = user_ids_with_role(role)
    return holders[0] if holders else None
