"""Forms by key and version. A version never changes, so that its compiled form is kept in the process."""

import time
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select

from app.formdefs.compiled import CompiledForm
from app.formdefs.models import FormDefinition
from app.formdefs.schema import compile_form
from app.formdefs.vocabulary import FormStatus
from app.kernel.db import session
from app.kernel.errors import NotFoundError

MAX_AGE_SECONDS = 30
MAX_KEPT = 1_000


@dataclass(slots=True)
class _Kept:
    """What this process knows of one database. `active`: key -> (version, when it was read)."""

    forms: dict[tuple[str, int], CompiledForm] = field(default_factory=dict)
    active: dict[str, tuple[int, float]] = field(default_factory=dict)


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def get_form(key: str, version: int | None = None) -> CompiledForm:
    """A version of a form, the active one when none is named; NotFoundError when it was never deployed."""
    number = active_version(key) if version is None else version
    forms = _known().forms
    if (key, number) not in forms:
        if len(forms) >= MAX_KEPT:
            forms.clear()
        text = session.scalar(
            select(FormDefinition.schema_text).where(FormDefinition.key == key, FormDefinition.version == number)
        )
        if text is None:
            raise NotFoundError
        forms[key, number] = compile_form(text, file=f"{key}.form", key=key, version=number)
    return forms[key, number]


def active_version(key: str) -> int:
    """The version that new work items take; another process's deployment is seen within MAX_AGE_SECONDS."""
    active = _known().active
    version, read_at = active.get(key, (0, 0.0))
    # The machine's own clock: a frozen clock must not keep this for ever.
    if not version or time.monotonic() - read_at > MAX_AGE_SECONDS:
        found = session.scalar(
            select(FormDefinition.version).where(FormDefinition.key == key, FormDefinition.status == FormStatus.ACTIVE)
        )
        if found is None:
            raise NotFoundError
        version = found
        active[key] = (version, time.monotonic())
    return version


def list_forms() -> list[FormDefinition]:
    """The active version of every form, by key."""
    return list(
        session.scalars(
            select(FormDefinition).where(FormDefinition.status == FormStatus.ACTIVE).order_by(FormDefinition.key)
        )
    )


def list_versions(key: str) -> list[FormDefinition]:
    """All versions of a form, the newest first."""
    return list(
        session.scalars(select(FormDefinition).where(FormDefinition.key == key).order_by(FormDefinition.version.desc()))
    )


def forget_forms() -> None:
    """Has every form read anew: after a deployment, or when a database was emptied."""
    _kept.pop(_engine(), None)


def _known() -> _Kept:
    return _kept.setdefault(_engine(), _Kept())


def _engine() -> Engine:
    bind = session.get_bind()
    return bind.engine if isinstance(bind, Connection) else bind
