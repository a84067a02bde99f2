"""Push plan, online ratings, second ratings, case pool."""

import random
import time
from typing import Any

from tests.outside.client import FOLLOWS_WITHIN, Person, wait_for
from tests.outside.filling import Values
from tests.outside.leaks import find_open_doors, find_open_files
from tests.outside.opening import RECHECKED
from tests.outside.road import Road, expect, expect_refusal

SHORT_AT_FIRST = RECHECKED
SHORT_FOR_GOOD = "filer_8"
ENOUGH_TO_BE_SHORT = 4
ASPECTS = ("useful", "data", "actionable", "innovative")
MARKS = ("3", "4")


def approve_push(road: Road) -> None:
    """The manager lets the plan be made again with other parameters, then approves it."""
    road.act("manager", "approve_push", "replan", given={"targets_per_item": 17})
    road.act("manager", "approve_push", "approve")


def rate(road: Road) -> None:
    """Raters rate; one declines; two items get too few ratings; nobody sees what is not his."""
    seats = _find_seats(road)
    find_open_doors(road, [item for _, item in seats])
    find_open_files(road)
    declining = next(seat for seat in seats if _is_of(road, seat, "filer"))
    declining[0].complete(declining[1]["id"], "decline")
    _rate_some(road, [seat for seat in seats if seat is not declining])
    road.close("rating")


def rate_again(road: Road) -> None:
    """Items with too few ratings are pushed to others; one of them gets enough, the other one stays short."""
    chosen = [seat for seat in _find_seats(road) if _is_of(road, seat, SHORT_AT_FIRST)]
    expect(holds=bool(chosen), otherwise="the second push asks nobody about the item with too few ratings")
    for person, item in chosen:
        person.complete(item["id"], "submit", given=_judge(person, item))
    road.close("rating_second")


def draw_pool_line(road: Road) -> None:
    """The item with too few ratings is dropped; one manager draws the line, another one checks it."""
    line = road.find("manager", "pool_line")
    path = f"/work-items/{line['id']}/complete"
    undecided = {"outcome": "submit", "values": {}}
    expect_refusal(road.person("manager"), "POST", path, undecided, status=409, code="low_sample_open")
    title = road.filings[SHORT_FOR_GOOD]["title"]
    road.act("national_auditor", "low_sample", "drop", subject=title)
    road.act("manager", "pool_line", "submit")
    check = road.find("manager_2", "pool_check")
    path = f"/work-items/{check['id']}/complete"
    expect_refusal(road.person("manager"), "POST", path, {"outcome": "approve"}, status=403, code="four_eyes")
    road.act("manager_2", "pool_check", "approve")


def _rate_some(road: Road, seats: list[tuple[Person, dict[str, Any]]]) -> None:
    """All rate, except that two items find only a few who do."""
    done = {SHORT_AT_FIRST: 0, SHORT_FOR_GOOD: 0}
    for person, item in seats:
        short = next((filer for filer in done if _is_of(road, (person, item), filer)), "")
        if short and done[short] == ENOUGH_TO_BE_SHORT:
            continue
        if short:
            done[short] += 1
        person.complete(item["id"], "submit", given=_judge(person, item))


def _judge(person: Person, item: dict[str, Any]) -> Values:
    """Marks that differ from aspect to aspect and from item to item: always the same ones are set aside as pending."""
    chance = random.Random(f"{person.username} {item['id']}")
    marks = [*MARKS, *(chance.choice(MARKS) for _ in ASPECTS[len(MARKS) :])]
    chance.shuffle(marks)
    return {"no_interest": True} | dict(zip(ASPECTS, marks, strict=True))


def _is_of(road: Road, seat: tuple[Person, dict[str, Any]], filer: str) -> bool:
    return bool(seat[1]["subject"]["title"] == road.filings[filer]["title"])


def _find_seats(road: Road) -> list[tuple[Person, dict[str, Any]]]:
    """All seats with their raters, two seconds after the first one came; as many as the manager counts."""
    wait_for(road.visit, "seats of raters", lambda: road.cases("rating", status="running"))
    time.sleep(FOLLOWS_WITHIN)
    asked = len(road.cases("rating", status="running"))
    seats = road.sweep(road.accounts("rater") + road.accounts("gov_user"), "rating")
    expect(holds=len(seats) == asked, otherwise=f"{asked} seats, but raters were offered {len(seats)}")
    road.judges |= {person.username: person.name for person, _ in seats}
    return seats
