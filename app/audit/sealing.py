"""Closing the chain over entries in batches, and proving later that nobody touched it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, insert, select
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEntry, AuditSeal, AuditSealing
from app.audit.rules import GENESIS, entry_hash, seal_hash
from app.kernel import clock
from app.kernel.db import session

BATCH = 5_000
HASHED = ("at", "actor_id", "actor_name", "action", "object_type", "object_id", "detail", "request_id")
LONGEST_TRANSACTION = timedelta(days=1)
"""An entry with a low id may be committed late, but not later than this: below the mark nobody looks again."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the log that is not as it was written. `seal_id` or `entry_id` says where; `kind` what:

    entry_altered, entry_missing, entry_inserted, seal_altered, seal_missing.
    """

    kind: str
    seal_id: int | None = None
    entry_id: int | None = None


def seal_entries(*, limit: int = BATCH) -> int:
    """Seals up to `limit` entries that no seal holds yet; returns how many.

    Called by the worker in a transaction of its own. Of two that seal at once one finds the place in the chain
    taken, and leaves the entries to the other.
    """
    entries = [
        (entry_id, hash_) for entry_id, hash_ in session.execute(_unsealed(AuditEntry.id > _mark()).limit(limit))
    ]
    if not entries:
        return 0
    previous = session.scalar(select(AuditSeal.hash).order_by(AuditSeal.id.desc()).limit(1)) or GENESIS
    seal = AuditSeal(
        at=clock.now(),
        first_id=entries[0][0],
        last_id=entries[-1][0],
        entries=len(entries),
        previous_hash=previous,
        hash=seal_hash(previous, entries),
    )
    try:
        with session.begin_nested():
            session.add(seal)
            session.flush()  # the seal's id stands in the rows of its entries
            rows = [{"entry_id": entry_id, "seal_id": seal.id} for entry_id, _ in entries]
            session.execute(insert(AuditSealing), rows)
    except IntegrityError:
        return 0
    return len(entries)


def verify() -> list[Fault]:
    """Recomputes every hash and the whole chain; an empty list says that nothing was touched.

    Deleting the last seals together with their entries leaves no trace here: print the last seal's hash, which
    `last_seal` gives, where the administrator of the database cannot reach it.
    """
    faults = list(_altered_entries())
    previous = GENESIS
    for seal in session.scalars(select(AuditSeal).order_by(AuditSeal.id).execution_options(yield_per=100)):
        members = _members(seal.id)
        faults += [Fault("entry_missing", seal.id, entry_id) for entry_id, hash_ in members if hash_ is None]
        if seal.previous_hash != previous:
            faults.append(Fault("seal_missing", seal.id))
        if not _is_whole(seal, members):
            faults.append(Fault("seal_altered", seal.id))
        previous = seal.hash
    return faults + _inserted_entries()


def _is_whole(seal: AuditSeal, members: list[tuple[int, str | None]]) -> bool:
    whole = [(entry_id, hash_) for entry_id, hash_ in members if hash_ is not None]
    return len(members) == len(whole) == seal.entries and seal.hash == seal_hash(seal.previous_hash, whole)


def last_seal() -> AuditSeal | None:
    """The end of the chain; its hash proves everything before it."""
    return session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))


def _mark() -> ScalarSelect[int]:
    """The last id of yesterday's seals: nothing below it is still on its way to being committed."""
    horizon = clock.now() - LONGEST_TRANSACTION
    return select(func.coalesce(func.max(AuditSeal.last_id), 0)).where(AuditSeal.at < horizon).scalar_subquery()


def _unsealed(condition: ColumnElement[bool]) -> Select[int, str]:
    return (
        select(AuditEntry.id, AuditEntry.hash)
        .outerjoin(AuditSealing, AuditSealing.entry_id == AuditEntry.id)
        .where(AuditSealing.entry_id.is_(None), condition)
        .order_by(AuditEntry.id)
    )


def _inserted_entries() -> list[Fault]:
    rows = session.execute(_unsealed(AuditEntry.id <= _mark()))
    return [Fault("entry_inserted", entry_id=entry_id) for entry_id, _ in rows]


def _members(seal_id: int) -> list[tuple[int, str | None]]:
    statement = (
        select(AuditSealing.entry_id, AuditEntry.hash)
        .outerjoin(AuditEntry, AuditEntry.id == AuditSealing.entry_id)
        .where(AuditSealing.seal_id == seal_id)
        .order_by(AuditSealing.entry_id)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def _altered_entries() -> Iterator[Fault]:
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1_000)):
        content = {name: getattr(entry, name) for name in HASHED}
        if entry.hash != entry_hash(**content):
            yield Fault("entry_altered", entry_id=entry.id)
