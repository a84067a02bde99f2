"""evaluation_round 评价周期, path by path."""

from typing import Any

from tests.workflows.walking import Walk

ANSWERS: dict[str, dict[str, Any]] = {
    "unfinished": {"unfinished": 0},
    "aggregate": {"short_items": 0},
    "aggregate_second": {"short_items": 0},
}


def released(**answers: Any) -> Walk:
    walk = Walk("evaluation_round", {**ANSWERS, **answers})
    return walk.complete("setup", "submit").complete("setup_check", "approve").complete("release", "approve")


def prepared(**answers: Any) -> Walk:
    return released(**answers).happen("filing_ends", "audit_tail_ends").complete("ready", "confirm")


def pooled(walk: Walk) -> Walk:
    return walk.complete("pool_line", "submit").complete("pool_check", "approve")


def rated(**answers: Any) -> Walk:
    walk = prepared(**answers).happen("screening_ends", "plan").complete("approve_push", "approve")
    return walk.happen("rating_ends", "aggregate")


def noticed() -> Walk:
    walk = pooled(rated()).complete("form_panels", "submit").happen("panels")
    walk.complete("proposal", "submit").complete("proposal_check", "approve").complete("proposal_sign", "approve")
    return walk.happen("notice_ends")


def selected() -> Walk:
    walk = noticed().complete("draft", "submit").complete("sign", "approve").complete("issue", "submit")
    return walk.happen("candidacies")


def test_a_round_runs_from_set_up_to_the_archive() -> None:
    walk = (
        selected().complete("final", "submit").complete("final_sign", "approve", publish_at="2027-01-19T10:00:00+08:00")
    )

    walk.happen("publish_date")

    assert walk.ended_as == "closed"
    assert walk.operations[-3:] == ["bonus", "publish_final", "archive"]


def test_the_throws_of_a_round_come_in_the_order_of_the_stages() -> None:
    nodes = selected().definition.nodes

    thrown = [node for node in selected().operations if nodes[node].message]

    assert thrown == [
        "screening_closed",
        "push_approved",
        "rating_closed",
        "pool_decided",
        "notice_opened",
        "notice_closed",
        "results_published",
    ]


def test_a_round_may_be_cancelled_before_its_release() -> None:
    assert Walk("evaluation_round").complete("setup", "cancel").ended_as == "cancelled"


def test_a_round_sent_back_is_set_up_again() -> None:
    walk = Walk("evaluation_round").complete("setup", "submit")

    assert walk.complete("setup_check", "return").waits_at == {"setup"}

    walk.complete("setup", "submit").complete("setup_check", "approve")

    assert walk.complete("release", "return").waits_at == {"setup"}


def test_unfinished_filings_prolong_the_tail_until_none_is_left() -> None:
    walk = released(unfinished={"unfinished": 3}).happen("filing_ends", "audit_tail_ends")

    assert walk.waits_at == {"tail"}
    assert walk.complete("tail", "extend").waits_at == {"audit_tail_ends"}

    walk.answers["unfinished"] = {"unfinished": 0}

    assert walk.happen("audit_tail_ends").waits_at == {"ready"}


def test_unfinished_filings_may_move_to_the_next_round() -> None:
    walk = released(unfinished={"unfinished": 3}).happen("filing_ends", "audit_tail_ends")

    assert walk.complete("tail", "move_to_next_round").waits_at == {"ready"}
    assert walk.operations[-1] == "move"


def test_candidacies_and_the_selection_line_run_side_by_side() -> None:
    assert prepared().waits_at == {"candidacies", "screening_ends"}
    assert prepared().operations[-1] == "open_candidacies"


def test_a_push_plan_may_be_made_again() -> None:
    walk = prepared().happen("screening_ends", "plan").complete("approve_push", "replan")

    assert walk.waits_at == {"candidacies", "plan"}


def test_items_with_too_few_ratings_open_a_second_rating() -> None:
    walk = rated(aggregate={"short_items": 14})

    assert walk.waits_at == {"candidacies", "plan_second"}
    assert walk.happen("plan_second").waits_at == {"candidacies", "second_ends"}
    assert walk.happen("second_ends", "aggregate_second").waits_at == {"candidacies", "pool_line"}
    assert walk.operations[-2:] == ["second_closed", "rank"]


def test_a_pool_sent_back_keeps_its_ranking_and_asks_for_the_line_again() -> None:
    walk = rated().complete("pool_line", "submit").complete("pool_check", "return")

    assert walk.waits_at == {"candidacies", "pool_line"}
    assert walk.operations.count("rank") == 1


def test_a_list_sent_back_by_the_check_or_the_leader_is_proposed_again() -> None:
    walk = pooled(rated()).complete("form_panels", "submit").happen("panels").complete("proposal", "submit")

    assert walk.complete("proposal_check", "return").waits_at == {"candidacies", "proposal"}

    walk.complete("proposal", "submit").complete("proposal_check", "approve")

    assert walk.complete("proposal_sign", "return").waits_at == {"candidacies", "proposal"}


def test_a_commendation_sent_back_is_drafted_again() -> None:
    assert noticed().complete("draft", "submit").complete("sign", "return").waits_at == {"candidacies", "draft"}


def test_the_bonus_waits_for_the_results_and_for_every_candidacy() -> None:
    walk = noticed().complete("draft", "submit").complete("sign", "approve").complete("issue", "submit")

    assert walk.waits_at == {"candidacies"}
    assert "bonus" not in walk.operations
    assert walk.happen("candidacies").waits_at == {"final"}


def test_a_final_result_sent_back_is_drawn_up_again() -> None:
    assert selected().complete("final", "submit").complete("final_sign", "return").waits_at == {"final"}


def test_four_eyes_stand_behind_set_up_pool_and_list() -> None:
    nodes = Walk("evaluation_round").definition.nodes
    pairs = {id_: node.not_by for id_, node in nodes.items() if node.not_by}

    assert pairs == {"setup_check": ("setup",), "pool_check": ("pool_line",), "proposal_check": ("proposal",)}
