"""Starts instances: by a room's use case, by a schedule, by a message, or on trial from the workshop."""

from collections.abc import Mapping
from typing import Any

from app.engine import start
from app.engine.window import Value
from app.kernel import clock
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.processes.doors import Subject
from app.processes.history import make_line, write_lines
from app.processes.models import ProcessInstance
from app.processes.runner import Crank
from app.processes.states import active_definition, get_definition, get_state_id
from app.processes.vocabulary import EventKind, InstanceStatus


def start_instance(
    *,
    process: str,
    subject: Subject,
    title: str,
    actor: Actor,
    variables: Mapping[str, Value] | None = None,
    batch_id: int | None = None,
    panel_id: int | None = None,
    province_code: str | None = None,
    city_code: str | None = None,
    organisation_id: int | None = None,
    assignee_id: int | None = None,
    people: Mapping[str, int] | None = None,
    is_trial: bool = False,
) -> int:
    """Starts the active version of a process and runs it until it waits; returns the instance's id.

    NotFoundError `process_unknown` when no version was deployed.
    """
    definition_id, _ = active_definition(process)
    instance = ProcessInstance(
        subject_type=subject.type,
        subject_id=subject.id,
        title=title,
        batch_id=batch_id,
        panel_id=panel_id,
        province_code=province_code,
        city_code=city_code,
        organisation_id=organisation_id,
        assignee_id=assignee_id,
        people=dict(people) if people else None,
        is_trial=is_trial,
    )
    return _set_going(instance, definition_id, dict(variables or {}), actor)


def _set_going(instance: ProcessInstance, definition_id: int, variables: dict[str, Any], actor: Actor) -> int:
    first = start(get_definition(definition_id), variables)
    now = clock.now()
    instance.definition_id, instance.started_by, instance.started_at = definition_id, actor.id, now
    instance.revision = 0
    if first.state is None:
        instance.status, instance.ended_at = InstanceStatus.COMPLETED, now
        instance.end_node = first.ends[-1] if first.ends else None
    else:
        instance.status, instance.state_id = InstanceStatus.RUNNING, get_state_id(definition_id, first.state)
    session.add(instance)
    session.flush()  # items, timers and history name the instance's id
    write_lines([make_line(instance_id=instance.id, kind=EventKind.STARTED, actor=actor)])
    if first.state is not None:
        crank = Crank.begin(instance, actor, first)
        crank.settle()
        crank.write()
    return instance.id


def plant(definition_id: int) -> int:
    """An instance of a definition that starts by itself, by a timer or a message; it is about the definition."""
    definition = get_definition(definition_id)
    instance = ProcessInstance(subject_type="definition", subject_id=definition_id, title=definition.name)
    return _set_going(instance, definition_id, {}, SYSTEM)
