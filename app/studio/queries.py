"""Reads of the studio."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.accounts.queries import names_of_users
from app.accounts.vocabulary import ROLE_NAMES
from app.engine.window import References
from app.formdefs.queries import get_form
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFoundError
from app.processes.deploying import known_references
from app.processes.models import ProcessDefinition, ProcessInstance
from app.processes.operating.incident_models import Incident
from app.processes.queries import count_running_by_definition
from app.processes.vocabulary import DefinitionStatus
from app.rounds.vocabulary import STAGES
from app.studio.models import DefinitionDraft
from app.studio.rules import count_errors


@dataclass(frozen=True, slots=True)
class Version:
    """One deployed version, without its diagram. `running`: the cases that run on it."""

    id: int
    key: str
    version: int
    name: str
    status: str
    deployed_by: str | None
    deployed_at: datetime
    note: str
    proof: Mapping[str, Any]
    running: int


@dataclass(frozen=True, slots=True)
class Flow:
    """A process with the version that new cases take. `running` counts the cases of all its versions."""

    newest: Version
    running: int


@dataclass(frozen=True, slots=True)
class OpenIncidents:
    """Incidents not yet resolved at one element."""

    key: str
    name: str
    node: str
    count: int
    latest: datetime


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in a list. `errors`: those of its last check, None when it was not checked since it was saved last."""

    key: str
    name: str
    base_version: int
    saved_at: datetime
    errors: int | None


def list_flows() -> Sequence[Flow]:
    """Every process with the version that new cases take, by key."""
    by_key: dict[str, list[Version]] = defaultdict(list)
    for version in _versions():
        by_key[version.key].append(version)
    return [Flow(_active(versions), sum(one.running for one in versions)) for _, versions in sorted(by_key.items())]


def _active(versions: Sequence[Version]) -> Version:
    return next((one for one in versions if one.status == DefinitionStatus.ACTIVE), versions[0])


def list_versions(key: str) -> Sequence[Version]:
    """The versions of a process, the newest first; none when it was never deployed."""
    return _versions(ProcessDefinition.key == key)


def _versions(*which: Any) -> Sequence[Version]:  # noqa: ANN401 -- conditions over process_definition
    table = ProcessDefinition
    rows = session.execute(
        select(
            table.id,
            table.key,
            table.version,
            table.name,
            table.status,
            table.deployed_by,
            table.deployed_at,
            table.note,
            table.proof,
        )
        .where(*which)
        .order_by(table.key, table.version.desc())
    ).all()
    running = count_running_by_definition()
    names = names_of_users({row.deployed_by for row in rows if row.deployed_by is not None})
    return [
        Version(
            id=row.id,
            key=row.key,
            version=row.version,
            name=row.name,
            status=row.status,
            deployed_by=names.get(row.deployed_by),
            deployed_at=row.deployed_at,
            note=row.note,
            proof=row.proof,
            running=running.get(row.id, 0),
        )
        for row in rows
    ]


def list_incidents() -> Sequence[OpenIncidents]:
    """Open incidents by element, the latest first."""
    rows = session.execute(
        select(
            ProcessDefinition.key,
            func.max(ProcessDefinition.name),
            Incident.node,
            func.count(),
            func.max(Incident.at),
        )
        .join(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .where(Incident.resolved_at.is_(None))
        .group_by(ProcessDefinition.key, Incident.node)
        .order_by(func.max(Incident.at).desc())
    )
    return [OpenIncidents(key, name, node or "", count, latest) for key, name, node, count, latest in rows]


def list_drafts(actor: Actor) -> Sequence[DraftLine]:
    """The person's drafts, the latest first."""
    rows = session.execute(
        select(
            DefinitionDraft.key,
            DefinitionDraft.name,
            DefinitionDraft.base_version,
            DefinitionDraft.saved_at,
            DefinitionDraft.findings,
            DefinitionDraft.checked_revision,
            DefinitionDraft.revision,
        )
        .where(DefinitionDraft.user_id == actor.id)
        .order_by(DefinitionDraft.saved_at.desc())
    )
    return [
        DraftLine(
            row.key,
            row.name,
            row.base_version,
            row.saved_at,
            count_errors(row.findings or ()) if row.checked_revision == row.revision else None,
        )
        for row in rows
    ]


def find_draft(*, key: str, actor: Actor) -> DefinitionDraft | None:
    """The person's draft of a process."""
    return session.scalars(
        select(DefinitionDraft).where(DefinitionDraft.user_id == actor.id, DefinitionDraft.key == key)
    ).one_or_none()


def newest_version(key: str) -> int:
    """The number of the newest version; 0 when there is none."""
    return session.scalar(select(func.max(ProcessDefinition.version)).where(ProcessDefinition.key == key)) or 0


@dataclass(frozen=True, slots=True)
class Opened:
    """What the modeler opens: the draft where there is one, else the active version. Numbers count all versions."""

    key: str
    name: str
    xml: bytes
    base_version: int
    newest_version: int
    draft: DefinitionDraft | None


def open_flow(*, key: str, actor: Actor) -> Opened:
    """The flow to draw on; NotFoundError when there is neither draft nor version."""
    active = session.scalars(
        select(ProcessDefinition).where(
            ProcessDefinition.key == key, ProcessDefinition.status == DefinitionStatus.ACTIVE
        )
    ).one_or_none()
    draft = find_draft(key=key, actor=actor)
    number = newest_version(key)
    if draft is not None:
        return Opened(key, draft.name, draft.xml, draft.base_version, number, draft)
    if active is None:
        raise NotFoundError
    return Opened(key, active.name, active.bpmn_xml, number, number, None)


def names_on_offer(*, key: str, locale: str) -> dict[str, Any]:
    """What the panel of the modeler lets choose from: lists of [value, words]."""
    references = known_references()
    language = 1 if locale == "en" else 0
    stages = {str(stage.code): (stage.name_zh, stage.name_en)[language] for stage in STAGES}
    return {
        "roles": [[str(role), names[language]] for role, names in ROLE_NAMES.items()],
        "forms": [[form, get_form(form).title.pick(locale)] for form in sorted(references.forms)],
        "fields": {form: sorted(fields) for form, fields in references.forms.items()},
        "stages": [[stage, stages[stage]] for stage in stages if stage in references.stages],
        "processes": [[flow.newest.key, flow.newest.name] for flow in list_flows() if flow.newest.key != key],
        **_plain_names(references),
    }


def _plain_names(references: References) -> dict[str, list[list[str]]]:
    named = {
        "operations": references.operations,
        "collections": references.collections,
        "decisions": references.decisions,
    }
    return {kind: [[name, name] for name in sorted(names)] for kind, names in named.items()}
