"""A whole house for journeys: web server and worker as `make run` starts them, on a copy of the small demo."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from config import ROOT, Settings

PASSWORD = Settings.demo_password
BUILD_SECONDS = 280
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class House:
    """A house that answers: its address and the folder of its database, files, mail and log."""

    address: str
    folder: Path
    pid: int = 0

    @property
    def log(self) -> str:
        """What its processes have said so far; a house in order says nothing."""
        return (self.folder / "log").read_text(encoding="utf-8")


def build_house(folder: Path) -> Path:
    """Fills a folder with the small demo: migrated, deployed and played by the program's own first start."""
    folder.mkdir(parents=True)
    with _served(folder, "--prepare", seconds=BUILD_SECONDS):
        pass
    return folder


@contextmanager
def open_house(built: Path, folder: Path) -> Iterator[House]:
    """A copy of a built house, its server and its worker; stopped at the end."""
    shutil.copytree(built, folder)
    (folder / "log").unlink(missing_ok=True)
    with _served(folder, seconds=START_SECONDS) as house:
        yield house


@contextmanager
def open_empty_house(folder: Path) -> Iterator[House]:
    """A house without a demo, from nothing: its server and its worker; stopped at the end."""
    folder.mkdir(parents=True)
    with _served(folder, "--prepare", seconds=BUILD_SECONDS, demo=False) as house:
        yield house


@contextmanager
def _served(folder: Path, *options: str, seconds: float, demo: bool = True) -> Iterator[House]:
    port = _free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "serve", *options],
            cwd=ROOT,
            env={**os.environ, **_environment(folder, port), "DEMO": "1" if demo else "0"},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        house = House(f"http://127.0.0.1:{port}", folder, process.pid)
        try:
            _wait_until_it_answers(house, process, seconds)
            yield house
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def _environment(folder: Path, port: int) -> dict[str, str]:
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'lodestar.db'}",
        "STORAGE_URL": f"file://{folder / 'files'}",
        "MAIL_URL": f"file://{folder / 'mail'}",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SECRET_KEY": "a key for journeys only",
        "DEMO_PASSWORD": PASSWORD,
        "RATE_LIMITS": "0",
        "WEB_PROCESSES": "1",
        "WEB_THREADS": "4",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(house: House, process: subprocess.Popen[bytes], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the house did not start:\n{house.log[-4000:]}")
        try:
            with closing(http.client.HTTPConnection(house.address.removeprefix("http://"), timeout=5)) as connection:
                connection.request("GET", "/sign-in")
                if connection.getresponse().status == HTTPStatus.OK:
                    return
        except (ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"the house does not answer after {seconds} s:\n{house.log[-4000:]}")
