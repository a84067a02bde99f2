"""The one commit of the house."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field

from app.kernel.db import session, writing

log = logging.getLogger(__name__)
Callback = Callable[[], None]


@dataclass(slots=True)
class _Later:
    """What is to be done when the open transaction has ended."""

    committed: list[Callback] = field(default_factory=list)
    rolled_back: list[Callback] = field(default_factory=list)


_later: ContextVar[_Later | None] = ContextVar("later", default=None)
_turn = threading.Lock()
"""SQLite has one writer, and who waits for it there sleeps and may be overtaken for seconds: threads queue up here."""


@contextmanager
def transaction() -> Iterator[None]:
    """Runs its block in one writing transaction: all of it is kept, or nothing.

    Doors (routes, api, cli, worker) open it; nobody below commits. What was read before it began is read
    again inside, since on SQLite a reading transaction cannot be raised to a writing one safely.
    """
    if writing.get():
        raise RuntimeError("a transaction is open already: only doors open one")
    later = _Later()
    try:
        with _one_transaction(later):
            yield
    except Exception:
        for callback in later.rolled_back:
            _note_afterwards(callback)
        raise
    for callback in later.committed:
        callback()


@contextmanager
def _one_transaction(later: _Later) -> Iterator[None]:
    session.rollback()
    with _queue():
        write_token, later_token = writing.set(True), _later.set(later)
        try:
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            writing.reset(write_token)
            _later.reset(later_token)


def _queue() -> AbstractContextManager[object]:
    return _turn if session.get_bind().dialect.name == "sqlite" else nullcontext()


def _note_afterwards(callback: Callback) -> None:
    """A second transaction; its own failure must not hide the one that it was to tell of."""
    try:
        with _one_transaction(_Later()):
            callback()
    except Exception:
        log.exception("what followed a rolled back transaction failed")


def after_commit(callback: Callback) -> None:
    """Runs `callback` once the open transaction has been committed; never when it was rolled back."""
    _open().committed.append(callback)


def after_rollback(callback: Callback) -> None:
    """Runs `callback` in a transaction of its own once the open one has been rolled back; never after a commit."""
    _open().rolled_back.append(callback)


def _open() -> _Later:
    later = _later.get()
    if later is None:
        raise RuntimeError("no transaction is open")
    return later
