"""panel_meeting 评审组会议, path by path."""

from typing import Any

from tests.workflows.walking import Walk

ANSWERS: dict[str, dict[str, Any]] = {
    "check_panel": {"panel_state": "complete"},
    "score": {"thin_items": 0, "divergent_count": 0},
    "score_again": {"thin_items": 0, "divergent_count": 0},
    "quorum": {"quorum_met": True},
}


def drawn(**answers: Any) -> Walk:
    walk = Walk("panel_meeting", {**ANSWERS, **answers}).complete("rules", "submit").complete("rules_check", "approve")
    return walk.complete("witness", "start_draw")


def scored(**answers: Any) -> Walk:
    return drawn(**answers).happen("invites", "review_ends")


def met(**answers: Any) -> Walk:
    return scored(**answers).complete("open", "open").complete("opinion", "submit")


def test_a_panel_runs_from_the_draw_to_its_end() -> None:
    walk = met().complete("confirm", "confirm")

    assert walk.ended_as == "closed"
    assert walk.operations == [
        "commit",
        "draw",
        "check_panel",
        "assign",
        "experts_ready",
        "score",
        "scores_locked",
        "quorum",
        "minutes",
        "close",
        "panel_decided",
    ]


def test_the_seed_is_committed_before_the_supervisor_starts_the_draw() -> None:
    walk = Walk("panel_meeting", ANSWERS).complete("rules", "submit").complete("rules_check", "approve")

    assert walk.operations == ["commit"]
    assert walk.waits_at == {"witness"}


def test_rules_sent_back_or_a_stopped_draw_are_drawn_up_again() -> None:
    walk = Walk("panel_meeting", ANSWERS).complete("rules", "submit")

    assert walk.complete("rules_check", "return").waits_at == {"rules"}

    walk.complete("rules", "submit").complete("rules_check", "approve")

    assert walk.complete("witness", "stop").waits_at == {"rules"}


def test_reserves_are_invited_while_there_are_any() -> None:
    walk = drawn(check_panel={"panel_state": "reserves"}).happen("invites_end")

    assert walk.waits_at == {"invites_reserve", "invites_reserve_end"}
    assert walk.operations[-1] == "promote"

    walk.answers["check_panel"] = {"panel_state": "complete"}

    assert walk.happen("invites_reserve_end").waits_at == {"review_ends"}


def test_without_reserves_the_draw_begins_anew() -> None:
    assert drawn(check_panel={"panel_state": "short"}).happen("invites").waits_at == {"rules"}


def test_items_with_too_few_sheets_are_scored_by_further_experts() -> None:
    walk = scored(score={"thin_items": 2}).complete("refill", "draw")

    assert walk.waits_at == {"refills", "refills_end"}
    assert walk.happen("refills_end").waits_at == {"open"}
    assert walk.operations[-1] == "score_again"


def test_the_secretary_may_proceed_with_too_few_sheets() -> None:
    assert scored(score={"thin_items": 2}).complete("refill", "proceed").waits_at == {"open"}


def test_a_meeting_needs_its_quorum() -> None:
    walk = scored(quorum={"quorum_met": False})

    assert walk.complete("open", "open").waits_at == {"open"}
    assert walk.complete("open", "postpone").waits_at == {"open"}


def test_an_objection_of_the_supervisor_is_answered_by_the_manager() -> None:
    assert met().complete("confirm", "object").complete("answer", "back_to_opinion").waits_at == {"opinion"}
    assert met().complete("confirm", "object").complete("answer", "overrule").ended_as == "closed"
