"""The operator's exceptions, kept in the process so that a step needs no statement for them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select

from app.kernel.db import session
from app.workdays.models import WorkdayOverride

MAX_AGE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class _Kept:
    overrides: Mapping[date, bool]
    read_at: float


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def kept_overrides() -> Mapping[date, bool]:
    """Day -> is it worked, as read at most MAX_AGE_SECONDS ago: another process's change is seen by then."""
    engine = _engine()
    kept = _kept.get(engine)
    # The machine's own clock: a frozen clock must not keep this for ever.
    if kept is None or time.monotonic() - kept.read_at > MAX_AGE_SECONDS:
        rows = session.execute(select(WorkdayOverride.day, WorkdayOverride.is_workday))
        kept = _Kept({row.day: row.is_workday for row in rows}, time.monotonic())
        _kept[engine] = kept
    return kept.overrides


def forget_overrides() -> None:
    """Has the exceptions read anew at the next question."""
    _kept.pop(_engine(), None)


def list_overrides() -> list[WorkdayOverride]:
    """All exceptions by day."""
    return list(session.scalars(select(WorkdayOverride).order_by(WorkdayOverride.day)))


def _engine() -> Engine:
    bind = session.get_bind()
    return bind.engine if isinstance(bind, Connection) else bind
