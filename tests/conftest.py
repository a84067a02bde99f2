"""The house under test: a real application on SQLite and, where it answers, on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.globals import app_ctx
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

import config
from app import create_app
from app.formdefs.queries import forget_forms
from app.kernel.db import Base, db, session
from app.processes import kept
from config import Settings
from tests.support.cleaning import Cleaner

POSTGRES_MISSING = "PostgreSQL does not answer at TEST_POSTGRES_URL"


def _postgres_answers() -> bool:
    engine = create_engine(config.test_postgres_url())
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except OperationalError:
        return False
    finally:
        engine.dispose()
    return True


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that touches the database runs on both."""
    if "database" in metafunc.fixturenames:
        metafunc.parametrize("database", ["sqlite", "postgres"], scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Names what `make test` runs side by side (tests/run.py)."""
    for item in items:
        if "postgres" in item.name:
            item.add_marker("postgres")


@pytest.fixture(scope="session")
def postgres_url() -> str:
    if not _postgres_answers():
        if config.is_ci():
            pytest.fail(POSTGRES_MISSING)
        pytest.skip(POSTGRES_MISSING)
    # no test pulls the plug of the database's machine, so none waits for its disk
    url = make_url(config.test_postgres_url()).update_query_dict({"options": "-c synchronous_commit=off"})
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def house(database: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application per database for the whole run, with an empty schema."""
    folder = tmp_path_factory.mktemp(database)
    url = f"sqlite:///{folder / 'test.db'}" if database == "sqlite" else request.getfixturevalue("postgres_url")
    app = create_app(_test_settings(url, folder))
    app.before_request(_forget_person)
    with app.app_context():
        if database == "postgres":
            with db.engine.begin() as connection:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
        Base.metadata.create_all(db.engine)
    yield app
    with app.app_context():
        session.remove()
        db.engine.dispose()


def _forget_person() -> None:
    """Tests hold one application context open over many requests: nobody stays signed in from one to the next by it."""
    app_ctx.g.pop("_login_user", None)


def _test_settings(url: str, folder: Path) -> Settings:
    return Settings(
        database_url=url,
        secret_key="a key for tests only",
        storage_url=f"file://{folder / 'files'}",
        mail_url=f"file://{folder / 'mail'}",
        rate_limits=False,
    )


@pytest.fixture
def app(house: Flask) -> Iterator[Flask]:
    """The application with an open context; the rows that the test left are swept away afterwards."""
    house.config.update(TESTING=True, WTF_CSRF_ENABLED=False)  # tests/web looks at the token itself
    with house.app_context():
        cleaner = Cleaner(db.engine)
        kept.forget()
        forget_forms()
        yield house
        session.remove()
        cleaner.sweep()


@pytest.fixture
def engine(app: Flask) -> Engine:
    return db.engine


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
