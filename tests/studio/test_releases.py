"""The pages of a release: what it changes, whom it concerns, deploying, moving, and the way back."""

import pytest
from sqlalchemy import select

from app.accounts.vocabulary import Role
from app.kernel.db import session
from app.processes.migration.models import ProcessMigration
from app.processes.queries import get_instance, get_version
from app.processes.worker import work_off
from tests.factories.accounts import make_actor
from tests.studio.test_usecases import save
from tests.support.browser import sign_in
from tests.support.flows import start_filing

DESIGNERS_ONLY = [
    ("get", "/studio/filing/release"), ("post", "/studio/filing/release"), ("post", "/studio/filing/release/weigh"),
    ("get", "/studio/filing/versions/1/move"), ("post", "/studio/filing/versions/1/move"),
    ("get", "/studio/filing/migrations/1"), ("post", "/studio/filing/undo"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), DESIGNERS_ONLY)
def test_releases_are_the_designers(app, designer, method, path):
    manager = sign_in(app.test_client(), make_actor(Role.MANAGER).id)

    assert getattr(manager, method)(path).status_code == 403
    assert getattr(app.test_client(), method)(path).status_code == 302


@pytest.fixture
def draft(designer):
    """A case that waits for the city's auditor, and a draft that gives this step another name."""
    instance_id = start_filing(designer)
    xml = get_version("filing").bpmn_xml.replace("市级初审".encode(), "市级预审".encode())
    save(designer, xml, key="filing", base_version=1)
    return instance_id


def test_the_page_tells_changes_numbers_and_policy(browser, draft):
    page = browser.get("/studio/filing/release").text

    for words in (
        "1件在办：1件可转入",
        "名称：",
        "市级预审",
        "随新版办理",
        "仅新事项用新版",
        "第1版（新事项现在使用）",
    ):
        assert words in page, words
    assert "|is-changed|1|warning" in page


def test_the_page_is_told_in_english(browser, draft):
    browser.set_cookie("lodestar_locale", "en")

    page = browser.get("/studio/filing/release").text

    assert "1 running: 1 move, 0 stay, 0 need a choice." in page
    assert "Only new cases take the new version" in page


def test_without_a_draft_there_is_nothing_to_release(browser):
    assert browser.get("/studio/filing/release").status_code == 404


def test_a_draft_that_cannot_be_deployed_goes_back_to_the_drawing(browser, designer, draft):
    xml = get_version("filing").bpmn_xml.replace(b'<bpmn:lane id="', b'<bpmn:lane id="nobody_', 1)
    save(designer, xml, key="filing", revision=1)

    assert browser.get("/studio/filing/release").headers["Location"] == "/studio/filing"


def test_new_cases_only(browser, draft):
    answer = browser.post("/studio/filing/release", data={"policy": "new", "note": "改名"})

    assert answer.headers["Location"] == "/studio/filing/versions"
    assert get_version("filing").note == "改名"
    assert get_instance(draft).definition_id == get_version("filing", 1).id


def test_running_cases_move_and_back(browser, draft):
    answer = browser.post("/studio/filing/release", data={"policy": "move", "note": "改名"})
    under_way = browser.get(answer.headers["Location"]).text
    work_off()
    session.expire_all()

    assert "正在进行" in under_way
    assert "已完成：1件已转" in browser.get(answer.headers["Location"]).text
    assert get_instance(draft).definition_id == get_version("filing", 2).id
    assert "撤销第2版" in browser.get("/studio/filing/versions").text

    back = browser.post("/studio/filing/undo", data={"reason": "有误"})
    work_off()
    session.expire_all()

    assert "撤销第2版" in browser.get(back.headers["Location"]).text
    assert get_instance(draft).definition_id == get_version("filing", 1).id
    assert "新事项用第1版" in browser.get("/studio/filing/versions").text


@pytest.mark.parametrize("lacking", [{"policy": "move"}, {"note": "x"}, {"note": " ", "policy": "new"}])
def test_a_form_that_lacks_something_comes_back(browser, draft, lacking):
    answer = browser.post("/studio/filing/release", data=lacking)

    assert answer.status_code == 422
    assert session.scalars(select(ProcessMigration)).all() == []
    assert get_version("filing").version == 1


def test_cases_that_were_left_can_move_later(browser, draft):
    browser.post("/studio/filing/release", data={"policy": "new", "note": "改名"})

    page = browser.get("/studio/filing/versions/2/move").text
    refused = browser.post("/studio/filing/versions/2/move", data={"note": ""})
    weighed = browser.post("/studio/filing/versions/2/move", data={"weigh": "1"})
    answer = browser.post("/studio/filing/versions/2/move", data={"note": "补转"})
    work_off()
    session.expire_all()

    assert "转入1件" in page
    assert (refused.status_code, weighed.status_code) == (422, 200)
    assert answer.status_code == 302
    assert get_instance(draft).definition_id == get_version("filing", 2).id


def test_a_removed_step_asks_where_its_cases_go(browser, designer, draft):
    xml = (
        get_version("filing")
        .bpmn_xml.replace(b'"city_audit"', b'"city_check"')
        .replace(b">city_audit<", b">city_check<")
    )
    save(designer, xml, key="filing", revision=1)

    page = browser.get("/studio/filing/release").text
    weighed = browser.post("/studio/filing/release/weigh", data={"target-city_audit": "city_check"}).text

    assert "1件需要选择" in page
    assert 'name="target-city_audit"' in page
    assert "1件可转入" in weighed


def test_undo_needs_a_reason_and_an_earlier_version(browser):
    assert browser.post("/studio/filing/undo", data={"reason": ""}).status_code == 302
    assert "请填写撤销的原因" in browser.get("/studio/filing/versions").text
    browser.post("/studio/filing/undo", data={"reason": "x"})
    assert "首个版本" in browser.get("/studio/filing/versions").text
