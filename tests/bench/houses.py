"""Houses of their own for the benchmarks: fresh databases that are gone afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

import config
from app import create_app
from app.kernel.db import Base, db, session
from config import Settings

SECRET = "a key for benchmarks only"


@contextmanager
def fresh_url(database: str, folder: Path, name: str, *, tablespace: str = "pg_default") -> Iterator[str]:
    """The address of an empty database: a file in `folder`, or one made on the PostgreSQL of TEST_POSTGRES_URL."""
    if database == "sqlite":
        yield f"sqlite:///{folder / name}.db"
        return
    own = f"lodestar_{name}_{os.getpid()}"
    admin = create_engine(config.test_postgres_url(), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {own} TABLESPACE {tablespace}"))
    try:
        yield make_url(config.test_postgres_url()).set(database=own).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {own} WITH (FORCE)"))
        admin.dispose()


@contextmanager
def fresh_house(database: str, name: str) -> Iterator[Flask]:
    """An application on an empty database with all tables, its context open."""
    with TemporaryDirectory() as place, fresh_url(database, Path(place), name) as url:
        app = create_app(settings_for(url, Path(place)))
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        with app.app_context():
            Base.metadata.create_all(db.engine)
            yield app
            session.remove()
            db.engine.dispose()


def settings_for(url: str, folder: Path) -> Settings:
    """Settings that keep every file in `folder`."""
    return Settings(
        database_url=url,
        secret_key=SECRET,
        storage_url=f"file://{folder / 'files'}",
        mail_url=f"file://{folder / 'mail'}",
        rate_limits=False,
    )


def analyze(engine: Engine) -> None:
    """Lets the database count its rows, as it does by itself after a while."""
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def postgres_answers() -> bool:
    """Whether there is a PostgreSQL to measure on."""
    engine = create_engine(config.test_postgres_url())
    try:
        with engine.connect():
            return True
    except OperationalError:
        return False
    finally:
        engine.dispose()
