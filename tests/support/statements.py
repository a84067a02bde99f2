"""Counts what reaches the database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import Engine, event


class Statements:
    """SQL statements and commits that were sent while watching."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.commits = 0

    def __len__(self) -> int:
        return len(self.sent)


@contextmanager
def watch_statements(engine: Engine) -> Iterator[Statements]:
    """Notes every statement (transaction control apart) and every commit inside its block."""
    seen = Statements()

    def note(connection, cursor, statement, *rest) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
            seen.sent.append(statement)

    def count(connection) -> None:
        seen.commits += 1

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", count)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "commit", count)


@pytest.fixture
def count_statements(engine: Engine) -> Callable[[], AbstractContextManager[Statements]]:
    """`with count_statements() as counted`, for rooms that import it into their conftest."""
    return lambda: watch_statements(engine)
