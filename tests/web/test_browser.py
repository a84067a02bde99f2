"""The shell in a real browser: no barrier, no word on the console, every addition at work."""

import pytest

from tests.support.chromium import barriers, chromium, is_wider_than_window, served

PAGES = ("/home", "/sign-in", "/public", "/gone")


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(shell_app, browser):
    with served(shell_app) as address:
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 860})
        page = context.new_page()
        page.goto("/enter")
        yield page
        context.close()


@pytest.mark.journey
@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("width", [1280, 768, 390])
def test_no_page_has_a_barrier_or_scrolls_sideways(page, width, locale):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.set_viewport_size({"width": width, "height": 860})
    page.goto(f"/language/{locale}?next=/sign-in")

    for path in PAGES:
        page.goto(path)
        page.wait_for_selector("html[data-ready]")

        assert barriers(page) == [], path
        assert not is_wider_than_window(page), path
    assert [text for text in complaints if "404" not in text] == []


@pytest.mark.journey
def test_a_choice_names_the_button_by_its_effect(page):
    page.goto("/home")
    page.wait_for_selector("html[data-ready]")
    button = page.locator("[data-submit]")

    assert button.inner_text() == "退回并打开下一件"
    assert page.locator("#reasons").is_visible()

    page.get_by_label("通过", exact=True).check()

    assert button.inner_text() == "通过并打开下一件"
    assert not page.locator("#reasons").is_visible()


@pytest.mark.journey
def test_select_all_ticks_every_row(page):
    page.goto("/home")
    page.wait_for_selector("html[data-ready]")

    page.get_by_label("全选").check()

    assert page.locator("input[name=item]:checked").count() == 2


@pytest.mark.journey
def test_keys_are_additions(page):
    page.goto("/home")
    page.wait_for_selector("html[data-ready]")

    page.locator("h1").click()
    page.keyboard.press("j")
    assert page.locator("tr.is-here .title").inner_text() == "多肽药物企业经营专利导航"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"


@pytest.mark.journey
def test_characters_are_counted(page):
    page.goto("/home")
    page.wait_for_selector("html[data-ready]")

    page.locator("#opinion").fill("补正说明")

    assert page.locator("[data-count-for=opinion]").inner_text() == "4字"


@pytest.mark.journey
def test_a_refusal_to_htmx_is_shown_at_the_head_of_the_page(page):
    page.goto("/home")
    page.wait_for_selector("html[data-ready]")

    page.route("**/home?*", lambda route: route.continue_(url=route.request.url.replace("/home?", "/gone?")))
    page.locator("#filter-kind").select_option("a")

    page.wait_for_selector("#notices .note")
    assert "未找到该记录" in page.locator("#notices").inner_text()
