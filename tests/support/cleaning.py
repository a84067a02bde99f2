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
    chosen = [table for table in reversed(Base.metadata.sorted_tables) if table.name in names]
    tables = [table.name for table in chosen]
    if not tables:
        return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # a few rows are deleted a hundred times sooner than a file for each table and index is made anew
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql("; ".join(f"DELETE FROM {table}" for table in tables))  # noqa: S608 -- names of our own tables
            counters = [f"{table.name}_id_seq" for table in chosen if table.autoincrement_column is not None]
            connection.exec_driver_sql(
                "; ".join(f"SELECT setval('{counter}', 1, false)" for counter in counters) or "SELECT"
            )
        else:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            for table in tables:
                connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 -- names of our own tables
