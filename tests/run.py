"""`make test`: all tests, and in the last lines what was left out and why."""

import os
import shutil
import subprocess
import sys

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

import config

INSTALL = ["apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk"]


def main() -> int:
    """The exit code: of pytest, or 1 where something was left out although CI asks for everything."""
    left_out = [*_without_postgres(), *_without_browser()]
    code = pytest.main(["-q", *sys.argv[1:]])
    for line in left_out:
        sys.stdout.write(f"left out: {line}\n")
    return 1 if left_out and config.is_ci() else int(code)


def _without_postgres() -> list[str]:
    engine = create_engine(config.test_postgres_url())
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except OperationalError:
        return ["PostgreSQL (it does not answer at TEST_POSTGRES_URL)"]
    finally:
        engine.dispose()
    return []


def _without_browser() -> list[str]:
    if not shutil.which("chromium") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(INSTALL, check=False, stdout=subprocess.DEVNULL)
    return [] if shutil.which("chromium") else ["journeys in a browser (no Chromium)"]


if __name__ == "__main__":
    sys.exit(main())
