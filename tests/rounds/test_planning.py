"""Planning of the stages against a brute-force count of days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.clock import BEIJING, end_of_day
from app.rounds.planning import ENDS_WITH, FOLLOWS, move_end, plan_stages, stages_after
from app.rounds.rules import DEFAULT_PARAMETERS
from app.rounds.vocabulary import STAGES, StageCode
from app.workdays import rules as workdays_rules

WINDOWS = DEFAULT_PARAMETERS["windows"]
CHAIN = [code for code in FOLLOWS if code not in ENDS_WITH]


def add_workdays(start, days):
    """The house's counting of working days, without the operator's exceptions."""
    day = workdays_rules.shift(workdays_rules.day_of(start), days, workdays_rules.is_announced_workday)
    return end_of_day(day)


def worked_days(first, last):
    """The working days after `first` up to `last`, counted one by one."""
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    return sum(workdays_rules.is_announced_workday(day) for day in days)


def day(moment):
    return moment.astimezone(BEIJING).date()


starts = st.dates(min_value=date(2020, 1, 1), max_value=date(2026, 6, 30))
windows = st.fixed_dictionaries({code: st.integers(min_value=1, max_value=40) for code in WINDOWS})


@settings(max_examples=60, deadline=None)
@given(starts_on=starts, workdays=windows)
def test_each_window_has_as_many_working_days_as_planned(starts_on, workdays):
    plan = {stage.code: stage for stage in plan_stages(starts_on, workdays=workdays, add_workdays=add_workdays)}

    for code in CHAIN:
        before, after = day(plan[FOLLOWS[code]].closes_at), day(plan[code].closes_at)
        assert worked_days(before, after) == workdays.get(code, 1)
        assert workdays_rules.is_announced_workday(after)
    assert day(plan[StageCode.SETUP].closes_at) < starts_on


@settings(max_examples=60, deadline=None)
@given(starts_on=starts, workdays=windows, code=st.sampled_from(CHAIN[2:]), longer=st.integers(1, 15))
def test_extending_a_stage_equals_planning_with_a_longer_window(starts_on, workdays, code, longer):
    plan = plan_stages(starts_on, workdays=workdays, add_workdays=add_workdays)
    end = next(stage.closes_at for stage in plan if stage.code is code)

    moved = move_end(plan, code, add_workdays(end, longer), shift=longer, add_workdays=add_workdays)

    wider = {**workdays, code: workdays.get(code, 1) + longer}
    if code in workdays:
        assert moved == plan_stages(starts_on, workdays=wider, add_workdays=add_workdays)


@settings(max_examples=30, deadline=None)
@given(starts_on=starts, workdays=windows, code=st.sampled_from(CHAIN))
def test_closing_early_leaves_the_ends_of_all_other_stages(starts_on, workdays, code):
    plan = plan_stages(starts_on, workdays=workdays, add_workdays=add_workdays)
    end = next(stage.closes_at for stage in plan if stage.code is code)

    moved = move_end(plan, code, end - timedelta(hours=30), shift=0, add_workdays=add_workdays)

    followers = {code} | {other for other, last in ENDS_WITH.items() if last is code}
    others = [stage.closes_at for stage in plan if stage.code not in followers]
    assert [stage.closes_at for stage in moved if stage.code not in followers] == others


def test_all_stages_are_planned_in_their_order():
    plan = plan_stages(date(2026, 3, 23), workdays=WINDOWS, add_workdays=add_workdays)

    assert [stage.code for stage in plan] == [stage.code for stage in STAGES]
    assert [stage.position for stage in plan] == list(range(1, 18))


def test_filing_opens_on_the_first_day_and_set_up_ends_the_working_day_before():
    plan = {s.code: s for s in plan_stages(date(2026, 3, 23), workdays=WINDOWS, add_workdays=add_workdays)}

    assert plan[StageCode.FILING].opens_at == datetime(2026, 3, 22, 16, tzinfo=UTC)
    assert day(plan[StageCode.SETUP].closes_at) == date(2026, 3, 20)
    assert plan[StageCode.SETUP].opens_at is None


def test_scoring_runs_beside_the_main_line_until_the_commendation():
    plan = {s.code: s for s in plan_stages(date(2026, 3, 23), workdays=WINDOWS, add_workdays=add_workdays)}

    assert plan[StageCode.SCORING].opens_at == plan[StageCode.AUDIT_TAIL].closes_at
    assert plan[StageCode.SCORING].closes_at == plan[StageCode.RESULTS].closes_at


@pytest.mark.parametrize(
    ("code", "after"),
    [
        (StageCode.ANNUAL_FORM, set()),
        (StageCode.RESULTS, {StageCode.DECISION, StageCode.ARCHIVED}),
        (StageCode.ARCHIVED, set()),
    ],
)
def test_only_what_waits_for_a_stage_moves_with_it(code, after):
    assert stages_after(code) == after
