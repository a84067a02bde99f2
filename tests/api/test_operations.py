"""Operators at the outer door: lists, acts one by one and in batches, incidents, the log."""

import pytest

from app.accounts.vocabulary import Role
from tests.api.conftest import bpmn
from tests.support.api_client import RefusedError
from tests.support.diagrams import diagram, end, flows, gateway, start, user

READING = diagram(
    "reading",
    start() + user("check") + gateway("cheap", default="f2_cheap_end") + user("more") + end()
    + flows("begin>check", "check>cheap", "cheap>end", "cheap>more?price &gt; 3", "more>end"),
)  # fmt: skip


@pytest.fixture
def designer(forms, person):
    client = person(Role.DESIGNER)
    client.send("POST", "/processes/definitions", data=bpmn(READING, "首版"))
    return client


def begin(designer, **variables):
    body = {"definition_key": "reading", "title": "试运行一", "variables": variables}
    return designer.post("/processes/instances", body)["id"]


def complete(client, instance_id):
    [item] = client.get(f"/processes/instances/{instance_id}")["open_items"]
    return client.post(f"/work-items/{item['id']}/complete", {"values": {}})


def refused(act):
    with pytest.raises(RefusedError) as caught:
        act()
    return caught.value.status, caught.value.code


def test_a_case_is_suspended_resumed_moved_and_cancelled(designer):
    instance_id = begin(designer, price=5)
    path = f"/processes/instances/{instance_id}"

    assert designer.post(f"{path}/suspend", {"reason": "核对"}) == {"id": instance_id, "status": "done"}
    assert refused(lambda: complete(designer, instance_id)) == (409, "instance_suspended")
    designer.post(f"{path}/resume", {"reason": "核对完毕"})
    designer.post(f"{path}/move", {"to": ["more"], "reason": "线下已核"})
    moved = designer.get(path)
    designer.post(f"{path}/cancel", {"reason": "试运行结束"})

    assert (moved["status"], moved["waiting"]) == ("running", ["more"])
    assert [line["kind"] for line in designer.get(path)["history"]] == [
        "started", "suspended", "resumed", "placed", "cancelled",
    ]  # fmt: skip
    assert refused(lambda: designer.post(f"{path}/cancel", {"reason": "再次"})) == (409, "instance_ended")


def test_a_failed_step_is_an_incident_with_its_cause(designer):
    instance_id = begin(designer)

    assert refused(lambda: complete(designer, instance_id)) == (500, "step_failed")
    case = designer.get(f"/processes/instances/{instance_id}")
    [incident] = designer.get("/processes/incidents")["items"]

    assert (case["status"], case["incidents"][0]["reference"]) == ("incident", incident["reference"])
    assert (incident["node"], incident["element"], incident["origin"]) == ("check", "cheap", "item")
    assert incident["cause"] == ["ExpressionError: 'price > 3': the variable 'price' is not set"]
    assert refused(
        lambda: designer.post(f"/processes/instances/{instance_id}/retry", {"reason": "再试"})
    ) == (409, "retry_failed")  # fmt: skip


def test_a_batch_has_a_result_for_each(designer):
    first, second = begin(designer), begin(designer)
    designer.post(f"/processes/instances/{second}/suspend", {"reason": "核对"})

    body = {"act": "suspend", "ids": [first, second, 999], "reason": "核对"}
    items = designer.post("/processes/instances/act", body)["items"]

    assert [(one["id"], one["status"], one.get("error", {}).get("code")) for one in items] == [
        (first, "done", None),
        (second, "failed", "already_suspended"),
        (999, "failed", "not_found"),
    ]


def test_the_list_filters_and_system_administrators_see_no_titles(designer, person):
    first, second = begin(designer), begin(designer)
    designer.post(f"/processes/instances/{second}/suspend", {"reason": "核对"})
    admin = person(Role.SYS_ADMIN)

    assert [one["id"] for one in designer.get("/processes/instances", process="reading", node="check")["items"]] == [
        second,
        first,
    ]
    assert [one["title"] for one in admin.get("/processes/instances", status="suspended")["items"]] == [None]
    assert admin.get(f"/processes/instances/{first}")["title"] is None
    assert refused(lambda: person(Role.FILER).get("/processes/instances")) == (403, "forbidden")
    assert refused(lambda: admin.get("/processes/event-log")) == (403, "forbidden")


def test_the_log_comes_in_both_formats(designer):
    begin(designer)

    xes = designer.send("GET", "/processes/event-log?format=xes&trials=true")
    traces = xes.get_data(as_text=True).count("<trace>")
    ocel = designer.send("GET", "/processes/event-log?format=ocel&trials=true")
    types = [one["type"] for one in ocel.get_json()["objects"]]

    assert (xes.mimetype, traces) == ("application/xml", 1)
    assert (ocel.mimetype, types) == (
        "application/json", ["subject_trial", "reading"],
    )  # fmt: skip
