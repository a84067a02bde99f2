"""Texts of notices and commendations count what they list."""

import pytest

from app.announcements.wording import commendation_text, notice_text
from tests.factories.filings import MORNING


def texts(count):
    notice = notice_text(name="2026年度评价", count=count, opens=MORNING, closes=MORNING, workdays=5)
    return notice, commendation_text(name="2026年度评价", count=count)


@pytest.mark.parametrize(
    ("count", "zh", "en"),
    [
        (0, "没有成果", "no results are"),
        (1, "下列1项成果", "the result below is"),
        (2, "下列2项成果", "the 2 results below are"),
    ],
)
def test_a_list_is_counted_and_an_empty_one_says_so(count, zh, en):
    for text in texts(count):
        assert zh in text.zh[0]
        assert en in text.en[0]
