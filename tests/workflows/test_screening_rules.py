"""The decision table of the initial screening (E4), asked once per rule."""

import pytest

from app.engine import decide, parse_table
from tests.workflows.walking import WORKFLOWS

TABLE = parse_table((WORKFLOWS / "screening_rules.dmn").read_bytes())


@pytest.mark.parametrize(
    ("rule", "finding", "result", "reason"),
    [
        ("filed", "met", "pass", ""),
        ("filed", "other_round", "fail", "other_round"),
        ("in_period", "unknown", "manual", "unknown"),
        ("no_duplicate", "suspected", "manual", "suspected"),
        ("no_duplicate", "confirmed", "fail", "confirmed"),
        ("proved", "no_government_proof", "fail", "no_government_proof"),
        ("honest", "unknown_party", "pass", ""),
        ("no_case", "open_case", "manual", "open_case"),
        ("within_cap", "over_cap", "manual", "over_cap"),
        ("filed", "suspected", "fail", "not_listed"),
        ("invented", "whatever", "fail", "not_listed"),
    ],
)
def test_each_finding_of_a_rule_has_its_result(rule: str, finding: str, result: str, reason: str) -> None:
    decision = decide(TABLE, {"rule": rule, "finding": finding})

    assert decision.result == {"result": result, "reason": reason}
