"""The calendar that other rooms ask, with the operator's exceptions from the database."""

from datetime import UTC, date, datetime
from unittest.mock import patch

import pytest

from app.kernel.clock import end_of_day
from app.kernel.db import session
from app.kernel.errors import FieldError, InvalidError, NotFoundError
from app.kernel.transaction import transaction
from app.workdays import queries
from app.workdays.calendar import add_workdays, is_workday, shift_workdays, workdays_between
from app.workdays.models import WorkdayOverride
from app.workdays.usecases import remove_override, set_override

FRIDAY = date(2031, 1, 3)


@pytest.fixture(autouse=True)
def fresh(app):
    queries.forget_overrides()
    yield
    queries.forget_overrides()


def declare(day, *, worked):
    with transaction():
        set_override(day=day, is_workday=worked, note="国务院办公厅通知")


def test_a_deadline_is_the_end_of_its_day_in_beijing():
    assert add_workdays(FRIDAY, 1) == end_of_day(date(2031, 1, 6))
    assert add_workdays(datetime(2031, 1, 2, 16, 0, tzinfo=UTC), 1) == end_of_day(date(2031, 1, 6))
    assert add_workdays(date(2031, 1, 6), -1) == end_of_day(FRIDAY)
    assert add_workdays(FRIDAY, 1).astimezone(UTC) == datetime(2031, 1, 6, 15, 59, 59, tzinfo=UTC)


def test_an_exception_counts_from_its_declaration_on():
    assert is_workday(FRIDAY) is True

    declare(FRIDAY, worked=False)
    declare(date(2031, 1, 4), worked=True)

    assert is_workday(FRIDAY) is False
    assert shift_workdays(date(2031, 1, 2), 1) == date(2031, 1, 4)
    assert workdays_between(date(2031, 1, 2), date(2031, 1, 6)) == 2
    assert workdays_between(date(2031, 1, 6), date(2031, 1, 2)) == -2


def test_an_exception_can_be_changed_and_taken_back():
    declare(FRIDAY, worked=False)
    declare(FRIDAY, worked=True)
    assert [(row.day, row.is_workday) for row in queries.list_overrides()] == [(FRIDAY, True)]

    with transaction():
        remove_override(day=FRIDAY)

    assert queries.list_overrides() == []
    with pytest.raises(NotFoundError), transaction():
        remove_override(day=FRIDAY)


@pytest.mark.parametrize(("note", "code"), [(" ", "field_required"), ("字" * 201, "text_too_long")])
def test_an_exception_needs_a_short_note(note, code):
    with pytest.raises(InvalidError) as caught, transaction():
        set_override(day=FRIDAY, is_workday=False, note=note)

    assert [refusal.code for refusal in caught.value.fields["note"]] == [code]
    assert isinstance(caught.value.fields["note"][0], FieldError)


def test_counting_asks_the_database_once_a_minute(app):
    is_workday(FRIDAY)
    session.add(WorkdayOverride(day=FRIDAY, is_workday=False, note="written by another process"))
    session.commit()
    assert is_workday(FRIDAY) is True

    with patch.object(queries.time, "monotonic", return_value=queries.time.monotonic() + 61):
        assert is_workday(FRIDAY) is False
