"""Rounds at the outer door: reading for all, changing for managers."""

from datetime import UTC, datetime

import pytest

from app.accounts.vocabulary import Role
from app.kernel import clock
from app.processes import worker
from tests.factories.rounds import PROGRAMME, make_round
from tests.support.api_client import ApiClient, RefusedError

BEFORE = datetime(2026, 3, 2, 1, tzinfo=UTC)
IN_FILING = datetime(2026, 4, 1, 1, tzinfo=UTC)


@pytest.fixture
def manager(app, person):
    with clock.at(BEFORE):
        yield person(Role.MANAGER)


@pytest.fixture
def round_id(manager):
    return make_round(manager=manager.actor)


@pytest.fixture
def running(round_id, manager):
    """A round whose filing has begun."""
    manager.complete(manager.items()[0]["id"], "submit")
    with clock.at(IN_FILING):
        manager.token = ApiClient.for_user(manager.client, manager.actor.id).token
        yield round_id


def stages(client: ApiClient, round_id: int) -> dict[str, dict]:
    return {stage["code"]: stage for stage in client.get(f"/rounds/{round_id}/stages")["stages"]}


def refused(act) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        act()
    return caught.value


def test_rounds_are_listed_for_everybody_signed_in(round_id, person, client):
    page = person(Role.EXPERT).get("/rounds")

    assert [row["id"] for row in page["items"]] == [round_id]
    assert page["next"] is None
    assert ApiClient(client).send("GET", "/rounds").status_code == 401


def test_a_round_tells_settings_and_stages(round_id, manager):
    told = manager.get(f"/rounds/{round_id}")

    assert (told["id"], told["programme"], told["status"]) == (round_id, PROGRAMME, "setup")
    assert told["parameters"]["panel"]
    assert told["stages"] == manager.get(f"/rounds/{round_id}/stages")["stages"]


def test_stages_tell_window_and_work(running, manager):
    answer = manager.get(f"/rounds/{running}/stages")

    assert answer["items"] == answer["stages"]
    filing = stages(manager, running)["filing"]
    assert set(filing) == {"code", "name", "status", "opens_at", "closes_at", "counts"}
    assert (filing["name"], filing["status"]) == ("成果备案", "open")
    assert filing["closes_at"].endswith("+08:00")
    assert set(filing["counts"]) == {"open", "overdue", "done"}


def test_a_manager_creates_a_round(round_id, manager):
    body = {"programme": PROGRAMME, "name": "第二个评价周期", "starts_on": "2026-04-01"}

    answer = manager.send("POST", "/rounds", json=body)

    assert answer.status_code == 201
    made = answer.get_json()
    assert (made["name"], made["status"], made["starts_on"]) == ("第二个评价周期", "setup", "2026-04-01")
    assert next(stage["code"] for stage in made["stages"]) == "setup"
    assert made["id"] in [item["round"] for item in manager.items()]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"programme": "none"}, "programme"),
        ({"name": ""}, "name"),
        ({"name": "2026年度评价周期"}, "name"),
        ({"starts_on": "morgen"}, "starts_on"),
        ({"starts_on": "1800-01-01"}, "starts_on"),
        ({"starts_on": None}, "starts_on"),
        ({"period_from": "2027-01-01", "period_to": "2026-01-01"}, "period_to"),
        ({"parameters": {"panel": {"size": 4}}}, "panel.size"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_round_is_refused_at_its_field(round_id, manager, change, field):
    body = {"programme": PROGRAMME, "name": "又一个评价周期", "starts_on": "2026-04-01", **change}

    error = refused(lambda: manager.post("/rounds", body))

    assert (error.status, list(error.problem["errors"])) == (422, [field])


def test_a_round_in_set_up_is_changed(round_id, manager):
    changed = manager.patch(f"/rounds/{round_id}", {"name": "改名后的评价周期", "doc_no": "国知办〔2026〕1号"})

    assert (changed["name"], changed["doc_no"]) == ("改名后的评价周期", "国知办〔2026〕1号")


def test_a_running_round_is_frozen(running, manager):
    error = refused(lambda: manager.patch(f"/rounds/{running}", {"name": "x"}))

    assert (error.status, error.code) == (409, "round_frozen")
    assert len(manager.get(f"/rounds/{running}")["parameters_hash"]) == 64


def test_only_managers_change_rounds(running, person):
    leader = person(Role.LEADER)

    for call in (
        lambda: leader.post("/rounds", {"programme": PROGRAMME, "name": "x", "starts_on": "2026-04-01"}),
        lambda: leader.patch(f"/rounds/{running}", {"name": "x"}),
        lambda: leader.post(f"/rounds/{running}/stages/filing/close", {"reason": "x"}),
        lambda: leader.post(f"/rounds/{running}/stages/filing/extend", {"until": "2026-12-31", "reason": "x"}),
    ):
        assert refused(call).status == 403


def test_a_stage_is_extended_and_the_later_ones_follow(running, manager):
    before = stages(manager, running)

    extended = manager.post(
        f"/rounds/{running}/stages/filing/extend", {"until": "2026-12-31", "reason": "台风影响"}, key="e1"
    )

    assert extended["closes_at"] == "2026-12-31T23:59:59+08:00"
    after = stages(manager, running)
    assert after["filing"] == extended
    assert after["screening"]["closes_at"] > before["screening"]["closes_at"]


def test_a_stage_is_closed_and_its_timers_follow(running, manager):
    closed = manager.post(f"/rounds/{running}/stages/filing/close", {"reason": "提前完成"}, key="c1")

    assert closed["code"] == "filing"
    worker.work_off()
    assert stages(manager, running)["filing"]["status"] == "closed"
    assert stages(manager, running)["audit_tail"]["status"] == "open"
    assert (
        refused(lambda: manager.post(f"/rounds/{running}/stages/filing/close", {"reason": "x"})).code == "stage_closed"
    )


@pytest.mark.parametrize(
    ("path", "body", "refusal"),
    [
        ("screening/close", {"reason": "x"}, (409, "stage_not_open")),
        ("setup/close", {"reason": "x"}, (409, "stage_without_timer")),
        ("nowhere/close", {"reason": "x"}, (404, "not_found")),
        ("filing/close", {}, (422, "field_required")),
        ("filing/close", {"reason": " "}, (422, "change_reason_required")),
        ("filing/extend", {"until": "2026-01-01", "reason": "x"}, (422, "date_not_later")),
        ("filing/extend", {"until": "bald", "reason": "x"}, (422, "date_invalid")),
        ("filing/extend", {"until": "0001-01-01T00:00:00+14:00", "reason": "x"}, (422, "date_invalid")),
        ("filing/extend", {"until": 5, "reason": "x"}, (422, "date_invalid")),
    ],
)
def test_what_cannot_be_moved_says_why(running, manager, path, body, refusal):
    error = refused(lambda: manager.post(f"/rounds/{running}/stages/{path}", body))

    assert (error.status, error.code) == refusal


def test_a_round_that_is_not_there_is_404(manager):
    for path in ("/rounds/77", "/rounds/77/stages"):
        assert manager.send("GET", path).status_code == 404
    assert refused(lambda: manager.post("/rounds/77/stages/filing/close", {"reason": "x"})).status == 404
