"""The inbox in a real browser: keys, search while typing, the folded diagram, completing one item after another."""

import pytest

from tests.support.chromium import barriers, chromium, is_wider_than_window, served


@pytest.fixture(scope="module")
def chrome():
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(app, browser, chrome):
    cookie = browser.get_cookie("lodestar")
    with served(app) as address:
        context = chrome.new_context(base_url=address, viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "lodestar", "value": cookie.value, "url": address}])
        yield context.new_page()
        context.close()


def open_page(page, path):
    page.goto(path)
    page.wait_for_selector("html[data-ready]")


@pytest.mark.journey
def test_an_auditor_works_through_the_queue(case, page):
    case("海水淡化膜材料产业规划专利导航", opened_days_ago=10, number=1)
    case("智能采棉机研发专利导航", number=2)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))

    open_page(page, "/inbox")
    page.get_by_role("link", name="办理下一件").click()
    page.get_by_label("退回补正").check()
    page.get_by_label("材料不全").check()
    page.locator("#opinion").fill("第37页：请补充数据更新说明。")
    assert page.locator("[data-submit]").inner_text() == "退回补正并打开下一件"
    page.locator("[data-submit]").click()

    page.wait_for_selector(".toast-line")
    assert page.locator("h1").inner_text() == "智能采棉机研发专利导航"
    assert "“海水淡化膜材料产业规划专利导航”：退回补正。" in page.locator(".toast-line").inner_text()
    assert complaints == []


@pytest.mark.journey
def test_the_queue_answers_while_typing_and_claims_what_is_ticked(case, page):
    case("海水淡化膜", number=1)
    case("智能采棉机", number=2)

    open_page(page, "/inbox")
    page.locator("#filter-q").fill("海水")
    page.wait_for_url("**q=**")
    assert page.locator(".grid .title").all_inner_texts() == ["海水淡化膜"]
    page.get_by_label("全选").check()
    page.get_by_role("button", name="认领所选").click()

    page.wait_for_selector(".toast-line")
    assert "已认领1件。" in page.locator(".toast-line").inner_text()


@pytest.mark.journey
@pytest.mark.parametrize("width", [1280, 390])
def test_inbox_and_item_have_no_barrier_and_never_scroll_sideways(case, page, width):
    case("海水淡化膜材料产业规划专利导航", opened_days_ago=10)
    page.set_viewport_size({"width": width, "height": 860})

    open_page(page, "/inbox")
    assert barriers(page) == []
    assert not is_wider_than_window(page)
    page.locator(".grid .title").click()
    page.wait_for_selector("html[data-ready]")

    assert barriers(page) == []
    assert not is_wider_than_window(page)
