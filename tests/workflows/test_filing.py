"""filing 成果备案, path by path."""

from typing import Any

import pytest

from tests.workflows.walking import Walk


def filed(**changes: Any) -> Walk:
    variables = {"own_office": False, "city_review": False, "returned_by": ""}
    counters = {"city_returns": 0, "province_returns": 0, "national_returns": 0}
    return Walk("filing", **(variables | counters | changes))


def test_a_filing_goes_through_province_and_nation() -> None:
    walk = filed().complete("prov_audit", "approve").complete("nat_audit", "approve")

    assert walk.ended_as == "filed"
    assert walk.operations == ["register", "record"]


def test_where_the_province_wants_it_the_city_comes_first() -> None:
    walk = filed(city_review=True)

    assert walk.waits_at == {"city_audit", "city_silent", "filing_withdrawn"}
    assert "prov_audit" in walk.complete("city_audit", "not_recommended").waits_at


def test_material_of_the_provincial_office_is_audited_nationally_only() -> None:
    assert "nat_audit" in filed(own_office=True).waits_at


def test_a_silent_city_is_passed_over_and_noted() -> None:
    walk = filed(city_review=True).happen("city_silent")

    assert "prov_audit" in walk.waits_at
    assert walk.operations[-1] == "flag_city"


@pytest.mark.parametrize(
    ("timer", "task", "own_office"), [("prov_late", "prov_audit", False), ("nat_late", "nat_audit", True)]
)
def test_silence_of_an_auditor_is_reported_and_never_a_pass(timer: str, task: str, own_office: bool) -> None:
    walk = filed(own_office=own_office).happen(timer)

    assert task in walk.waits_at
    assert timer not in walk.waits_at
    assert walk.operations[-1] == f"flag_{timer}"


@pytest.mark.parametrize(
    ("by", "task"), [("city", "city_audit"), ("province", "prov_audit"), ("national", "nat_audit")]
)
def test_a_corrected_filing_returns_to_whoever_sent_it_back(by: str, task: str) -> None:
    walk = filed(city_review=by == "city", own_office=by == "national")

    walk.complete(task, "return_for_correction", returned_by=by).complete("correct", "resubmit")

    assert task in walk.waits_at
    assert walk.operations[-1] == "reregister"


def test_a_province_may_return_twice_and_then_must_decide() -> None:
    walk = filed()
    for returns in (1, 2):
        walk.complete("prov_audit", "return_for_correction", returned_by="province", province_returns=returns)
        walk.complete("correct", "resubmit")

    assert walk.buttons("prov_audit") == ["approve", "reject", "escalate"]


@pytest.mark.parametrize("own_office", [False, True])
def test_a_rejected_filing_is_recorded_as_such(own_office: bool) -> None:
    walk = filed(own_office=own_office).complete("nat_audit" if own_office else "prov_audit", "reject")

    assert walk.ended_as == "rejected"
    assert walk.operations[-1] == "refuse"


def test_a_correction_that_does_not_come_lapses() -> None:
    walk = filed().complete("prov_audit", "return_for_correction", returned_by="province").happen("correct_late")

    assert walk.ended_as == "lapsed"
    assert walk.operations[-1] == "lapse"


def test_a_filer_may_withdraw_instead_of_correcting() -> None:
    walk = (
        filed().complete("prov_audit", "return_for_correction", returned_by="province").complete("correct", "withdraw")
    )

    assert walk.ended_as == "withdrawn"
    assert walk.operations[-1] == "record_withdrawal"


@pytest.mark.parametrize("steps", [[], [("prov_audit", "approve")]])
def test_a_filing_may_be_withdrawn_at_any_time(steps: list[tuple[str, str]]) -> None:
    walk = filed()
    for node, outcome in steps:
        walk.complete(node, outcome)

    assert walk.happen("filing_withdrawn").ended_as == "withdrawn"
