"""Job rows: work that is done later or takes long. The rows are the truth; the worker only takes them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from app.kernel import clock
from app.kernel.db import session, table_of
from app.processes.models import Job
from app.processes.vocabulary import CHUNK, CHUNK_ON_SQLITE, JobStatus

INSERT = insert(table_of(Job))


def add_job(kind: str, payload: Mapping[str, Any], *, run_after: datetime | None = None) -> None:
    """A job that the worker takes after commit, at the earliest at `run_after`."""
    now = clock.now()
    row = {"kind": kind, "payload": dict(payload), "status": JobStatus.WAITING, "run_after": run_after or now}
    session.execute(INSERT, row | {"created_at": now})


def chunk_size() -> int:
    """How many instances one transaction of a set move takes along."""
    return CHUNK_ON_SQLITE if session.get_bind().dialect.name == "sqlite" else CHUNK


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many failures: 2, 4, 8, … seconds, at most 10 minutes."""
    return timedelta(seconds=min(2**attempts, 600))
