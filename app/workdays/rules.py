"""Counting of working days. A day is asked for by a function, so that counting knows no calendar."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from chinese_calendar import holidays, workdays

from app.kernel.clock import BEIJING

MAX_WORKDAYS = 2_500
ONE_DAY = timedelta(days=1)
SATURDAY = 5

IsWorkday = Callable[[date], bool]


def is_announced_workday(day: date) -> bool:
    """Whether `day` is worked by the announced calendar, make-up days (调休) included.

    The pinned chinesecalendar knows the years announced so far; any other year is plain Monday to Friday.
    """
    return day in workdays or (day.weekday() < SATURDAY and day not in holidays)


def with_overrides(overrides: Mapping[date, bool]) -> IsWorkday:
    """The announced calendar with the operator's exceptions in front."""

    def judge(day: date) -> bool:
        known = overrides.get(day)
        return is_announced_workday(day) if known is None else known

    return judge


def day_of(moment: date | datetime) -> date:
    """The day in Beijing on which `moment` falls; a date is itself. A moment needs a time zone."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone falls on no particular day")
    return moment.astimezone(BEIJING).date()


def shift(day: date, days: int, is_workday: IsWorkday) -> date:
    """The working day `days` after `day` (before, when negative); `day` itself is not counted.

    With 0: `day` when it is worked, else the next working day, since no period ends on a day of rest.
    At most MAX_WORKDAYS either way (ValueError).
    """
    if abs(days) > MAX_WORKDAYS:
        raise ValueError(f"more than {MAX_WORKDAYS} working days")
    if days == 0:
        return day if is_workday(day) else shift(day, 1, is_workday)
    stride = ONE_DAY if days > 0 else -ONE_DAY
    left = abs(days)
    while left:
        day += stride
        left -= is_workday(day)
    return day


def count_between(first: date, last: date, is_workday: IsWorkday) -> int:
    """The working days after `first` up to and including `last`; negative when `last` lies before `first`.

    Undoes `shift`: count_between(day, shift(day, n)) == n for every n but 0.
    """
    stride = ONE_DAY if last > first else -ONE_DAY
    count, day = 0, first
    while day != last:
        day += stride
        count += is_workday(day)
    return count if last > first else -count
