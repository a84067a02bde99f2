"""Public notice, commendation, result and archive (E9, E11, R-071…R-073)."""

import hashlib
import io
import json
from datetime import date, timedelta

import pytest
from docx import Document
from sqlalchemy import select

from app.accounts.vocabulary import Role
from app.announcements import queries
from app.announcements.closing import archive_round, publish_ranking
from app.announcements.documents import write_docx
from app.announcements.flow import complete_final_decision
from app.announcements.models import Certificate
from app.announcements.notices import ContactWish, publish_notice, set_contacts
from app.announcements.results import publish_results, record_award, register_document
from app.attachments.models import Attachment
from app.attachments.queries import get_attachment
from app.audit.models import AuditEntry
from app.candidacies.usecases import set_standing
from app.candidacies.vocabulary import Standing
from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.db import Base, session
from app.kernel.errors import ConflictError, NotFoundError
from app.kernel.transaction import transaction
from app.processes.doors import CompletedItem, Subject
from app.rounds.queries import get_round
from app.scoring.queries import bonuses_of, latest_revision, list_revisions
from app.scoring.usecases import DeductionWish, count_bonus, decide_deductions
from tests.factories.accounts import make_actor
from tests.factories.announcements import (
    SECRET_CONTACT,
    SECRET_IDENTITY,
    SECRET_NAME,
    act,
    decide_objection,
    make_listed_round,
    object_to,
    publish_commendation,
)
from tests.factories.attachments import attachment


def test_e9_the_frozen_list_can_be_verified_by_anybody(notice):
    announcement = queries.get_announcement(notice.announcement_id)

    assert hashlib.sha256(announcement.list_json.encode()).hexdigest() == announcement.list_sha256
    items = json.loads(announcement.list_json)["items"]
    assert [item["position"] for item in items] == [1, 2, 3]
    assert {"title", "units", "province", "filing_number", "report_type"} <= items[0].keys()


def test_e9_what_happens_to_an_item_does_not_touch_the_frozen_list(notice):
    before = queries.get_announcement(notice.announcement_id).list_json
    objection, _ = object_to(notice.item_ids[0])
    act(objection, notice.handler, "accept")
    decide_objection(notice, objection, "uphold_in_part", corrected_title="新名称")

    assert notice.item().shown_title == "新名称"
    assert queries.get_announcement(notice.announcement_id).list_json == before


def test_e9_the_notice_gets_its_full_window_even_when_the_road_is_late(notice):
    closes = queries.end_of_notice(notice.round_id)

    assert closes.astimezone(clock.BEIJING).date() == date(2026, 12, 21)
    assert "共5个工作日" in queries.get_announcement(notice.announcement_id).body["zh"][0]


def test_e9_a_candidacy_that_withdrew_is_neither_listed_nor_awarded(notice):
    with transaction():
        set_standing(candidacy_ids=notice.candidacy_ids[:1], standing=Standing.WITHDRAWN)
    commendation = publish_commendation(notice)

    assert len(queries.announced_items(commendation)) == 2


def test_r072_the_commendation_needs_number_and_date_and_is_published_once(notice):
    with pytest.raises(ConflictError, match="document_unregistered"), transaction():
        publish_results(round_id=notice.round_id, actor=SYSTEM)
    commendation = queries.get_announcement(publish_commendation(notice))

    assert (commendation.document_number, commendation.issued_on) == ("导评通〔2026〕1号", date(2026, 12, 22))
    with pytest.raises(ConflictError, match="already_published"), transaction():
        publish_results(round_id=notice.round_id, actor=SYSTEM)


def test_the_sealed_document_is_hidden_until_the_commendation_and_public_from_then_on(notice):
    sealed = attachment(name="通报.pdf", actor=notice.manager)
    with transaction():
        register_document(
            round_id=notice.round_id, document_number="1号", issued_on=date(2026, 12, 22), sealed_file_id=sealed.id,
            actor=notice.manager,
        )  # fmt: skip
    assert get_attachment(sealed.id, notice.leader).id == sealed.id
    for other in (notice.handler, None):
        with pytest.raises(NotFoundError):
            get_attachment(sealed.id, other)
    with transaction():
        publish_results(round_id=notice.round_id, actor=SYSTEM)

    assert get_attachment(sealed.id, None).id == sealed.id


def test_e11_a_certificate_has_a_number_and_a_hash_and_is_given_once(notice):
    publish_commendation(notice)
    with transaction():
        assert record_award(candidacy_id=notice.candidacy_ids[0], actor=SYSTEM) == Standing.AWARDED
    certificates = session.scalars(select(Certificate).order_by(Certificate.number)).all()

    assert [one.number for one in certificates] == [f"DH-2026-{notice.round_id}-{n:03d}" for n in (1, 2, 3)]
    assert len({one.sha256 for one in certificates}) == 3


def test_r071_the_ranking_names_every_province_with_shared_ranks(notice):
    publish_commendation(notice)
    with transaction():
        count_bonus(round_id=notice.round_id, actor=SYSTEM)
        decide_deductions(
            round_id=notice.round_id,
            wishes=[DeductionWish("320000", 1, "数据失实")],
            remark="",
            actor=notice.manager,
        )
    with transaction():
        made = publish_ranking(round_id=notice.round_id, actor=SYSTEM)
    rows = {row["province"]: row for row in json.loads(made.list_json)["items"]}

    assert len(rows) == 32
    assert [rows[code]["rank"] for code in ("370000", "440000", "320000", "110000")] == [1, 1, 3, 3]
    assert get_round(notice.round_id).status == "published"


def test_annex_3_the_archive_holds_every_element_with_its_hash_and_names_nobody(notice):
    object_to(notice.item_ids[0])
    publish_commendation(notice)
    with transaction():
        archive = archive_round(round_id=notice.round_id, actor=SYSTEM)
    content = json.loads(archive.content_json)

    assert [one["kind"] for one in content["announcements"]] == ["public_notice", "commendation"]
    assert content["objections"] == {"registered": 1}
    assert hashlib.sha256(archive.content_json.encode()).hexdigest() == archive.sha256
    assert SECRET_NAME not in archive.content_json
    assert get_round(notice.round_id).status == "archived"


def test_e11_a_supplement_after_the_count_revises_the_bonus_and_keeps_the_old_rows(notice):
    objection, _ = object_to(notice.item_ids[0])
    act(objection, notice.handler, "accept")
    publish_commendation(notice)
    with transaction():
        first = count_bonus(round_id=notice.round_id, actor=SYSTEM)
    decide_objection(notice, objection, "dismiss")

    latest = latest_revision(notice.round_id)
    held = notice.item().province_code
    assert [one.revision for one in list_revisions(notice.round_id)] == [1, 2]
    assert held not in {row.region_code for row in bonuses_of(first.id)}
    assert {row.region_code: int(row.points) for row in bonuses_of(latest.id)}[held] == 1


def test_e9_who_objects_stands_in_no_audit_entry_notification_announcement_or_item(notice):
    objection, _ = object_to(notice.item_ids[0])
    act(objection, notice.handler, "accept")
    decide_objection(notice, objection, "uphold")
    publish_commendation(notice)
    tables = ("audit_entry", "notification", "announcement", "work_item", "process_instance", "process_event", "job")
    dump = "\n".join(str(row) for table in tables for row in session.execute(select(Base.metadata.tables[table])).all())

    assert session.scalars(select(AuditEntry.action).where(AuditEntry.object_type == "objection")).all()
    for secret in (SECRET_NAME, SECRET_CONTACT, SECRET_IDENTITY):
        assert secret not in dump


def test_e9_an_objection_and_its_evidence_are_there_for_handlers_alone(notice):
    objection, _ = object_to(notice.item_ids[0])
    evidence = session.scalars(select(Attachment).where(Attachment.owner_type == "objection")).one()

    assert queries.objection_for(objection_id=objection.id, actor=notice.handler).objector_name == SECRET_NAME
    assert get_attachment(evidence.id, notice.handler).id == evidence.id
    assert queries.list_objections(actor=notice.handler)
    for other in (notice.manager, notice.leader, make_actor(Role.SUPERVISOR), make_actor(Role.FILER)):
        assert queries.list_objections(actor=other) == []
        with pytest.raises(NotFoundError):
            queries.objection_for(objection_id=objection.id, actor=other)
        with pytest.raises(NotFoundError):
            get_attachment(evidence.id, other)


def test_e0_the_start_notice_publishes_the_windows_of_all_stages(app):
    round_id, _ = make_listed_round()
    with transaction():
        made = publish_notice(round_id=round_id, actor=SYSTEM)

    assert {"filing", "public_notice"} <= {stage["code"] for stage in made.body["stages"]}
    assert made.title == "关于启动2026年度评价周期的通知"


def test_r084_contacts_are_kept_with_the_round(notice):
    with transaction():
        set_contacts(
            round_id=notice.round_id, contacts=[ContactWish("运用促进司", "010-55500186")], actor=notice.manager
        )

    assert [one.phone for one in queries.contacts_of(notice.round_id)] == ["010-55500186"]


@pytest.mark.parametrize(("wanted", "expected"), [(None, 0), (-3, 0), (5, 5)])
def test_r072_the_result_is_published_when_the_leader_says_and_at_once_otherwise(notice, wanted, expected):
    now = clock.now()
    values = {} if wanted is None else {"publish_at": (now + timedelta(days=wanted)).isoformat()}
    item = CompletedItem(
        id=1, instance_id=1, process="evaluation_round", node="final_sign", role="leader", form="final_decision",
        subject=Subject("round", notice.round_id), batch_id=notice.round_id, title="", variables={}, completed_by={},
    )  # fmt: skip

    answer = complete_final_decision(item=item, outcome="approve", values=values, actor=notice.leader)

    assert answer == {"publish_at": (now + timedelta(days=expected)).isoformat()}
    assert complete_final_decision(item=item, outcome="return", values={}, actor=notice.leader) is None


def test_a_draft_is_a_docx_with_its_list():
    content = write_docx(
        title="关于优秀项目成果的通报",
        paragraphs=["第一段。"],
        lines=[{"position": 1, "title": "甲", "units": ["乙", "丙"], "report_type": "RND", "province": "370000"}],
        provinces={"370000": "山东"},
    )
    document = Document(io.BytesIO(content))

    assert document.paragraphs[0].text == "关于优秀项目成果的通报"
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["1", "甲", "乙、丙", "研发活动类", "山东"]
