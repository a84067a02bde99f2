"""Job rows: work that is done later or takes long. The rows are the truth; the worker only takes them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from app.kernel import clock
from app.kernel.db import session, table_of
from app.processes.models import Job
from app.processes.vocabulary import JobStatus

INSERT = insert(table_of(Job))


def add_job(kind: str, payload: Mapping[str, Any], *, run_after: datetime | None = None) -> None:
    """A job that the worker takes after commit, at the earliest at `run_after`."""
    now = clock.now()
    row = {"kind": kind, "payload": dict(payload), "status": JobStatus.WAITING, "run_after": run_after or now}
    session.execute(INSERT, row | {"created_at": now})
