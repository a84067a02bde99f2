"""The manager's stage page: where the round stands, extending and closing."""

import re
from datetime import timedelta

import pytest

from app.kernel import clock

pytestmark = pytest.mark.journey
ROUND = "2026年度评价周期（演示）"


def test_a_manager_extends_and_closes_a_stage_with_a_reason(come):
    manager = come("manager")
    manager.open("/rounds")
    manager.follow(ROUND)

    assert manager.page.locator("h1").inner_text() == "成果备案"
    assert manager.page.locator(".road").is_visible()
    assert manager.faults() == []

    manager.follow("延期")
    assert "公告文字" in manager.text
    assert manager.faults() == []
    manager.press("延期并发布公告")
    assert "“延至”为必填项" in manager.text

    day = clock.today() + timedelta(days=120)
    manager.page.locator("[name=until]").fill(day.isoformat())
    manager.page.locator("[name=reason]").fill("应多省请求，延长成果备案时间。")
    manager.press("延期并发布公告")

    assert "应多省请求，延长成果备案时间" in manager.text
    assert re.search(f"延至{day.year}年{day.month}月{day.day}日", manager.text)

    manager.follow("提前结束")
    manager.page.locator("[name=reason]").fill("备案已齐，提前进入审核收尾。")
    manager.press("提前结束并发布公告")

    assert "备案已齐，提前进入审核收尾" in manager.text
