"""Releases at the outer door: impact, dry run, moving running cases, undo; each for designers alone."""

from io import BytesIO

import pytest
from sqlalchemy import func, select

from app.accounts.vocabulary import Role
from app.kernel.db import session
from app.processes.models import ProcessDefinition
from app.processes.worker import work_off
from tests.api.conftest import bpmn
from tests.support.api_client import RefusedError
from tests.support.diagrams import diagram, end, flows, start, user

OLD = diagram("case", start() + user("a") + user("b") + end() + flows("begin>a", "a>b", "b>end"))
NEW = diagram("case", start() + user("a") + user("sign") + end() + flows("begin>a", "a>sign", "sign>end"))
VERSION = "/processes/definitions/case/versions"


@pytest.fixture
def designer(forms, person):
    return person(Role.DESIGNER)


@pytest.fixture
def cases(designer):
    """Two cases on version 1, one at `a`, one at `b`."""
    deploy(designer, OLD)
    ids = []
    for title in ("甲", "乙"):
        body = {"definition_key": "case", "title": title}
        ids.append(designer.post("/processes/instances", body)["id"])
    item = designer.get(f"/processes/instances/{ids[1]}")["open_items"][0]["id"]
    designer.post(f"/work-items/{item}/complete", {"values": {}})
    return ids


def deploy(client, content):
    return client.send("POST", "/processes/definitions", data=bpmn(content))


def weigh(client, content, **more):
    return client.send("POST", "/processes/definitions/impact", data={"file": (BytesIO(content), "x.bpmn"), **more})


def refused(act) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        act()
    return caught.value


def test_the_impact_of_a_file_is_told_and_changes_nothing(designer, cases):
    answer = weigh(designer, NEW).get_json()

    assert (answer["running"], answer["move"], answer["stay"], answer["choice"]) == (2, 1, 0, 1)
    assert (answer["key"], answer["base_version"], answer["proof"]["states"]) == ("case", 1, 2)
    assert [(one["element_id"], one["change"]) for one in answer["changes"] if one["tag"] == "userTask"] == [
        ("sign", "added"), ("b", "removed"),
    ]  # fmt: skip
    [asked] = [one for one in answer["states"] if one["verdict"] == "choice"]
    assert (asked["nodes"], asked["count"], asked["obstacles"][0]["code"]) == (["b"], 1, "node_removed")
    assert "“b”" in asked["obstacles"][0]["message_zh"]
    assert session.scalar(select(func.count()).where(ProcessDefinition.key == "case")) == 1


def test_choices_are_weighed_too(designer, cases):
    assert weigh(designer, NEW, choices='{"targets": {"b": "sign"}}').get_json()["move"] == 2
    assert weigh(designer, NEW, choices="no json").status_code == 422
    assert weigh(designer, NEW, choices='{"timers": {"b": "never"}}').status_code == 422
    assert weigh(designer, b"<a/>").get_json()["findings"]


def test_a_deployment_is_for_new_cases_only(designer, cases):
    deploy(designer, NEW)

    assert [designer.get(f"/processes/instances/{one}")["definition"]["version"] for one in cases] == [1, 1]
    assert designer.get(f"{VERSION}/2/impact")["running"] == 2


def test_a_dry_run_is_what_one_gets_unless_one_says_otherwise(designer, cases):
    deploy(designer, NEW)

    answer = designer.post(f"{VERSION}/2/migrate", {})
    work_off()

    assert (answer["dry_run"], answer["impact"]["move"], answer["migration"]) == (True, 1, None)
    assert designer.get("/processes/definitions/case/migrations")["items"] == []


def test_cases_move_and_those_that_stay_are_listed_with_the_reason(designer, cases):
    deploy(designer, NEW)

    started = designer.post(f"{VERSION}/2/migrate", {"dry_run": False, "note": "签批改名"})["migration"]
    work_off()

    path = f"/processes/definitions/case/migrations/{started['id']}"
    told = designer.get(path)
    assert (told["status"], told["moved"], told["version"], told["from_versions"]) == ("done", 1, 2, [1])
    [stayed] = designer.get(f"{path}/remaining")["items"]
    assert (stayed["id"], stayed["nodes"], stayed["obstacles"][0]["code"]) == (cases[1], ["b"], "node_removed")
    assert designer.get(f"/processes/instances/{cases[0]}")["history"][-1]["kind"] == "migrated"


def test_a_choice_moves_the_rest_and_undo_brings_all_back(designer, cases):
    deploy(designer, NEW)
    body = {"dry_run": False, "note": "转", "targets": {"b": "sign"}}
    designer.post(f"{VERSION}/2/migrate", body)
    work_off()
    moved = [designer.get(f"/processes/instances/{one}")["definition"]["version"] for one in cases]

    undone = designer.post("/processes/definitions/case/undo", {"reason": "有误"})
    work_off()

    assert moved == [2, 2]
    assert (undone["version"], len(undone["migrations"]), undone["migrations"][0]["undoes"]) == (1, 1, 1)
    shown = [designer.get(f"/processes/instances/{one}") for one in cases]
    assert [(one["definition"]["version"], one["waiting"]) for one in shown] == [(1, ["a"]), (1, ["b"])]
    assert [one["version"] for one in designer.get("/processes/definitions")["items"]] == [1]
    assert [(one["version"], one["status"]) for one in designer.get(VERSION)["items"]] == [
        (2, "superseded"), (1, "active"),
    ]  # fmt: skip


def test_what_cannot_be_done_is_refused_in_words(designer, cases):
    migrate = f"{VERSION}/1/migrate"

    assert refused(lambda: designer.post("/processes/definitions/case/undo", {"reason": "x"})).status == 409
    assert refused(lambda: designer.post(migrate, {"dry_run": False})).code == "field_required"
    assert refused(lambda: designer.post(migrate, {"targets": {"b": 1}})).status == 422
    assert refused(lambda: designer.post(f"{VERSION}/9/migrate", {})).status == 404
    assert refused(lambda: designer.get("/processes/definitions/case/migrations/9")).status == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"{VERSION}/1/migrate", {}),
        ("POST", "/processes/definitions/case/undo", {"reason": "x"}),
        ("GET", f"{VERSION}/1/impact", None),
        ("GET", "/processes/definitions/case/migrations", None),
        ("GET", "/processes/definitions/case/migrations/1", None),
        ("GET", "/processes/definitions/case/migrations/1/remaining", None),
    ],
)
def test_releases_are_the_designers(forms, person, method, path, body):
    assert person(Role.MANAGER).send(method, path, json=body).status_code == 403
