"""Experts, secretary, supervisor and chair: from the witnessed draw to the panel's opinion."""

import pytest

pytestmark = pytest.mark.journey
MARKS = {"goal": "9", "method": "13", "data": "12", "report": "17", "application": "25", "outreach": "8"}
OPINION = "技术分支划分合理，检索策略完整，数据来源可靠，布局差距论证充分，结论对研发与引才具有参考价值，建议补充海外同族分析。"


def test_a_supervisor_witnesses_the_draw(come):
    supervisor = come("supervisor")
    supervisor.begin("panel_meeting/witness")

    assert "承诺值" in supervisor.text
    assert supervisor.faults() == []

    supervisor.page.get_by_label("自选数").fill("20261122")
    supervisor.press("开始抽取")
    supervisor.open("/panels")

    assert supervisor.faults() == []


def test_an_expert_scores_after_a_wrong_mark_was_refused(come):
    expert = come("expert")
    expert.open("/reviews")
    assert expert.faults() == []
    expert.begin("expert_review/score")
    assert expert.faults() == []

    for code, mark in (MARKS | {"application": "32"}).items():
        expert.page.locator(f"#{code}").fill(mark)
    expert.page.locator("[name=opinion]").fill("技术分支划分合理。")
    expert.page.get_by_label("推荐", exact=True).check()
    expert.page.locator("[data-submit], .actbar .btn-primary").first.click()
    expert.page.wait_for_selector(".errsum")
    expert.settle()

    assert "“成果应用（30分）”应为0至30之间的数字" in expert.page.locator(".errsum").inner_text()
    assert expert.faults() == []

    expert.page.locator("#application").fill("25")
    expert.page.locator("[name=opinion]").fill(OPINION)
    assert expert.page.locator("[data-total]").inner_text() == "84"
    with expert.page.expect_navigation():
        expert.page.locator(".actbar .btn-primary").first.click()
    expert.settle()

    assert expert.page.locator(".errsum").count() == 0


def test_a_secretary_opens_the_meeting_with_those_present(come):
    secretary = come("secretary")
    secretary.begin("panel_meeting/open")
    assert secretary.faults() == []

    members = secretary.page.locator("#present input[type=checkbox]")
    for number in range(members.count()):
        members.nth(number).check()
    secretary.press("登记签到并开会")

    assert secretary.page.locator(".errsum").count() == 0


def test_a_chair_writes_the_opinion_of_the_panel(come):
    chair = come("chair")
    chair.begin("panel_meeting/opinion")

    assert "评审结果" in chair.text
    assert chair.faults() == []

    chair.page.locator("[name=opinion]").fill(OPINION)
    chair.press("提交评审意见")

    assert chair.page.locator(".errsum").count() == 0
