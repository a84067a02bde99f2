"""The room's pages, as a browser without script sees them."""

import re

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.filings.models import OpinionTemplate
from app.filings.progress import tell_filings
from app.filings.queries import get_filing
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.queries import open_items
from app.rounds.models import Round
from app.rounds.vocabulary import StageCode
from app.web.locale import COOKIE
from tests.factories.filings import decide, draft, open_node, report_values, submitted
from tests.support.browser import sign_in

RETURN = {"reasons": ["INCOMPLETE"], "opinion": "第37页：请补充检索说明"}


def item_id_of(filing_id: int) -> int:
    return open_items(subject_type="filing", subject_ids=[filing_id])[filing_id][0].id


def posted(values: dict, **more) -> dict:
    """Values as a form posts them."""
    flat = {key: "true" if value is True else str(value) for key, value in values.items() if value not in (None, False)}
    return flat | more


@pytest.fixture
def enter(client, place):
    """Signs a person in and answers the browser."""
    return lambda name: sign_in(client, place[name].id)


def page(answer, status=200) -> str:
    assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
    return answer.get_data(as_text=True)


def test_the_filer_starts_a_draft_and_finds_it_in_the_list(place, enter):
    browser = enter("filer")
    assert "现在提交计入2026年度评价周期" in page(browser.get("/filings/new"))

    to = browser.post("/filings/new", data={"kind": "report"})

    assert re.fullmatch(r"/filings/\d+/edit", to.location)
    assert "归属" in page(browser.get(to.location))
    assert "待提交" in page(browser.get("/filings"))


def test_a_kind_nobody_knows_is_refused_on_the_same_page(place, enter):
    assert "选项无效" in page(enter("filer").post("/filings/new", data={"kind": "poem"}), 422)


def test_the_contact_names_the_organisation_and_it_is_marked(place, enter):
    browser = enter("contact")
    assert "本省没有登记该单位" in page(
        browser.post("/filings/new", data={"kind": "tool", "organisation": "江浦膜业有限公司"}), 422
    )

    to = browser.post("/filings/new", data={"kind": "tool", "organisation": "鲁澜海洋装备研究院"})

    assert "代录" in page(browser.get(to.location))


def test_a_form_is_saved_and_submitted_with_its_proofs(place, enter):
    browser = enter("filer")
    to = browser.post("/filings/new", data={"kind": "report"}).location
    filing_id = int(to.split("/")[2])
    scan = report_values(place["filer"], text="scan")["commitment_file"]
    proof = {"end": "GOV", "type": "POLICY_ADOPTED", "level": "CITY", "issuer": "市发展改革委", "file": scan}
    rows = {f"proofs_0_{key}": str(value) for key, value in proof.items()}
    data = posted(report_values(place["filer"]), revision="1", **rows)

    saved = browser.post(to, data=data | {"act": "save"})
    answered = browser.post(to, data=data | {"act": "submit", "revision": "2"})

    assert saved.location == to
    assert answered.location == f"/filings/{filing_id}"
    assert get_filing(filing_id).values["proofs"] == [proof]
    shown = page(browser.get(answered.location))
    assert "鲁备2026-0001" in shown
    assert "市发展改革委" in shown
    assert "未提交验收证明" in shown


def test_a_refused_submission_shows_the_form_with_its_faults_and_keeps_what_was_written(place, enter):
    filing = draft(place["filer"])
    data = posted(report_values(place["filer"], title="改了的名称", unclassified=False), act="submit")

    shown = page(enter("filer").post(f"/filings/{filing.id}/edit", data=data), 422)

    assert "请勾选非涉密承诺" in shown
    assert "改了的名称" in shown
    assert get_filing(filing.id).status == "DRAFT"


def test_a_question_is_asked_with_a_box_and_answered_by_it(place, enter):
    with transaction():
        session.get_one(Round, place.round_id).attribution_closed_at = clock.now()
    filing = draft(place["filer"])
    browser = enter("filer")
    data = posted(report_values(place["filer"]), act="submit")

    shown = page(browser.post(f"/filings/{filing.id}/edit", data=data), 422)
    answered = browser.post(f"/filings/{filing.id}/edit", data=data | {"confirm": "next_round"})

    assert 'name="confirm" value="next_round"' in shown
    assert "2027年度评价周期" in shown
    assert answered.location == f"/filings/{filing.id}"


def test_an_older_revision_is_told_and_what_was_written_stays_on_the_page(place, enter):
    filing = draft(place["filer"])
    browser = enter("filer")
    data = {"title": "另一个人写的名称", "revision": "1"}
    browser.post(f"/filings/{filing.id}/edit", data=data)

    shown = page(browser.post(f"/filings/{filing.id}/edit", data=data | {"title": "我写的名称"}), 409)

    assert "内容已被他人更新" in shown
    assert "我写的名称" in shown


def test_a_draft_is_saved_while_it_is_written(place, enter):
    filing = draft(place["filer"])
    browser = enter("filer")

    kept = page(browser.post(f"/filings/{filing.id}/autosave", data={"title": "自动保存的名称", "revision": "1"}))
    faulty = page(browser.post(f"/filings/{filing.id}/autosave", data={"title": "短", "revision": "2"}))

    assert 'name="revision" value="2"' in kept
    assert "已自动保存" in kept
    assert "尚未保存" in faulty
    assert 'name="revision" value="2"' in faulty


def test_a_draft_can_be_thrown_away(place, enter):
    filing = draft(place["filer"])
    browser = enter("filer")

    assert browser.post(f"/filings/{filing.id}/discard").location == "/filings"
    page(browser.get(f"/filings/{filing.id}"), 404)


def test_others_do_not_find_a_filing(place, enter):
    filing = submitted(place["filer"])
    browser = enter("rival")

    for path in ("", "/edit", "/diagram"):
        page(browser.get(f"/filings/{filing.id}{path}"), 404)
    assert filing.title not in page(browser.get("/filings"))


def test_who_is_not_concerned_with_filings_has_no_list(place, enter, client):
    assert client.get("/filings").status_code == 302


def test_the_filing_page_withdraws(place, enter):
    filing = submitted(place["filer"])
    browser = enter("filer")
    assert "撤回备案" in page(browser.get(f"/filings/{filing.id}"))

    browser.post(f"/filings/{filing.id}/withdraw", data={"reason": ""})

    assert "已撤回" in page(browser.get(f"/filings/{filing.id}"))


def test_after_a_decision_withdrawing_asks_for_a_reason(place, enter):
    filing = submitted(place["filer"])
    decide(filing.id, place["province"], "approve")

    shown = page(enter("filer").post(f"/filings/{filing.id}/withdraw", data={"reason": ""}), 422)

    assert "请填写撤回原因" in shown


def test_the_auditor_decides_beside_the_document(place, enter):
    filing, later = submitted(place["filer"], text="1"), submitted(place["filer"], text="2", title="光电线缆专利导航")
    item_id, later_id = item_id_of(filing.id), item_id_of(later.id)
    browser = enter("province")
    assert browser.get(f"/work-items/{item_id}").location == f"/filings/audit/{item_id}"

    shown = page(browser.get(f"/filings/audit/{item_id}"))
    decided = browser.post(f"/work-items/{item_id}/complete", data={"outcome": "approve", "opinion": "同意"})

    assert "第1件，共2件" in shown
    assert f'src="/attachments/{filing.report_file_id}/view' in shown
    assert "通过并打开下一件" in shown
    assert "本级可退回2次，已退回0次" in shown
    assert decided.location == f"/work-items/{later_id}"
    assert open_node(filing.id) == "nat_audit"


def test_a_return_without_reason_comes_back_to_the_audit_page(place, enter):
    item_id = item_id_of(submitted(place["filer"]).id)

    shown = page(
        enter("province").post(
            f"/work-items/{item_id}/complete", data={"outcome": "return_for_correction", "opinion": "缺页"}
        ),
        422,
    )

    assert "请填写退回原因" in shown
    assert "缺页" in shown
    assert "自动核验" in shown


def test_a_resubmission_shows_the_auditor_only_the_differences(place, enter):
    filing = submitted(place["filer"])
    decide(filing.id, place["province"], "return_for_correction", **RETURN)
    decide(filing.id, place["filer"], "resubmit", correction_note="已补", changes={"search_cutoff": "2026-04-01"})

    shown = page(enter("province").get(f"/filings/audit/{item_id_of(filing.id)}"))

    assert re.findall(r"<del>(.*?)</del>.*?<ins>(.*?)</ins>", shown, re.S) == [("2026年3月1日", "2026年4月1日")]
    assert "本级可退回2次，已退回1次" in shown


def test_own_material_cannot_be_audited_on_its_page(place, enter):
    with transaction():
        session.get_one(User, place["province"].id).organisation_id = place.organisations["filer"].id
    item_id = item_id_of(submitted(place["filer"]).id)

    shown = page(enter("province").get(f"/filings/audit/{item_id}"))

    assert "不得审核本人或本单位提交的材料" in shown
    assert 'name="outcome"' not in shown


def test_an_audit_outside_the_scope_is_not_there(place, enter):
    item_id = item_id_of(submitted(place["filer"]).id)

    for name in ("jiangsu", "filer", "rival"):
        page(enter(name).get(f"/filings/audit/{item_id}"), 404)


def test_the_filer_corrects_sees_the_differences_and_hands_them_in(place, enter):
    filing = submitted(place["filer"])
    decide(filing.id, place["province"], "return_for_correction", **RETURN)
    item_id = item_id_of(filing.id)
    browser = enter("filer")
    assert "请补正后提交" in page(browser.get(f"/filings/{filing.id}"))
    assert "材料不全" in page(browser.get(f"/filings/correction/{item_id}"))

    browser.post(f"/filings/{filing.id}/edit", data=posted(get_filing(filing.id).values, title="补正后的名称"))
    shown = page(browser.get(f"/filings/correction/{item_id}"))
    browser.post(f"/work-items/{item_id}/complete", data={"outcome": "resubmit", "correction_note": "名称已改"})

    assert "<ins>补正后的名称</ins>" in shown
    assert (get_filing(filing.id).title, open_node(filing.id)) == ("补正后的名称", "prov_audit")


def test_suspected_duplicates_are_listed_for_the_auditor(place, enter):
    submitted(place["filer"], text="1")
    second = submitted(place["filer"], frozenset({"duplicate_suspected"}), text="2")
    browser = enter("province")

    assert "100%" in page(browser.get("/filings/duplicates"))
    assert "疑似重复" in page(browser.get(f"/filings/audit/{item_id_of(second.id)}"))


def test_the_diagram_tells_what_waits(place, enter):
    filing = submitted(place["filer"])

    answer = enter("filer").get(f"/filings/{filing.id}/diagram").get_json()

    assert "prov_audit" in answer["waiting"]
    assert answer["xml"].startswith("<?xml")


def test_files_are_seen_by_those_who_see_the_filing(place, enter):
    filing = submitted(place["filer"])

    assert enter("province").get(f"/attachments/{filing.report_file_id}").status_code == 200
    assert enter("rival").get(f"/attachments/{filing.report_file_id}").status_code == 404


PROOF = {"end": "GOV", "type": "POLICY_ADOPTED", "level": "CITY", "issuer": "市发展改革委"}


def test_invalid_proofs_are_ticked_and_stay_ticked_for_the_next_auditor(place, enter):
    filing = submitted(place["client"], proofs=[PROOF, {**PROOF, "issuer": "市科技局"}])
    item_id = item_id_of(filing.id)
    browser = enter("province")
    assert 'name="invalid_proofs[]" value="2"' in page(browser.get(f"/filings/audit/{item_id}"))

    ticks = {"outcome": "approve", "opinion": "可", "invalid_proofs[]": ["0", "2"]}
    assert browser.post(f"/work-items/{item_id}/complete", data=ticks).status_code == 302
    session.expire_all()
    assert [one.is_refused for one in sorted(get_filing(filing.id).proofs, key=lambda one: one.id)] == [False, True]

    following = item_id_of(filing.id)
    browser = enter("national")
    assert 'value="2" checked' in page(browser.get(f"/filings/audit/{following}"))
    none = {"outcome": "approve", "opinion": "均有效", "invalid_proofs[]": ["0"]}
    assert browser.post(f"/work-items/{following}/complete", data=none).status_code == 302
    session.expire_all()
    assert not any(one.is_refused for one in get_filing(filing.id).proofs)


def test_an_opinion_is_kept_as_a_template_and_inserted_with_what_was_filled_in(place, enter):
    filing = submitted(place["client"])
    path = f"/filings/audit/{item_id_of(filing.id)}"
    browser = enter("province")
    assert "为必填项" in page(browser.post(f"{path}/templates", data={"opinion": " "}), 422)

    browser.post(f"{path}/templates", data={"opinion": "第37页：请补充检索说明", "outcome": "approve"})
    template = session.scalars(select(OpinionTemplate)).one()
    shown = page(
        browser.post(f"{path}/templates", data={"opinion": "另：", "insert": template.id, "outcome": "reject"})
    )

    assert "另：\n第37页：请补充检索说明</textarea>" in shown
    assert re.search(r'value="reject"[^>]* checked', shown)
    other = enter("jiangsu")
    assert other.post(f"{path}/templates", data={"insert": template.id}).status_code == 404
    enter("province").post(f"{path}/templates", data={"drop": template.id})
    session.expire_all()
    assert session.scalars(select(OpinionTemplate)).all() == []


def test_steps_are_named_in_english_for_english_readers(place, enter):
    filing = submitted(place["client"])
    browser = enter("client")
    browser.set_cookie(COOKIE, "en")

    shown = page(browser.get(f"/filings/{filing.id}"))

    assert "Waits for Provincial audit" in shown
    assert "省级审核" not in shown


def test_the_stage_page_lists_the_filings_behind_the_number(place, app):
    filing = submitted(place["client"])

    with app.test_request_context():
        told = tell_filings(filing_round(filing), StageCode.AUDIT_TAIL, place["national"])
        elsewhere = tell_filings(filing_round(filing), StageCode.PANEL, place["national"])

    assert (told.tables[0].total, told.tables[0].hrefs) == (1, [f"/filings/{filing.id}"])
    assert elsewhere is None


def filing_round(filing) -> Round:
    return session.get_one(Round, filing.round_id)
