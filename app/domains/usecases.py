"""Loads the domain classification that ships with the program."""

import csv
from pathlib import Path

from sqlalchemy import insert, select

from app.domains.models import Domain
from app.kernel.db import session, table_of

DOMAINS_FILE = Path(__file__).parent / "data" / "domains.csv"


def load_domains() -> int:
    """Writes the 9 + 40 domains where they are missing; returns how many were new."""
    known = set(session.scalars(select(Domain.code)))
    with DOMAINS_FILE.open(encoding="utf-8", newline="") as file:
        missing = [
            {
                "code": row["code"],
                "level": int(row["level"]),
                "parent_code": row["parent"] or None,
                "name_zh": row["name_zh"],
                "name_en": row["name_en"],
                "sort": sort,
            }
            for sort, row in enumerate(csv.DictReader(file))
            if row["code"] not in known
        ]
    if missing:
        session.execute(
            insert(table_of(Domain)), missing
        )  # in the file's order: a level-2 domain refers to its industry
    return len(missing)
