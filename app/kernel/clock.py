"""The only source of time. Durations and deadlines are judged against `now()`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The present day in Beijing, where every deadline of a round is counted."""
    return now().astimezone(BEIJING).date()


def end_of_day(day: date) -> datetime:
    """The last second of `day` in Beijing."""
    return datetime.combine(day, datetime.max.time().replace(microsecond=0), BEIJING).astimezone(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Runs its block as if it were `moment`: for tests and for playing a round."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def travel(delta: timedelta) -> None:
    """Moves the frozen clock of `at` forward."""
    moment = _frozen.get()
    if moment is None:
        raise RuntimeError("the clock runs by itself: freeze it with clock.at first")
    _frozen.set(moment + delta)
