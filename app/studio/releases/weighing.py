"""Releases of flows: what a drawing changes, whom it concerns, and what becomes of the cases that run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app.engine import compile_definition
from app.engine.versions.diff import Change, diff_definitions
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFoundError
from app.kernel.paging import Page, cut_page
from app.processes.deploying import Deployed, Proven, prove_definition
from app.processes.migration.impact import (
    Choices,
    Impact,
    StateImpact,
    Target,
    offer_targets,
    read_bodies,
    target_of_proof,
    target_of_version,
    weigh_impact,
)
from app.processes.migration.migrating import start_migration
from app.processes.migration.models import ProcessMigration
from app.processes.models import ProcessDefinition, ProcessInstance
from app.processes.queries import get_version
from app.processes.states import get_definition
from app.processes.vocabulary import DefinitionStatus
from app.studio.usecases import deploy_flow


class Policy(StrEnum):
    """Who takes the new version."""

    NEW = "new"  # new cases only
    MOVE = "move"  # running cases as well, where they can


@dataclass(frozen=True, slots=True)
class Release:
    """A drawing beside the active version: proof, changes, and what would become of the running cases."""

    key: str
    base_version: int
    proven: Proven
    target: Target
    changes: Sequence[Change]
    impact: Impact
    names: Mapping[str, str]
    """Those of the nodes of both versions, the new one's first."""


def weigh_release(xml: bytes, choices: Choices | None = None, *, known: Release | None = None) -> Release:
    """What deploying a drawing would mean; changes nothing. DefinitionRefusedError when it cannot be deployed.

    `known`: the same drawing weighed before, so that it is not proven again.
    """
    proven = known.proven if known else prove_definition(xml)
    new = compile_definition(xml)
    target = target_of_proof(new, proven.proof)
    active = active_version(new.key)
    old = get_definition(active.id) if active else None
    return Release(
        key=new.key,
        base_version=active.version if active else 0,
        proven=proven,
        target=target,
        changes=diff_definitions(old, new) if old else (),
        impact=weigh_impact(key=new.key, target=target, choices=choices or Choices()),
        names={**(old.names if old else {}), **{id_: name for id_, name in new.names.items() if name}},
    )


def active_version(key: str) -> ProcessDefinition | None:
    """The version that new cases take."""
    return session.scalars(
        select(ProcessDefinition).where(
            ProcessDefinition.key == key, ProcessDefinition.status == DefinitionStatus.ACTIVE
        )
    ).one_or_none()


def weigh_version(
    *, key: str, version: int, choices: Choices | None = None, versions: Sequence[int] | None = None
) -> Impact:
    """What moving the running cases of other versions to a deployed one would mean."""
    target = target_of_version(get_version(key, version))
    return weigh_impact(key=key, target=target, choices=choices or Choices(), versions=versions)


def weigh_deployed(*, key: str, version: int, choices: Choices) -> tuple[Impact, Target, str]:
    """The same with what its page needs beside: the version as a target, and its name."""
    row = get_version(key, version)
    target = target_of_version(row)
    return weigh_impact(key=key, target=target, choices=choices), target, row.name


def release_flow(
    *, proven: Proven, key: str, note: str, base_version: int, policy: Policy, choices: Choices, actor: Actor
) -> tuple[Deployed, ProcessMigration | None]:
    """Deploys a drawing that was proven and, where it was chosen, lets the running cases move to it."""
    deployed = deploy_flow(key=key, xml=proven.xml, note=note, base_version=base_version, actor=actor, proven=proven)
    if policy is Policy.NEW:
        return deployed, None
    row = get_version(key, deployed.version)
    return deployed, start_migration(row=row, choices=choices, note=note.strip(), actor=actor)


@dataclass(frozen=True, slots=True)
class Asked:
    """A node of running cases for which somebody must choose, with the nodes that can be chosen ('' ends the branch)."""

    node: str
    name: str
    count: int
    offered: Sequence[str]


def ask_choices(impact: Impact, target: Target) -> Sequence[Asked]:
    """Every choice that running cases need, each node once."""
    waiting: dict[str, list[StateImpact]] = {}
    for state in impact.states:
        for obstacle in state.obstacles if state.verdict == "choice" else ():
            if obstacle.node:
                waiting.setdefault(obstacle.node, []).append(state)
    bodies = read_bodies({state.state_id for states in waiting.values() for state in states})
    asked = []
    for node, states in waiting.items():
        offered: dict[str, None] = {}
        for state in states:
            old = get_definition(state.definition_id)
            found = offer_targets(old=old, target=target, body=bodies[state.state_id], node=node, choices=Choices())
            offered |= dict.fromkeys(found)
        name = get_definition(states[0].definition_id).names.get(node) or node
        asked.append(Asked(node, name, sum(state.count for state in states), list(offered)))
    return asked


@dataclass(frozen=True, slots=True)
class Remaining:
    """A running case that did not move, and where it stands."""

    id: int
    state: StateImpact


def list_remaining(migration: ProcessMigration, *, after: int = 0, limit: int = 50) -> Page[Remaining]:
    """The cases that a migration left (or would leave) on their version, with the reason, in order of id."""
    row = session.get_one(ProcessDefinition, migration.definition_id)
    if migration.undoes_id is None:
        choices = Choices(targets=migration.choices.get("targets", {}))
        impact = weigh_impact(key=row.key, target=target_of_version(row), choices=choices)
        states = {one.state_id: one for one in impact.states if one.definition_id in migration.source_ids}
    else:
        earlier = active_version(row.key)
        target = target_of_version(earlier) if earlier else target_of_version(row)
        impact = weigh_impact(key=row.key, target=target, choices=Choices())
        states = {one.state_id: one for one in impact.states if one.definition_id == row.id}
    rows = session.execute(
        select(ProcessInstance.id, ProcessInstance.state_id)
        .where(ProcessInstance.state_id.in_(states), ProcessInstance.id > after)
        .order_by(ProcessInstance.id)
        .limit(limit + 1)
    ).all()
    found = [Remaining(id_, states[state_id]) for id_, state_id in rows if state_id is not None]
    return cut_page(found, limit=limit, key=lambda one: [one.id])


def get_migration(key: str, migration_id: int) -> ProcessMigration:
    """A migration of a process; NotFoundError when there is none."""
    migration = session.get(ProcessMigration, migration_id, populate_existing=True)
    if migration is None or migration.key != key:
        raise NotFoundError
    return migration


def list_migrations(key: str) -> Sequence[ProcessMigration]:
    """The migrations of a process, the latest first."""
    return session.scalars(
        select(ProcessMigration).where(ProcessMigration.key == key).order_by(ProcessMigration.id.desc())
    ).all()


def numbers_of_versions(key: str) -> Mapping[int, int]:
    """Id -> number of the versions of a process."""
    rows = session.execute(
        select(ProcessDefinition.id, ProcessDefinition.version).where(ProcessDefinition.key == key)
    ).all()
    return dict(rows)


def as_detail(migration: ProcessMigration, numbers: Mapping[int, int]) -> dict[str, Any]:
    """A migration in plain values."""
    return {
        "id": migration.id,
        "version": numbers[migration.definition_id],
        "from_versions": sorted(numbers[source] for source in migration.source_ids if source in numbers),
        "undoes": migration.undoes_id,
        "status": migration.status,
        "moved": migration.moved,
        "note": migration.note,
        "choices": migration.choices,
        "started_at": migration.started_at,
        "ended_at": migration.ended_at,
    }
