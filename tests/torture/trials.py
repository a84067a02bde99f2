"""The trials of `make torture`: which fault, how often, how many people and processes, and what they left."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine, text

import config
from tests.bench.houses import fresh_url
from tests.torture import ledger
from tests.torture.disks import small_disk
from tests.torture.faults import (
    Fault,
    cut_at_random,
    fill_disk_at_random,
    jump_clock_at_random,
    kill_at_random,
    nothing,
    wrong_clock,
)
from tests.torture.flows import CASES, CROWDS, Flow
from tests.torture.house import House, built_house

DISK_MEGABYTES = 64


@dataclass(frozen=True, slots=True)
class Trial:
    """`times`: how often the fault strikes (for `load`: seconds). `pause`: seconds a person thinks, at the most."""

    name: str
    fault: Fault
    times: int
    people: int = 6
    webs: int = 1
    workers: int = 2
    pause: float = 0.0
    open_cases: int = 40
    flow: Flow = CASES


TRIALS = (
    Trial("kill -9 of web and worker", kill_at_random, 200),
    Trial("kill -9 among set moves", kill_at_random, 60, open_cases=1, flow=CROWDS),
    Trial("database connection cut", cut_at_random, 40),
    Trial("disk full", fill_disk_at_random, 12),
    Trial("clock jumps", jump_clock_at_random, 12),
    Trial("200 people for 60 s", nothing, 60, people=200, webs=2, pause=4.0, open_cases=400),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial did and left. Everything but the first four figures must be empty."""

    trial: str
    database: str
    strikes: int
    cases: int
    completions: int
    seconds: float
    p50_ms: float
    p95_ms: float
    lost: list[str]
    doubled: list[str]
    stuck: list[str]
    differing: list[str]
    faults: list[str]

    @property
    def passed(self) -> bool:
        """Whether nothing was lost, doubled, stuck or said in two ways."""
        return not (self.lost or self.doubled or self.stuck or self.differing or self.faults)


def run_trial(trial: Trial, *, database: str, seed: int) -> Outcome:
    """One trial on an empty database. Raises PermissionError where the fault cannot be made here."""
    with ExitStack() as things:
        folder = Path(things.enter_context(TemporaryDirectory()))
        url = things.enter_context(_place_of_database(trial, database, folder))
        more = wrong_clock(folder) if trial.fault is jump_clock_at_random else {}
        house = things.enter_context(built_house(url=url, folder=folder, seed=seed))
        house.furnish(
            flow=trial.flow,
            people=trial.people,
            webs=trial.webs,
            workers=trial.workers,
            pause=trial.pause,
            more=more,
        )
        began = time.monotonic()
        strikes = _disturb(house, trial)
        return _count(house, trial, database=database, strikes=strikes, seconds=time.monotonic() - began)


@contextmanager
def _place_of_database(trial: Trial, database: str, folder: Path) -> Iterator[str]:
    """An empty database; for the trial of the full disk it lies on a small one."""
    if trial.fault is not fill_disk_at_random:
        with fresh_url(database, folder, "torture") as url:
            yield url
        return
    with small_disk(folder / "disk", megabytes=DISK_MEGABYTES) as disk:
        if database == "sqlite":
            yield f"sqlite:///{disk / 'torture.db'}"
            return
        with _tablespace(disk), fresh_url(database, folder, "torture", tablespace="torture_disk") as url:
            yield url


@contextmanager
def _tablespace(disk: Path) -> Iterator[None]:
    """A tablespace of PostgreSQL on the small disk: its tables cannot grow when that is full; its log lies elsewhere."""
    place = disk / "tables"
    place.mkdir()
    for path in (disk, disk.parent):
        path.chmod(0o755)
    place.chmod(0o700)
    shutil.chown(place, "postgres")
    engine = create_engine(config.test_postgres_url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP TABLESPACE IF EXISTS torture_disk"))
        connection.execute(text(f"CREATE TABLESPACE torture_disk LOCATION '{place}'"))
    try:
        yield
    finally:
        with engine.connect() as connection:
            connection.execute(text("DROP TABLESPACE torture_disk"))
        engine.dispose()


def _disturb(house: House, trial: Trial) -> int:
    """People at work, cases coming in, the fault striking; then everything is left to end in peace."""
    stop_feeding, stop_working = threading.Event(), threading.Event()
    feeder = threading.Thread(target=house.feed, args=(stop_feeding,), kwargs={"open_cases": trial.open_cases})
    people = [threading.Thread(target=person.work, args=(stop_working,)) for person in house.people]
    house.start()
    try:
        for thread in (feeder, *people):
            thread.start()
        strikes = trial.fault(house, trial.times, stop_working)
        stop_feeding.set()
        feeder.join()
        house.drain()
    finally:
        stop_feeding.set()
        stop_working.set()
        for thread in people:
            thread.join()
        house.stop()
    return strikes


def _count(house: House, trial: Trial, *, database: str, strikes: int, seconds: float) -> Outcome:
    done = [person.done for person in house.people]
    taken = sorted(second for person in house.people for second in person.seconds) or [0.0, 0.0]
    return Outcome(
        trial=trial.name,
        database=database,
        strikes=strikes,
        cases=len(house.started),
        completions=sum(len(answers) for answers in done),
        seconds=seconds,
        p50_ms=median(taken) * 1_000,
        p95_ms=quantiles(taken, n=20)[-1] * 1_000,
        lost=ledger.lost(done=done, started=house.started),
        doubled=ledger.doubled(done=done),
        stuck=ledger.stuck(),
        differing=ledger.disagreeing(),
        faults=[fault for person in house.people for fault in person.faults],
    )
