from datetime import UTC, date, datetime

import pytest

from app.kernel import clock
from app.web import dates

EVENING = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)  # 1 o'clock in the night of 5 March in Beijing


def test_a_date_is_told_in_beijings_day():
    assert dates.full_date(EVENING, "zh") == "2026年3月5日"
    assert dates.full_date(EVENING, "en") == "5 Mar 2026"
    assert dates.short_date(date(2026, 3, 5), "zh") == "3月5日"
    assert dates.moment_text(datetime(2026, 3, 4, 17, tzinfo=UTC), "en").endswith("01:00")
    assert dates.weekday(date(2026, 6, 26), "zh") == "星期五"


def test_the_year_is_left_out_within_the_year():
    with clock.at(datetime(2026, 6, 1, tzinfo=UTC)):
        assert dates.near_date(date(2026, 3, 5), "zh") == "3月5日"
        assert dates.near_date(date(2027, 1, 5), "zh") == "2027年1月5日"


@pytest.mark.parametrize(
    ("workdays", "zh", "en", "tone"),
    [
        (3, "剩余3个工作日", "3 working days left", ""),
        (2, "剩余2个工作日", "2 working days left", "soon"),
        (1, "剩余1个工作日", "1 working day left", "soon"),
        (0, "今日到期", "Due today", "soon"),
        (-1, "超期1个工作日", "1 working day late", "late"),
    ],
)
def test_a_deadline_is_told_in_working_days(workdays, zh, en, tone):
    assert dates.due_text(workdays, "zh") == zh
    assert dates.due_text(workdays, "en") == en
    assert dates.due_tone(workdays) == tone


def test_without_a_deadline_nothing_is_late():
    assert dates.due_tone(None) == ""
