"""What rooms above ask of the processes room (work items: items.py; definitions: deploying.py)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFoundError
from app.processes import messages
from app.processes.deadlines import end_of_stage
from app.processes.decisions import decide
from app.processes.doors import Subject
from app.processes.models import ProcessInstance, ProcessTimer, StageDeadline, WorkItem
from app.processes.sets import set_calls
from app.processes.starting import start_instance
from app.processes.vocabulary import OPEN_STATUSES, ItemStatus, TargetType

__all__ = [
    "add_sibling",
    "decide",
    "join_panel",
    "set_batch",
    "set_person",
    "set_stage_deadline",
    "start_instance",
    "throw_message",
]


def throw_message(
    *,
    name: str,
    batch_id: int | None = None,
    panel_id: int | None = None,
    subject: Subject | None = None,
    instance_id: int | None = None,
) -> None:
    """Throws a latched message to all of a round, of a panel, about a subject, or to one instance: one is named."""
    if batch_id is not None:
        messages.keep_message(name=name, target=TargetType.ROUND, key=str(batch_id))
    elif panel_id is not None:
        messages.keep_message(name=name, target=TargetType.PANEL, key=str(panel_id))
    elif subject is not None:
        messages.keep_message(name=name, target=TargetType.SUBJECT, key=messages.subject_key(subject))
    elif instance_id is not None:
        messages.keep_message(name=name, target=TargetType.INSTANCE, key=str(instance_id))
    else:
        raise ValueError("a message needs a target")


def set_stage_deadline(*, batch_id: int, stage_code: str, closes_at: datetime) -> None:
    """Sets when a stage ends; every timer and due date of that stage moves with it, as sets."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(StageDeadline).values(batch_id=batch_id, stage_code=stage_code, closes_at=closes_at)
    session.execute(row.on_conflict_do_update(index_elements=["batch_id", "stage_code"], set_={"closes_at": closes_at}))
    of_stage = (ProcessTimer.batch_id == batch_id) & (ProcessTimer.stage_code == stage_code)
    for offset in session.scalars(select(ProcessTimer.stage_workdays).where(of_stage).distinct()).all():
        session.execute(
            update(ProcessTimer)
            .where(of_stage, ProcessTimer.stage_workdays == offset)
            .values(due_at=end_of_stage(batch_id, stage_code, offset))
            .execution_options(synchronize_session=False)
        )
    session.execute(
        update(WorkItem)
        .where(WorkItem.batch_id == batch_id, WorkItem.stage_code == stage_code, WorkItem.status == ItemStatus.OPEN)
        .values(due_at=closes_at, sort_at=closes_at)
        .execution_options(synchronize_session=False)
    )


def join_panel(*, batch_id: int, subject_type: str, subject_ids: Sequence[int], panel_id: int) -> None:
    """From now on the panel's broadcasts reach the running instances about these subjects."""
    session.execute(
        update(ProcessInstance)
        .where(
            ProcessInstance.batch_id == batch_id,
            ProcessInstance.subject_type == subject_type,
            ProcessInstance.subject_id.in_(list(subject_ids)),
            ProcessInstance.status.in_(OPEN_STATUSES),
        )
        .values(panel_id=panel_id)
        .execution_options(synchronize_session=False)
    )


def set_batch(*, instance_ids: Sequence[int], batch_id: int) -> None:
    """Hands running instances and their open items over to another round, e.g. unfinished filings to the next."""
    ids = list(instance_ids)
    for statement in (
        update(ProcessInstance).where(ProcessInstance.id.in_(ids)),
        update(WorkItem).where(WorkItem.instance_id.in_(ids), WorkItem.status == ItemStatus.OPEN),
        update(ProcessTimer).where(ProcessTimer.instance_id.in_(ids)),
    ):
        session.execute(statement.values(batch_id=batch_id).execution_options(synchronize_session=False))


def set_person(*, instance_id: int, role: str, user_id: int) -> None:
    """From now on this role's items of the instance, open ones included, belong to that person."""
    instance = session.get(ProcessInstance, instance_id)
    if instance is None:
        raise NotFoundError
    instance.people = {**(instance.people or {}), str(role): user_id}
    session.execute(
        update(WorkItem)
        .where(WorkItem.instance_id == instance_id, WorkItem.role == role, WorkItem.status == ItemStatus.OPEN)
        .values(assignee_id=user_id)
        .execution_options(synchronize_session=False)
    )


def add_sibling(
    *,
    instance_id: int,
    subject: Subject,
    title: str,
    actor: Actor,
    variables: Mapping[str, Any] | None = None,
    assignee_id: int | None = None,
    organisation_id: int | None = None,
    province_code: str | None = None,
) -> bool:
    """One more child beside this one in its open set call (flows.md, N6); False when that call is closed."""
    child = session.get(ProcessInstance, instance_id)
    if child is None:
        raise NotFoundError
    seed = {
        "subject_type": subject.type,
        "subject_id": subject.id,
        "title": title,
        "variables": variables,
        "assignee_id": assignee_id,
        "organisation_id": organisation_id,
        "province_code": province_code,
    }
    return set_calls.add_sibling(child=child, seed=seed, actor=actor)
