"""Are the migrations whole? Upgrades an empty SQLite database, compares it with the models, goes down and up again."""

import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade

from app import create_app
from app.kernel.db import Base, db
from config import Settings


def find_differences(url: str) -> list[object]:
    """What the models have that the migrations do not make, or the other way round."""
    app = create_app(Settings(database_url=url, secret_key="no secret: an empty database"))
    with app.app_context():
        upgrade()
        downgrade(revision="base")
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": False})
            return list(compare_metadata(context, Base.metadata))


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        differences = find_differences(f"sqlite:///{Path(folder) / 'empty.db'}")
    for difference in differences:
        sys.stdout.write(f"{difference}\n")
    sys.stdout.write("migrations and models agree\n" if not differences else f"{len(differences)} differences\n")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
