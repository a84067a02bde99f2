"""objection 异议处理, path by path."""

from typing import Any

import pytest

from tests.workflows.walking import Walk

DISMISSED = {"item_decision": "dismiss", "announced": False}


def received(*, late: bool = False, **answers: Any) -> Walk:
    known = {"register": {"late": late}, "reply": DISMISSED, "close_withdrawn": DISMISSED}
    return Walk("objection", {**known, **answers}, objection_id=1, withdrawn=False, extensions=0)


def accepted(**answers: Any) -> Walk:
    return received(**answers).complete("formal", "accept")


def proposed(**answers: Any) -> Walk:
    return accepted(**answers).complete("investigate", "propose_uphold").complete("check", "approve")


def test_a_late_or_anonymous_objection_is_recorded_and_refused() -> None:
    walk = received(late=True)

    assert walk.ended_as == "not_accepted"
    assert walk.operations == ["register", "refuse"]


def test_an_objection_without_ground_is_refused() -> None:
    assert received().complete("formal", "refuse").ended_as == "not_accepted"


def test_a_supplement_is_awaited_for_three_workdays() -> None:
    walk = received().complete("formal", "ask_supplement")

    assert walk.waits_at == {"supplemented", "supplement_late"}
    assert "formal" in walk.happen("supplemented").waits_at
    assert received().complete("formal", "ask_supplement").happen("supplement_late").ended_as == "not_accepted"


def test_an_accepted_objection_holds_its_item_only() -> None:
    walk = accepted()

    assert walk.operations[-2:] == ["hold", "objection_accepted"]
    assert walk.waits_at == {"investigate", "investigate_withdrawn"}


@pytest.mark.parametrize(
    ("item_decision", "end", "last"),
    [
        ("uphold", "upheld", ["remove_item", "objection_upheld", "revise_bonus"]),
        ("part", "upheld_in_part", ["correct_item", "part_dismissed"]),
        ("dismiss", "dismissed", ["objection_dismissed"]),
        ("pending", "replied", []),
    ],
)
def test_the_item_follows_the_last_decision_on_it(item_decision: str, end: str, last: list[str]) -> None:
    walk = proposed(reply={"item_decision": item_decision, "announced": False}).complete("decide", "uphold")

    assert walk.ended_as == end
    assert walk.operations[walk.operations.index("reply") + 1 :] == last


def test_a_dismissal_after_the_announcement_is_published_as_a_supplement() -> None:
    walk = proposed(reply={"item_decision": "dismiss", "announced": True}).complete("decide", "dismiss")

    assert walk.ended_as == "dismissed"
    assert walk.operations[-1] == "publish_supplement"


def test_an_investigation_is_extended_once() -> None:
    walk = accepted().complete("investigate", "extend", extensions=1)

    assert "investigate" in walk.waits_at
    assert "extend" not in walk.buttons("investigate")


def test_a_proposal_sent_back_is_investigated_again() -> None:
    assert "investigate" in accepted().complete("investigate", "propose_part").complete("check", "return").waits_at
    assert "investigate" in proposed().complete("decide", "return").waits_at


def test_only_a_withdrawn_objection_may_be_closed_as_withdrawn() -> None:
    walk = received()

    assert "close_withdrawn" not in walk.buttons("formal")

    walk.happen("formal_withdrawn")

    assert walk.complete("formal", "close_withdrawn").ended_as == "withdrawn_early"


def test_an_objection_withdrawn_while_investigated_frees_its_item() -> None:
    walk = accepted().happen("investigate_withdrawn").complete("investigate", "close_withdrawn")

    assert walk.ended_as == "withdrawn_end"
    assert walk.operations[-2:] == ["close_withdrawn", "objection_dismissed"]


def test_the_handler_may_go_on_with_a_withdrawn_objection() -> None:
    walk = accepted().happen("investigate_withdrawn")

    assert "propose_uphold" in walk.buttons("investigate")
