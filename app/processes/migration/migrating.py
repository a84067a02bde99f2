"""Migrations: running instances move to another version of their process, in chunks, and back when it is undone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from app.audit.usecases import record
from app.kernel import clock
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, NotFoundError
from app.processes.deploying import schedule_start, supersede
from app.processes.jobs import add_job, chunk_size, time_chunk
from app.processes.migration.grouping import Ways
from app.processes.migration.impact import NEVER_STEPPED, Choices, read_choices, source_versions
from app.processes.migration.models import MovedInstance, ProcessMigration
from app.processes.migration.moving import move_group
from app.processes.models import ProcessDefinition, ProcessInstance
from app.processes.states import get_definition
from app.processes.vocabulary import DefinitionStatus, MigrationStatus

Payload = Mapping[str, Any]
PLACE = ("definition_id", "state_id", "is_fresh", "from_definition_id", "from_state_id", "to_state_id")


def start_migration(
    *, row: ProcessDefinition, choices: Choices, note: str, actor: Actor, versions: Sequence[int] | None = None
) -> ProcessMigration:
    """Lets the worker move the running instances of other versions (of these `versions` only) to a version.

    Those that cannot move stay where they are. ConflictError while another migration of the process runs.
    """
    ensure_at_rest(row.key)
    sources = source_versions(key=row.key, besides=row.id, versions=versions)
    migration = ProcessMigration(
        key=row.key,
        definition_id=row.id,
        source_ids=sorted(sources),
        choices=choices.as_json(),
        note=note,
        started_by=actor.id,
        started_at=clock.now(),
    )
    return _set_going(migration, actor)


def undo_deployment(*, key: str, reason: str, actor: Actor) -> tuple[ProcessDefinition, list[ProcessMigration]]:
    """The version before the active one is active again; what was moved to that one goes back where it can.

    Cases that began on the version undone finish on it. ConflictError `undo_nothing` for a first version.
    """
    ensure_at_rest(key)
    active = session.scalars(
        select(ProcessDefinition)
        .where(ProcessDefinition.key == key, ProcessDefinition.status == DefinitionStatus.ACTIVE)
        .with_for_update()
    ).one_or_none()
    if active is None:
        raise NotFoundError
    earlier = session.scalars(
        select(ProcessDefinition)
        .where(ProcessDefinition.key == key, ProcessDefinition.version < active.version)
        .order_by(ProcessDefinition.version.desc())
        .limit(1)
    ).one_or_none()
    if earlier is None:
        raise ConflictError("undo_nothing")
    supersede(key)
    session.refresh(active)
    earlier.status = DefinitionStatus.ACTIVE
    schedule_start(earlier.id, get_definition(earlier.id).start)
    record(
        action="processes.undo_deployment",
        actor=actor,
        object_type="process_definition",
        object_id=active.id,
        detail={"key": key, "version": active.version, "active": earlier.version, "reason": reason},
    )
    return earlier, [_undo(migration, reason, actor) for migration in _moves_to(active.id)]


def _moves_to(definition_id: int) -> Sequence[ProcessMigration]:
    """The moves to a version that were not undone yet, the latest first."""
    undone = select(ProcessMigration.undoes_id).where(ProcessMigration.undoes_id.is_not(None))
    return session.scalars(
        select(ProcessMigration)
        .where(
            ProcessMigration.definition_id == definition_id,
            ProcessMigration.undoes_id.is_(None),
            ProcessMigration.id.not_in(undone),
        )
        .order_by(ProcessMigration.id.desc())
    ).all()


def _undo(migration: ProcessMigration, reason: str, actor: Actor) -> ProcessMigration:
    back = ProcessMigration(
        key=migration.key,
        definition_id=migration.definition_id,
        undoes_id=migration.id,
        source_ids=[migration.definition_id],
        choices=_backwards(read_choices(migration.choices)).as_json(),
        note=reason,
        started_by=actor.id,
        started_at=clock.now(),
    )
    return _set_going(back, actor)


def _backwards(choices: Choices) -> Choices:
    return Choices(targets={after: before for before, after in choices.targets.items() if after})


def ensure_at_rest(key: str) -> None:
    """Refuses while a migration of the process runs."""
    running = select(ProcessMigration.id).where(
        ProcessMigration.key == key, ProcessMigration.status == MigrationStatus.RUNNING
    )
    if session.scalar(running.limit(1)) is not None:
        raise ConflictError("migration_running")


def _set_going(migration: ProcessMigration, actor: Actor) -> ProcessMigration:
    session.add(migration)
    session.flush()  # the job names the migration, and the migration its job
    migration.job_id = add_job("migration", {"migration_id": migration.id, "after": 0, "waits_for_locks": False})
    record(
        action="processes.undo_migration" if migration.undoes_id else "processes.start_migration",
        actor=actor,
        object_type="process_migration",
        object_id=migration.id,
        detail={
            "key": migration.key,
            "definition": migration.definition_id,
            "from": migration.source_ids,
            "choices": migration.choices,
            "note": migration.note,
        },
    )
    return migration


def migrate_chunk(payload: Payload) -> Payload | None:
    """Moves the next instances in order of id; None when the migration is done.

    A first round passes over what somebody holds at this moment, a second one waits for it.
    """
    migration = session.get_one(ProcessMigration, payload["migration_id"])
    rows = session.execute(_next_rows(migration, payload)).all()
    if not rows:
        if not payload["waits_for_locks"]:
            return {**payload, "after": 0, "waits_for_locks": True}
        _finish(migration)
        return None
    time_chunk(len(rows))
    by_state: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in rows:
        by_state[_place_of(row)].append(row)
    ways = Ways(migration)
    for found in by_state.values():
        group = ways.find(found)
        if group is not None:
            move_group(group, migration_id=migration.id, job_id=migration.job_id or 0, actor=SYSTEM)
            migration.moved += len(group.ids)
    return {**payload, "after": rows[-1].id}


def _place_of(row: Row[Any]) -> tuple[Any, ...]:
    """What instances must have in common to go the same way."""
    return tuple(getattr(row, name, None) for name in PLACE)


def _next_rows(migration: ProcessMigration, payload: Payload) -> Select[Any]:
    """The next instances, locked."""
    columns: list[Any] = [ProcessInstance.id, ProcessInstance.definition_id, ProcessInstance.state_id]
    here: ColumnElement[bool] = ProcessInstance.definition_id.in_(migration.source_ids)
    if migration.undoes_id:
        table = MovedInstance
        columns += [table.from_definition_id, table.from_state_id, table.to_state_id, table.timers]
        here &= (table.instance_id == ProcessInstance.id) & (table.migration_id == migration.undoes_id)
    else:
        columns.append(NEVER_STEPPED.label("is_fresh"))
    return (
        select(*columns)
        .where(
            here,
            ProcessInstance.state_id.is_not(None),
            ProcessInstance.id > payload["after"],
            func.coalesce(ProcessInstance.last_job_id, 0) != migration.job_id,
        )
        .order_by(ProcessInstance.id)
        .limit(chunk_size())
        .with_for_update(of=ProcessInstance, skip_locked=not payload["waits_for_locks"])
    )


def _finish(migration: ProcessMigration) -> None:
    migration.status, migration.ended_at = MigrationStatus.DONE, clock.now()
    record(
        action="processes.finish_migration",
        actor=SYSTEM,
        object_type="process_migration",
        object_id=migration.id,
        detail={"key": migration.key, "moved": migration.moved},
    )
