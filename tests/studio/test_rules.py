"""The template of a new flow."""

from app.engine import check_definition
from app.studio.rules import blank_flow, count_errors


def test_a_new_flow_is_proven_from_the_first_second():
    findings, proof = check_definition(
        blank_flow(key="new_flow", name='甲<"&乙', role="designer", role_name="设计"), None
    )

    assert findings == []
    assert (len(proof.states), proof.bounded) == (1, False)


def test_only_errors_forbid_a_deployment():
    assert count_errors([{"severity": "error"}, {"severity": "warning"}]) == 1
