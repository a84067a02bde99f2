"""Job rows: work that is done later or takes long. The rows are the truth; the worker only takes them."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, insert, or_

from app.kernel import clock
from app.kernel.db import session, table_of
from app.kernel.transaction import after_commit
from app.processes.kept import kept
from app.processes.models import Job
from app.processes.vocabulary import CHUNK, CHUNK_SECONDS, FEWEST, JobStatus

INSERT = insert(table_of(Job))


def add_job(kind: str, payload: Mapping[str, Any]) -> int:
    """A job that the worker takes after commit; its id."""
    job_id: int = session.execute(INSERT.returning(table_of(Job).c.id), _row(kind, payload)).scalar_one()
    return job_id


def add_jobs(kind: str, payloads: Iterable[Mapping[str, Any]]) -> None:
    """Many jobs of one kind, in one statement."""
    rows = [_row(kind, payload) for payload in payloads]
    if rows:
        session.execute(INSERT, rows)


def _row(kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "payload": dict(payload), "status": JobStatus.WAITING, "created_at": clock.now()}


def may_run() -> ColumnElement[bool]:
    """Waiting, and not for its next try: when a job was made does not matter, clocks may have been wrong."""
    return (Job.status == JobStatus.WAITING) & or_(Job.run_after.is_(None), Job.run_after <= clock.now())


def chunk_size() -> int:
    """How many instances one transaction of a set move takes along: as many as took CHUNK_SECONDS lately."""
    return min(CHUNK, kept().chunk)


def time_chunk(count: int) -> None:
    """Takes the time of a chunk of so many instances, from now to its commit: the next one is made to measure."""
    begun = monotonic()
    after_commit(lambda: _learn(count, monotonic() - begun))


def _learn(count: int, seconds: float) -> None:
    if count >= min(FEWEST, CHUNK):  # few instances tell more of the transaction than of themselves
        fitting = int(count * CHUNK_SECONDS / max(seconds, 0.001))
        kept().chunk = max(FEWEST, min(fitting, 2 * kept().chunk, CHUNK))


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many failures: 2, 4, 8, … seconds, at most 10 minutes."""
    return timedelta(seconds=min(2**attempts, 600))
