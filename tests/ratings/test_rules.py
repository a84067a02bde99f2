"""Scores, votes and quorum of E6; test vectors of domain.md b.3."""

from decimal import Decimal

import pytest

from app.ratings.rules import (
    Quorum,
    bayes_mean,
    compose,
    is_straight_line,
    needs_comment,
    organisation_votes,
    overall_of,
    points_of_mean,
    proof_part,
    reduce_text,
)

QUORUM = Quorum(organisations=8, enterprises=5, government=5)


def test_b3_bayesian_mean_vector():
    mean = bayes_mean([Decimal("4.35")] * 42, prior_weight=Decimal(10), prior_mean=Decimal("3.80"))

    assert mean == Decimal("4.2442")
    assert round(points_of_mean(mean, Decimal(6)), 2) == Decimal("4.87")


def test_bayesian_mean_without_votes_is_the_prior():
    assert bayes_mean([], prior_weight=Decimal(10), prior_mean=Decimal("3.8")) == Decimal("3.8000")
    assert bayes_mean([], prior_weight=Decimal(0), prior_mean=Decimal("3.8")) == Decimal("3.8000")


def test_e6_one_organisation_one_vote_of_up_to_three_raters():
    given = [(1, Decimal(5)), (1, Decimal(4)), (1, Decimal(3)), (1, Decimal(1)), (2, Decimal(2))]

    assert organisation_votes(given) == {1: Decimal("4.0000"), 2: Decimal("2.0000")}


@pytest.mark.parametrize(
    ("kind", "roles", "met"),
    [
        ("INDUSTRY", ["ENT"] * 5 + ["UNI"] * 3, True),
        ("INDUSTRY", ["ENT"] * 4 + ["UNI"] * 4, False),
        ("RND", ["ENT"] * 7, False),
        ("ENTERPRISE", ["ENT"] * 8, True),
        ("REGION", ["GOV"] * 3 + ["UNI"] * 2, True),
        ("TALENT", ["GOV"] * 4 + ["ENT"] * 9, False),
        ("REGION", [], False),
    ],
)
def test_e6_quorum_by_type(kind, roles, met):
    assert QUORUM.is_met(kind, roles) is met


def test_e6_composite_renormalises_the_weights_of_parts_that_exist():
    weights = {"rating": Decimal("0.7"), "interaction": Decimal("0.15"), "proofs": Decimal("0.15")}

    score, applied = compose({"rating": Decimal(80), "interaction": None, "proofs": Decimal(40)}, weights)

    assert score == Decimal("72.9412")
    assert applied == {"rating": Decimal("0.8235"), "proofs": Decimal("0.1765")}


def test_composite_of_nothing_is_nothing():
    assert compose({"rating": None}, {"rating": Decimal(1)}) == (Decimal(0), {})


@pytest.mark.parametrize(
    ("levels", "part"),
    [([], Decimal(0)), (["PROVINCE", "CITY"], Decimal(50)), (["NATIONAL"] * 3, Decimal(100)), (["ELSE"], Decimal(0))],
)
def test_b11_proofs_count_by_level_with_a_cap(levels, part):
    assert proof_part(levels) == part


@pytest.mark.parametrize(
    ("marks", "words", "line"), [((3, 4, 3, 4), False, False), ((1, 3, 3, 3), True, False), ((5, 5, 5, 5), True, True)]
)
def test_e6_extreme_marks_need_words(marks, words, line):
    assert (needs_comment(marks), is_straight_line(marks)) == (words, line)


def test_overall_is_the_mean_of_the_dimensions():
    assert overall_of([4, 4, 3, 4]) == Decimal("3.7500")


def test_copied_comments_are_equal_without_spaces_and_marks():
    assert reduce_text("数据可靠，结论 清楚。") == reduce_text("数据可靠 结论清楚")
