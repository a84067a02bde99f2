"""The demo as `flask demo load` makes it: built once, and a copy of it for each file of tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.attachments import storage as storage_module
from app.attachments.storage import configure_storage
from app.demo.load import load_demo
from app.demo.preparing import install
from app.kernel.db import Base, db, session
from config import Settings
from tests.doors.world import World, read_world


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's database and files."""
    folder = tmp_path_factory.mktemp("demo")
    for app in _house(folder):
        with app.app_context():
            Base.metadata.create_all(db.engine)
            install()
            load_demo(size="small", seed=1, password=Settings.demo_password)
    return folder


@pytest.fixture(scope="module")
def house(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on a copy of the demo."""
    folder = tmp_path_factory.mktemp("doors")
    shutil.copytree(built, folder, dirs_exist_ok=True)
    yield from _house(folder)


@pytest.fixture(scope="module")
def world(house: Flask) -> World:
    with house.app_context():
        return read_world(house)


def _house(folder: Path) -> Iterator[Flask]:
    """An application on this folder, with its files."""
    before = storage_module._storage
    app = create_app(
        Settings(
            database_url=f"sqlite:///{folder / 'demo.db'}",
            secret_key="a key for tests only",
            storage_url=f"file://{folder / 'files'}",
            mail_url=f"file://{folder / 'mail'}",
            rate_limits=False,
        )
    )
    app.config["WTF_CSRF_ENABLED"] = False
    configure_storage(f"file://{folder / 'files'}")
    yield app
    with app.app_context():
        session.remove()
        db.engine.dispose()
    storage_module._storage = before
