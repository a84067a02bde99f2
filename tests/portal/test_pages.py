"""The public pages without sign-in, and what they never tell (R-085, E9)."""

import hashlib
import io
import re
from datetime import timedelta

from docx import Document
from sqlalchemy import select

from app.accounts.vocabulary import Role
from app.announcements.describing import describe_announcement
from app.announcements.models import NoticeItem, Objection
from app.announcements.queries import get_announcement
from app.announcements.vocabulary import ItemStatus
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.rounds.windows import extend_stage
from app.scoring.usecases import count_bonus
from app.web.locale import COOKIE
from tests.factories.accounts import make_actor
from tests.factories.announcements import (
    SECRET_CONTACT,
    SECRET_NAME,
    act,
    decide_objection,
    objection_values,
    open_item,
    publish_commendation,
)
from tests.factories.attachments import pdf
from tests.support.browser import sign_in


def posted(**more) -> dict:
    """The form as a browser sends it."""
    return {
        **{key: value for key, value in objection_values(evidence=None).items() if value},
        "evidence": (io.BytesIO(pdf()), "证据.pdf"),
        **more,
    }


def send(client, item_id, **more):
    return client.post(f"/public/items/{item_id}/objection", data=posted(**more), content_type="multipart/form-data")


def receipt_of(page: str) -> tuple[str, str]:
    number = re.search(r"YY-\d{8}-\w{6}", page).group()
    code = re.search(r'<dd class="code">(\w{10})</dd>', page).group(1)
    return number, code


def test_r085_every_public_page_opens_without_sign_in(notice, client):
    for path in (
        "/public/",
        "/public/announcements",
        f"/public/announcements/{notice.announcement_id}",
        "/public/round",
        "/public/objections",
        f"/public/items/{notice.item_ids[0]}/objection",
    ):
        assert client.get(path).status_code == 200, path


def test_the_home_page_names_the_open_notice_with_its_days_left(notice, client):
    page = client.get("/public/").text

    assert "拟通报名单的公示" in page
    assert "剩余5个工作日" in page


def test_e9_the_downloaded_list_has_the_printed_hash(notice, client):
    announcement = get_announcement(notice.announcement_id)
    downloaded = client.get(f"/public/announcements/{notice.announcement_id}/list.json")

    assert hashlib.sha256(downloaded.data).hexdigest() == announcement.list_sha256
    assert announcement.list_sha256 in client.get(f"/public/announcements/{notice.announcement_id}").text
    assert client.get(f"/public/announcements/{notice.announcement_id}/list.csv").data.startswith(b"\xef\xbb\xbf")


def test_e9_an_objection_works_without_script_and_can_be_followed_by_its_receipt(notice, client):
    answer = send(client, notice.item_ids[0])
    assert answer.status_code == 201
    number, code = receipt_of(answer.text)

    followed = client.post("/public/objections", data={"number": number, "code": code})
    assert followed.status_code == 200
    assert "形式审查中" in followed.text
    assert client.post("/public/objections", data={"number": number, "code": "ZZZZZZZZZZ"}).status_code == 404


def test_e9_a_form_without_evidence_comes_back_with_what_was_written(notice, client):
    data = posted()
    del data["evidence"]
    answer = client.post(f"/public/items/{notice.item_ids[0]}/objection", data=data)

    assert answer.status_code == 422
    assert "异议须实名并附证据" in answer.text
    assert SECRET_NAME in answer.text
    assert session.scalars(select(Objection)).all() == []


def test_e9_a_supplement_and_a_withdrawal_go_by_receipt_and_code(notice, client):
    number, code = receipt_of(send(client, notice.item_ids[0]).text)
    objection = session.scalars(select(Objection)).one()
    act(objection, notice.handler, "ask_supplement", supplement="请补充对照表。")
    shown = client.post("/public/objections", data={"number": number, "code": code}).text
    assert "请补充对照表。" in shown

    bearer = {"number": number, "code": code}
    assert client.post("/public/objections/supplement", data={**bearer, "text": " "}).status_code == 422
    assert "补充材料已收到" in client.post("/public/objections/supplement", data={**bearer, "text": "已补"}).text
    assert "撤回申请已收到" in client.post("/public/objections/withdraw", data=bearer).text
    assert client.post("/public/objections/withdraw", data=bearer).status_code == 409


def test_e9_no_public_page_tells_who_objects(notice, client):
    send(client, notice.item_ids[0])
    objection = session.scalars(select(Objection)).one()
    act(objection, notice.handler, "accept")
    decide_objection(notice, objection, "uphold")
    commendation = publish_commendation(notice)
    paths = ["/public/", "/public/announcements", "/public/round"]
    paths += [f"/public/announcements/{number}" for number in (notice.announcement_id, commendation)]
    pages = [client.get(path).text for path in paths]

    assert "异议成立，已移出" in pages[3]
    for page in pages:
        assert SECRET_NAME not in page
        assert SECRET_CONTACT not in page
        assert objection.receipt_number not in page


def test_e9_after_the_notice_the_page_offers_no_objection(notice, client):
    clock.travel(timedelta(days=30))
    page = client.get(f"/public/announcements/{notice.announcement_id}").text

    assert "公示已结束" in page
    assert "/objection" not in page.replace("/public/objections", "")


def test_e0_an_extension_is_published_with_its_reason(notice, client):
    with transaction():
        extend_stage(
            round_id=notice.round_id, code="public_notice", until=clock.now() + timedelta(days=20), reason="系统升级",
            actor=notice.manager,
        )  # fmt: skip

    assert "系统升级" in client.get("/public/round").text


def test_the_pages_are_there_in_english(notice, client):
    client.set_cookie(COOKIE, "en")
    page = client.get(f"/public/announcements/{notice.announcement_id}").text

    assert "Public notice: proposed excellent projects" in page


def test_what_is_not_there_is_404(notice, client):
    for path in ("/public/announcements/999", "/public/announcements/999/list.json", "/public/items/999/objection"):
        assert client.get(path).status_code == 404


def test_handlers_see_the_dossier_managers_and_filers_do_not(notice, client):
    send(client, notice.item_ids[0])
    objection = session.scalars(select(Objection)).one()

    dossier = sign_in(client, notice.handler.id).get(f"/objections/{objection.id}")
    listed = sign_in(client, notice.handler.id).get("/objections")
    assert SECRET_NAME in dossier.text
    assert objection.receipt_number in listed.text
    assert SECRET_NAME not in listed.text
    for other in (notice.manager, notice.leader, make_actor(Role.FILER)):
        assert sign_in(client, other.id).get(f"/objections/{objection.id}").status_code == 404
        assert sign_in(client, other.id).get("/objections").status_code == 403


def test_e9_the_work_items_of_manager_and_leader_tell_the_findings_and_not_who_objects(notice, client):
    send(client, notice.item_ids[0])
    objection = session.scalars(select(Objection)).one()
    act(objection, notice.handler, "accept")
    act(objection, notice.handler, "propose_dismiss", findings="数据核对一致。")

    check = sign_in(client, notice.manager.id).get(f"/work-items/{open_item(objection).id}").text
    act(objection, notice.manager, "approve")
    decide = sign_in(client, notice.leader.id).get(f"/work-items/{open_item(objection).id}").text
    candidacy = sign_in(client, notice.manager.id).get(f"/candidacies/{notice.candidacy_ids[0]}").text

    for page in (check, decide):
        assert "数据核对一致。" in page
        assert objection.receipt_number not in page
    for page in (check, decide, candidacy):
        assert SECRET_NAME not in page
        assert SECRET_CONTACT not in page


def test_the_commendation_is_read_and_downloaded_before_it_is_signed(notice, client):
    path = f"/rounds/{notice.round_id}/commendation"

    assert "名单（3项）" in sign_in(client, notice.manager.id).get(path).text
    assert sign_in(client, notice.leader.id).get(f"{path}.docx").data[:2] == b"PK"
    assert sign_in(client, notice.handler.id).get(path).status_code == 403


def test_the_commendation_that_is_out_reads_as_it_was_published(notice, client):
    path = f"/rounds/{notice.round_id}/commendation"
    commendation = publish_commendation(notice)
    with transaction():
        session.get_one(NoticeItem, notice.item_ids[0]).status = ItemStatus.REMOVED

    page = sign_in(client, notice.manager.id).get(path).text
    assert "名单（3项）" in page
    assert "以下为公布时的内容" in page
    assert f'href="/public/announcements/{commendation}"' in page
    file = client.get(f"{path}.docx").data
    assert len(Document(io.BytesIO(file)).tables[0].rows) == 1 + 3, "a heading and what was published"


def test_the_result_is_read_before_it_is_decided(notice, client):
    path = f"/rounds/{notice.round_id}/result"
    assert sign_in(client, notice.leader.id).get(path).status_code == 404

    publish_commendation(notice)
    with transaction():
        count_bonus(round_id=notice.round_id, actor=notice.manager)

    assert "第1次计算" in sign_in(client, notice.leader.id).get(path).text


def test_the_api_describes_an_announcement_with_its_list_and_no_objector(notice, client):
    send(client, notice.item_ids[0])
    whole = describe_announcement(get_announcement(notice.announcement_id))

    assert whole["status"] == "open"
    assert hashlib.sha256(whole["list"].encode()).hexdigest() == whole["list_sha256"]
    assert [item["status"] for item in whole["items"]] == ["listed"] * 3
    assert SECRET_NAME not in str(whole)
