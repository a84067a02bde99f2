"""What a refusal must leave as it was: how many rows each table has, and where every case stands."""

import hashlib

from sqlalchemy import func, select, union_all

from app.kernel.db import Base, session
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
