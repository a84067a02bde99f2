"""award_candidacy 项目评优（单项）, path by path."""

from typing import Any

import pytest

from tests.workflows.walking import Walk

ANSWERS: dict[str, dict[str, Any]] = {
    "screen": {"screening": "pass"},
    "sum": {"quorum_met": True},
    "sum_second": {"quorum_met": True},
    "read_pool": {"in_pool": True},
    "read_list": {"listed": True},
    "record_award": {"award": "awarded"},
    "read_award": {"award": "held"},
}
OUTER = {"candidacy_withdrawn", "candidacy_disqualified"}


def entered(**answers: Any) -> Walk:
    return Walk("award_candidacy", {**ANSWERS, **answers})


def screened(result: str) -> Walk:
    return entered(screen={"screening": result})


def rated(**answers: Any) -> Walk:
    return entered(**answers).happen("push_approved", "ratings", "rating_closed")


def pooled(**answers: Any) -> Walk:
    return rated(**answers).happen("pool_decided")


def listed(**answers: Any) -> Walk:
    return pooled(**answers).happen("experts_ready", "reviews", "scores_locked", "panel_decided", "notice_opened")


def too_few() -> Walk:
    walk = rated(sum={"quorum_met": False}, sum_second={"quorum_met": False})
    return walk.happen("second_push", "ratings_second", "second_closed")


def test_an_item_that_passes_everything_is_awarded() -> None:
    walk = listed().happen("results_published")

    assert walk.ended_as == "awarded"
    assert walk.variables["result"] == "awarded"
    assert walk.operations[-2:] == ["record_award", "record_standing"]


def test_a_result_in_doubt_is_screened_by_hand() -> None:
    walk = screened("manual")

    assert walk.waits_at == {"screen_manual", "screening_ended"} | OUTER
    assert walk.complete("screen_manual", "pass").waits_at == {"push_approved"} | OUTER


@pytest.mark.parametrize("first", ["fail", "manual"])
def test_a_failed_screening_is_told_to_the_filer_who_may_ask_for_a_recheck(first: str) -> None:
    walk = screened(first)
    if first == "manual":
        walk.complete("screen_manual", "fail")

    walk.complete("offer_recheck", "request_recheck").complete("recheck", "pass")

    assert walk.waits_at == {"push_approved"} | OUTER


@pytest.mark.parametrize("ending", ["accepted", "silent", "rechecked", "stage_closed"])
def test_a_failed_screening_that_stands_screens_the_item_out(ending: str) -> None:
    walk = screened("fail")
    if ending == "accepted":
        walk.complete("offer_recheck", "accept_result")
    elif ending == "silent":
        walk.happen("offer_silent")
    elif ending == "rechecked":
        walk.complete("offer_recheck", "request_recheck").complete("recheck", "fail")
    else:
        walk.happen("screening_ended")

    assert walk.ended_as == "screened_out"


def test_who_screened_by_hand_does_not_recheck() -> None:
    assert entered().definition.nodes["recheck"].not_by == ("screen_manual",)


def test_the_deadline_closes_the_ratings() -> None:
    walk = entered().happen("push_approved", "ratings_closed")

    assert walk.waits_at == {"pool_decided"} | OUTER


def test_an_item_with_too_few_ratings_is_pushed_again() -> None:
    walk = rated(sum={"quorum_met": False}).happen("second_push", "ratings_second_closed")

    assert walk.waits_at == {"pool_decided"} | OUTER


def test_too_few_ratings_twice_is_decided_by_a_person() -> None:
    assert too_few().waits_at == {"low_sample", "low_sample_closed"} | OUTER
    assert too_few().complete("low_sample", "enter_by_proofs").waits_at == {"pool_decided"} | OUTER
    assert too_few().complete("low_sample", "drop").ended_as == "too_few_ratings"
    assert too_few().happen("low_sample_closed").ended_as == "too_few_ratings"


def test_an_item_below_the_line_is_not_pooled() -> None:
    assert pooled(read_pool={"in_pool": False}).ended_as == "not_pooled"


def test_the_lock_closes_the_reviews() -> None:
    walk = pooled().happen("experts_ready", "reviews_closed")

    assert walk.waits_at == {"panel_decided"} | OUTER


def test_an_item_off_the_list_is_not_selected() -> None:
    assert listed(read_list={"listed": False}).ended_as == "not_selected"


def test_an_upheld_objection_excludes_the_item() -> None:
    walk = listed().happen("objection_accepted", "objection_upheld")

    assert walk.ended_as == "excluded"
    assert "hold" in walk.operations


def test_a_dismissed_objection_lets_the_award_go_on() -> None:
    walk = listed().happen("objection_accepted", "objection_dismissed", "results_after_dismissal")

    assert walk.ended_as == "awarded"


def test_an_open_objection_does_not_hold_the_round() -> None:
    assert listed().happen("objection_accepted", "results_while_held").ended_as == "held"


@pytest.mark.parametrize("award", ["awarded", "excluded"])
def test_what_was_decided_before_the_commendation_reached_the_item_stands(award: str) -> None:
    walk = listed(read_award={"award": award}).happen("objection_accepted", "results_while_held")

    assert walk.ended_as == award


@pytest.mark.parametrize("walk", [entered, rated, pooled, listed, too_few])
@pytest.mark.parametrize("way", ["withdrawn", "disqualified"])
def test_an_item_may_leave_at_any_time(walk: Any, way: str) -> None:
    assert walk().happen(f"candidacy_{way}").ended_as == way
