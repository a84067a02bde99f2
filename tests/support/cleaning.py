"""Empties just those tables that a test wrote to."""

import re
from collections.abc import Collection

from sqlalchemy import Engine, event, text

from app.kernel.db import Base

INSERT = re.compile(r"\s*(?:WITH .*?)?INSERT INTO \"?(\w+)\"?", re.IGNORECASE | re.DOTALL)


class Cleaner:
    """Watches an engine for the tables that are written to, and sweeps them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.tables: set[str] = set()
        event.listen(engine, "before_cursor_execute", self._watch)

    def _watch(self, connection, cursor, statement, *rest) -> None:
        self.tables.update(INSERT.findall(statement))

    def sweep(self) -> None:
        event.remove(self.engine, "before_cursor_execute", self._watch)
        empty_tables(self.engine, self.tables)


def empty_tables(engine: Engine, names: Collection[str]) -> None:
    """Deletes every row of these tables."""
    tables = [table.name for table in reversed(Base.metadata.sorted_tables) if table.name in names]
    if not tables:
        return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
        else:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            for table in tables:
                connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 -- names of our own tables
