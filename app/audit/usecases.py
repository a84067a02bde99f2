"""Recording an act, in the transaction of the act itself."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import orjson
from sqlalchemy import insert

from app.audit.models import AuditEntry
from app.audit.rules import entry_hash
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import canonical_json, session, table_of
from app.kernel.prepared import Prepared

INSERT = insert(table_of(AuditEntry))
INSERT_ONE = Prepared(INSERT)
LONGEST_NAME = 200

_request_id: ContextVar[str] = ContextVar("request_id", default="")


@contextmanager
def within_request(request_id: str = "") -> Iterator[str]:
    """Marks every entry recorded in its block as of one request or job; doors open it."""
    token = _request_id.set(request_id or secrets.token_hex(8))
    try:
        yield _request_id.get()
    finally:
        _request_id.reset(token)


def record(
    *,
    action: str,
    actor: Actor,
    object_type: str,
    object_id: int | str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Writes down that `actor` did `action` ("room.verb_noun") to an object; kept or lost with the act itself.

    One INSERT at once, nothing is read. `detail`: JSON values; no names of raters, experts or
    objectors, no passwords. The hash chain is closed later by `seal_entries`, so that no writer waits for another.
    """
    content = _content(action=action, actor=actor, object_type=object_type, object_id=object_id, detail=detail)
    INSERT_ONE.run(content)


def record_many(
    *, action: str, actor: Actor, object_type: str, object_ids: Sequence[int], detail: Mapping[str, Any]
) -> None:
    """As `record`, of one act on many objects: an entry each, in one statement."""
    rows = [
        _content(action=action, actor=actor, object_type=object_type, object_id=one, detail=detail)
        for one in object_ids
    ]
    if rows:
        session.execute(INSERT, rows)


def _content(
    *, action: str, actor: Actor, object_type: str, object_id: int | str, detail: Mapping[str, Any] | None
) -> dict[str, Any]:
    content: dict[str, Any] = {
        "at": clock.now(),
        "actor_id": actor.id,
        "actor_name": actor.name[:LONGEST_NAME],
        "action": action,
        "object_type": object_type,
        "object_id": str(object_id),
        "detail": orjson.loads(canonical_json(dict(detail or {}))),
        "request_id": _request_id.get(),
    }
    return content | {"hash": entry_hash(**content)}
