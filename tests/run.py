"""`make test`: all tests, and in the last lines what was left out and why.

Two runs beside each other, one per core, those that need PostgreSQL and the others; then the journeys, which start
processes and a browser of their own, with the machine to themselves.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

import config

INSTALL = ["apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk"]
PARTS = {
    "SQLite": ["-m", "not (journey or postgres)"],
    "PostgreSQL": ["-m", "postgres and not journey"],
    "journeys": ["-m", "journey"],
}
AFTERWARDS = "journeys"
NOTHING_CHOSEN = 5
"""pytest's exit code where a choice of files holds no test of a part."""


def main() -> int:
    """The exit code: of pytest, or 1 where something was left out although CI asks for everything."""
    left_out = [*_without_postgres(), *_without_browser()]
    with tempfile.TemporaryDirectory() as folder:
        codes = _run_parts(Path(folder))
    for line in left_out:
        sys.stdout.write(f"left out: {line}\n")
    failed = any(code not in (0, NOTHING_CHOSEN) for code in codes) or all(code == NOTHING_CHOSEN for code in codes)
    return 1 if failed or (left_out and config.is_ci()) else 0


def _run_parts(folder: Path) -> list[int]:
    """Runs the parts and prints what each said, one after the other."""
    beside = {part: _start(part, folder) for part in PARTS if part != AFTERWARDS}
    codes = [run.wait() for run in beside.values()]
    codes.append(_start(AFTERWARDS, folder).wait())
    for part in PARTS:
        sys.stdout.write(f"\n=== {part} ===\n{(folder / part).read_text(errors='replace')}")
    return codes


def _start(part: str, folder: Path) -> "subprocess.Popen[bytes]":
    with (folder / part).open("wb") as output:
        command = [sys.executable, "-m", "pytest", "-q", *PARTS[part], *sys.argv[1:]]
        return subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)


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
