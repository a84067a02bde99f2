"""`flask serve` and `flask worker`: the processes of a running house."""

import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Sequence
from multiprocessing.process import BaseProcess

import click
from flask import current_app
from flask.cli import with_appcontext

from app.demo.preparing import Welcome, prepare
from app.kernel.db import db, session
from app.kernel.memory import set_loaded_apart
from app.processes.worker import work as work_until
from config import Settings

STOP_SECONDS = 20


@click.command()
@click.option(
    "--prepare", "prepare_first", is_flag=True, help="Migrate, deploy and, where empty, load the demo round before."
)
@with_appcontext
def serve(prepare_first: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Run web server and worker until Ctrl-C."""
    settings: Settings = current_app.config["SETTINGS"]
    welcome = prepare(settings=settings) if prepare_first else None
    session.remove()
    db.engine.dispose()  # a connection must not be shared by two processes: each opens its own
    set_loaded_apart()
    forking = multiprocessing.get_context("fork")  # the program is loaded once, not once for every process
    children = [
        forking.Process(target=_serve_web, args=(settings,), daemon=True),
        forking.Process(target=_work_until_told, daemon=True),
    ]
    for child in children:
        child.start()
    _greet(settings, welcome)
    sys.exit(_watch(children))


def _serve_web(settings: Settings) -> None:
    from gunicorn.app.wsgiapp import run  # noqa: PLC0415 -- only this process needs the server

    sys.argv = [
        "gunicorn", "app:create_app()", "--bind", f"{settings.host}:{settings.port}",
        "--workers", str(settings.web_processes), "--threads", str(settings.web_threads),
        "--graceful-timeout", "10", "--log-level", "warning",
    ]  # fmt: skip
    run()


def _greet(settings: Settings, welcome: Welcome | None) -> None:
    click.echo(f"\n  北辰评审 Lodestar   http://{settings.host}:{settings.port}\n")
    if welcome is not None:
        for line in welcome.lines:
            click.echo(f"  {line}")
    click.echo("\n  Ctrl-C stops it.")


def _watch(children: Sequence[BaseProcess]) -> int:
    """Waits until asked to stop, or until a child has ended; then stops the others."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    while not stopping.is_set() and all(child.is_alive() for child in children):
        stopping.wait(0.2)
    for child in children:
        child.terminate()
    end = time.monotonic() + STOP_SECONDS
    for child in children:
        child.join(timeout=max(end - time.monotonic(), 0.1))
        child.kill()
    return 0 if stopping.is_set() else 1


@click.command("worker")
@with_appcontext
def work() -> None:
    """Fire timers and run jobs until told to stop."""
    set_loaded_apart()
    _work_until_told()


def _work_until_told() -> None:
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    work_until(stop=stopping)
