"""Jobs wait for their next try only, whatever the clock said when they were made; chunks are made to measure."""

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes import jobs
from app.processes.jobs import add_job
from app.processes.models import Job
from app.processes.operating.stuck import find_stuck
from app.processes.vocabulary import CHUNK_SECONDS, FIRST_CHUNK
from app.processes.worker import work_off
from tests.processes.conftest import note_call
from tests.support.diagrams import diagram, end, flows, service, start, user

LATER = diagram(
    "later", start() + service("act", "test.act", attributes='lodestar:job="true"') + user("a") + end()
    + flows("begin>act", "act>a", "a>end"),
)  # fmt: skip


def the_job() -> Job:
    session.rollback()
    return session.scalars(select(Job)).one()


def test_a_job_made_while_the_clock_was_ahead_runs_at_once(deploy, run, upper_rooms):
    calls = []
    upper_rooms(operations={"test.act": note_call(calls)})
    deploy(LATER)
    with clock.at(clock.now() + timedelta(days=1)):
        run("later")

    work_off()

    assert ([call.node for call in calls], the_job().status) == (["act"], "done")


def test_a_job_that_failed_waits_for_its_next_try(deploy, run, upper_rooms):
    tries = []

    def fail_once(call):
        tries.append(call)
        if len(tries) == 1:
            raise ValueError("not yet")
        return {}

    upper_rooms(operations={"test.act": fail_once})
    deploy(LATER)
    run("later")
    work_off()
    waits = (len(tries), the_job().status, the_job().run_after > clock.now())

    with clock.at(clock.now() + timedelta(seconds=3)):
        work_off()

    assert waits == (1, "waiting", True)
    assert (len(tries), the_job().status) == (2, "done")


def test_a_job_that_nobody_takes_is_noticed(app):
    with transaction():
        add_job("recheck", {"instance_id": 0})

    with clock.at(clock.now() + timedelta(days=1)):
        assert [found.reason for found in find_stuck()] == ["late_job"]


def test_the_next_chunk_is_as_large_as_the_last_one_was_quick(app, monkeypatch):
    quick, slow = (0.0, CHUNK_SECONDS / 100), (0.0, CHUNK_SECONDS * 4)
    monkeypatch.setattr(jobs, "monotonic", iter((*quick, *slow)).__next__)

    sizes = [jobs.chunk_size()]
    for _ in range(2):
        with transaction():
            jobs.time_chunk(sizes[-1])
        sizes.append(jobs.chunk_size())

    assert sizes == [FIRST_CHUNK, 2 * FIRST_CHUNK, 2 * FIRST_CHUNK // 4]


def test_a_chunk_that_was_rolled_back_teaches_nothing(app):
    with suppress(ZeroDivisionError), transaction():
        jobs.time_chunk(jobs.chunk_size())
        raise ZeroDivisionError

    assert jobs.chunk_size() == FIRST_CHUNK
