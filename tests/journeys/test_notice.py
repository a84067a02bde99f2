"""The public notice: anybody objects, the handler sees it, the leader decides, and signs the next round."""

import pytest

from app.demo.documents import make_pdf

pytestmark = pytest.mark.journey


def test_anybody_objects_with_name_and_evidence_and_the_handler_receives_it(come):
    citizen = come(phone=True)
    citizen.open("/public/")
    assert citizen.faults() == []
    citizen.follow("查看名单，提出异议")
    assert citizen.faults() == []
    citizen.follow("提出异议")
    with citizen.page.expect_navigation():
        citizen.page.locator("main table a", has_text="提出异议").first.click()
    citizen.settle()
    citizen.press("提交异议")
    assert "异议须实名并附证据" in citizen.page.locator(".errsum").inner_text()
    assert citizen.faults() == []

    citizen.page.get_by_label("个人", exact=True).check()
    citizen.page.locator("[name=objector_name]").fill("沈知行")
    citizen.page.locator("[name=objector_contact]").fill("13900000000")
    citizen.page.locator("[name=objector_id]").fill("演示证件0002")
    citizen.page.locator("[name=kind]").first.check()
    citizen.page.locator("[name=grounds]").fill("报告所引专利数量与附录检索结果不一致，请核实数据来源。")
    citizen.page.locator("[name=evidence]").set_input_files(
        {"name": "证据.pdf", "mimeType": "application/pdf", "buffer": make_pdf("证据", ["第8页数据不一致。"])}
    )
    citizen.press("提交异议")

    assert "异议已登记" in citizen.text
    number = citizen.page.locator("dd.code").first.inner_text()
    assert number.startswith("YY-")
    assert citizen.faults() == []

    handler = come("objection_handler")
    handler.open("/objections")
    assert number in handler.text
    assert handler.faults() == []


def test_a_leader_signs_the_start_of_a_round(come):
    leader = come("leader")
    leader.begin("evaluation_round/release")
    assert leader.faults() == []

    leader.page.get_by_label("通过", exact=True).check()
    with leader.page.expect_navigation():
        leader.page.locator(".actbar .btn-primary").click()
    leader.settle()

    assert leader.page.locator(".errsum").count() == 0


def test_a_designer_finds_the_flows(come):
    designer = come("designer")
    designer.open("/")

    assert designer.faults() == []
