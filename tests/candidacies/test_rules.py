"""Each rule of the initial screening (E4) has its named tests."""

from datetime import date

import pytest

from app.candidacies.rules import (
    JUDGES,
    Facts,
    combine,
    judge_all,
    judge_complete,
    judge_filed,
    judge_honest,
    judge_in_period,
    judge_no_case,
    judge_no_duplicate,
    judge_not_awarded,
    judge_proved,
    judge_willing,
    judge_within_cap,
)
from app.candidacies.vocabulary import Finding, RuleCode, ScreenResult

GOOD = {
    "round_id": 7,
    "filing_round_id": 7,
    "is_filed": True,
    "is_willing": True,
    "report_type": "RND",
    "period_from": date(2025, 1, 1),
    "period_to": date(2026, 6, 30),
    "finished_on": date(2025, 11, 1),
    "accepted_on": date(2025, 12, 20),
    "valid_proofs": 1,
}


def facts(**changes):
    return Facts(**{**GOOD, **changes})


def test_a_candidacy_without_fault_meets_every_rule():
    assert [found.finding for found in judge_all(facts())] == [Finding.MET] * 10


def test_every_rule_is_judged_once_and_in_order():
    assert len(JUDGES) == len(RuleCode)
    assert [found.rule for found in judge_all(facts())] == list(RuleCode)


@pytest.mark.parametrize(
    ("changes", "finding"),
    [({}, Finding.MET), ({"is_filed": False}, Finding.NOT_FILED), ({"filing_round_id": 8}, Finding.OTHER_ROUND)],
)
def test_e4_filed_and_attributed_to_this_round(changes, finding):
    assert judge_filed(facts(**changes)).finding is finding


@pytest.mark.parametrize(("is_willing", "finding"), [(True, Finding.MET), (False, Finding.UNWILLING)])
def test_e4_willing_r063(is_willing, finding):
    assert judge_willing(facts(is_willing=is_willing)).finding is finding


def test_e4_complete_names_what_is_missing():
    found = judge_complete(facts(missing=("abstract",)))

    assert (found.finding, found.facts) == (Finding.INCOMPLETE, {"missing": ["abstract"]})


@pytest.mark.parametrize(
    ("finished_on", "accepted_on", "finding"),
    [
        (date(2025, 1, 1), date(2026, 6, 30), Finding.MET),
        (date(2024, 12, 31), date(2025, 3, 1), Finding.OUTSIDE),
        (date(2026, 6, 1), date(2026, 7, 1), Finding.OUTSIDE),
        (None, date(2025, 3, 1), Finding.UNKNOWN),
        (None, None, Finding.UNKNOWN),
        (date(2024, 1, 1), None, Finding.OUTSIDE),
    ],
)
def test_e4_finished_and_accepted_inside_the_period_r004(finished_on, accepted_on, finding):
    assert judge_in_period(facts(finished_on=finished_on, accepted_on=accepted_on)).finding is finding


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({}, Finding.MET),
        ({"similar_to": ("BA-1",)}, Finding.SUSPECTED),
        ({"same_as": ("BA-1",), "similar_to": ("BA-2",)}, Finding.CONFIRMED),
    ],
)
def test_e4_not_a_duplicate_and_a_suspicion_is_judged_by_a_person(changes, finding):
    assert judge_no_duplicate(facts(**changes)).finding is finding


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"valid_proofs": 0}, Finding.NO_PROOF),
        ({"needs_government_proof": True}, Finding.NO_GOVERNMENT_PROOF),
        ({"needs_government_proof": True, "government_proofs": 1}, Finding.MET),
        ({}, Finding.MET),
    ],
)
def test_e4_valid_proof_and_government_proof_for_region_and_industry_r021(changes, finding):
    assert judge_proved(facts(**changes)).finding is finding


@pytest.mark.parametrize(("awarded_in", "finding"), [((), Finding.MET), (("2025",), Finding.AWARDED)])
def test_e4_not_awarded_in_an_earlier_round(awarded_in, finding):
    assert judge_not_awarded(facts(awarded_in=awarded_in)).finding is finding


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({}, Finding.MET),
        ({"unknown_parties": ("甲公司",)}, Finding.UNKNOWN_PARTY),
        ({"listed_parties": ("乙公司",), "unknown_parties": ("甲公司",)}, Finding.LISTED),
    ],
)
def test_e4_no_party_on_a_dishonesty_list(changes, finding):
    assert judge_honest(facts(**changes)).finding is finding


@pytest.mark.parametrize(("open_cases", "finding"), [(0, Finding.MET), (1, Finding.OPEN_CASE)])
def test_e4_no_open_integrity_case(open_cases, finding):
    assert judge_no_case(facts(open_cases=open_cases)).finding is finding


@pytest.mark.parametrize(
    ("rank", "cap", "finding"), [(9, 0, Finding.MET), (3, 3, Finding.MET), (4, 3, Finding.OVER_CAP)]
)
def test_e4_province_cap_and_zero_means_none(rank, cap, finding):
    assert judge_within_cap(facts(province_rank=rank, province_cap=cap)).finding is finding


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        (["pass", "pass"], ScreenResult.PASS),
        (["pass", "manual"], ScreenResult.MANUAL),
        (["manual", "fail", "pass"], ScreenResult.FAIL),
        ([], ScreenResult.PASS),
    ],
)
def test_one_failed_rule_fails_and_one_doubtful_rule_asks_a_person(results, verdict):
    assert combine(results) is verdict
