"""The door of time: fires what is due and runs what waits. Any number of workers may run beside each other."""

import logging
import threading
from collections.abc import Callable, Sequence

from sqlalchemy.exc import OperationalError

from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes import background
from app.processes.models import ProcessSchedule
from app.processes.operating.checking import is_check_due, keep_findings
from app.processes.operating.failing import record_job_failure, record_schedule_failure, record_timer_failure
from app.processes.operating.stuck import find_stuck
from app.processes.starting import plant
from app.processes.whole import NotSeenWholeError, see_whole

log = logging.getLogger(__name__)
IDLE_SECONDS = 0.25
Tick = Callable[[], None]
_ticks: list[Tick] = []


def on_tick(ticks: Sequence[Tick]) -> None:
    """Work of other rooms that the worker does in a transaction of its own every few seconds (mail, seals)."""
    _ticks[:] = ticks


def work(*, stop: threading.Event, tick_seconds: float = 5.0) -> None:
    """Works until `stop` is set. Nothing is lost when the process is killed: all truth is in the tables."""
    waited = tick_seconds
    while not stop.is_set():
        try:
            busy = work_off(limit=200) > 0
            if waited >= tick_seconds:
                run_ticks()
                waited = 0.0
        except OperationalError:
            log.exception("the database does not answer; trying again")
            busy = False
        session.remove()
        if not busy:
            waited += IDLE_SECONDS
            stop.wait(IDLE_SECONDS)


def work_off(*, limit: int = 1_000_000) -> int:
    """Fires due timers and runs waiting jobs until none is left or `limit` is reached; returns how many."""
    done = 0
    while done < limit and (_run_one_timer() or _run_one_job() or _run_one_schedule()):
        done += 1
    return done


def run_ticks() -> None:
    """Runs the other rooms' regular work once, and the check for what stands still when it is due."""
    for tick in (*(_in_transaction(tick) for tick in _ticks), _check_what_stands_still):
        try:
            tick()
        except OperationalError:
            raise
        except Exception:
            log.exception("regular work failed; it is tried again at the next tick")


def _in_transaction(tick: Tick) -> Tick:
    def run() -> None:
        with transaction():
            tick()

    return run


def _check_what_stands_still() -> None:
    if is_check_due():
        look_and_keep()


def look_and_keep() -> int:
    """Checks now; returns how many findings were kept. Nobody writing waits while it looks."""
    found = list(find_stuck())
    with transaction():
        keep_findings(found)
    return len(found)


def _run_one_timer() -> bool:
    found = background.find_due_timer()
    session.rollback()
    if found is None:
        return False
    timer_id, instance_id = found
    try:
        with transaction():
            background.run_timer(timer_id=timer_id, instance_id=instance_id)
    except OperationalError:
        raise
    except Exception as error:
        with transaction():
            record_timer_failure(timer_id=timer_id, instance_id=instance_id, error=error)
    return True


def _run_one_job() -> bool:
    job_id = background.find_due_job(lock=False)
    session.rollback()
    if job_id is None:
        return False
    try:
        with transaction():
            job_id = background.find_due_job(lock=True)
            if job_id is None:
                return False
            background.run_job(job_id)
    except OperationalError:
        raise
    except NotSeenWholeError as first:
        see_whole(first.definition)  # the job still waits: its next turn finds it in memory
    except Exception as error:
        if job_id is None:
            raise
        with transaction():
            record_job_failure(job_id=job_id, error=error)
    return True


def _run_one_schedule() -> bool:
    schedule_id = background.find_due_schedule(lock=False)
    session.rollback()
    if schedule_id is None:
        return False
    try:
        with transaction():
            schedule_id = background.find_due_schedule(lock=True)
            if schedule_id is None:
                return False
            schedule = session.get_one(ProcessSchedule, schedule_id)
            plant(schedule.definition_id)
            background.advance_schedule(schedule)
    except OperationalError:
        raise
    except Exception as error:
        if schedule_id is None:
            raise
        with transaction():
            record_schedule_failure(schedule_id=schedule_id, error=error)
    return True
