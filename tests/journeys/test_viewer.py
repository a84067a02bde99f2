"""流程图, folded, for everybody: drawn when it is opened, waiting and passed nodes marked."""

import pytest

from tests.journeys.test_designer import browser, designer, desk  # noqa: F401 -- fixtures


@pytest.mark.journey
def test_a_folded_diagram_is_drawn_when_it_is_opened(desk):  # noqa: F811 -- the fixture
    page = desk.page
    page.goto("/studio/filing/versions")
    page.wait_for_selector("html[data-ready]")
    details = page.locator("details[data-diagram]")
    assert page.locator(".diagram svg").count() == 0
    details.evaluate("one => { one.dataset.waiting = 'prov_audit'; one.dataset.passed = 'city_audit register'; }")

    details.locator("summary").click()
    page.wait_for_selector("details[data-drawn='1']")
    marks = page.locator(".diagram .is-waiting, .diagram .is-passed").evaluate_all(
        "all => all.map(one => one.dataset.elementId)"
    )

    assert sorted(filter(None, marks)) == ["city_audit", "prov_audit", "register"]
    assert page.locator(".diagram .bjs-powered-by").is_visible()
    desk.ensure_clean()
