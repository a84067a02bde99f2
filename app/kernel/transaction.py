"""The one commit of the house."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field

from sqlalchemy.orm import Session, SessionTransaction

from app.kernel.db import session, writing
from app.kernel.driver import Driver

log = logging.getLogger(__name__)
Callback = Callable[[], None]


@dataclass(slots=True)
class _Opened:
    """The open transaction: its session, its driver once asked for in this savepoint, and what is to be done afterwards."""

    session: Session
    driver: Driver | None = None
    savepoint: SessionTransaction | None = None
    committed: list[Callback] = field(default_factory=list)
    rolled_back: list[Callback] = field(default_factory=list)


_opened: ContextVar[_Opened | None] = ContextVar("opened", default=None)
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
    opened = _Opened(session())
    try:
        with _one_transaction(opened):
            yield
    except Exception:
        for callback in opened.rolled_back:
            _note_afterwards(callback)
        raise
    for callback in opened.committed:
        callback()


@contextmanager
def _one_transaction(opened: _Opened) -> Iterator[None]:
    session.rollback()
    with _queue():
        write_token, opened_token = writing.set(True), _opened.set(opened)
        try:
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            writing.reset(write_token)
            _opened.reset(opened_token)


def _queue() -> AbstractContextManager[object]:
    return _turn if session.get_bind().dialect.name == "sqlite" else nullcontext()


def _note_afterwards(callback: Callback) -> None:
    """A second transaction; its own failure must not hide the one that it was to tell of."""
    try:
        with _one_transaction(_Opened(session())):
            callback()
    except Exception:
        log.exception("what followed a rolled back transaction failed")


def after_commit(callback: Callback) -> None:
    """Runs `callback` once the open transaction has been committed; never when it was rolled back."""
    _open().committed.append(callback)


def after_rollback(callback: Callback) -> None:
    """Runs `callback` in a transaction of its own once the open one has been rolled back; never after a commit."""
    _open().rolled_back.append(callback)


def open_driver() -> Driver:
    """The driver of the open transaction, or of a session that only reads, once what is pending was written."""
    opened = _opened.get()
    if opened is None:
        session.flush()
        return Driver(session.connection())
    opened.session.flush()
    savepoint = opened.session.get_nested_transaction()
    if opened.driver is None or savepoint is not opened.savepoint:  # the session sets a savepoint when it is first used
        opened.driver, opened.savepoint = Driver(opened.session.connection()), savepoint
    return opened.driver


def _open() -> _Opened:
    opened = _opened.get()
    if opened is None:
        raise RuntimeError("no transaction is open")
    return opened
