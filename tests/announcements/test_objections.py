"""Objections from the public door to the reply, through the real diagram (E9, flows.md 11)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.announcements import queries
from app.announcements.models import Announcement, Objection
from app.announcements.notices import close_public_notice
from app.announcements.usecases import supplement_objection, withdraw_objection
from app.candidacies.models import ScreeningDecision
from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.kernel.transaction import transaction
from app.processes.models import ThrownMessage
from app.processes.worker import work_off
from tests.factories.announcements import (
    act,
    decide_objection,
    ended_as,
    object_to,
    open_item,
    publish_commendation,
)


def thrown(candidacy_id: int) -> list[str]:
    return list(
        session.scalars(
            select(ThrownMessage.name)
            .where(ThrownMessage.target_key == f"candidacy:{candidacy_id}")
            .order_by(ThrownMessage.id)
        )
    )


def kinds() -> list[str]:
    return list(session.scalars(select(Announcement.kind).order_by(Announcement.id)))


@pytest.mark.parametrize("missing", ["objector_name", "evidence"])
def test_e9_without_name_or_evidence_nothing_is_registered(notice, missing):
    with pytest.raises(InvalidError) as refused:
        object_to(notice.item_ids[0], **{missing: ""})

    assert refused.value.code == "objection_formal"
    assert list(refused.value.fields) == [missing]
    assert session.scalars(select(Objection)).all() == []


def test_e9_an_organisation_needs_its_sealed_letter(notice):
    with pytest.raises(InvalidError) as refused:
        object_to(notice.item_ids[0], objector_kind="organisation")

    assert list(refused.value.fields) == ["sealed_letter"]


def test_e9_an_objection_in_time_gets_a_receipt_at_once_and_waits_for_its_formal_check(notice):
    objection, receipt = object_to(notice.item_ids[0])

    assert receipt.number.startswith("YY-20261214-")
    assert not objection.late
    assert open_item(objection).node == "formal"
    assert notice.item().status == "listed"


def test_e9_a_late_objection_is_registered_and_refused(notice):
    clock.travel(timedelta(days=30))
    objection, _ = object_to(notice.item_ids[0])

    assert (objection.late, objection.status, objection.ground) == (True, "refused", "late")
    assert ended_as(objection) == "not_accepted"


def test_e9_what_comes_after_the_closing_of_the_notice_is_late(notice):
    with transaction():
        close_public_notice(round_id=notice.round_id, actor=SYSTEM)
    objection, _ = object_to(notice.item_ids[0])

    assert objection.late


def test_e9_a_name_that_is_none_is_registered_and_refused_as_anonymous(notice):
    objection, _ = object_to(notice.item_ids[0], objector_name=" 匿 名 ")

    assert (objection.status, objection.ground) == ("refused", "anonymous")


def test_e9_only_the_item_under_objection_is_held(notice):
    objection, _ = object_to(notice.item_ids[0])
    act(objection, notice.handler, "accept")

    assert [notice.item(n).status for n in range(3)] == ["held", "listed", "listed"]
    assert thrown(notice.candidacy_ids[0]) == ["objection_accepted"]
    assert thrown(notice.candidacy_ids[1]) == []


def test_e9_a_dismissed_objection_releases_the_item(notice):
    objection, _ = object_to(notice.item_ids[0])
    act(objection, notice.handler, "accept")
    decide_objection(notice, objection, "dismiss")

    assert ended_as(objection) == "dismissed"
    assert (notice.item().status, notice.standing()) == ("listed", "in_notice")
    assert (objection.status, objection.decision, objection.reply) == ("decided", "dismiss", "同意。")


def test_e9_an_upheld_objection_removes_the_item(notice):
    objection, _ = object_to(notice.item_ids[0])
    act(objection, notice.handler, "accept")
    decide_objection(notice, objection, "uphold")

    assert ended_as(objection) == "upheld"
    assert (notice.item().status, notice.standing()) == ("removed", "excluded")
    assert thrown(notice.candidacy_ids[0]) == ["objection_accepted", "objection_upheld"]
    with pytest.raises(ConflictError, match="item_gone"):
        object_to(notice.item_ids[0])


def test_e9_an_objection_upheld_in_part_corrects_the_item_which_is_awarded_as_corrected(notice):
    objection, _ = object_to(notice.item_ids[0])
    act(objection, notice.handler, "accept")
    decide_objection(
        notice, objection, "uphold_in_part", correction="完成单位排序更正。", corrected_units="乙研究院、甲公司"
    )
    publish_commendation(notice)

    item = notice.item()
    assert (item.status, item.shown_units) == ("corrected", ["乙研究院", "甲公司"])
    assert notice.standing() == "awarded"
    assert queries.find_certificate(item.candidacy_id).content["units"] == ["乙研究院", "甲公司"]


def test_e9_several_objections_to_one_item_are_concluded_with_the_last(notice):
    first, _ = object_to(notice.item_ids[0])
    second, _ = object_to(notice.item_ids[0])
    act(first, notice.handler, "accept")
    act(second, notice.handler, "accept")
    decide_objection(notice, first, "uphold")

    assert ended_as(first) == "replied"
    assert notice.item().status == "held"
    assert "objection_upheld" not in thrown(notice.candidacy_ids[0])

    decide_objection(notice, second, "dismiss")

    assert ended_as(second) == "upheld"
    assert notice.item().status == "removed"


def test_e9_a_second_objection_after_the_dismissal_of_the_first_holds_the_item_again(notice):
    first, _ = object_to(notice.item_ids[0])
    act(first, notice.handler, "accept")
    decide_objection(notice, first, "dismiss")
    second, _ = object_to(notice.item_ids[0])
    act(second, notice.handler, "accept")
    publish_commendation(notice)

    assert [notice.standing(n) for n in range(3)] == ["held", "awarded", "awarded"]


def test_e9_a_held_item_leaves_at_the_commendation_and_is_supplemented_when_the_objection_is_dismissed(notice):
    objection, _ = object_to(notice.item_ids[0])
    act(objection, notice.handler, "accept")
    commendation = publish_commendation(notice)

    assert [notice.standing(n) for n in range(3)] == ["held", "awarded", "awarded"]
    assert notice.item().id not in {item.id for item in queries.announced_items(commendation)}

    decide_objection(notice, objection, "dismiss")

    assert ended_as(objection) == "dismissed"
    assert kinds()[-1] == "supplement"
    assert notice.standing() == "awarded"
    assert queries.find_certificate(notice.candidacy_ids[0]) is not None


def test_e11_a_held_item_that_is_upheld_after_the_commendation_is_told_in_a_correction(notice):
    objection, _ = object_to(notice.item_ids[0])
    act(objection, notice.handler, "accept")
    publish_commendation(notice)
    decide_objection(notice, objection, "uphold")

    assert kinds()[-1] == "correction"
    assert notice.standing() == "excluded"
    assert queries.find_certificate(notice.candidacy_ids[0]) is None


def test_e9_an_unchecked_objection_keeps_its_item_out_and_a_refusal_brings_it_in_by_a_supplement(notice):
    objection, _ = object_to(notice.item_ids[0])
    publish_commendation(notice)

    assert notice.standing() == "held"

    act(objection, notice.handler, "refuse", ground="judgement", reason="仅对专家学术判断不服。")

    assert ended_as(objection) == "not_accepted"
    assert (objection.ground, objection.reply) == ("judgement", "仅对专家学术判断不服。")
    assert kinds()[-1] == "supplement"
    assert notice.standing() == "awarded"


def test_e9_a_supplement_that_is_asked_for_leads_back_to_the_formal_check(notice):
    objection, receipt = object_to(notice.item_ids[0])
    act(objection, notice.handler, "ask_supplement", supplement="请补充对照表。")

    assert open_item(objection) is None

    with transaction():
        supplement_objection(receipt_number=receipt.number, code=receipt.code.lower(), text="已补充。")
    work_off()

    assert open_item(objection).node == "formal"
    assert [one.text for one in queries.supplements_of(objection.id)] == ["已补充。"]


def test_e9_a_supplement_that_does_not_come_within_three_working_days_is_a_refusal(notice):
    objection, receipt = object_to(notice.item_ids[0])
    act(objection, notice.handler, "ask_supplement", supplement="请补充对照表。")
    clock.travel(timedelta(days=6))
    work_off()
    session.expire_all()

    assert (objection.status, objection.ground) == ("refused", "no_evidence")
    with pytest.raises(ConflictError, match="supplement_not_asked"), transaction():
        supplement_objection(receipt_number=receipt.number, code=receipt.code, text="迟到")


def test_e9_a_withdrawn_objection_reaches_only_its_own_case_and_counts_as_dismissed(notice):
    objection, receipt = object_to(notice.item_ids[0])
    other, _ = object_to(notice.item_ids[0])
    act(objection, notice.handler, "accept")
    act(other, notice.handler, "accept")
    with transaction():
        withdraw_objection(receipt_number=receipt.number, code=receipt.code, reason="已与对方澄清")
    work_off()

    with pytest.raises(InvalidError):
        act(other, notice.handler, "close_withdrawn", reason="撤回")
    act(objection, notice.handler, "close_withdrawn", reason="异议人撤回，无实质疑点。")

    assert ended_as(objection) == "replied"
    decide_objection(notice, other, "dismiss")
    assert notice.item().status == "listed"


def test_e9_an_objection_withdrawn_before_acceptance_is_closed_without_holding_the_item(notice):
    objection, receipt = object_to(notice.item_ids[0])
    with transaction():
        withdraw_objection(receipt_number=receipt.number, code=receipt.code, reason="")
    work_off()
    act(objection, notice.handler, "close_withdrawn", reason="异议人撤回。")

    assert (objection.status, ended_as(objection)) == ("withdrawn", "withdrawn_early")
    assert notice.item().status == "listed"


def test_e9_an_investigation_is_extended_once(notice):
    objection, _ = object_to(notice.item_ids[0])
    act(objection, notice.handler, "accept")
    act(objection, notice.handler, "extend", reason="需外地取证。")

    with pytest.raises(InvalidError):
        act(objection, notice.handler, "extend", reason="再延。")


def test_e9_whoever_screened_the_item_does_not_handle_an_objection_to_it(notice):
    objection, _ = object_to(notice.item_ids[0])
    with transaction():
        session.add(
            ScreeningDecision(
                candidacy_id=notice.item().candidacy_id, step="manual", decision="pass", actor_id=notice.handler.id,
                actor_name="某", at=clock.now(),
            )
        )  # fmt: skip

    with pytest.raises(ForbiddenError, match="four_eyes"):
        act(objection, notice.handler, "accept")


def test_a_receipt_opens_with_its_code_only(notice):
    objection, receipt = object_to(notice.item_ids[0])

    found = queries.objection_by_receipt(receipt_number=receipt.number.lower(), code=receipt.code)
    assert found.id == objection.id
    for number, code in ((receipt.number, "AAAAAAAAAA"), ("YY-20261214-AAAAAA", receipt.code)):
        with pytest.raises(NotFoundError):
            queries.objection_by_receipt(receipt_number=number, code=code)
