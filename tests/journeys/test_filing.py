"""From a draft to the audits: what the filer and the auditors see."""

import re

import pytest

from app.demo.documents import make_pdf

pytestmark = pytest.mark.journey


def pdf(name: str) -> dict[str, object]:
    return {"name": name, "mimeType": "application/pdf", "buffer": make_pdf(name, ["用于浏览器测试的材料。"])}


def fill_filing(visitor, title: str) -> None:
    page = visitor.page
    for name, value in TEXTS.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=title]").fill(title)
    for name, choice in CHOICES.items():
        box = page.locator(f"select[name={name}]")
        if box.count():
            box.select_option(choice)
        else:
            page.locator(f"[name={name}][value='{choice}']").check()
    for name in ("report_file", "public_file", "commitment_file"):
        with page.expect_response(lambda response: response.url.endswith("/attachments")) as answer:
            page.locator(f"input[type=file][id^={name}]").set_input_files(pdf(f"{name}.pdf"))
        assert answer.value.status < 400
    for name in ("unclassified", "original"):
        page.locator(f"[name={name}][type=checkbox]").check()


TEXTS = {
    "commissioner": "济南浪潮测试有限公司",
    "undertaker": "济南浪潮测试有限公司",
    "total_amount": "60",
    "fiscal_amount": "30",
    "started_on": "2026-01-05",
    "finished_on": "2026-08-20",
    "accepted_on": "2026-09-10",
    "search_cutoff": "2026-07-01",
    "acceptance": "经专家组评议，同意通过验收。",
    "abstract": "本成果围绕深海装备关键材料开展专利导航，" * 6,
    "patents": "12000",
    "contact_name": "林知远",
    "contact_mobile": "13912345678",
}
CHOICES = {
    "report_type": "RND",
    "domain": "2.1",
    "filer_role": "UNDERTAKER",
    "funding_level": "CITY",
    "application_status": "ADOPTED",
}


def test_a_filer_drafts_uploads_submits_and_sees_who_has_it(come):
    filer = come("filer")

    filer.open("/filings/new")
    filer.press("开始填写")
    filer.press("提交备案")

    assert "请勾选非涉密承诺。涉密材料不得上传。" in filer.page.locator(".errsum").inner_text()
    assert filer.faults() == []

    fill_filing(filer, "深海装备耐压壳体研发活动专利导航")
    filer.press("提交备案")

    assert filer.page.locator("h1").inner_text() == "深海装备耐压壳体研发活动专利导航"
    assert "市级初审中" in filer.text
    assert "等待市级初审" in filer.text
    assert filer.faults() == []


def test_a_filer_corrects_what_was_returned(come):
    filer = come("filer")
    filer.open("/filings")
    filer.page.locator("a.title", has_text=re.compile(".")).first.wait_for()
    filer.begin("filing/correct")

    title = filer.page.locator("h1").inner_text()
    assert "退回原因" in filer.text
    assert "尚未修改任何内容" in filer.text
    assert filer.faults() == []

    filer.follow("去修改")
    filer.page.locator("[name=acceptance]").fill("经专家组两轮评议，同意通过验收。")
    filer.press("保存并返回")
    assert "经专家组两轮评议" in filer.text

    filer.page.get_by_label("补正情况说明").fill("已补充盖章页，见应用证明附件。")
    filer.press("补正后提交")

    assert title != filer.page.locator("h1").inner_text()
    assert title in filer.page.locator(".toast-line").inner_text()


def test_an_auditor_of_the_province_returns_one_and_approves_the_next(come):
    auditor = come("province_auditor")
    auditor.open("/inbox")
    assert auditor.faults() == []
    auditor.begin("filing/prov_audit")

    title = auditor.page.locator("h1").inner_text()
    assert "自动核验" in auditor.text
    assert "审核意见" in auditor.text
    assert auditor.page.locator("iframe, object, embed, .doc").first.is_visible()
    assert auditor.faults() == []

    auditor.page.get_by_label("退回补正", exact=True).check()
    button = auditor.page.locator("[data-submit]")
    assert button.inner_text() == "退回补正并打开下一件"
    button.click()
    auditor.page.wait_for_selector(".errsum")
    auditor.settle()
    assert "退回原因" in auditor.text

    auditor.page.get_by_label("退回补正", exact=True).check()
    auditor.page.locator("#reasons input[type=checkbox]").first.check()
    auditor.page.locator("[name=opinion]").fill("第12页：请补充应用证明的盖章页。")
    with auditor.page.expect_navigation():
        auditor.page.locator("[data-submit]").click()
    auditor.settle()

    assert auditor.page.locator("h1").inner_text() != title
    assert title in auditor.page.locator(".toast-line").inner_text()

    second = auditor.page.locator("h1").inner_text()
    auditor.page.get_by_label("通过", exact=True).check()
    auditor.page.locator("[name=opinion]").fill("材料齐全，同意通过。")
    with auditor.page.expect_navigation():
        auditor.page.locator("[data-submit]").click()
    auditor.settle()

    assert second in auditor.page.locator(".toast-line").inner_text()


def test_an_auditor_of_the_nation_approves_and_the_filing_is_filed(come):
    auditor = come("national_auditor")
    auditor.begin("filing/nat_audit")
    assert auditor.faults() == []
    title = auditor.page.locator("h1").inner_text()

    auditor.page.get_by_label("通过", exact=True).check()
    auditor.page.locator("[name=opinion]").fill("符合备案要求，同意备案。")
    with auditor.page.expect_navigation():
        auditor.page.locator("[data-submit]").click()
    auditor.settle()

    assert title in auditor.page.locator(".toast-line").inner_text()
    auditor.page.locator(".toast-line a").click()
    auditor.settle()
    assert "已备案" in auditor.text
