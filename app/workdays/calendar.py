"""What other rooms ask: is this a working day, when do ten working days end, how many are left."""

from datetime import date, datetime

from app.kernel.clock import end_of_day
from app.workdays import queries, rules


def is_workday(day: date) -> bool:
    """Whether `day` is worked: the operator's exceptions first, then the announced calendar.

    Years that are not announced yet count plain Monday to Friday.
    """
    return rules.with_overrides(queries.kept_overrides())(day)


def shift_workdays(start: date | datetime, days: int) -> date:
    """The working day `days` after the day (in Beijing) of `start`, before it when negative."""
    return rules.shift(rules.day_of(start), days, rules.with_overrides(queries.kept_overrides()))


def add_workdays(start: date | datetime, days: int) -> datetime:
    """The end, in Beijing, of the working day `days` after the day of `start`, as an aware moment.

    The day of `start` does not count; negative counts back; 0 is that day or, on a day of rest, the next worked one.
    """
    return end_of_day(shift_workdays(start, days))


def workdays_between(start: date | datetime, end: date | datetime) -> int:
    """Working days from `start` (not counted) to `end` (counted); negative when `end` lies before `start`."""
    judge = rules.with_overrides(queries.kept_overrides())
    return rules.count_between(rules.day_of(start), rules.day_of(end), judge)
