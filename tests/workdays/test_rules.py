from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workdays import rules

DAYS = st.dates(date(2003, 1, 1), date(2032, 12, 31))
ANNOUNCED = {day.year for day in chinese_calendar.constants.workdays} | {
    day.year for day in chinese_calendar.constants.holidays
}
COUNTS = st.integers(-300, 300)


def brute_is_workday(day: date) -> bool:
    """The library's answer for the years whose holidays are announced; it knows no others: plain weeks."""
    if day.year in ANNOUNCED:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


@given(DAYS)
def test_announced_calendar_is_that_of_the_library_and_plain_weeks_elsewhere(day):
    assert rules.is_announced_workday(day) == brute_is_workday(day)


@given(DAYS, COUNTS.filter(bool))
def test_shift_lands_on_the_nth_working_day(day, days):
    step = timedelta(days=1 if days > 0 else -1)
    passed, here = [], day
    while len(passed) < abs(days):
        here += step
        if brute_is_workday(here):
            passed.append(here)

    assert rules.shift(day, days, rules.is_announced_workday) == passed[-1]


@given(DAYS, COUNTS.filter(bool))
def test_count_undoes_shift(day, days):
    end = rules.shift(day, days, rules.is_announced_workday)

    assert rules.count_between(day, end, rules.is_announced_workday) == days


@given(DAYS, st.integers(-800, 800))
def test_count_is_the_number_of_working_days_behind_the_first(first, distance):
    last = first + timedelta(days=distance)
    low, high = sorted((first, last))
    inside = [low + timedelta(days=n) for n in range((high - low).days + 1)]
    counted = [day for day in inside if day != first and brute_is_workday(day)]

    count = rules.count_between(first, last, rules.is_announced_workday)

    assert count == (len(counted) if last >= first else -len(counted))


@given(DAYS)
def test_no_period_of_zero_days_ends_on_a_day_of_rest(day):
    end = rules.shift(day, 0, rules.is_announced_workday)

    assert brute_is_workday(end)
    assert not any(brute_is_workday(day + timedelta(days=n)) for n in range((end - day).days))


def test_spring_festival_and_its_make_up_days_of_2026():
    assert rules.is_announced_workday(date(2026, 2, 14)) is True  # a Saturday, worked
    assert rules.is_announced_workday(date(2026, 2, 17)) is False  # New Year's day, a Tuesday


def test_exceptions_stand_before_the_calendar():
    judge = rules.with_overrides({date(2031, 1, 1): False, date(2031, 1, 4): True})

    assert [judge(date(2031, 1, day)) for day in (1, 2, 3, 4, 5)] == [False, True, True, True, False]


def test_a_moment_belongs_to_its_day_in_beijing():
    assert rules.day_of(datetime(2026, 3, 5, 16, 30, tzinfo=UTC)) == date(2026, 3, 6)
    assert rules.day_of(date(2026, 3, 5)) == date(2026, 3, 5)


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        rules.day_of(datetime(2026, 3, 5, 16, 30))  # noqa: DTZ001 -- the fault under test


@pytest.mark.parametrize("days", [2_501, -2_501])
def test_counting_is_bounded(days):
    with pytest.raises(ValueError, match="2500"):
        rules.shift(date(2026, 1, 5), days, rules.is_announced_workday)
