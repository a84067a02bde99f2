"""One evaluation round, from set-up to archive: the stages in their order, each with what its people do."""

from collections.abc import Callable

from tests.outside.client import wait_for
from tests.outside.closing import commend, decide, give_notice, propose
from tests.outside.judging import draw_panels, meet, review
from tests.outside.leaks import find_distinct, find_leaks
from tests.outside.opening import file_results, finish_audits, screen, set_up
from tests.outside.promises import check_promises
from tests.outside.rating import approve_push, draw_pool_line, rate, rate_again
from tests.outside.road import Road

STAGES: tuple[tuple[str, tuple[Callable[[Road], None], ...]], ...] = (
    ("setup", (set_up,)),
    ("filing", (check_promises, file_results)),
    ("audit_tail", (finish_audits,)),
    ("screening", (screen,)),
    ("push", (approve_push,)),
    ("rating", (rate,)),
    ("rating_second", (rate_again,)),
    ("pool", (draw_pool_line,)),
    ("expert_review", (draw_panels, review)),
    ("panel", (meet,)),
    ("proposal", (propose,)),
    ("public_notice", (give_notice,)),
    ("results", (commend,)),
    ("decision", (decide,)),
)
PASSED = ("closed", "skipped")


def play_round(road: Road) -> None:
    """Plays the round; every stage must be over, as the server says, before the next one begins.

    Raises BrokenError and RefusedError where the server does not go along.
    """
    for code, acts in STAGES:
        road.visit.stage = code
        for act in acts:
            act(road)
        wait_for(road.visit, f"the end of stage {code}", lambda code=code: road.status_of(code) in PASSED)
        road.passed.append(code)
    stages = road.person("manager").get(f"/rounds/{road.round_id}/stages")["stages"]
    road.passed = [stage["code"] for stage in stages if stage["status"] in PASSED]


def note_leaks(road: Road) -> None:
    """Looks through everything that was answered for names that the reader may not know."""
    judges = find_distinct(road.judges, road.visit.people.values())
    for leak in find_leaks(road.visit.heard, judges=judges, published_in="decision"):
        road.visit.note(f"leak: {leak}")
