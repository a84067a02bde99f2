"""Deploying forms: a new version only where something changed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
from sqlalchemy import Select, func, select, update

from app.formdefs.compiled import CompiledForm
from app.formdefs.models import FormDefinition
from app.formdefs.queries import forget_forms
from app.formdefs.schema import compile_form
from app.formdefs.vocabulary import FormStatus
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import canonical_json, session
from app.kernel.transaction import after_commit

SUFFIX = ".form"


@dataclass(frozen=True, slots=True)
class DeployedForm:
    """What became of one form; `changed` is false when the active version already says the same."""

    key: str
    version: int
    changed: bool


def check_forms(*, folder: Path) -> list[CompiledForm]:
    """Compiles every form of `folder` by name, without the database; SchemaError for the first that is wrong."""
    return [_compile(path.stem, path.read_bytes(), 1) for path in _files(folder)]


def deploy_forms(*, folder: Path, actor: Actor) -> list[DeployedForm]:
    """Deploys every forms/*.form of `folder`, all or none; SchemaError names the file and the component."""
    texts = {path.stem: path.read_bytes() for path in _files(folder)}
    for key, text in texts.items():
        _compile(key, text, 1)
    return [deploy_form(key=key, schema=text, actor=actor) for key, text in texts.items()]


def deploy_form(*, key: str, schema: bytes | str, actor: Actor) -> DeployedForm:
    """Deploys one form; work items that are open keep the version they were opened with."""
    _compile(key, schema, 1)
    text = canonical_json(orjson.loads(schema))
    checksum = hashlib.sha256(text.encode()).hexdigest()
    active = session.scalar(_active(key))
    if active is not None and active.checksum == checksum:
        return DeployedForm(key, active.version, changed=False)
    last = session.scalar(select(func.max(FormDefinition.version)).where(FormDefinition.key == key)) or 0
    session.execute(
        update(FormDefinition)
        .where(FormDefinition.key == key, FormDefinition.status == FormStatus.ACTIVE)
        .values(status=FormStatus.SUPERSEDED)
    )
    session.add(
        FormDefinition(
            key=key,
            version=last + 1,
            checksum=checksum,
            schema_text=text,
            status=FormStatus.ACTIVE,
            deployed_at=clock.now(),
            deployed_by=actor.id,
        )
    )
    after_commit(forget_forms)
    return DeployedForm(key, last + 1, changed=True)


def _compile(key: str, text: bytes | str, version: int) -> CompiledForm:
    return compile_form(text, file=f"{key}{SUFFIX}", key=key, version=version)


def _files(folder: Path) -> Sequence[Path]:
    return sorted(folder.glob(f"*{SUFFIX}"))


def _active(key: str) -> Select[FormDefinition]:
    return select(FormDefinition).where(FormDefinition.key == key, FormDefinition.status == FormStatus.ACTIVE)
