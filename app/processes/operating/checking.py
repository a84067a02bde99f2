"""The regular check for what stands still. Looking takes no write lock; only keeping the findings does."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel import clock
from app.kernel.db import session
from app.processes.operating.incident_models import StuckCheck, StuckFinding
from app.processes.operating.stuck import Found

EVERY = timedelta(minutes=5)
ONLY = 1
"""The row that says when the last check ran."""


def is_check_due() -> bool:
    """Whether the last check is older than five minutes."""
    last = last_check()
    return last is None or last <= clock.now() - EVERY


def keep_findings(found: Sequence[Found]) -> None:
    """Replaces the findings of the check before."""
    now = clock.now()
    rows = [
        {
            "reason": one.reason,
            "instance_id": one.instance_id,
            "node": one.node,
            "count": one.count,
            "detail": dict(one.detail),
            "found_at": now,
        }
        for one in found
    ]
    session.execute(delete(StuckFinding))
    if rows:
        session.execute(insert(StuckFinding), rows)
    upsert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    ran = upsert(StuckCheck).values(id=ONLY, at=now)
    session.execute(ran.on_conflict_do_update(index_elements=["id"], set_={"at": now}))


def list_findings() -> Sequence[StuckFinding]:
    """What the last check found, by reason."""
    return session.scalars(select(StuckFinding).order_by(StuckFinding.reason, StuckFinding.id)).all()


def last_check() -> datetime | None:
    """When the last check ran."""
    return session.scalar(select(StuckCheck.at).where(StuckCheck.id == ONLY))
