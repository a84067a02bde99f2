"""Panels: draw with witness, invitations, conflicts, score sheets, meeting."""

import time
from typing import Any

from tests.outside.client import FOLLOWS_WITHIN, Person, wait_for
from tests.outside.leaks import find_open_doors
from tests.outside.road import Road, expect

HIGH = {
    "goal": 9.5,
    "method": 14,
    "data": 14,
    "report": 18.5,
    "application": 28,
    "outreach": 9,
    "recommend": "yes",
}
UNJUDGED = 3
"""So many experts cannot judge one item that it has too few sheets: others are drawn for it."""


def draw_panels(road: Road) -> None:
    """The secretary forms panels and rules, a manager checks them, a supervisor witnesses the draw."""
    road.act("secretary", "form_panels", "submit")
    road.act("secretary", "rules", "submit")
    road.act("manager", "rules_check", "return")
    road.act("secretary", "rules", "submit")
    road.act("manager", "rules_check", "approve")
    road.act("supervisor", "witness", "start_draw", given={"number": f"见证-{road.mark}"})
    _answer_invitations(road)


def review(road: Road) -> None:
    """Experts declare conflicts (one has one), score, and are drawn anew where an item has too few sheets."""
    declarations = wait_for(road.visit, "declarations", lambda: road.sweep(road.experts, "expert_review"))
    find_open_doors(road, [item for _, item in declarations])
    unjudged = declarations[-1][1]["title"]
    person, item = next(seat for seat in declarations if seat[1]["title"] != unjudged)
    person.complete(item["id"], "conflict")
    _declare_all(road)
    _score_all(road, unjudged=unjudged)
    silent = _let_replacements_judge(road, unjudged=unjudged)
    road.close("expert_review")
    road.act("secretary", "refill", "draw")
    _refill(road, silent=silent)


def meet(road: Road) -> None:
    """The secretary opens the meeting, the chair writes the opinion, the supervisor confirms."""
    road.act("secretary", "open", "open")
    chair = wait_for(road.visit, "opinion for the chair", lambda: _find_chair(road))
    road.act(chair, "opinion", "submit")
    road.act("supervisor", "confirm", "confirm")


def _answer_invitations(road: Road) -> None:
    """All accept but the last, whose place goes to a reserve, who accepts."""
    _experts(road)
    drawn = wait_for(road.visit, "invitations", lambda: _find_invited(road))
    for person, item in drawn[:-1]:
        _accept(road, person, item)
    person, item = drawn[-1]
    person.complete(item["id"], "decline")
    for person, item in wait_for(road.visit, "a reserve's invitation", lambda: _find_invited(road)):
        _accept(road, person, item)


def _find_invited(road: Road) -> list[tuple[Person, dict[str, Any]]]:
    """The invited with their invitations, once all that the manager counts are found."""
    asked = len([case for case in road.cases("panel_action", status="running") if "accept" in case["waiting"]])
    if not asked:
        return []
    found = road.sweep(_experts(road), "panel_action")
    road.judges |= {person.username: person.name for person, _ in found}
    return found if len(found) == asked else []


def _accept(road: Road, person: Person, item: dict[str, Any]) -> None:
    person.complete(item["id"], "accept")
    road.experts.append(person.username)


def _declare_all(road: Road) -> None:
    """The members declare to have no other conflict, all items of one person in one request."""
    for username in road.experts:
        person = road.person(username)
        items = person.items(round_id=road.round_id, process="expert_review")
        lines = [{"id": one["id"], "outcome": "no_conflict", "values": {"declared": True}} for one in items]
        answer = person.post("/work-items/complete", {"items": lines})
        failed = [line for line in answer["items"] if line.get("error")]
        expect(holds=not failed, otherwise=f"declarations failed: {failed}")


def _score_all(road: Road, *, unjudged: str) -> None:
    """The members score, except that some cannot judge one item."""
    given_up = 0
    for person, item in road.sweep(road.experts, "expert_review"):
        if item["title"] == unjudged and given_up < UNJUDGED:
            given_up += 1
            person.complete(item["id"], "cannot_judge")
        else:
            person.complete(item["id"], "submit", given=HIGH)


def _let_replacements_judge(road: Road, *, unjudged: str) -> set[int]:
    """Whoever came for a recused expert judges; who came for the item with too few sheets is silent: ids of those."""
    silent = set()
    for person, item in _settled(road):
        road.judges[person.username] = person.name
        if item["title"] == unjudged:
            silent.add(item["id"])
        else:
            _declare_and_score(person, item)
    return silent


def _settled(road: Road) -> list[tuple[Person, dict[str, Any]]]:
    """The seats of those who came for others, once nobody has come for two seconds: a busy machine lets some come late."""
    seen: set[int] | None = None
    while True:
        time.sleep(FOLLOWS_WITHIN)
        seats = road.sweep(_experts(road), "expert_review")
        if seen == (found := {item["id"] for _, item in seats}):
            return seats
        seen = found


def _refill(road: Road, *, silent: set[int]) -> None:
    """Whoever was drawn for the item with too few sheets declares and scores."""

    def look() -> list[tuple[Person, dict[str, Any]]]:
        return [seat for seat in road.sweep(_experts(road), "expert_review") if seat[1]["id"] not in silent]

    for person, item in wait_for(road.visit, "experts drawn for an item with too few sheets", look):
        road.judges[person.username] = person.name
        _declare_and_score(person, item)


def _declare_and_score(person: Person, item: dict[str, Any]) -> None:
    """A declaration opens the sheet."""
    [sheet] = person.complete(item["id"], "no_conflict")["opened"]
    person.complete(sheet["id"], "submit", given=HIGH)


def _find_chair(road: Road) -> str:
    """Who was made chair, as soon as the opinion waits for somebody."""
    people = (road.person(username) for username in road.experts)
    return next((one.username for one in people if one.items(round_id=road.round_id, node="opinion")), "")


def _experts(road: Road) -> list[str]:
    """Accounts of all who may be drawn; signing them in takes a while."""
    return [*road.accounts("expert"), "chair"]
