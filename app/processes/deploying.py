"""Deploys diagrams: proven first, then a new version; running instances stay on theirs."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.vocabulary import Role
from app.engine import Definition, check_definition, check_together, compile_definition, consider_neighbours
from app.engine.decide import parse_table
from app.engine.window import DefinitionRefusedError, Finding, Proof, References, Start
from app.formdefs.compiled import CompiledForm
from app.formdefs.queries import get_form, list_forms
from app.formdefs.usecases import check_forms
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.processes.deadlines import arm_timer
from app.processes.doors import doors
from app.processes.models import DecisionTable, ProcessDefinition, ProcessSchedule
from app.processes.states import add_states, get_definition
from app.processes.vocabulary import DefinitionStatus


@dataclass(frozen=True, slots=True)
class Deployed:
    """A version in use. `is_new` is False when the newest version was the same diagram already."""

    id: int
    key: str
    version: int
    proof: Mapping[str, Any]
    is_new: bool
    findings: tuple[Finding, ...] = ()


def known_references(*, processes: Sequence[str] = (), decisions: Sequence[str] = ()) -> References:
    """The names a diagram may use now; `processes` and `decisions` add those that come along with it."""
    deployed = session.scalars(select(ProcessDefinition.key).distinct()).all()
    tables = session.scalars(select(DecisionTable.key).distinct()).all()
    forms = [get_form(form.key) for form in list_forms()]
    return references_to(forms=forms, processes=[*deployed, *processes], decisions=[*tables, *decisions])


def shipped_references(*, forms: Path, workflows: Path, processes: Sequence[str] = ()) -> References:
    """The names that the program ships with, without a database: for checking files before anything is deployed."""
    keys = [key for path in workflows.glob("*.bpmn") if (key := _key_of(path.read_bytes())) is not None]
    tables = [parse_table(path.read_bytes()).id for path in workflows.glob("*.dmn")]
    return references_to(forms=check_forms(folder=forms), processes=[*keys, *processes], decisions=tables)


def references_to(*, forms: Sequence[CompiledForm], processes: Sequence[str], decisions: Sequence[str]) -> References:
    """These names, beside the roles and the tables of the composition root."""
    table = doors()
    return References(
        roles=frozenset(Role),
        forms={form.key: frozenset(field.key for field in form.fields) for form in forms},
        operations=frozenset(table.operations),
        collections=frozenset(table.collections),
        processes=frozenset(processes),
        decisions=frozenset(decisions),
        stages=table.stages,
        completing=frozenset(table.completions),
        thrown=table.messages,
    )


@dataclass(frozen=True, slots=True)
class Proven:
    """A diagram that may be deployed, with what its exploration saw."""

    xml: bytes
    findings: tuple[Finding, ...]
    proof: Proof


def prove_definition(xml: bytes, references: References | None = None) -> Proven:
    """Proves a diagram; reads only, so that a long exploration holds no lock.

    DefinitionRefusedError with all findings when one of them is an error.
    """
    known = references or known_references()
    findings, proof = check_definition(xml, known)
    if proof is not None:
        findings = consider_neighbours(findings, compile_definition(xml), _in_use(), known)
    if proof is None or any(finding.severity == "error" for finding in findings):
        raise DefinitionRefusedError(tuple(findings))
    return Proven(xml, tuple(findings), proof)


def deploy_definition(
    *, xml: bytes, note: str, actor: Actor, references: References | None = None, proven: Proven | None = None
) -> Deployed:
    """Proves a diagram, unless it was `proven` just before, and makes it the version that new instances take.

    DefinitionRefusedError with all findings when one of them is an error; nothing is changed then.
    """
    checksum = hashlib.sha256(xml).hexdigest()
    same = session.scalars(
        select(ProcessDefinition).where(
            ProcessDefinition.checksum == checksum, ProcessDefinition.status == DefinitionStatus.ACTIVE
        )
    ).one_or_none()
    if same is not None:
        return Deployed(same.id, same.key, same.version, same.proof, is_new=False)
    if proven is None or proven.xml != xml:
        proven = prove_definition(xml, references)
    definition = compile_definition(xml)
    newest = _newest(definition.key)
    row = ProcessDefinition(
        key=definition.key,
        version=newest.version + 1 if newest else 1,
        name=definition.name or definition.key,
        checksum=checksum,
        bpmn_xml=xml,
        deployed_by=actor.id,
        deployed_at=clock.now(),
        note=note,
        proof=proven.proof.summary(),
    )
    supersede(definition.key)
    session.add(row)
    session.flush()  # states and schedule refer to the version's id
    add_states(row.id, proven.proof.states)
    schedule_start(row.id, definition.start)
    return Deployed(row.id, row.key, row.version, row.proof, is_new=True, findings=proven.findings)


def _in_use() -> list[Definition]:
    """The version of each process that new instances take."""
    ids = select(ProcessDefinition.id).where(ProcessDefinition.status == DefinitionStatus.ACTIVE)
    return [get_definition(id_) for id_ in session.scalars(ids.order_by(ProcessDefinition.key))]


def check_files(files: Mapping[str, bytes], *, forms: Path, workflows: Path) -> Mapping[str, Sequence[Finding]]:
    """The findings of each file, as if all of them were deployed together beside what ships in the folders."""
    keys = [key for xml in files.values() if (key := _key_of(xml)) is not None]
    references = shipped_references(forms=forms, workflows=workflows, processes=keys)
    shipped = [path.read_bytes() for path in sorted(workflows.glob("*.bpmn"))]
    return check_together(files, [compile_definition(xml) for xml in shipped], references)


def _key_of(xml: bytes) -> str | None:
    try:
        return compile_definition(xml).key
    except DefinitionRefusedError:
        return None


def _newest(key: str) -> ProcessDefinition | None:
    return session.scalars(
        select(ProcessDefinition)
        .where(ProcessDefinition.key == key)
        .order_by(ProcessDefinition.version.desc())
        .limit(1)
        .with_for_update()
    ).one_or_none()


def supersede(key: str) -> None:
    """Older versions plant no instances any more; those that run go on."""
    older = select(ProcessDefinition.id).where(ProcessDefinition.key == key)
    session.execute(
        delete(ProcessSchedule)
        .where(ProcessSchedule.definition_id.in_(older))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(ProcessDefinition)
        .where(ProcessDefinition.key == key)
        .values(status=DefinitionStatus.SUPERSEDED)
        .execution_options(synchronize_session=False)
    )


def schedule_start(definition_id: int, start: Start) -> None:
    """A row for a start event that plants instances by itself."""
    if start.timer is not None:
        arming = arm_timer(start.timer, variables={}, batch_id=None)
        session.add(
            ProcessSchedule(
                definition_id=definition_id,
                due_at=arming.due_at,
                remaining=arming.remaining,
                interval=arming.interval,
            )
        )
    elif start.message is not None:
        session.add(ProcessSchedule(definition_id=definition_id, message=start.message))


def deploy_all(*, diagrams: Sequence[bytes], tables: Sequence[bytes], note: str, actor: Actor) -> list[Deployed]:
    """Deploys files that refer to each other, together: tables first, then diagrams.

    A file that was deployed before, by anybody, is left alone: what a designer made of it since stays in use.
    """
    for xml in _never_deployed(DecisionTable.checksum, tables):
        _add_table(xml)
    fresh = _never_deployed(ProcessDefinition.checksum, diagrams)
    if not fresh:
        return []
    references = known_references(processes=[compile_definition(xml).key for xml in fresh])
    return [deploy_definition(xml=xml, note=note, actor=actor, references=references) for xml in fresh]


def _never_deployed(checksum: InstrumentedAttribute[str], files: Sequence[bytes]) -> list[bytes]:
    by_checksum = {hashlib.sha256(xml).hexdigest(): xml for xml in files}
    known = set(session.scalars(select(checksum).where(checksum.in_(by_checksum))))
    return [xml for key, xml in by_checksum.items() if key not in known]


def _add_table(xml: bytes) -> None:
    """Adds a version of a decision table."""
    key, sha256 = parse_table(xml).id, hashlib.sha256(xml).hexdigest()
    newest = session.scalar(select(func.max(DecisionTable.version)).where(DecisionTable.key == key)) or 0
    session.add(DecisionTable(key=key, version=newest + 1, dmn_xml=xml, checksum=sha256, deployed_at=clock.now()))
