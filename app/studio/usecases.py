"""Drafts, checks and deployments of flows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.vocabulary import ROLE_NAMES, Role
from app.audit.usecases import record
from app.engine import check_definition
from app.engine.source import parse_xml, read_diagram
from app.engine.window import DefinitionRefusedError
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, InvalidError, field_error
from app.processes.deploying import Deployed, Proven, deploy_definition, known_references
from app.processes.models import ProcessDefinition
from app.studio.models import DefinitionDraft
from app.studio.queries import find_draft, newest_version
from app.studio.rules import blank_flow, describe_finding
from app.studio.vocabulary import FIRST_ROLE, KEY, MAX_XML_BYTES


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. `proof`: states, transitions, bounded; None where an error stood in its way."""

    findings: Sequence[dict[str, Any]]
    proof: Mapping[str, Any] | None


def create_flow(*, key: str, name: str, actor: Actor) -> str:
    """A draft of a new flow with start, one user task and end; returns its key."""
    key, name = key.strip(), name.strip()
    if not KEY.fullmatch(key):
        raise field_error("key", "definition_key_invalid")
    if not name:
        raise field_error("name", "definition_name_missing")
    if newest_version(key) or find_draft(key=key, actor=actor):
        raise field_error("key", "definition_key_taken", key=key)
    role_name = ROLE_NAMES[Role(FIRST_ROLE)][0]
    xml = blank_flow(key=key, name=name[:200], role=FIRST_ROLE, role_name=role_name)
    _keep(key=key, name=name[:200], xml=xml, actor=actor)
    return key


def upload_flow(*, xml: bytes, replace: bool, actor: Actor) -> str:
    """A file becomes the person's draft of its process; returns the key. An earlier draft gives way only to `replace`.

    DefinitionRefusedError when the file cannot be read at all; whatever else is wrong is found by the check.
    """
    diagram = read_diagram(xml)
    if not KEY.fullmatch(diagram.key):
        raise field_error("file", "definition_key_invalid")
    if find_draft(key=diagram.key, actor=actor):
        if not replace:
            raise field_error("file", "draft_exists", key=diagram.key)
        discard_draft(key=diagram.key, actor=actor)
    _keep(key=diagram.key, name=diagram.name[:200], xml=xml, actor=actor)
    return diagram.key


def save_draft(*, key: str, xml: bytes, revision: int, base_version: int, actor: Actor) -> DefinitionDraft:
    """Keeps what is drawn. `revision` is the one that the window saw last, 0 before the first saving.

    ConflictError when another window has saved since.
    """
    if len(xml) > MAX_XML_BYTES:
        raise InvalidError("definition_too_large")
    parse_xml(xml)
    draft = find_draft(key=key, actor=actor)
    if draft is None:
        if revision:
            raise ConflictError("draft_moved_on")
        return _keep(key=key, name=_name_in(xml, key), xml=xml, actor=actor, base_version=base_version)
    moved = session.execute(
        update(DefinitionDraft)
        .where(DefinitionDraft.id == draft.id, DefinitionDraft.revision == revision)
        .values(xml=xml, name=_name_in(xml, draft.name), revision=revision + 1, saved_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if not moved.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result is a CursorResult
        raise ConflictError("draft_moved_on")
    session.refresh(draft)
    return draft


def discard_draft(*, key: str, actor: Actor) -> None:
    """Back to the newest version."""
    session.execute(delete(DefinitionDraft).where(DefinitionDraft.user_id == actor.id, DefinitionDraft.key == key))


def check_flow(*, key: str, xml: bytes) -> Checked:
    """Proves a flow without deploying it, with the same questions as the deployment."""
    findings, proof = check_definition(xml, known_references())
    summary = None
    if proof is not None:
        ensure_key(xml, key)
        summary = proof.summary()
    return Checked([describe_finding(finding, f"{key}.bpmn") for finding in findings], summary)


def keep_findings(*, key: str, findings: Sequence[dict[str, Any]], revision: int, actor: Actor) -> None:
    """Remembers what the last check found of the draft, for lists and for the next time that it is opened."""
    session.execute(
        update(DefinitionDraft)
        .where(DefinitionDraft.user_id == actor.id, DefinitionDraft.key == key)
        .values(findings=list(findings), checked_revision=revision)
        .execution_options(synchronize_session=False)
    )


def deploy_flow(
    *, key: str, xml: bytes, note: str, base_version: int, actor: Actor, proven: Proven | None = None
) -> Deployed:
    """Makes the drawing the next version and ends the draft; proves it unless it was `proven` just before.

    DefinitionRefusedError when the proof fails; ConflictError when somebody deployed since the draft began.
    """
    if not note.strip():
        raise field_error("note", "deployment_note_missing")
    _lock_versions(key)
    newest = newest_version(key)
    if newest != base_version:
        raise ConflictError("definition_moved_on", version=newest)
    ensure_key(xml, key)
    deployed = deploy_definition(xml=xml, note=note.strip(), actor=actor, proven=proven)
    discard_draft(key=key, actor=actor)
    record(
        action="studio.deploy_flow",
        actor=actor,
        object_type="process_definition",
        object_id=deployed.id,
        detail={"key": key, "version": deployed.version, "note": note.strip()},
    )
    return deployed


def ensure_key(xml: bytes, key: str) -> None:
    """A file of another process must not slip in under this address."""
    found = read_diagram(xml).key
    if found != key:
        raise InvalidError("definition_key_differs", key=key, found=found)


def _lock_versions(key: str) -> None:
    """Deployments of one process go one after the other; the number is read again behind the lock."""
    session.execute(
        select(ProcessDefinition.id)
        .where(ProcessDefinition.key == key)
        .order_by(ProcessDefinition.version)
        .limit(1)
        .with_for_update()
    )


def _keep(*, key: str, name: str, xml: bytes, actor: Actor, base_version: int | None = None) -> DefinitionDraft:
    """A new draft; ConflictError when another window of the same person made one at the same moment."""
    if actor.id is None:
        raise RuntimeError("the system draws nothing")
    draft = DefinitionDraft(
        user_id=actor.id,
        key=key,
        name=name,
        xml=xml,
        base_version=newest_version(key) if base_version is None else base_version,
        saved_at=clock.now(),
    )
    session.add(draft)
    try:
        session.flush()  # two windows may meet here: the unique key says so now
    except IntegrityError:
        raise ConflictError("draft_moved_on") from None
    return draft


def _name_in(xml: bytes, otherwise: str) -> str:
    """The name of the process drawn; a drawing without one process yet keeps the earlier name."""
    try:
        return read_diagram(xml).name[:200]
    except DefinitionRefusedError:
        return otherwise
