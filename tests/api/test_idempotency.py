"""Idempotency-Key: the same key and body give the same answer, and nothing happens twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.accounts.vocabulary import Role
from app.attachments.models import Attachment
from app.kernel import clock
from app.kernel.db import session
from app.processes.models import Command, ProcessEvent, WorkItem
from tests.api.conftest import AUDIT, MONDAY, bpmn
from tests.factories.attachments import pdf
from tests.support.api_client import ApiClient, RefusedError


def first_item(client: ApiClient) -> int:
    return client.items()[0]["id"]


def test_a_repeated_request_gets_the_first_answer(case, auditor):
    case()
    item_id = first_item(auditor)
    body = {"outcome": "approve", "values": {}}

    first = auditor.post(f"/work-items/{item_id}/complete", body, key="k1")
    again = auditor.post(f"/work-items/{item_id}/complete", body, key="k1")

    assert again == first
    assert session.scalar(select(func.count()).select_from(WorkItem)) == 2


def test_without_a_key_the_second_hears_that_it_is_done(case, auditor):
    case()
    item_id = first_item(auditor)
    auditor.post(f"/work-items/{item_id}/complete", {"outcome": "approve"})

    with pytest.raises(RefusedError) as caught:
        auditor.post(f"/work-items/{item_id}/complete", {"outcome": "approve"})

    assert caught.value.code == "already_done"


def test_the_same_key_with_another_body_is_422(case, auditor):
    case()
    item_id = first_item(auditor)
    auditor.post(f"/work-items/{item_id}/complete", {"outcome": "approve"}, key="k1")

    with pytest.raises(RefusedError) as caught:
        auditor.post(f"/work-items/{item_id}/complete", {"outcome": "reject"}, key="k1")

    assert (caught.value.status, list(caught.value.problem["errors"])) == (422, ["Idempotency-Key"])


def test_the_same_key_at_another_address_is_422(case, auditor):
    case()
    item_id = first_item(auditor)
    auditor.post(f"/work-items/{item_id}/claim", key="k1")

    with pytest.raises(RefusedError) as caught:
        auditor.post(f"/work-items/{item_id}/release", key="k1")

    assert caught.value.status == 422


def test_a_refusal_is_not_kept(case, auditor):
    case()
    item_id = first_item(auditor)
    with pytest.raises(RefusedError):
        auditor.post(f"/work-items/{item_id}/complete", {"outcome": "reject"}, key="k1")

    done = auditor.post(
        f"/work-items/{item_id}/complete", {"outcome": "reject", "values": {"opinion": "证据不足。"}}, key="k1"
    )

    assert done["item"]["status"] == "done"


def test_a_key_belongs_to_one_person(case, auditor, colleague):
    case("甲")
    case("乙")
    first, second = (item["id"] for item in auditor.items())

    auditor.post(f"/work-items/{first}/claim", key="k1")
    answer = colleague.post(f"/work-items/{second}/claim", key="k1")

    assert answer["id"] == second


def test_an_endless_key_is_refused(case, auditor):
    case()

    with pytest.raises(RefusedError) as caught:
        auditor.post(f"/work-items/{first_item(auditor)}/claim", key="k" * 129)

    assert caught.value.status == 422


def test_an_upload_is_kept_once(client, person):
    filer = person(Role.FILER)

    def hand_in(content: bytes) -> dict:
        filer.headers = {"Idempotency-Key": "u1"}
        return filer.upload(content, "报告.pdf")

    assert hand_in(pdf("A")) == hand_in(pdf("A"))
    assert session.scalar(select(func.count()).select_from(Attachment)) == 1
    with pytest.raises(RefusedError) as caught:
        hand_in(pdf("B"))
    assert caught.value.status == 422


def test_a_bulk_is_answered_as_the_first_time(case, auditor):
    case("甲")
    case("乙")
    first, second = (item["id"] for item in auditor.items())
    body = {"items": [{"id": first, "outcome": "approve"}, {"id": second, "outcome": "reject"}]}

    answer = auditor.post("/work-items/complete", body, key="b1")
    again = auditor.post("/work-items/complete", body, key="b1")

    assert again == answer
    assert [one["status"] for one in answer["items"]] == ["done", "failed"]


def test_a_bulk_torn_in_the_middle_goes_on_where_it_was(case, auditor):
    case("甲")
    case("乙")
    first, second = (item["id"] for item in auditor.items())
    body = {"items": [{"id": first, "outcome": "approve"}, {"id": second, "outcome": "approve"}]}
    auditor.post("/work-items/complete", body, key="b1")
    session.execute(Command.__table__.delete().where(~Command.key.startswith("part:")))
    session.commit()

    again = auditor.post("/work-items/complete", body, key="b1")

    assert [one["status"] for one in again["items"]] == ["done", "done"]
    completed = select(func.count()).select_from(ProcessEvent).where(ProcessEvent.kind == "completed")
    assert session.scalar(completed) == 2


def test_a_deployment_is_repeated_with_the_same_answer(forms, person):
    designer = person(Role.DESIGNER)
    designer.headers = {"Idempotency-Key": "d1"}

    first = designer.call("POST", "/processes/definitions", data=bpmn(AUDIT))

    assert designer.call("POST", "/processes/definitions", data=bpmn(AUDIT)) == first


def at_once(app, clients: list[ApiClient], act) -> list:
    """Runs `act` for every client in a thread of its own."""

    def run(client: ApiClient):
        with clock.at(MONDAY):
            own = ApiClient(app.test_client(), client.token)
            return act(own)

    session.rollback()
    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(run, clients))


def test_many_with_one_key_at_once_get_one_answer(app, case, auditor):
    case()
    item_id = first_item(auditor)

    def complete(own: ApiClient):
        answer = own.send(
            "POST",
            f"/work-items/{item_id}/complete",
            json={"outcome": "approve"},
            headers={"Idempotency-Key": "k1"},
        )
        return answer.status_code, answer.get_json()["item"]["id"]

    assert at_once(app, [auditor] * 5, complete) == [(200, item_id)] * 5


def test_two_people_at_once_one_succeeds_the_other_hears_409(app, case, auditor, colleague):
    case()
    item_id = first_item(auditor)

    def complete(own: ApiClient):
        return own.send("POST", f"/work-items/{item_id}/complete", json={"outcome": "approve"}).status_code

    assert sorted(at_once(app, [auditor, colleague], complete)) == [200, 409]
