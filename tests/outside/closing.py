"""Proposal, public notice with an objection, commendation, final decision, archive."""

from typing import Any

from tests.outside.client import BrokenError, wait_for
from tests.outside.objecting import object_to
from tests.outside.road import Road, expect, expect_refusal


def propose(road: Road) -> None:
    """A manager proposes the list, another one checks it, the leader approves."""
    road.act("manager", "proposal", "submit")
    check = road.find("manager_2", "proposal_check")
    path = f"/work-items/{check['id']}/complete"
    expect_refusal(road.person("manager"), "POST", path, {"outcome": "approve"}, status=403, code="four_eyes")
    road.act("manager_2", "proposal_check", "approve")
    road.act("leader", "proposal_sign", "approve")


def give_notice(road: Road) -> None:
    """The list stands on public notice; an objection is filed and dismissed; the notice ends."""
    notice = wait_for(road.visit, "the public notice", lambda: _find_announcement(road, "public_notice"))
    listed = [item["title"] for item in notice["items"]]
    expect(holds=len(listed) == 2, otherwise=f"two awards were to be given, on notice are {listed}")
    object_to(road, notice)
    road.close("public_notice")


def commend(road: Road) -> None:
    """The commendation is drafted, sent back once, signed, issued and published."""
    road.act("manager", "draft", "submit")
    road.act("leader", "sign", "return")
    road.act("manager", "draft", "submit")
    road.act("leader", "sign", "approve")
    road.act("manager", "issue", "submit", given={"document_number": f"国知办函运字〔{road.mark}〕号"})
    results = wait_for(road.visit, "the commendation", lambda: _find_announcement(road, "commendation"))
    expect(holds=len(results["items"]) == 2, otherwise=f"two awards were to be announced: {results['items']}")


def decide(road: Road) -> None:
    """The bonus is counted, the result signed by the leader and published; the round is archived."""
    road.act("manager", "final", "submit")
    road.act("leader", "final_sign", "approve")
    wait_for(road.visit, "the archive", lambda: _read_status(road) == "archived")
    wait_for(road.visit, "the published result", lambda: _find_announcement(road, "ranking"))
    for line in road.visit.public().list_all(f"/announcements?round={road.round_id}"):
        road.visit.public().get(f"/announcements/{line['id']}")


def _find_announcement(road: Road, kind: str) -> dict[str, Any]:
    lines = road.visit.public().list_all(f"/announcements?round={road.round_id}")
    found = [line for line in lines if line["kind"] == kind]
    return dict(road.visit.public().get(f"/announcements/{found[0]['id']}")) if found else {}


def _read_status(road: Road) -> str:
    status = str(road.person("manager").get(f"/rounds/{road.round_id}")["status"])
    if status == "cancelled":
        raise BrokenError("the round was cancelled")
    return status
