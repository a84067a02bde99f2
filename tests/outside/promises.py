"""Promises of contract.md that the road itself does not need: refusals, repeated keys, claims, pages, public lists."""

import uuid

from tests.outside.client import Person, RefusedError
from tests.outside.road import REASON, Road, expect_refusal


def check_promises(road: Road) -> None:
    """Asks for what must be refused and for what must be the same twice; differences become notes."""
    filer, manager = road.person("filer"), road.person("manager")
    _check_refusals(road, filer)
    _check_repeated_keys(filer)
    _check_claims(road)
    _check_pages(manager)
    _check_extension(road, manager)
    road.visit.public().get("/announcements")


def _check_refusals(road: Road, filer: Person) -> None:
    body = {"programme": "patent_navigation", "name": road.mark, "starts_on": road.visit.today.isoformat()}
    stranger = road.visit.public()
    expect_refusal(stranger, "GET", "/me", status=401, code="token_required")
    expect_refusal(filer, "POST", "/rounds", body, status=403, code="forbidden")
    expect_refusal(filer, "GET", "/work-items/999999999", status=404, code="not_found")
    expect_refusal(filer, "GET", "/work-items?limit=abc", status=422, code="type_invalid")
    expect_refusal(filer, "POST", "/filings", {"kind": "novel"}, status=422, code="choice_invalid")
    wrong = {"username": "filer", "password": "wrong"}
    expect_refusal(stranger, "POST", "/tokens", wrong, status=401, code="bad_credentials")


def _check_repeated_keys(filer: Person) -> None:
    key = str(uuid.uuid4())
    draft = {"kind": "report", "values": {"title": "外部核对：重复提交的草稿"}}
    first, again = filer.post("/filings", draft, key=key), filer.post("/filings", draft, key=key)
    if first != again:
        filer.visit.note("the same Idempotency-Key and body gave two answers")
    try:
        filer.post("/filings", draft | {"kind": "tool"}, key=key)
    except RefusedError as refused:
        if refused.status != 422:
            filer.visit.note(f"the same Idempotency-Key with another body: {refused.status} {refused.code}")
    else:
        filer.visit.note("the same Idempotency-Key with another body was accepted")


def _check_claims(road: Road) -> None:
    """One auditor claims an item, the other one may not complete it meanwhile; it is handed over and given back."""
    auditor, other = road.person("national_auditor"), road.person("national_auditor_2")
    items = auditor.get("/work-items?status=open&limit=1")["items"]
    if not items:
        return
    path = f"/work-items/{items[0]['id']}"
    if auditor.post(f"{path}/claim")["assignee"] != auditor.username:
        road.visit.note("a claimed item is not in the hands of who claimed it")
    body = {"outcome": "approve", "values": {}}
    expect_refusal(other, "POST", f"{path}/complete", body, status=409, code="claimed_by_other")
    auditor.post(f"{path}/delegate", {"to": other.username})
    if other.post(f"{path}/release")["assignee"] is not None:
        road.visit.note("a released item is still in somebody's hands")


def _check_pages(manager: Person) -> None:
    """A list read in pages of one has the same lines as the list read at once."""
    whole = manager.get("/rounds?limit=3")["items"]
    first = manager.get("/rounds?limit=1")
    second = manager.get(f"/rounds?limit=1&cursor={first['next']}")
    if [line["id"] for line in whole[:2]] != [first["items"][0]["id"], second["items"][0]["id"]]:
        manager.visit.note("GET /rounds in pages differs from the list at once")
    if len(manager.get("/work-items?limit=200")["items"]) > 200:
        manager.visit.note("more lines than the limit")
    manager.get("/work-items/count")


def _check_extension(road: Road, manager: Person) -> None:
    """A stage's deadline moves later, never earlier."""
    path = f"/rounds/{road.round_id}/stages/filing/extend"
    until = {"until": f"{road.visit.today.year + 1}-12-30T18:00:00+08:00", "reason": REASON}
    stages = manager.post(path, until)
    shown = next(
        stage for stage in manager.get(f"/rounds/{road.round_id}/stages")["stages"] if stage["code"] == "filing"
    )
    if not shown["closes_at"].startswith(until["until"][:16]) or not stages:
        road.visit.note(f"a stage extended until {until['until']} closes at {shown['closes_at']}")
