"""Loads the domain classification that ships with the program."""

import csv
from pathlib import Path

from app.domains.models import Domain
from app.kernel.db import session

DOMAINS_FILE = Path(__file__).parent / "data" / "domains.csv"


def load_domains() -> int:
    """Writes the 9 + 40 domains where they are missing; returns how many were new."""
    new = 0
    with DOMAINS_FILE.open(encoding="utf-8", newline="") as file:
        for sort, row in enumerate(csv.DictReader(file)):
            if session.get(Domain, row["code"]) is None:
                new += 1
                session.add(
                    Domain(
                        code=row["code"],
                        level=int(row["level"]),
                        parent_code=row["parent"] or None,
                        name_zh=row["name_zh"],
                        name_en=row["name_en"],
                        sort=sort,
                    )
                )
                session.flush()  # a level-2 domain refers to its industry
    return new
