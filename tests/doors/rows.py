"""What a refusal must leave as it was: how many rows each table has, and where every case stands."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import func, select, union_all

from app.kernel.db import Base, db, session
from tests.doors.world import World

TELLS_OF_KNOCKS = {"api_token", "audit_entry"}
"""Tables in which a knock alone may leave something: a token for the test's own person, a failed sign-in."""
STATE = {"process_instance", "work_item", "filing", "evaluation_round", "user_account", "stage"}
"""Tables whose rows are compared word for word."""


def count_rows(world: World) -> dict[str, object]:
    """Rows by table, and a checksum of those that hold where things stand."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in TELLS_OF_KNOCKS]
    with world.house.app_context():
        counts = union_all(*(select(func.count()).select_from(table) for table in tables))
        numbers = dict(zip((table.name for table in tables), session.scalars(counts), strict=True))
        sums = {table.name: _sum_of(table) for table in tables if table.name in STATE}
        session.remove()
    return {**numbers, "sums": sums}


def _sum_of(table) -> str:
    rows = session.execute(select(table).order_by(table.c.id)).all()
    return hashlib.sha256(repr(rows).encode()).hexdigest()


@dataclass
class Seen:
    """Whether a request was refused, and which tables it changed nevertheless."""

    is_refused: bool = False
    changed: list[str] = field(default_factory=list)


class Watch:
    """Notices whether a request changed anything; counts only when the database says that somebody wrote to it."""

    def __init__(self, world: World) -> None:
        self.world = world
        with world.house.app_context():
            self.connection = sqlite3.connect(db.engine.url.database)
        self.before = count_rows(world)
        self.version = self._version()

    @contextmanager
    def expecting_nothing(self) -> Iterator[Seen]:
        """Says afterwards what a refused request changed."""
        seen = Seen()
        yield seen
        if self._version() == self.version:
            return
        after = count_rows(self.world)
        if seen.is_refused:
            seen.changed = sorted(name for name in after if after[name] != self.before[name])
        self.before, self.version = after, self._version()

    def _version(self) -> int:
        return self.connection.execute("PRAGMA data_version").fetchone()[0]
