"""The decision table of the initial screening (E4), asked once per candidacy with the findings of all its rules."""

import pytest

from app.candidacies.vocabulary import RuleCode
from app.engine import decide, parse_table
from tests.workflows.walking import WORKFLOWS

TABLE = parse_table((WORKFLOWS / "screening_rules.dmn").read_bytes())
NO_FAULT = dict.fromkeys([rule.value for rule in RuleCode], "met")


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
def test_each_finding_of_a_rule_has_its_result(rule: str, finding: str, result: str) -> None:
    decision = decide(TABLE, {**NO_FAULT, rule: finding})

    assert decision.result == [{"rule": rule, "result": result}]


def test_the_table_asks_about_every_rule() -> None:
    assert TABLE.inputs == tuple(RuleCode)
    assert decide(TABLE, NO_FAULT).result == []
