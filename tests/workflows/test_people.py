"""rating, expert_review and panel_action: what one rater or one expert does, path by path."""

import pytest

from tests.workflows.walking import Walk


@pytest.mark.parametrize(
    ("seat_role", "second", "task", "stage"),
    [
        ("IP", False, "rate", "rating"),
        ("IP", True, "rate_second", "rating_second"),
        ("GOV", False, "rate_gov", "rating"),
        ("GOV", True, "rate_gov_second", "rating_second"),
    ],
)
def test_a_seat_is_rated_by_its_kind_of_rater_in_its_stage(seat_role: str, second: bool, task: str, stage: str) -> None:
    walk = Walk("rating", seat_role=seat_role, second=second)

    assert walk.waits_at == {task}
    assert walk.definition.nodes[task].stage == stage
    assert walk.complete(task, "submit").ended_as == "rated"
    assert walk.operations == ["check"]


def test_a_declined_seat_is_replaced() -> None:
    walk = Walk("rating", seat_role="RND", second=False).complete("rate", "decline")

    assert walk.ended_as == "declined"
    assert walk.operations == ["replace"]


def review(*, refill: bool = False, reason: str = "expired") -> Walk:
    return Walk("expert_review", {"void": {"void_reason": reason}}, refill=refill)


@pytest.mark.parametrize(("refill", "task"), [(False, "score"), (True, "score_refill")])
def test_an_expert_declares_before_scoring(refill: bool, task: str) -> None:
    walk = review(refill=refill)

    assert walk.waits_at == {"declare", "declare_silent"}
    assert task in walk.complete("declare", "no_conflict").waits_at
    assert walk.complete(task, "submit").ended_as == "scored"


def test_a_conflict_voids_the_seat_and_draws_another_expert() -> None:
    walk = review(reason="conflict").complete("declare", "conflict")

    assert walk.ended_as == "recused"
    assert walk.operations == ["void", "next"]


def test_an_expert_who_cannot_judge_is_replaced() -> None:
    walk = review(reason="cannot_judge").complete("declare", "no_conflict").complete("score", "cannot_judge")

    assert walk.ended_as == "declined"
    assert walk.operations == ["void", "next"]


def test_an_expert_who_does_not_declare_is_replaced() -> None:
    assert review().happen("declare_silent").ended_as == "expired"


def test_the_secretary_hears_of_sheets_not_begun_and_the_score_stays_open() -> None:
    walk = review().complete("declare", "no_conflict").happen("score_near_end")

    assert walk.waits_at == {"score"}
    assert walk.operations == ["tell_secretary"]


@pytest.mark.parametrize(("outcome", "end"), [("accept", "accepted"), ("decline", "declined")])
def test_an_invited_expert_accepts_or_declines(outcome: str, end: str) -> None:
    assert Walk("panel_action").complete("accept", outcome).ended_as == end
