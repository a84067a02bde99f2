"""Idempotency keys at the door: the same key and body get the same answer, and nothing happens twice.

The rows are kept by a room above; wiring hands it down once at start.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from flask import request
from webargs.core import missing

from app.kernel.actor import Actor
from app.kernel.transaction import transaction
from app.web.api_parsing import read_body
from app.web.person import current_actor

HEADER = "Idempotency-Key"
Answered = tuple[int, Any]
"""Status and JSON value of an answer."""


class Begin(Protocol):
    """The stored answer of an earlier success, or None when the request is to be done now."""

    def __call__(self, *, key: str, actor: Actor, request: dict[str, Any]) -> Answered | None: ...


class End(Protocol):
    """Keeps the answer of a success, in the same transaction as what it did."""

    def __call__(self, *, key: str, actor: Actor, status: int, answer: object) -> None: ...


@dataclass(slots=True)
class _Commands:
    begin: Begin | None = None
    end: End | None = None


_commands = _Commands()


class _SeenError(Exception):
    """Ends a transaction that only looked."""

    def __init__(self, stored: Answered | None) -> None:
        super().__init__()
        self.stored = stored


def register_commands(*, begin: Begin, end: End) -> None:
    """Says where answers are kept; called by wiring."""
    _commands.begin, _commands.end = begin, end


def once(act: Callable[[], Answered], *, key: str | None = None) -> Answered:
    """Does `act` in one transaction and answers (status, body); with an idempotency key at most once.

    `key` replaces the one of the request, for the parts of a request that succeed or fail by themselves.
    """
    key = key or request.headers.get(HEADER)
    if not key:
        with transaction():
            return act()
    actor = current_actor()
    begin, end = _kept_by()
    with transaction():
        stored = begin(key=key, actor=actor, request=_fingerprint())
        if stored is not None:
            return stored
        status, body = act()
        end(key=key, actor=actor, status=status, answer=body)
    return status, body


def once_in_parts(act: Callable[[Callable[[object], str | None]], Answered]) -> Answered:
    """Does an `act` that opens transactions of its own; `act` is given the function that makes a key for each part.

    A repeated request gets the whole answer of the first; one that was torn in the middle goes on where it was.
    """
    key = request.headers.get(HEADER)
    if not key:
        return act(lambda part: None)  # noqa: ARG005 -- no key, no part of one
    actor = current_actor()
    earlier = _look_up(key, actor)
    if earlier is not None:
        return earlier
    digest = hashlib.sha256(key.encode()).hexdigest()
    answered = act(lambda part: f"part:{digest}:{part}")
    return once(lambda: answered)


def _look_up(key: str, actor: Actor) -> Answered | None:
    """The answer of an earlier success; the row that looking leaves behind is rolled back."""
    try:
        with transaction():
            _stop_with(_kept_by()[0](key=key, actor=actor, request=_fingerprint()))
    except _SeenError as seen:
        return seen.stored


def _stop_with(stored: Answered | None) -> NoReturn:
    raise _SeenError(stored)


def _kept_by() -> tuple[Begin, End]:
    if _commands.begin is None or _commands.end is None:
        raise RuntimeError("wiring has not said where the answers of commands are kept")
    return _commands.begin, _commands.end


def _fingerprint() -> dict[str, Any]:
    """What makes a request the same: method, address, and all that was sent."""
    asked: dict[str, Any] = {"method": request.method, "path": request.full_path}
    if request.mimetype != "multipart/form-data":
        body = read_body(request)
        return asked | {"body": None if body is missing else body}
    return asked | {
        "form": sorted(request.form.items(multi=True)),
        "files": [[name, part.filename, _digest(part.stream)] for name, part in request.files.items(multi=True)],
    }


def _digest(stream: Any) -> str:  # noqa: ANN401 -- werkzeug's spooled file
    digest = hashlib.sha256()
    while chunk := stream.read(1024 * 1024):
        digest.update(chunk)
    stream.seek(0)
    return digest.hexdigest()
