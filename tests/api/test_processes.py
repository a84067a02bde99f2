"""Flows at the outer door: deployment with proof or findings, versions, trials, instances."""

import pytest

from app.accounts.vocabulary import Role
from config import ROOT
from tests.api.conftest import AUDIT, bpmn
from tests.factories.accounts import make_user
from tests.support.api_client import ApiClient, RefusedError
from tests.support.diagrams import diagram, end, flows, gateway, service, start, user

PLAIN = diagram("plain", start() + user("work") + end() + flows("begin>work", "work>end"))
LANES = diagram(
    "lane_trial",
    start()
    + user("file", outcomes="submit,drop")
    + user("audit", outcomes="approve,reject", attributes='lodestar:dueIn="P3D"')
    + user("review")
    + end()
    + flows("begin>file", "file>audit", "audit>review", "review>end"),
    lanes={"filer": "file", "province_auditor": "audit", "expert": "review"},
)
ACTING = diagram("acting", start() + service("act", "filings.record_filing") + end() + flows("begin>act", "act>end"))
SAME_ID = diagram("work", start() + user("work") + end() + flows("begin>work", "work>end"))
DEADLOCK = diagram(
    "stuck",
    start()
    + gateway("either", default="f1_either_a")
    + user("a")
    + user("b")
    + gateway("join", kind="parallel")
    + end()
    + flows("begin>either", "either>a", "either>b?x == 1", "a>join", "b>join", "join>end"),
)


@pytest.fixture
def designer(forms, person):
    return person(Role.DESIGNER)


def deploy(client: ApiClient, content: bytes, note: str = "首版"):
    return client.send("POST", "/processes/definitions", data=bpmn(content, note))


def refused(act) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        act()
    return caught.value


def test_a_deployment_answers_key_version_and_proof(designer):
    answer = deploy(designer, PLAIN)

    assert answer.status_code == 201
    body = answer.get_json()
    assert set(body) == {"key", "version", "proof"}
    assert (body["key"], body["version"]) == ("plain", 1)
    assert set(body["proof"]) == {"states", "transitions", "bounded", "reduced"}
    assert body["proof"]["states"] >= 1


def test_another_diagram_of_the_process_is_its_next_version(designer):
    deploy(designer, PLAIN)
    changed = PLAIN.replace(b'name="work"', b'name="Work"')

    assert deploy(designer, changed, "改名").get_json()["version"] == 2
    versions = designer.get("/processes/definitions/plain/versions")["items"]
    assert [(row["version"], row["status"], row["note"]) for row in versions] == [
        (2, "active", "改名"),
        (1, "superseded", "首版"),
    ]
    assert [(row["key"], row["version"]) for row in designer.get("/processes/definitions")["items"]] == [("plain", 2)]


def test_a_version_is_given_as_it_was_sent(designer, person):
    deploy(designer, PLAIN)
    path = "/processes/definitions/plain/versions/1"

    xml = person(Role.FILER).send("GET", path, headers={"Accept": "application/xml"})

    assert (xml.data, xml.content_type) == (PLAIN, "application/xml")
    told = designer.get(path)
    assert (told["key"], told["version"], told["proof"]["states"]) == ("plain", 1, 1)


@pytest.mark.parametrize(
    "path", ["nothing/versions", "plain/versions/2", "a%00b/versions", "plain/versions/" + "9" * 30]
)
def test_what_was_not_deployed_is_404(designer, path):
    deploy(designer, PLAIN)

    assert designer.send("GET", f"/processes/definitions/{path}").status_code == 404


def test_a_faulty_diagram_is_refused_with_findings(designer):
    answer = deploy(designer, DEADLOCK)

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    problem = answer.get_json()
    assert problem["code"] == "definition_refused"
    assert set(problem["findings"][0]) == {
        "file", "element_id", "element_name", "rule", "severity", "message_zh", "message_en", "path",
    }  # fmt: skip
    assert {finding["file"] for finding in problem["findings"]} == {"flow.bpmn"}
    assert designer.get("/processes/definitions")["items"] == []


BAD = sorted((ROOT / "tests" / "engine" / "bad_bpmn").glob("*.bpmn"))


@pytest.mark.parametrize("path", [path for path in BAD if "ok_control" not in path.name], ids=lambda path: path.stem)
def test_a_bad_file_is_never_a_fault_of_ours(designer, path):
    assert deploy(designer, path.read_bytes()).status_code in (201, 422)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"note": "x"}, "unsupported_media_type"),
        ({"file": b"", "note": "x"}, "file_empty"),
        ({"file": PLAIN}, "field_required"),
        ({"file": PLAIN, "note": " "}, "field_required"),
        ({"file": PLAIN, "note": "x", "force": "1"}, "field_unknown"),
        ({"file": b"MZ\x00", "note": "x"}, "definition_refused"),
    ],
)
def test_a_deployment_that_lacks_something(designer, data, code):
    body = {name: bpmn(value)["file"] if isinstance(value, bytes) else value for name, value in data.items()}

    answer = designer.send("POST", "/processes/definitions", data=body)

    assert answer.get_json()["code"] == code


def test_a_node_with_the_id_of_its_process_is_answered(designer):
    assert deploy(designer, SAME_ID).status_code in (201, 422)


def test_only_designers_deploy_and_try(forms, person):
    manager = person(Role.MANAGER)

    assert deploy(manager, PLAIN).status_code == 403
    body = {"definition_key": "plain", "title": "x"}
    assert refused(lambda: manager.post("/processes/instances", body)).status == 403


def test_a_diagram_with_nothing_special_runs_as_a_trial(designer):
    deploy(designer, PLAIN)

    answer = designer.send("POST", "/processes/instances", json={"definition_key": "plain", "title": "试一试"})

    assert answer.status_code == 201
    trial = answer.get_json()
    assert (trial["status"], trial["trial"], trial["definition"]) == ("running", True, {"key": "plain", "version": 1})
    assert set(trial) >= {"status", "definition", "open_items", "timers", "history", "variables"}
    (item,) = designer.items()
    assert (item["title"], item["role"], item["instance_id"]) == ("试一试", "designer", trial["id"])
    done = designer.complete(item["id"])
    assert done["instance"] == {"id": trial["id"], "status": "completed"}
    ended = designer.get(f"/processes/instances/{trial['id']}")
    assert (ended["status"], ended["open_items"], ended["end_node"]) == ("completed", [], "end")


def test_a_trials_steps_reach_the_roles_of_their_lanes(designer, person, client):
    filer, auditor, expert = (
        person(Role.FILER),
        person(Role.PROVINCE_AUDITOR, scope_code="370000"),
        person(Role.EXPERT),
    )
    deploy(designer, LANES)
    trial = designer.post(
        "/processes/instances", {"definition_key": "lane_trial", "title": "试运行", "variables": {"n": 1}}
    )

    filer.complete(filer.items()[0]["id"], "submit")
    told = designer.get(f"/processes/instances/{trial['id']}")
    assert told["variables"] == {"n": 1, "file_outcome": "submit"}
    assert [item["node"] for item in told["open_items"]] == ["audit"]
    auditor.complete(auditor.items()[0]["id"], "approve")
    expert.complete(expert.items()[0]["id"])

    history = designer.get(f"/processes/instances/{trial['id']}")["history"]
    assert [line["node"] for line in history if line["kind"] == "completed"] == ["file", "audit", "review"]
    assert all(line["at"].endswith("+08:00") for line in history)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"definition_key": "nothing", "title": "x"}, 404),
        ({"definition_key": "plain"}, 422),
        ({"definition_key": "plain", "title": "x" * 201}, 422),
        ({"definition_key": "plain", "title": "x", "variables": []}, 422),
        ({"definition_key": "plain", "title": "x", "subject": 1}, 422),
    ],
)
def test_a_wrong_trial(designer, body, status):
    deploy(designer, PLAIN)

    assert refused(lambda: designer.post("/processes/instances", body)).status == status


def test_a_trial_of_an_operation_finds_nothing_to_change(designer):
    deploy(designer, ACTING)

    assert (
        refused(lambda: designer.post("/processes/instances", {"definition_key": "acting", "title": "x"})).status == 404
    )


def test_an_instance_is_seen_by_who_may_see_one_of_its_items(case, auditor, stranger, colleague, client):
    instance_id = case()
    path = f"/processes/instances/{instance_id}"

    assert [item["node"] for item in auditor.get(path)["open_items"]] == ["prov_audit"]
    for other in (stranger, ApiClient.for_user(client, make_user().id)):
        assert refused(lambda other=other: other.get(path)).status == 404
    assert auditor.send("GET", "/processes/instances/999").status_code == 404


def test_an_instance_tells_nobodys_name_but_ones_own(case, auditor, colleague, person):
    instance_id = case()
    auditor.complete(auditor.items()[0]["id"], "approve")
    auditor.post(f"/work-items/{auditor.items()[0]['id']}/claim")

    def names(client):
        told = client.get(f"/processes/instances/{instance_id}")
        return {line["actor"] for line in told["history"]}, {item["assignee"] for item in told["open_items"]}

    own = names(auditor)
    assert auditor.actor.name in own[0]
    assert own[1] == {auditor.get("/me")["user"]["username"]}
    assert names(colleague) == ({None}, {None})
    assert names(person(Role.SYS_ADMIN, Role.DESIGNER)) == ({None}, {None})


def test_variables_of_a_running_case_are_for_designers(case, auditor, person):
    instance_id = case()
    auditor.complete(auditor.items()[0]["id"], "approve")
    path = f"/processes/instances/{instance_id}"

    assert auditor.get(path)["variables"] == {}
    assert person(Role.DESIGNER).get(path)["variables"]["prov_audit_outcome"] == "approve"


def test_short_lists_come_in_pages(designer):
    for note in ("首版", "再版"):
        deploy(designer, PLAIN + (b"<!-- two -->" if note == "再版" else b""), note)
    deploy(designer, LANES)

    for path in ("/processes/definitions", "/processes/definitions/plain/versions"):
        whole = designer.get(path)["items"]
        first = designer.get(path, limit=1)
        assert len(first["items"]) == 1
        assert (first["next"] is None) == (len(whole) == 1)
        assert list(designer.every(path, limit=1)) == whole
        assert refused(lambda path=path: designer.get(path, limit=201)).status == 422
        assert refused(lambda path=path: designer.get(path, cursor="bm8")).status == 422


def test_the_flow_of_the_tests_is_provable(designer):
    assert deploy(designer, AUDIT).status_code == 201
