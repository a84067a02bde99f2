"""The studio's doors: who may come in, what they answer."""

import io

import pytest

from app.accounts.vocabulary import Role
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.operating.incident_models import Incident
from app.processes.queries import get_version
from tests.factories.accounts import make_actor
from tests.studio.test_usecases import BROKEN, SMALL
from tests.support.browser import sign_in
from tests.support.flows import start_filing

DESIGNERS_ONLY = [
    ("get", "/studio"), ("post", "/studio"), ("post", "/studio/upload"), ("get", "/studio/filing"),
    ("get", "/studio/filing/versions"), ("get", "/studio/filing/draft"), ("put", "/studio/filing/draft"),
    ("post", "/studio/filing/draft/discard"), ("post", "/studio/filing/check"), ("post", "/studio/filing/deploy"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), DESIGNERS_ONLY)
def test_the_workshop_is_the_designers(app, designer, method, path):
    manager = sign_in(app.test_client(), make_actor(Role.MANAGER).id)

    assert getattr(manager, method)(path).status_code == 403
    assert getattr(app.test_client(), method)(path).status_code == 302


def test_a_diagram_is_readable_for_everybody_signed_in(app, designer):
    definition = get_version("filing")
    rater = sign_in(app.test_client(), make_actor(Role.RATER).id)

    for path in (f"/definitions/{definition.id}.bpmn", "/studio/filing/versions/1.bpmn"):
        answer = rater.get(path)
        assert (answer.status_code, answer.data, answer.mimetype) == (200, definition.bpmn_xml, "application/xml")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert app.test_client().get(path).status_code == 302
    assert rater.get("/definitions/999999.bpmn").status_code == 404


def test_the_list_tells_version_cases_proof_drafts_and_incidents(browser, designer):
    instance_id = start_filing(designer)
    with transaction():
        session.add(
            Incident(
                instance_id=instance_id,
                reference="r1",
                origin="job",
                node="nat_audit",
                cause="x",
                at=clock.now(),
                last_at=clock.now(),
            )
        )
    browser.post("/studio", data={"key": "city_award", "name": "市级评优"})

    page = browser.get("/studio").text

    for words in ("成果备案", "已证明：全部", "市级评优", "继续修改", "未校验", "nat_audit", "运行异常"):
        assert words in page, words


def test_the_list_is_told_in_english(browser):
    browser.set_cookie("lodestar_locale", "en")

    assert ">All flows<" in browser.get("/studio").text


def test_a_bound_that_was_hit_is_said_plainly(browser, designer):
    with transaction():
        get_version("filing").proof = {"states": 20_000, "transitions": 81_000, "bounded": True}

    assert "未全部证明：状态过多，走查了前20,000个后停止" in browser.get("/studio").text


def test_a_proof_that_spared_states_does_not_claim_to_have_seen_all(browser, designer):
    with transaction():
        get_version("filing").proof = {"states": 12, "transitions": 40, "bounded": False, "reduced": True}

    assert "已证明：走查有代表性的12个状态即可涵盖全部" in browser.get("/studio").text


def test_versions_tell_notes_and_files(browser, designer):
    page = browser.get("/studio/filing/versions").text

    assert "首次部署" in page
    assert "/studio/filing/versions/1.bpmn" in page
    assert browser.get("/studio/nothing/versions").status_code == 404


def test_a_flow_that_nobody_knows_is_not_found(browser):
    assert browser.get("/studio/nothing").status_code == 404


def test_a_refused_new_flow_comes_back_with_what_was_typed(browser):
    answer = browser.post("/studio", data={"key": "Bad Key", "name": "保留"})

    assert answer.status_code == 422
    assert "流程编号由小写字母开头" in answer.text
    assert 'value="保留"' in answer.text


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"no xml", "文件无法读取"), (b"<a/>", "不是BPMN")],
)
def test_an_unreadable_upload_is_refused_in_words(browser, content, words):
    answer = browser.post("/studio/upload", data={"file": (io.BytesIO(content), "x.bpmn")})

    assert answer.status_code == 422
    assert words in answer.text


def test_an_upload_opens_as_a_draft(browser):
    answer = browser.post("/studio/upload", data={"file": (io.BytesIO(BROKEN), "x.bpmn")})

    assert answer.headers["Location"] == "/studio/small"
    assert browser.get("/studio/small/draft").data == BROKEN
    assert browser.post("/studio/small/draft/discard").headers["Location"] == "/studio"
    assert browser.get("/studio/small").status_code == 404


def test_the_modeler_saves_checks_and_deploys(browser):
    sent = {"xml": SMALL.decode(), "revision": 0, "base_version": 0}
    assert browser.put("/studio/small/draft", json=sent).json["revision"] == 1
    assert browser.post("/studio/small/check", json=sent | {"revision": 1}).json == {
        "findings": [], "proof": {"states": 1, "transitions": 2, "bounded": False, "reduced": False},
    }  # fmt: skip

    answer = browser.post("/studio/small/deploy", json=sent | {"note": "首版"})

    assert (answer.status_code, answer.json["version"]) == (201, 1)
    assert browser.get("/studio/small/versions").status_code == 200


def test_a_refused_deployment_answers_with_findings(browser):
    sent = {"xml": BROKEN.decode(), "base_version": 0, "note": "首版"}

    answer = browser.post("/studio/small/deploy", json=sent)

    assert answer.status_code == 422
    assert {"no_way_out", "unreachable"} & {finding["rule"] for finding in answer.json["findings"]}


def test_a_newer_version_is_a_conflict_in_words(browser):
    sent = {"xml": SMALL.decode(), "base_version": 0, "note": "首版"}
    browser.post("/studio/small/deploy", json=sent)

    answer = browser.post("/studio/small/deploy", json=sent)

    assert (answer.status_code, answer.json["code"]) == (409, "definition_moved_on")
    assert "第1版" in answer.json["detail"]


@pytest.mark.parametrize("sent", [None, [], {}, {"xml": 1}, {"xml": "<a/>", "revision": -1}, {"xml": "\ud800"}])
def test_nonsense_is_refused(browser, sent):
    assert browser.put("/studio/small/draft", json=sent).status_code == 422
