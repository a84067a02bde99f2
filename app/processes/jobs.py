"""Job rows: work that is done later or takes long. The rows are the truth; the worker only takes them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from app.kernel import clock
from app.kernel.db import session
from app.processes.models import Job
from app.processes.vocabulary import JobStatus


def add_job(kind: str, payload: Mapping[str, Any], *, run_after: datetime | None = None) -> None:
    """A job that the worker takes after commit, at the earliest at `run_after`."""
    now = clock.now()
    session.execute(
        insert(Job).values(
            kind=kind, payload=dict(payload), status=JobStatus.WAITING, run_after=run_after or now, created_at=now
        )
    )
