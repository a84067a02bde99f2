import re

import pytest
from sqlalchemy import event, select

from app.accounts.vocabulary import Role
from app.inbox.pages import Fact
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.models import WorkItem
from app.web.refusals import current_refusal
from tests.factories.accounts import make_actor
from tests.support.browser import sign_in


def open_item(title: str) -> int:
    session.expire_all()
    return session.scalars(
        select(WorkItem.id).where(WorkItem.title == title, WorkItem.status == "open").order_by(WorkItem.id.desc())
    ).first()


def text_of(response) -> str:
    return response.get_data(as_text=True)


def titles(page: str) -> list[str]:
    return re.findall(r'class="title" href="[^"]*">([^<]+)<', page)


def test_the_queue_is_grouped_by_deadline_late_ones_first(case, browser):
    case("还早", number=1)
    case("超期的", opened_days_ago=10, number=2)
    case("快到期", opened_days_ago=3, number=3)

    page = text_of(browser.get("/inbox"))

    assert titles(page) == ["超期的", "快到期", "还早"]
    groups = re.findall(r'scope="colgroup">([^<]+)<', page)
    assert groups == ["超期", "2个工作日内到期", "其余"]
    assert "3件待办，其中1件超期。" in page
    assert "剩余3个工作日" in page
    assert page.count('class="next') == 1


def test_an_item_of_another_province_is_not_there(case, browser):
    case("外省的", province_code="330000")
    item_id = open_item("外省的")

    assert titles(text_of(browser.get("/inbox"))) == []
    for path in ("", "/diagram"):
        assert browser.get(f"/work-items/{item_id}{path}").status_code == 404
    for act in ("complete", "claim", "release", "delegate"):
        assert browser.post(f"/work-items/{item_id}/{act}").status_code == 404


def test_the_queue_is_filtered_by_words_step_and_lateness(case, browser):
    case("海水淡化膜", number=1)
    case("智能采棉机", opened_days_ago=10, number=2)

    assert titles(text_of(browser.get("/inbox?q=海水"))) == ["海水淡化膜"]
    assert titles(text_of(browser.get("/inbox?overdue=1"))) == ["智能采棉机"]
    assert titles(text_of(browser.get("/inbox?step=audit_case/confirm"))) == []
    assert "没有符合条件的事项。" in text_of(browser.get("/inbox?q=没有"))


def test_an_empty_inbox_says_so(browser):
    assert "目前没有需要您办理的事项。" in text_of(browser.get("/inbox"))


def test_pages_follow_each_other_by_cursor(case, browser):
    for number in range(35):
        case(f"事项{number:02}", number=number)

    first = text_of(browser.get("/inbox"))
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = text_of(browser.get(following))

    assert len(titles(first)) == 30
    assert len(titles(second)) == 5
    assert not set(titles(first)) & set(titles(second))


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_takes_the_same_statements_for_one_item_as_for_three(app, case, browser, engine, count):
    for number in range(count):
        case(f"事项{number}", number=number)
    browser.get("/inbox")
    statements = []

    def note(*args):
        statements.append(args[2])

    event.listen(engine, "before_cursor_execute", note)
    browser.get("/inbox")
    event.remove(engine, "before_cursor_execute", note)

    assert len(statements) <= 16


def test_completing_opens_the_next_item_and_tells_what_was_done(case, browser):
    case("第一件", opened_days_ago=10, number=1)
    case("第二件", number=2)

    response = browser.post(f"/work-items/{open_item('第一件')}/complete", data={"outcome": "approve"})

    assert response.location == f"/work-items/{open_item('第二件')}"
    assert "“第一件”：通过。" in text_of(browser.get(response.location))


def test_a_return_without_reasons_comes_back_with_what_was_written(case, browser):
    case("海水淡化膜")

    response = browser.post(
        f"/work-items/{open_item('海水淡化膜')}/complete",
        data={"outcome": "return_for_correction", "opinion": "第37页需要补充。"},
    )

    page = text_of(response)
    assert response.status_code == 422
    assert 'href="#reasons"' in page
    assert "第37页需要补充。" in page
    assert re.search(r'value="return_for_correction" checked', page)
    assert open_item("海水淡化膜") is not None


def test_without_an_outcome_the_question_comes_back(case, browser):
    case("海水淡化膜")

    response = browser.post(f"/work-items/{open_item('海水淡化膜')}/complete", data={})

    assert response.status_code == 422
    assert "请选择办理结果。" in text_of(response)


def test_a_draft_is_kept_and_shown_again(case, browser):
    case("海水淡化膜")
    item_id = open_item("海水淡化膜")

    browser.post(f"/work-items/{item_id}/complete", data={"draft": "1", "opinion": "写了一半"})

    assert "写了一半" in text_of(browser.get(f"/work-items/{item_id}"))
    assert open_item("海水淡化膜") == item_id


def test_an_item_without_form_is_completed_by_its_button(case, browser):
    case("海水淡化膜")
    browser.post(f"/work-items/{open_item('海水淡化膜')}/complete", data={"outcome": "approve"})
    item_id = open_item("海水淡化膜")

    page = text_of(browser.get(f"/work-items/{item_id}"))
    response = browser.post(f"/work-items/{item_id}/complete")

    assert "此环节无需填写" in page
    assert response.location == "/inbox"
    assert open_item("海水淡化膜") is None


def test_the_story_tells_what_happened_and_what_waits(case, browser, auditor):
    case("海水淡化膜")
    browser.post(f"/work-items/{open_item('海水淡化膜')}/complete", data={"outcome": "approve"})

    page = text_of(browser.get(f"/work-items/{open_item('海水淡化膜')}"))

    assert f"{auditor.name}办结“省级审核”：通过" in page
    assert "等待“确认归档”，尚未认领" in page


def test_a_claimed_item_is_gone_from_the_others_queues(app, case, browser, colleague):
    case("海水淡化膜")
    item_id = open_item("海水淡化膜")
    other = sign_in(app.test_client(), colleague.id)

    browser.post(f"/work-items/{item_id}/claim")

    assert titles(text_of(browser.get("/inbox?mine=1"))) == ["海水淡化膜"]
    assert titles(text_of(other.get("/inbox"))) == []
    page = text_of(other.get(f"/work-items/{item_id}"))
    assert "正由" in page
    assert "/complete" not in page
    assert other.post(f"/work-items/{item_id}/complete", data={"outcome": "approve"}).status_code == 409


def test_several_items_are_claimed_at_once_and_one_failing_fails_alone(app, case, browser, colleague):
    for number in range(3):
        case(f"事项{number}", number=number)
    taken = open_item("事项0")
    sign_in(app.test_client(), colleague.id).post(f"/work-items/{taken}/claim")

    ids = [open_item(f"事项{number}") for number in range(3)]
    response = browser.post("/inbox/claim", data={"item": [str(item_id) for item_id in ids]}, follow_redirects=True)

    page = text_of(response)
    assert "已认领2件，另有1件已由他人办理。" in page
    assert sorted(titles(page)) == ["事项1", "事项2"]


def test_a_released_item_is_everybodys_again(app, case, browser, colleague):
    case("海水淡化膜")
    item_id = open_item("海水淡化膜")
    browser.post(f"/work-items/{item_id}/claim")

    browser.post(f"/work-items/{item_id}/release")

    assert titles(text_of(sign_in(app.test_client(), colleague.id).get("/inbox"))) == ["海水淡化膜"]


def test_an_item_is_handed_to_a_colleague_of_the_same_scope_only(case, browser, colleague):
    case("海水淡化膜")
    item_id = open_item("海水淡化膜")
    stranger = make_actor(Role.PROVINCE_AUDITOR, scope_code="330000")

    refused = browser.post(f"/work-items/{item_id}/delegate", data={"to": username(stranger)})
    handed = browser.post(f"/work-items/{item_id}/delegate", data={"to": username(colleague)})

    assert refused.status_code == 422
    assert "该用户不存在，或没有办理此事项的权限。" in text_of(refused)
    assert handed.location == "/inbox"
    assert titles(text_of(browser.get("/inbox"))) == []


def test_what_was_answered_is_shown_to_who_answered_only(app, case, browser, colleague):
    case("海水淡化膜")
    item_id = open_item("海水淡化膜")
    browser.post(f"/work-items/{item_id}/complete", data={"outcome": "approve", "opinion": "论证充分。"})

    own = text_of(browser.get(f"/work-items/{item_id}"))
    others = text_of(sign_in(app.test_client(), colleague.id).get(f"/work-items/{item_id}"))

    assert "论证充分。" in own
    assert "论证充分。" not in others
    assert titles(text_of(browser.get("/inbox?status=done"))) == ["海水淡化膜"]


def test_a_form_with_its_own_page_is_shown_there_and_comes_back_there(app, case, browser, own_pages, monkeypatch):
    case("海水淡化膜")
    item_id = open_item("海水淡化膜")
    own_pages.items["audit_opinion"] = "inbox.diagram"
    seen = []

    def page(item_id):
        seen.append((item_id, current_refusal()))
        return "own page"

    assert browser.get(f"/work-items/{item_id}").location == f"/work-items/{item_id}/diagram"
    monkeypatch.setitem(app.view_functions, "inbox.diagram", page)
    response = browser.post(f"/work-items/{item_id}/complete", data={"outcome": "reject"})

    assert (response.status_code, text_of(response)) == (422, "own page")
    [(shown, refusal)] = seen
    assert shown == item_id
    assert list(refusal.errors) == ["opinion"]
    assert refusal.posted["outcome"] == "reject"


def test_the_facts_and_the_page_of_the_subject_are_offered(case, browser, own_pages):
    case("海水淡化膜")
    own_pages.facts["case"] = lambda *_: [Fact("完成单位", "Undertaker", "鲁澜")]
    own_pages.subjects["case"] = ("inbox.item", "item_id")

    page = text_of(browser.get(f"/work-items/{open_item('海水淡化膜')}"))

    assert "完成单位" in page
    assert "鲁澜" in page
    assert "查看材料" in page


def test_the_inbox_speaks_english(case, browser):
    case("海水淡化膜")
    browser.get("/language/en")

    page = text_of(browser.get(f"/work-items/{open_item('海水淡化膜')}"))

    assert "Return for correction" in page
    assert "What happened" in page


def username(actor) -> str:
    from app.accounts.queries import get_user  # noqa: PLC0415 -- used once

    with transaction():
        return get_user(actor.id).username
