"""Codes in words."""

import pytest

from app.web.words import REPORT_TYPES, Words

COLOURS = Words({"red": ("红", "Red"), "blue": ("蓝", "Blue")})


@pytest.mark.parametrize(("locale", "word"), [("zh", "红"), ("en", "Red")])
def test_a_code_is_read_in_a_language(locale, word):
    assert COLOURS("red", locale) == word


def test_without_a_language_the_readers_is_taken(app):
    with app.test_request_context(headers={"Cookie": "lodestar_locale=en"}):
        assert COLOURS("blue") == "Blue"
        assert COLOURS.choices() == [("red", "Red"), ("blue", "Blue")]


@pytest.mark.parametrize(("code", "word"), [(None, ""), ("", ""), ("green", "green")])
def test_no_code_says_nothing_and_an_unknown_one_itself(code, word):
    assert COLOURS(code, "zh") == word


def test_choices_stand_in_the_tables_order():
    assert [code for code, _ in REPORT_TYPES.choices("en")] == ["REGION", "INDUSTRY", "ENTERPRISE", "RND", "TALENT"]
