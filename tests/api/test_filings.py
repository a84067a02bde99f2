"""Filings at the outer door: a filer's script, from the form to the withdrawal, and the audit by work items."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.kernel import clock
from app.kernel.db import session
from tests.factories.filings import MORNING, Place, deploy_filing_flow, make_place
from tests.support.api_client import ApiClient, RefusedError

FACTS = {
    "title": "海水淡化膜材料产业规划专利导航",
    "report_type": "INDUSTRY",
    "domain": "2.5",
    "filer_role": "UNDERTAKER",
    "commissioner": "青岛市知识产权局",
    "undertaker": "鲁澜海洋装备研究院",
}


@pytest.fixture
def place(app) -> Place:
    with clock.at(MORNING):
        deploy_filing_flow()
        yield make_place()


@pytest.fixture
def who(client, place):
    """Signs a person of the place in by the name of the role."""
    return lambda name: ApiClient.for_user(client, place[name].id)


@pytest.fixture
def filer(who):
    return who("filer")


def fill(filer: ApiClient, **more) -> dict:
    fields = filer.get("/filings/form", kind="report")["fields"]
    return filer.fill(fields, given={**FACTS, **more})


def create(filer: ApiClient, **more) -> dict:
    return filer.post("/filings", {"kind": "report", "values": fill(filer, **more)})


def refused(act) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        act()
    return caught.value


@pytest.mark.parametrize("kind", ["report", "database", "tool"])
def test_each_kind_has_its_form(filer, kind):
    form = filer.get("/filings/form", kind=kind)

    assert form["kind"] == kind
    assert {"key", "version", "fields"} <= set(form)
    assert {"key", "type", "label", "required", "min", "max", "max_length", "options"} <= set(form["fields"][0])


def test_a_form_of_no_kind_is_422(filer):
    assert refused(lambda: filer.get("/filings/form", kind="map")).status == 422


def test_a_draft_tells_itself_with_its_revision(filer, place):
    made = filer.send("POST", "/filings", json={"kind": "report", "values": {"title": "海水淡化"}})

    assert made.status_code == 201
    body = made.get_json()
    assert {"id", "number", "status", "round", "province", "values", "revision"} <= set(body)
    assert (body["status"], body["number"], body["values"]) == ("DRAFT", None, {"title": "海水淡化"})
    assert made.headers["ETag"] == f'"{body["revision"]}"'
    assert filer.get(f"/filings/{body['id']}") == body


def test_a_draft_is_submitted_by_who_saw_it_last(filer):
    made = create(filer)
    filer.patch(f"/filings/{made['id']}", {"values": {"highlights": "后来补充"}})

    stale = filer.send("POST", f"/filings/{made['id']}/submit", json={}, headers={"If-Match": f'"{made["revision"]}"'})

    assert (stale.status_code, stale.get_json()["code"]) == (409, "edit_conflict")
    assert filer.get(f"/filings/{made['id']}")["status"] == "DRAFT"


def test_a_history_comes_in_pages(filer):
    made = create(filer)
    path = f"/filings/{made['id']}"
    filer.post(f"{path}/submit")

    whole = filer.get(f"{path}/history")["items"]
    assert len(whole) > 1
    assert list(filer.every(f"{path}/history", limit=1)) == whole


def test_a_draft_is_changed_by_who_saw_it_last(filer):
    made = filer.post("/filings", {"kind": "report", "values": {"title": "成果名称甲"}})
    path = f"/filings/{made['id']}"

    changed = filer.patch(path, {"values": {"title": "成果名称乙"}}, **{"If-Match": f'"{made["revision"]}"'})

    assert (changed["values"]["title"], changed["revision"]) == ("成果名称乙", made["revision"] + 1)
    for seen in (f'"{made["revision"]}"', f'W/"{made["revision"]}"', "x"):
        error = refused(lambda seen=seen: filer.patch(path, {"values": {}}, **{"If-Match": seen}))
        assert (error.status, error.code) == (409, "edit_conflict")
    assert filer.patch(path, {"values": {"title": None}})["values"] == {}


def test_a_wrong_value_in_a_draft_is_told_at_its_field(filer):
    error = refused(lambda: filer.post("/filings", {"kind": "report", "values": {"fiscal_amount": "viel"}}))

    assert (error.status, list(error.problem["errors"])) == (422, ["fiscal_amount"])


def test_submission_gives_number_round_and_province(filer, place):
    made = create(filer)

    submitted = filer.post(f"/filings/{made['id']}/submit", key="s1")

    assert submitted["number"] == "鲁备2026-0001"
    assert (submitted["status"], submitted["province"], submitted["round"]) == ("PROV_REVIEW", "370000", place.round_id)
    assert submitted["submitted_at"].endswith("+08:00")
    assert filer.post(f"/filings/{made['id']}/submit", key="s1") == submitted
    assert refused(lambda: filer.post(f"/filings/{made['id']}/submit")).code == "filing_submitted"
    assert refused(lambda: filer.patch(f"/filings/{made['id']}", {"values": {}})).status == 409


def test_an_incomplete_draft_names_every_field_that_lacks(filer):
    made = filer.post("/filings", {"kind": "report", "values": {"unclassified": True}})

    error = refused(lambda: filer.post(f"/filings/{made['id']}/submit"))

    assert error.status == 422
    assert {"title", "report_file"} <= set(error.problem["errors"])


def test_secrecy_comes_first(filer):
    made = filer.post("/filings", {"kind": "report"})

    assert refused(lambda: filer.post(f"/filings/{made['id']}/submit")).code == "secrecy_unconfirmed"


def test_a_question_is_answered_by_its_code(filer):
    filer.post(f"/filings/{create(filer)['id']}/submit")
    again = create(filer)

    error = refused(lambda: filer.post(f"/filings/{again['id']}/submit"))

    assert (error.status, error.code) == (422, "duplicate_suspected")
    submitted = filer.post(f"/filings/{again['id']}/submit", {"confirm": ["duplicate_suspected"]})
    assert submitted["number"] == "鲁备2026-0002"
    assert refused(lambda: filer.post(f"/filings/{again['id']}/submit", {"confirm": ["yes"]})).status == 422


def test_withdrawal(filer, who):
    made = create(filer)
    filer.post(f"/filings/{made['id']}/submit")

    assert refused(lambda: who("province").post(f"/filings/{made['id']}/withdraw")).status == 403
    assert filer.post(f"/filings/{made['id']}/withdraw", {"reason": "资料需更新"})["status"] == "WITHDRAWN"
    assert refused(lambda: filer.post(f"/filings/{made['id']}/withdraw")).code == "filing_not_withdrawable"


def test_what_is_out_of_scope_is_not_there(filer, who):
    made = create(filer)
    path = f"/filings/{made['id']}"

    for name in ("rival", "jiangsu", "national"):
        other = who(name)
        for call in (
            lambda other=other: other.get(path),
            lambda other=other: other.get(f"{path}/history"),
            lambda other=other: other.patch(path, {"values": {}}),
            lambda other=other: other.post(f"{path}/submit"),
            lambda other=other: other.post(f"{path}/withdraw"),
        ):
            assert refused(call).status == 404
        assert list(other.every("/filings")) == []


def test_who_files_nothing_creates_nothing(who):
    assert refused(lambda: who("national").post("/filings", {"kind": "report"})).status == 403


def test_a_contact_files_for_an_organisation_of_the_province_only(who, place):
    contact = who("contact")
    own, other = place.organisations["filer"].id, place.organisations["rival"].id

    made = contact.post("/filings", {"kind": "report", "organisation_id": own})

    assert made["organisation"]["id"] == own
    assert refused(lambda: contact.post("/filings", {"kind": "report", "organisation_id": other})).status == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 2),
        ({"status": "DRAFT"}, 1),
        ({"status": "PROV_REVIEW"}, 1),
        ({"status": "SUBMITTED"}, 1),
        ({"kind": "tool"}, 0),
        ({"kind": "report"}, 2),
        ({"province": "370000"}, 2),
        ({"province": "320000"}, 0),
        ({"round": 1}, 1),
        ({"q": "海水"}, 1),
        ({"q": "鲁备"}, 1),
    ],
)
def test_filters(filer, query, found):
    filer.post(f"/filings/{create(filer)['id']}/submit")
    filer.post("/filings", {"kind": "report", "values": {"title": "风电叶片"}})

    assert len(list(filer.every("/filings", limit=1, **query))) == found


@pytest.mark.parametrize(
    "query", [{"kind": "x"}, {"round": "x"}, {"cursor": "WyJ4Il0"}, {"cursor": "W3RydWVd"}, {"limit": 500}, {"x": 1}]
)
def test_a_wrong_query_is_422(filer, query):
    assert refused(lambda: filer.get("/filings", **query)).status == 422


def test_the_audit_runs_by_work_items_alone(filer, who):
    made = create(filer)
    filer.post(f"/filings/{made['id']}/submit")
    province, national = who("province"), who("national")

    (item,) = province.items(process="filing")
    province.complete(item["id"], "return_for_correction")
    assert filer.get(f"/filings/{made['id']}")["status"] == "RETURNED"
    (correction,) = filer.items()
    filer.complete(correction["id"], "resubmit", {"changes": {"abstract": "补充检索范围与数据来源。" * 10}})
    province.complete(province.items()[0]["id"], "approve")
    done = national.complete(national.items()[0]["id"], "approve")

    assert done["instance"]["status"] == "completed"
    filed = filer.get(f"/filings/{made['id']}")
    assert (filed["status"], filed["number"]) == ("FILED", "BA-2026-370000-INDUSTRY-0001")
    history = filer.get(f"/filings/{made['id']}/history")["items"]
    assert [line["outcome"] for line in history if line["outcome"]] == [
        "return_for_correction",
        "resubmit",
        "approve",
        "approve",
    ]
    assert refused(lambda: filer.post(f"/filings/{made['id']}/withdraw")).status == 409


def test_of_two_submissions_at_once_one_stands(app, filer):
    made = create(filer)

    def submit(_number):
        with clock.at(MORNING):
            return ApiClient(app.test_client(), filer.token).send("POST", f"/filings/{made['id']}/submit").status_code

    session.rollback()
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(submit, range(2))) == [200, 409]
