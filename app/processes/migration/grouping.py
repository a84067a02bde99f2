"""Which way the instances of one state go in a migration, forward or back; None where they stay."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from app.engine.versions.mapping import Mapped, map_state
from app.engine.window import NodeKind
from app.kernel.db import session
from app.processes.migration.impact import Target, map_instance, read_choices, target_of_version
from app.processes.migration.models import ProcessMigration
from app.processes.migration.moving import Group
from app.processes.models import ProcessDefinition
from app.processes.states import get_body, get_definition, get_state_id

Rows = Sequence[Row[Any]]


class Ways:
    """The ways of one migration; what was asked of a version is remembered for the length of a chunk."""

    def __init__(self, migration: ProcessMigration) -> None:
        self._migration = migration
        self._choices = read_choices(migration.choices)
        self._targets: dict[int, Target] = {}
        self._versions: dict[int, int] = {}

    def find(self, rows: Rows) -> Group | None:
        """The group of locked instances that stand in one state."""
        return self._back(rows) if self._migration.undoes_id else self._forward(rows)

    def _forward(self, rows: Rows) -> Group | None:
        first = rows[0]
        mapped = map_instance(
            old=get_definition(first.definition_id),
            body=get_body(first.state_id),
            target=self._target(self._migration.definition_id),
            choices=self._choices,
            is_fresh=bool(first.is_fresh),
        )
        return self._group(rows, self._migration.definition_id, mapped)

    def _back(self, rows: Rows) -> Group | None:
        first = rows[0]
        if first.state_id != first.to_state_id:
            return self._back_from_elsewhere(rows)
        undone = session.get_one(ProcessMigration, self._migration.undoes_id)
        old, new = get_definition(first.from_definition_id), get_definition(first.definition_id)
        there = map_state(old, new, get_body(first.from_state_id), read_choices(undone.choices).targets)
        if any(old.nodes[node].kind in (NodeKind.CALL, NodeKind.SET_CALL) for node in there.closed):
            return None  # the children that ended with the call cannot be called back
        mapped = Mapped(
            state=get_body(first.from_state_id),
            carried={after: before for before, after in there.carried.items()},
            closed=there.opened,
            opened=there.closed,
        )
        return self._group(rows, first.from_definition_id, mapped, is_back=True)

    def _back_from_elsewhere(self, rows: Rows) -> Group | None:
        """They have gone on since: as any other move, with the choices turned round."""
        first = rows[0]
        target = self._target(first.from_definition_id)
        new = get_definition(first.definition_id)
        mapped = map_state(new, target.definition, get_body(first.state_id), self._choices.targets)
        return self._group(rows, first.from_definition_id, target.confirm(mapped))

    def _group(self, rows: Rows, definition_id: int, mapped: Mapped, *, is_back: bool = False) -> Group | None:
        if mapped.verdict != "move" or mapped.state is None:
            return None
        first = rows[0]
        return Group(
            ids=[row.id for row in rows],
            old=get_definition(first.definition_id),
            new=get_definition(definition_id),
            from_definition_id=first.definition_id,
            to_definition_id=definition_id,
            from_state_id=first.state_id,
            to_state_id=get_state_id(definition_id, mapped.state),
            versions=(self._version(first.definition_id), self._version(definition_id)),
            mapped=mapped,
            choices=self._choices,
            is_back=is_back,
            timers=_kept_timers(rows) if self._migration.undoes_id else {},
        )

    def _target(self, definition_id: int) -> Target:
        if definition_id not in self._targets:
            self._targets[definition_id] = target_of_version(session.get_one(ProcessDefinition, definition_id))
        return self._targets[definition_id]

    def _version(self, definition_id: int) -> int:
        if definition_id not in self._versions:
            self._versions[definition_id] = session.get_one(ProcessDefinition, definition_id).version
        return self._versions[definition_id]


def _kept_timers(rows: Rows) -> Mapping[int, Sequence[Mapping[str, Any]]]:
    return {row.id: row.timers for row in rows if row.timers}
