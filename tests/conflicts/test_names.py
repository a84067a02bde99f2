"""Whether two written names are one organisation: every listed pair, both ways round."""

import csv
from pathlib import Path

import pytest

from app.conflicts.rules import match_names
from app.conflicts.spelling import fold, read_number
from app.conflicts.vocabulary import MATCH_REASONS, MatchReason, Verdict

DATA = Path(__file__).parent / "data"
MEANT = {"yes": Verdict.SAME, "no": Verdict.DIFFERENT, "related": Verdict.RELATED}


def _pairs():
    for name in ("organisations_alias.csv", "more_names.csv"):
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield pytest.param(row["a"], row["b"], MEANT[row["same"]], id=f"{row['a']!r}-{row['b']!r}")


@pytest.mark.parametrize(("a", "b", "verdict"), list(_pairs()))
def test_listed_pair_of_names_gets_its_verdict_both_ways(a, b, verdict):
    assert (match_names(a, b).verdict, match_names(b, a).verdict) == (verdict, verdict)


def test_a_name_is_the_same_as_itself():
    assert match_names("北京大学", "北京大学").reason == MatchReason.IDENTICAL


@pytest.mark.parametrize(("a", "b"), [("", ""), (" ", "\u200b"), ("", "北京大学"), ("（）", "()")])
def test_names_without_letters_break_nothing(a, b):
    assert match_names(a, b).verdict in Verdict


def test_every_reason_has_its_words():
    assert set(MATCH_REASONS) == set(MatchReason)


@pytest.mark.parametrize(
    ("text", "number"),
    [("五十五", 55), ("七〇二", 702), ("十", 10), ("二十", 20), ("一百零八", 108), ("38", 38), ("三", 3)],
)
def test_ordinals_are_read(text, number):
    assert read_number(text) == number


def test_folding_is_stable():
    assert fold(fold("３Ｍ中国　（集團）")) == fold("３Ｍ中国　（集團）") == "3m中国(集团)"
