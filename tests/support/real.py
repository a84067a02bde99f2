"""Real processes of the house: gunicorn and worker, started, killed and started again."""

import http.client
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import orjson

from config import ROOT, Settings

START_SECONDS = 60


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_of(settings: Settings) -> dict[str, str]:
    """What a process must find in its environment to run on the same database, key and files."""
    return os.environ | {
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "STORAGE_URL": settings.storage_url,
        "MAIL_URL": settings.mail_url,
        "RATE_LIMITS": "0",
    }


@dataclass
class Process:
    """A program of ours that can be killed at any moment and started again."""

    arguments: list[str]
    environment: dict[str, str]
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.running = subprocess.Popen(
            [sys.executable, *self.arguments], cwd=ROOT, env=self.environment, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL to the program and its children: nothing can be tidied up."""
        if self.running is not None:
            os.killpg(self.running.pid, 9)
            self.running.wait()
            self.running = None


@dataclass
class Web(Process):
    """gunicorn as `flask serve` starts it: one process, eight threads."""

    port: int = field(default_factory=free_port)

    @classmethod
    def of(cls, settings: Settings, *, app: str = "app:create_app()") -> "Web":
        web = cls(["-m", "gunicorn", app], environment_of(settings))
        web.arguments += ["--bind", f"127.0.0.1:{web.port}", "--workers", "1", "--threads", "8", "--log-level", "error"]
        return web

    def wait_until_up(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError("the web server did not come up")


def worker_of(settings: Settings) -> Process:
    """The background worker."""
    return Process(["-m", "flask", "--app", "app", "worker"], environment_of(settings))


class Caller:
    """A script with a bearer token on a connection that stays open."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def post(self, path: str, body: object, *, key: str | None = None) -> tuple[int, Any]:
        """Posts `body` as JSON."""
        return self.call("POST", path, body=body, key=key)

    def call(self, method: str, path: str, *, body: object = None, key: str | None = None) -> tuple[int, Any]:
        """Status and JSON of the answer; OSError or HTTPException when the server dies meanwhile."""
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        try:
            self.connection.request(method, path, None if body is None else orjson.dumps(body), headers)
            answer = self.connection.getresponse()
            return answer.status, orjson.loads(answer.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
