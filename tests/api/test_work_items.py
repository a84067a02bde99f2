"""Work items at the outer door: list, count, detail, claim, release, delegate, complete, bulk."""

from datetime import timedelta

import pytest

from app.accounts.vocabulary import Role
from app.kernel import clock
from tests.factories.accounts import make_user
from tests.support.api_client import ApiClient, RefusedError
from tests.support.statements import watch_statements

KEYS = {
    "id", "title", "process", "node", "node_name", "role", "subject", "status", "assignee", "due_at", "overdue",
    "priority", "round", "stage", "instance_id", "opened_at", "completed_at", "outcome",
}  # fmt: skip


def only(client: ApiClient) -> dict:
    (item,) = client.items()
    return item


def refused(act) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        act()
    return caught.value


def test_a_list_row_tells_what_waits(case, auditor):
    case(batch_id=3)

    item = only(auditor)

    assert set(item) == KEYS
    assert item["title"] == "海水淡化膜材料"
    assert (item["process"], item["node"], item["role"]) == ("audit_case", "prov_audit", "province_auditor")
    assert item["subject"] == {"type": "case", "id": 7, "title": "海水淡化膜材料"}
    assert (item["status"], item["assignee"], item["round"]) == ("open", None, 3)
    assert item["due_at"].endswith("+08:00")


def test_the_list_is_within_scope(case, auditor, stranger, client):
    case()

    assert len(auditor.items()) == 1
    assert stranger.items() == []
    assert ApiClient(client).send("GET", "/work-items").status_code == 401


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"process": "audit_case"}, 2),
        ({"process": "other"}, 0),
        ({"node": "prov_audit"}, 2),
        ({"node": "confirm"}, 0),
        ({"role": "province_auditor"}, 2),
        ({"role": "manager"}, 0),
        ({"round": 1}, 1),
        ({"q": "膜"}, 1),
        ({"q": "%"}, 0),
        ({"overdue": "true"}, 0),
        ({"status": "done"}, 0),
    ],
)
def test_filters(case, auditor, query, found):
    case("海水淡化膜", batch_id=1)
    case("风电叶片", batch_id=2)

    assert len(auditor.items(**query)) == found


def test_overdue_items(case, auditor):
    case()

    with clock.at(clock.now() + timedelta(days=10)):
        late = ApiClient.for_user(auditor.client, auditor.actor.id)
        (item,) = late.items(overdue=1)
        assert item["overdue"] is True
        assert late.get("/work-items/count")["overdue"] == 1


@pytest.mark.parametrize("sort", [None, "due_at", "-due_at", "opened_at", "-opened_at"])
def test_pages_follow_each_other_without_gap_or_repetition(case, auditor, sort):
    for number in range(5):
        with clock.at(clock.now() + timedelta(days=number)):
            case(f"成果{number}")

    read = [item["title"] for item in auditor.every("/work-items", limit=2, sort=sort)]

    numbers = [0, 1, 2, 3, 4]
    expected = reversed(numbers) if (sort or "").startswith("-") else numbers
    assert read == [f"成果{number}" for number in expected]


def test_done_items_come_newest_first(case, auditor):
    for number in range(3):
        case(f"成果{number}")
    for number, item in enumerate(auditor.items()):
        with clock.at(clock.now() + timedelta(minutes=number)):
            auditor.complete(item["id"], "approve")

    titles = [item["title"] for item in auditor.every("/work-items", status="done", limit=1)]

    assert titles == ["成果2", "成果1", "成果0"]
    first = auditor.items(status="done", sort="completed_at")[0]
    assert (first["title"], first["outcome"], first["status"]) == ("成果0", "approve", "done")


@pytest.mark.parametrize(
    "query",
    [
        {"status": "all"},
        {"limit": 0},
        {"limit": 201},
        {"limit": "many"},
        {"sort": "title"},
        {"sort": "completed_at"},
        {"round": "x"},
        {"round": 10**30},
        {"overdue": "perhaps"},
        {"unknown": "1"},
        {"cursor": "x"},
        {"cursor": "W10"},
        {"cursor": "W1sxXSxbMl1d"},
        {"cursor": "WyJ4IiwxXQ"},
        {"cursor": "WyIyMDI2LTAxLTAxIix0cnVlXQ"},
        {"cursor": "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwxXQ"},
        {"q": "\x00"},
    ],
)
def test_a_wrong_query_is_422_with_its_field(case, auditor, query):
    answer = auditor.send("GET", "/work-items", query_string=query)

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"


def test_a_list_costs_the_same_for_one_and_for_many(case, auditor, engine):
    def listed():
        with watch_statements(engine) as statements:
            auditor.get("/work-items")
        return len(statements)

    case()
    one = listed()
    for _ in range(4):
        case()

    assert listed() == one


def test_count(case, auditor):
    case()
    case()

    assert auditor.get("/work-items/count") == {
        "open": 2,
        "open_is_floor": False,
        "overdue": 0,
        "by_process": {"audit_case": 2},
    }


def test_detail_describes_form_and_outcomes(case, auditor):
    case()

    item = auditor.get(f"/work-items/{only(auditor)['id']}")

    assert item["definition_version"] == 1
    assert (item["form"]["key"], item["form"]["version"]) == ("audit_opinion", 1)
    opinion = next(one for one in item["form"]["fields"] if one["key"] == "opinion")
    assert {"key", "type", "label", "required", "min", "max", "max_length", "options"} <= set(opinion)
    assert item["outcomes"] == [
        {"code": "approve", "label": "同意", "requires": []},
        {"code": "return_for_correction", "label": "退回补正", "requires": ["reasons", "opinion"]},
        {"code": "reject", "label": "不予通过", "requires": ["opinion"]},
    ]


def test_labels_speak_the_requests_language(case, auditor):
    case()
    auditor.language = "en"

    item = auditor.get(f"/work-items/{only(auditor)['id']}")

    assert [one["label"] for one in item["outcomes"]] == ["Agree", "Return for correction", "Reject"]


def test_what_is_out_of_scope_is_not_there(case, auditor, stranger):
    case()
    item_id = only(auditor)["id"]

    for call in (
        lambda: stranger.get(f"/work-items/{item_id}"),
        lambda: stranger.post(f"/work-items/{item_id}/claim"),
        lambda: stranger.post(f"/work-items/{item_id}/release"),
        lambda: stranger.post(f"/work-items/{item_id}/delegate", {"to": "x"}),
        lambda: stranger.post(f"/work-items/{item_id}/complete", {"outcome": "approve"}),
    ):
        error = refused(call)
        assert (error.status, error.code) == (404, "not_found")


@pytest.mark.parametrize("item_id", ["0", "99999999", "99999999999999999999", "x", "-1"])
def test_an_id_of_nothing_is_404(case, auditor, item_id):
    assert auditor.send("GET", f"/work-items/{item_id}").status_code == 404


def test_claim_and_release(case, auditor, colleague):
    case()
    item_id = only(auditor)["id"]

    claimed = auditor.post(f"/work-items/{item_id}/claim")

    assert claimed["assignee"] == auditor.get("/me")["user"]["username"]
    assert colleague.items() == []
    error = refused(lambda: colleague.post(f"/work-items/{item_id}/claim"))
    assert (error.status, error.code) == (409, "claimed_by_other")
    assert auditor.actor.name in error.problem["detail"]
    assert auditor.post(f"/work-items/{item_id}/release")["assignee"] is None
    assert refused(lambda: auditor.post(f"/work-items/{item_id}/release")).code == "not_claimed"


def test_delegate_to_a_colleague_by_user_name(case, auditor, colleague, stranger):
    case()
    item_id = only(auditor)["id"]
    name = colleague.get("/me")["user"]["username"]
    outsider = stranger.get("/me")["user"]["username"]

    error = refused(lambda: auditor.post(f"/work-items/{item_id}/delegate", {"to": outsider}))
    assert (error.status, list(error.problem["errors"])) == (422, ["to"])
    assert auditor.post(f"/work-items/{item_id}/delegate", {"to": name})["assignee"] == name
    assert [item["id"] for item in colleague.items()] == [item_id]


def test_complete_tells_item_opened_items_and_instance(case, auditor):
    instance_id = case()

    done = auditor.complete(only(auditor)["id"], "approve")

    assert set(done) == {"item", "opened", "instance"}
    assert (done["item"]["status"], done["item"]["outcome"]) == ("done", "approve")
    assert [item["node"] for item in done["opened"]] == ["confirm"]
    assert done["instance"] == {"id": instance_id, "status": "running"}


def test_an_item_without_form_asks_for_nothing_and_the_last_one_ends_the_instance(case, auditor, colleague):
    case()
    auditor.complete(only(auditor)["id"], "approve")
    item = auditor.get(f"/work-items/{only(auditor)['id']}")

    assert (item["form"]["fields"], item["outcomes"]) == ([], [])
    auditor.post(f"/work-items/{item['id']}/complete")
    last = colleague.complete(only(colleague)["id"])

    assert last["instance"]["status"] == "completed"
    assert last["opened"] == []


def test_four_eyes(case, auditor):
    case()
    auditor.complete(only(auditor)["id"], "approve")
    opened = auditor.complete(only(auditor)["id"])["opened"]

    assert auditor.items() == []
    error = refused(lambda: auditor.post(f"/work-items/{opened[0]['id']}/complete"))
    assert (error.status, error.code) == (403, "four_eyes")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "outcome_required", "outcome"),
        ({"outcome": "fly"}, "choice_invalid", "outcome"),
        ({"outcome": "reject"}, "field_required", "opinion"),
        ({"outcome": "return_for_correction", "values": {"opinion": "请补充数据。"}}, "reason_required", "reasons"),
        ({"outcome": "approve", "values": {"nonsense": 1}}, "field_unknown", "nonsense"),
        ({"outcome": "approve", "values": {"opinion": {"a": 1}}}, "type_invalid", "opinion"),
        ({"outcome": "approve", "values": []}, "type_invalid", "values"),
        ({"outcome": 5}, "type_invalid", "outcome"),
        ({"outcome": "approve", "note": "x"}, "field_unknown", "note"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_done(case, auditor, body, code, field):
    case()
    item_id = only(auditor)["id"]

    error = refused(lambda: auditor.post(f"/work-items/{item_id}/complete", body))

    assert (error.status, error.code) == (422, code)
    assert field in error.problem["errors"]
    assert only(auditor)["id"] == item_id


def test_what_somebody_has_done_is_not_done_twice(case, auditor, colleague):
    case()
    item_id = only(auditor)["id"]
    auditor.complete(item_id, "approve")

    error = refused(lambda: colleague.post(f"/work-items/{item_id}/complete", {"outcome": "approve"}))

    assert (error.status, error.code) == (409, "already_done")
    assert auditor.actor.name in error.problem["detail"]


def test_values_are_shown_to_who_gave_them_only(case, auditor, colleague):
    case()
    item_id = only(auditor)["id"]
    auditor.complete(item_id, "reject", {"opinion": "证据不足，不予通过。"})

    assert auditor.get(f"/work-items/{item_id}")["values"] == {"opinion": "证据不足，不予通过。"}
    assert colleague.get(f"/work-items/{item_id}")["values"] is None


def test_bulk_one_failing_item_fails_alone(case, auditor, stranger):
    case("甲")
    case("乙")
    case("丙", province_code="320000")
    first, second = (item["id"] for item in auditor.items())
    hidden = only(stranger)["id"]

    answer = auditor.post(
        "/work-items/complete",
        {
            "items": [
                {"id": first, "outcome": "approve", "values": {}},
                {"id": hidden, "outcome": "approve"},
                {"id": second, "outcome": "reject"},
                {"id": first, "outcome": "approve"},
            ]
        },
    )

    assert [(one["id"], one["status"]) for one in answer["items"]] == [
        (first, "done"),
        (hidden, "failed"),
        (second, "failed"),
        (first, "failed"),
    ]
    assert [one["error"]["status"] for one in answer["items"][1:]] == [404, 422, 409]
    assert "opinion" in answer["items"][2]["error"]["errors"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"items": 5},
        {"items": [{"outcome": "approve"}]},
        {"items": [{"id": "7"}]},
        {"items": [{"id": True}]},
        {"items": [{"id": 1}] * 201},
    ],
)
def test_a_mistyped_bulk_is_refused_whole(case, auditor, body):
    assert refused(lambda: auditor.post("/work-items/complete", body)).status == 422


def test_a_person_without_roles_has_nothing_to_do(case, client):
    case()
    nobody = ApiClient.for_user(client, make_user().id)

    assert nobody.get("/work-items") == {"items": [], "next": None}
    assert nobody.get("/work-items/count")["open"] == 0


def test_nobody_acts_for_a_role_of_another(case, auditor, person):
    case()
    manager = person(Role.MANAGER)

    assert manager.send("GET", f"/work-items/{only(auditor)['id']}").status_code == 404
