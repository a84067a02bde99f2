"""A house under torture: its database, its people, its web and worker processes, and a feeder of new cases."""

import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.accounts.usecases import issue_token
from app.accounts.vocabulary import Role
from app.kernel.actor import Actor
from app.kernel.db import Base, db, session
from app.kernel.transaction import transaction
from app.processes.deploying import deploy_definition
from app.processes.doors import Subject
from app.processes.models import Job, ProcessInstance
from app.processes.starting import start_instance
from app.processes.usecases import throw_message
from app.processes.vocabulary import InstanceStatus, JobStatus
from config import Settings
from tests.bench.houses import SECRET
from tests.factories.accounts import make_actor
from tests.support.real import Process, Web, environment_of
from tests.torture.crowd import Person
from tests.torture.flows import CASES, LEDGER, ROLE, Flow, create_torture_app, open_torture_doors

APP = "tests.torture.flows:create_torture_app"
DRAIN_SECONDS = 240


@dataclass
class House:
    """Processes and people on one database; its files are in `folder`."""

    app: Flask
    settings: Settings
    folder: Path
    chance: random.Random
    webs: list[Web] = field(default_factory=list)
    workers: list[Process] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    started: list[int] = field(default_factory=list)
    starter: Actor | None = None
    flow: Flow = CASES
    batch: int = 0

    def furnish(self, *, flow: Flow, people: int, webs: int, workers: int, pause: float, more: dict[str, str]) -> None:
        """Tables, accounts, diagrams; processes that are not started yet, the workers with `more` in their environment."""
        Base.metadata.create_all(db.engine)
        LEDGER.create(db.engine)
        open_torture_doors()
        self.starter, self.flow = make_actor(Role.DESIGNER), flow
        with transaction():
            for xml in flow.diagrams:
                deploy_definition(xml=xml, note="torture", actor=self.starter)
        environment = environment_of(self.settings)
        for _ in range(webs):
            web = Web.of(self.settings, app=f"{APP}()")
            web.environment = environment
            self.webs.append(web)
        self.workers = [Process(["-m", "flask", "--app", APP, "worker"], environment | more) for _ in range(workers)]
        ports = [web.port for web in self.webs]
        for number in range(people):
            person = make_actor(ROLE)
            with transaction():
                token, _ = issue_token(user_id=person.id or 0)
            self.people.append(Person(number, ports, token, pause))

    @property
    def processes(self) -> Sequence[Process]:
        return [*self.webs, *self.workers]

    def start(self) -> None:
        for process in self.processes:
            process.start()
        for web in self.webs:
            web.wait_until_up()

    def stop(self) -> None:
        for process in self.processes:
            process.kill()

    def feed(self, stop: threading.Event, *, open_cases: int) -> None:
        """Keeps about so many cases going until told to stop; a database that does not answer is asked again."""
        with self.app.app_context():
            while not stop.is_set():
                try:
                    self._feed_once(open_cases)
                except DBAPIError:  # the outcome is unknown: `started` names only what was committed
                    session.rollback()
                session.remove()
                stop.wait(0.2)

    def _feed_once(self, open_cases: int) -> None:
        if self.count_running(of_cases=True) < open_cases:
            self.batch += 1
            self._throw_maybe(self.batch)  # too early for everybody
            for _ in range(self.flow.together):
                with transaction():
                    case_id = start_instance(
                        process=self.flow.process, subject=Subject("case", self.batch), title=f"第{self.batch}批",
                        actor=self.starter, batch_id=self.batch,
                    )  # fmt: skip
                self.started.append(case_id)
        self._throw_maybe(self.chance.randint(1, max(self.batch, 1)))  # among arrivals, or once more

    def _throw_maybe(self, batch: int) -> None:
        if self.chance.random() < self.flow.chance:
            self.throw(batch)

    @staticmethod
    def throw(batch: int) -> None:
        with transaction():
            throw_message(name="go", batch_id=batch)

    @staticmethod
    def count_running(*, of_cases: bool = False) -> int:
        query = (
            select(func.count()).select_from(ProcessInstance).where(ProcessInstance.status == InstanceStatus.RUNNING)
        )
        return session.scalar(query.where(ProcessInstance.call_id.is_(None)) if of_cases else query) or 0

    def drain(self) -> None:
        """Lets everything come to its end, with processes and people undisturbed."""
        for batch in range(1, self.batch + 1):
            self.throw(batch)
        end = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < end and (self.count_running() or self._jobs_waiting()):
            session.rollback()
            time.sleep(0.3)
        session.rollback()

    @staticmethod
    def _jobs_waiting() -> int:
        return session.scalar(select(func.count()).select_from(Job).where(Job.status == JobStatus.WAITING)) or 0

    def cut_connections(self) -> None:
        """PostgreSQL drops every connection of the house but this one; on SQLite somebody holds the file for a while."""
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect() as connection:
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )
            return
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            time.sleep(2 * self.chance.random())


@contextmanager
def built_house(*, url: str, folder: Path, seed: int) -> Iterator[House]:
    """A house on an empty database, its processes gone afterwards."""
    settings = Settings(
        database_url=url,
        secret_key=SECRET,
        storage_url=f"file://{folder / 'files'}",
        mail_url=f"file://{folder / 'mail'}",
        rate_limits=False,
    )
    app = create_torture_app(settings)
    house = House(app, settings, folder, random.Random(seed))
    with app.app_context():
        try:
            yield house
        finally:
            house.stop()
            session.remove()
            db.engine.dispose()
