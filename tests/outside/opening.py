"""Set-up, filing, audits, screening."""

from typing import Any

from tests.outside.client import Person
from tests.outside.filling import Values, fill_form
from tests.outside.road import REASON, Road, expect, expect_refusal

PARAMETERS: Values = {
    "awards": {"count": 2},
    "panel": {"items_min": 1},
    "push": {"targets_per_item": 16},
}
"""A small round: two awards, panels of any size, sixteen organisations asked per item."""

DOMAIN = "1.1"
CITY_AUDITED = ("filer", "filer_3")
CORRECTED_BY_PROVINCE = "filer_2"
CORRECTED_BY_NATION = "filer_3"
WITHOUT_PROOFS = ("filer_4", "filer_5")
RECHECKED = "filer_4"
REJECTED = "filer_6"
WITHDRAWN = "filer_7"
FILED = {
    "filer": "INDUSTRY",
    "filer_2": "ENTERPRISE",
    "filer_3": "RND",
    "filer_4": "INDUSTRY",
    "filer_5": "ENTERPRISE",
    "filer_6": "INDUSTRY",
    "filer_7": "RND",
    "filer_8": "INDUSTRY",
}


def set_up(road: Road) -> None:
    """A manager configures, another one checks, the leader releases; the first may not check himself."""
    manager = road.person("manager")
    _end_other_filing_windows(manager)
    body = {
        "programme": "patent_navigation",
        "name": f"外部核对周期（{road.mark}）",
        "starts_on": road.visit.today.isoformat(),
    }
    road.round_id = manager.post("/rounds", body)["id"]
    road.act("manager", "setup", "submit", given={"parameters": PARAMETERS})
    check = road.find("manager_2", "setup_check")
    _expect_four_eyes(manager, check)
    road.act("manager_2", "setup_check", "approve")
    road.act("leader", "release", "approve")


def file_results(road: Road) -> None:
    """Eight organisations file a report each; one takes it back; cities and provinces begin to audit."""
    for username, kind in FILED.items():
        road.filings[username] = _file_report(road, username, kind=kind)
    withdrawn = road.person(WITHDRAWN).post(
        f"/filings/{road.filings[WITHDRAWN]['id']}/withdraw", {"reason": "外部核对：报告有重大修改"}
    )
    expect(holds=withdrawn["status"] == "WITHDRAWN", otherwise=f"a withdrawn filing is {withdrawn['status']}")
    for username in CITY_AUDITED:
        road.act("city_auditor", "city_audit", "approve", subject=road.filings[username]["title"])
    road.close("filing")


def finish_audits(road: Road) -> None:
    """Provinces pass, send back and reject; the nation passes and sends back; corrections come in."""
    for username, filing in road.filings.items():
        if username != WITHDRAWN:
            _audit_by_province(road, username, filing)
    for username, filing in road.filings.items():
        if username in (WITHDRAWN, REJECTED):
            continue
        if username == CORRECTED_BY_NATION:
            road.act("national_auditor", "nat_audit", "return_for_correction", subject=filing["title"])
            _correct(road, username)
        road.act("national_auditor", "nat_audit", "approve", subject=filing["title"])
    for username, filing in road.filings.items():
        wanted = {WITHDRAWN: "WITHDRAWN", REJECTED: "REJECTED"}.get(username, "FILED")
        status = road.person(username).get(f"/filings/{filing['id']}")["status"]
        expect(holds=status == wanted, otherwise=f"the filing of {username} is {status}, not {wanted}")
        road.person(username).list_all(f"/filings/{filing['id']}/history")
    road.close("audit_tail")
    road.act("manager", "ready", "confirm")


def screen(road: Road) -> None:
    """Doubtful results pass by hand; two without proofs are screened out: one asks for a recheck, one accepts."""
    for username in WITHOUT_PROOFS:
        road.act(username, "offer_recheck", "request_recheck" if username == RECHECKED else "accept_result")
    road.act("national_auditor", "recheck", "pass")
    for person, item in road.sweep(["national_auditor"], "award_candidacy"):
        person.complete(item["id"], "pass")
    unscreened = [case["title"] for case in road.cases("award_candidacy") if "screening_ended" in case["waiting"]]
    expect(holds=not unscreened, otherwise=f"still in screening: {unscreened}")
    road.close("screening")


def _end_other_filing_windows(manager: Person) -> None:
    """A demo world has rounds of its own: what is filed now must count for ours."""
    for other in manager.list_all("/rounds"):
        stages = {stage["code"]: stage["status"] for stage in manager.get(f"/rounds/{other['id']}/stages")["stages"]}
        if stages["filing"] == "open":
            manager.post(f"/rounds/{other['id']}/stages/filing/close", {"reason": REASON})


def _expect_four_eyes(person: Person, item: dict[str, Any]) -> None:
    path = f"/work-items/{item['id']}/complete"
    expect_refusal(person, "POST", path, {"outcome": "approve"}, status=403, code="four_eyes")


def _file_report(road: Road, username: str, *, kind: str) -> dict[str, Any]:
    """A draft, a change of it with its revision, the submission."""
    filer = road.person(username)
    title = f"第{list(FILED).index(username) + 1}项外部核对专利导航成果（{road.mark}）"
    given: Values = {"title": title, "report_type": kind, "domain": DOMAIN, "willing": True}
    if username not in WITHOUT_PROOFS:
        given["proofs"] = [_make_proof(filer, end=end) for end in ("GOV", "ENT")]
    fields = filer.get("/filings/form?kind=report")["fields"]
    values = fill_form(fields, given=given, also=("public_file",), upload=filer.upload, today=road.visit.today)
    draft = filer.post("/filings", {"kind": "report", "values": values})
    path = f"/filings/{draft['id']}"
    changed = filer.patch(path, {"values": {"keywords": "外部核对"}}, revision=draft["revision"])
    filing: dict[str, Any] = filer.post(f"{path}/submit", {"confirm": ["duplicate_suspected"]})
    expect(holds=changed["revision"] > draft["revision"], otherwise=f"{path}: a change left the revision as it was")
    expect(holds=filing["round"] == road.round_id, otherwise=f"{path} counts for round {filing['round']}")
    return filing


def _make_proof(filer: Person, *, end: str) -> Values:
    """One row of the proofs, in the shape that the field's schema shows."""
    scan = filer.upload({"key": f"proof_{end}", "types": ["pdf"]})
    row = {"end": end, "type": "POLICY_ADOPTED", "level": "PROVINCE", "issuer": "外部核对出具单位"}
    return row | {"issued_on": filer.visit.today.isoformat(), "file": scan}


def _audit_by_province(road: Road, username: str, filing: dict[str, Any]) -> None:
    auditor, title = f"province_auditor_{filing['province'][:2]}", filing["title"]
    if username == REJECTED:
        road.act(auditor, "prov_audit", "reject", subject=title)
        return
    if username == CORRECTED_BY_PROVINCE:
        road.act(auditor, "prov_audit", "return_for_correction", subject=title)
        _correct(road, username)
    road.act(auditor, "prov_audit", "approve", subject=title)


def _correct(road: Road, username: str) -> None:
    """The filer changes what was criticised, with the revision that he read, and submits again."""
    filer, path = road.person(username), f"/filings/{road.filings[username]['id']}"
    filing = filer.get(path)
    filer.patch(path, {"values": {"highlights": "外部核对：已按意见补正。"}}, revision=filing["revision"])
    stale = {"values": {"highlights": "外部核对：按旧版本修改。"}}
    headers = {"If-Match": f'"{filing["revision"]}"'}
    expect_refusal(filer, "PATCH", path, stale, status=409, code="edit_conflict", headers=headers)
    road.act(username, "correct", "resubmit")
