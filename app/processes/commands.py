"""Idempotency keys: the same key and body get the same answer, and nothing happens twice."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import canonical_json, session, table_of
from app.kernel.errors import field_error
from app.kernel.prepared import Prepared
from app.processes.models import Command

COMMANDS = table_of(Command)
BEGIN = {
    "postgresql": Prepared(postgresql.insert(COMMANDS).on_conflict_do_nothing()),
    "sqlite": Prepared(sqlite.insert(COMMANDS).on_conflict_do_nothing()),
}
END = Prepared(update(COMMANDS).where(COMMANDS.c.actor_id == bindparam("whose"), COMMANDS.c.key == bindparam("which")))


def begin_command(*, key: str, actor: Actor, request: Mapping[str, Any]) -> tuple[int, Any] | None:
    """The stored (status, answer) of an earlier success with this key, or None when the request is to be done now.

    The row is inserted first: a second request with the key waits for the first. Rolled back, it leaves no trace,
    so that only successes are kept. The same key with another body is refused at field 'Idempotency-Key'.
    """
    if len(key) > 128:
        raise field_error("Idempotency-Key", "text_too_long", label="Idempotency-Key", max=128)
    fingerprint = hashlib.sha256(canonical_json(request).encode()).hexdigest()
    begin = BEGIN[session.get_bind().dialect.name]
    inserted = begin.run({"actor_id": actor.id, "key": key, "fingerprint": fingerprint, "at": clock.now()})
    if inserted == 1:
        return None
    stored = session.execute(
        select(Command.fingerprint, Command.status, Command.answer).where(
            Command.actor_id == actor.id, Command.key == key
        )
    ).one()
    if stored.fingerprint != fingerprint:
        raise field_error("Idempotency-Key", "idempotency_key_reused")
    return stored.status, stored.answer


def end_command(*, key: str, actor: Actor, status: int, answer: Any) -> None:  # noqa: ANN401 -- any JSON answer
    """Keeps the answer of a success, in the same transaction as what it did."""
    END.run({"whose": actor.id, "which": key, "status": status, "answer": answer})
