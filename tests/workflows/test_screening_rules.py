<<<<<<< HEAD
"""The decision table of the initial screening (E4): one finding per rule in, the faults' results out."""
=======
"""The decision table of the initial screening (E4), asked once per candidacy with the findings of all its rules."""
>>>>>>> rounds

import pytest

from app.candidacies.vocabulary import RuleCode
from app.engine import decide, parse_table
from tests.workflows.walking import WORKFLOWS

TABLE = parse_table((WORKFLOWS / "screening_rules.dmn").read_bytes())
<<<<<<< HEAD
RULES = ["filed", "willing", "complete", "in_period", "no_duplicate", "proved", "not_awarded", "honest", "no_case", "within_cap"]


def results(**findings: str) -> list[dict[str, str]]:
    result: list[dict[str, str]] = decide(TABLE, dict.fromkeys(RULES, "met") | findings).result
    return result


def test_an_item_that_meets_every_rule_has_no_fault() -> None:
    assert results() == []
=======
NO_FAULT = dict.fromkeys([rule.value for rule in RuleCode], "met")
>>>>>>> rounds


@pytest.mark.parametrize(
    ("rule", "finding", "result"),
    [
        ("filed", "not_filed", "fail"),
        ("filed", "other_round", "fail"),
        ("willing", "unwilling", "fail"),
        ("complete", "incomplete", "fail"),
        ("in_period", "outside", "fail"),
        ("in_period", "unknown", "manual"),
        ("no_duplicate", "suspected", "manual"),
        ("no_duplicate", "confirmed", "fail"),
        ("proved", "no_proof", "fail"),
        ("proved", "no_government_proof", "fail"),
        ("not_awarded", "awarded", "fail"),
        ("honest", "listed", "fail"),
        ("honest", "unknown_party", "pass"),
        ("no_case", "open_case", "manual"),
        ("within_cap", "over_cap", "manual"),
    ],
)
<<<<<<< HEAD
def test_each_fault_has_its_result(rule: str, finding: str, result: str) -> None:
    assert results(**{rule: finding}) == [{"rule": rule, "result": result}]


def test_every_fault_is_told() -> None:
    assert {found["rule"] for found in results(proved="no_proof", no_case="open_case")} == {"proved", "no_case"}
=======
def test_each_finding_of_a_rule_has_its_result(rule: str, finding: str, result: str) -> None:
    decision = decide(TABLE, {**NO_FAULT, rule: finding})

    assert decision.result == [{"rule": rule, "result": result}]


def test_the_table_asks_about_every_rule() -> None:
    assert TABLE.inputs == tuple(RuleCode)
    assert decide(TABLE, NO_FAULT).result == []
>>>>>>> rounds
