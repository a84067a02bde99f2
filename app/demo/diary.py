"""The demo's days: rounds that stand at different places have begun at different times."""

from bisect import bisect_right
from datetime import datetime, time, timedelta

from app.kernel import clock
from app.rounds.planning import plan_stages
from app.rounds.rules import complete_parameters
from app.rounds.vocabulary import StageCode
from app.workdays.calendar import add_workdays, is_workday

OPENS, CLOSES = time(9, 10), time(17, 30)
LONGEST_ROUND = 600


def begin_so_that(*, stage: str | None, days_open: int) -> datetime:
    """The morning on which a round begins whose `stage` has been open for that many days; None: that is over by then."""
    code = StageCode(stage) if stage else StageCode.ARCHIVED
    wanted = clock.now() - timedelta(days=days_open)
    if code is StageCode.SETUP:
        return _morning(wanted)
    mornings = [_morning(wanted - timedelta(days=days)) for days in range(LONGEST_ROUND, -1, -1)]
    return mornings[bisect_right(mornings, wanted, key=lambda morning: _opening(morning, code)) - 1]


def _morning(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(clock.BEIJING).date(), OPENS, clock.BEIJING)


def _opening(morning: datetime, code: StageCode) -> datetime:
    windows = complete_parameters({})["windows"]
    plan = plan_stages(morning.date(), workdays=windows, add_workdays=add_workdays)
    return next(stage.opens_at for stage in plan if stage.code is code and stage.opens_at is not None)


def go_on(hours: float, *, before: datetime) -> None:
    """Some hours later, in office hours of a working day; the clock stays where it is when that is not `before`."""
    later = (clock.now() + timedelta(hours=hours)).astimezone(clock.BEIJING)
    if later.time() > CLOSES:
        later = _morning(later + timedelta(days=1))
    if later.time() < OPENS:
        later = _morning(later)
    while not is_workday(later.date()):
        later = _morning(later + timedelta(days=1))
    if later < before:
        clock.travel(later - clock.now())
