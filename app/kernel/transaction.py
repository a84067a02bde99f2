"""The one commit of the house."""

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

from app.kernel.db import session, writing

_after_commit: ContextVar[list[Callable[[], None]] | None] = ContextVar("after_commit", default=None)
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
    session.rollback()
    with _queue():
        callbacks = yield from _run()
    for callback in callbacks:
        callback()


def _run() -> Generator[None, None, list[Callable[[], None]]]:
    """The transaction itself; returns what is to be done after its commit."""
    write_token, later_token = writing.set(True), _after_commit.set([])
    try:
        yield
        session.commit()
        return _after_commit.get() or []
    except BaseException:
        session.rollback()
        raise
    finally:
        writing.reset(write_token)
        _after_commit.reset(later_token)


def _queue() -> AbstractContextManager[object]:
    return _turn if session.get_bind().dialect.name == "sqlite" else nullcontext()


def after_commit(callback: Callable[[], None]) -> None:
    """Runs `callback` once the open transaction has been committed; never when it was rolled back."""
    callbacks = _after_commit.get()
    if callbacks is None:
        raise RuntimeError("no transaction is open")
    callbacks.append(callback)
