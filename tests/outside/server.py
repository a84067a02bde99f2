"""A server of one's own: `flask serve` over a fresh database in a temporary folder, stopped afterwards."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.outside.client import API, BrokenError

FLASK = (sys.executable, "-m", "flask", "--app", "app")
ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 60


@contextmanager
def serve_fresh(*, database_url: str = "", processes: int = 1) -> Iterator[str]:
    """The address of a server with a demo world in an empty database: SQLite in a temporary folder by default.

    Raises CalledProcessError where the demo cannot be loaded, BrokenError where the server does not answer.
    """
    with tempfile.TemporaryDirectory() as folder:
        port = _find_free_port()
        environment = os.environ | {
            "DATABASE_URL": database_url or f"sqlite:///{folder}/outside.db",
            "STORAGE_URL": f"file://{folder}/files",
            "MAIL_URL": f"file://{folder}/mail",
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "WEB_PROCESSES": str(processes),
        }
        subprocess.run((*FLASK, "demo", "load"), cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        with subprocess.Popen((*FLASK, "serve"), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as server:
            try:
                _wait_until_it_answers(url := f"http://127.0.0.1:{port}")
                yield url
            finally:
                server.send_signal(signal.SIGINT)


def _find_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_it_answers(url: str) -> None:
    ends = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(f"{url}{API}/announcements"):  # noqa: S310 -- our own server
                return
        except urllib.error.URLError:
            time.sleep(0.2)
    raise BrokenError(f"no answer at {url} within {STARTS_WITHIN} seconds")
