"""The push is decided, enterprises rate on the phone."""

import pytest

pytestmark = pytest.mark.journey
DIMENSIONS = ("useful", "data", "actionable", "innovative", "usable")


def test_a_manager_approves_the_push_plan(come):
    manager = come("manager")
    manager.begin("evaluation_round/approve_push")

    assert "推送方案" in manager.text
    assert "抽取依据" in manager.text
    assert manager.faults() == []

    manager.page.get_by_label("通过", exact=True).check()
    manager.press("审定并推送")

    assert "通过" in manager.page.locator(".toast-line").inner_text()


def tick(radio):
    """Presses the words beside a radio button in the middle of the screen, clear of the bar at the foot."""
    if radio.count():
        words = radio.evaluate_handle("element => element.labels[0]").as_element()
        words.evaluate("element => element.scrollIntoView({block: 'center'})")
        words.click()
        assert radio.is_checked()


def test_a_rater_declares_rates_and_submits_on_the_phone(come):
    rater = come("rater", phone=True)
    rater.open("/ratings")
    assert rater.faults() == []
    with rater.page.expect_navigation():
        rater.page.locator("main a[href$='/rating']").first.click()
    rater.settle()

    assert "先看评价版" in rater.text
    assert rater.faults() == []
    title = rater.page.locator("h1").inner_text()

    rater.page.get_by_label("没有", exact=True).check()
    for name in DIMENSIONS:
        tick(rater.page.locator(f"[name={name}][value='4']"))
    tick(rater.page.locator("[name=usage]").first)
    rater.page.locator("[name=comment]").fill("结论对本单位研发立项有参考价值，建议补充实施案例。")
    rater.press("提交评价")

    assert title in rater.page.locator(".toast-line").inner_text()


def test_a_rater_declines_with_a_reason(come):
    rater = come("rater", phone=True)
    rater.open("/ratings")
    before = rater.page.locator("main a[href$='/rating']").count()
    with rater.page.expect_navigation():
        rater.page.locator("main a[href$='/rating']").first.click()
    rater.settle()

    rater.page.locator("details", has_text="谢绝").locator("summary").first.click()
    rater.page.locator("[name=decline_reason]").first.check(force=True)
    rater.press("谢绝评价")
    rater.open("/ratings")

    assert rater.page.locator("main a[href$='/rating']").count() < before
