"""Drafts, submission and withdrawal."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.accounts.models import Region
from app.filings.models import DuplicateSuspicion, Filing, FilingParty, FilingVersion
from app.filings.queries import get_filing, status_of
from app.filings.usecases import _withdrawal_guards as guards
from app.filings.usecases import (
    add_withdrawal_guard,
    create_draft,
    discard_draft,
    save_draft,
    submit_filing,
    withdraw_filing,
)
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import ConflictError, DomainError, FieldError, ForbiddenError, NotFoundError
from app.kernel.transaction import transaction
from app.processes.queries import get_instance
from app.processes.worker import work_off
from app.rounds.models import Round
from app.rounds.vocabulary import RoundStatus
from tests.factories.filings import (
    JIANGSU,
    SHANDONG,
    decide,
    draft,
    make_round,
    open_node,
    submitted,
    upload,
)


def refusal_of(act, *args, **kwargs) -> DomainError:
    with pytest.raises(DomainError) as refused, transaction():
        act(*args, **kwargs)
    return refused.value


def submit(filing, actor, *confirm):
    with transaction():
        return submit_filing(filing_id=filing.id, actor=actor, confirm=frozenset(confirm))


def test_a_submission_gets_its_number_round_province_and_first_version(place):
    filing = submitted(place["filer"])

    assert (filing.number, filing.receipt_number) == ("鲁备2026-0001", "鲁备2026-0001")
    assert (filing.status, filing.submitted_at) == ("SUBMITTED", clock.now())
    assert (filing.round_id, filing.province_code) == (place.round_id, SHANDONG)
    assert session.scalars(select(FilingVersion.version)).all() == [1]
    assert open_node(filing.id) == "prov_audit"
    assert status_of(filing) == "PROV_REVIEW"
    assert get_instance(filing.instance_id).batch_id == place.round_id


def test_numbers_follow_each_other_within_a_province_and_a_refusal_leaves_no_gap(place):
    first = submitted(place["filer"], text="1")
    refused = draft(place["filer"], title="别的成果名称一二三", text="2", unclassified=False)
    refusal_of(submit_filing, filing_id=refused.id, actor=place["filer"])
    second = submitted(place["filer"], title="高位仓储式叉车关键技术专利导航", text="3")

    assert (first.number, second.number) == ("鲁备2026-0001", "鲁备2026-0002")


@pytest.mark.parametrize(
    ("filer", "more", "province"),
    [
        ("filer", {}, SHANDONG),
        ("filer", {"payer": "江浦膜业有限公司"}, JIANGSU),
        ("filer", {"payer": "江浦膜业有限公司", "fiscal_amount": 0}, SHANDONG),
        ("filer", {"payer_province": JIANGSU}, JIANGSU),
        ("filer", {"payer_province": JIANGSU, "fiscal_amount": None}, SHANDONG),
        ("filer", {"commissioner": "无人知晓的单位"}, SHANDONG),
        ("agency", {"filer_role": "SERVICE", "service_institution": "苏河专利服务有限公司"}, SHANDONG),
    ],
)
def test_attribution_follows_the_money_and_never_the_service_institution(place, filer, more, province):
    assert submitted(place[filer], **more).province_code == province


def test_a_filing_of_unknown_parties_by_a_service_institution_has_no_province(place):
    filing = draft(place["agency"], filer_role="SERVICE", commissioner="甲单位", undertaker="乙单位")

    assert refusal_of(submit_filing, filing_id=filing.id, actor=place["agency"]).code == "attribution_unknown"


def test_secrecy_is_asked_first_and_the_rest_beside_it(place):
    filing = draft(place["filer"], unclassified=False, title=None)

    refused = refusal_of(submit_filing, filing_id=filing.id, actor=place["filer"])

    assert (refused.code, list(refused.fields)) == ("secrecy_unconfirmed", ["unclassified", "title"])


def test_an_incomplete_form_is_refused_at_its_fields(place):
    filing = draft(place["filer"], abstract=None, report_file=None)

    refused = refusal_of(submit_filing, filing_id=filing.id, actor=place["filer"])

    assert (refused.code, set(refused.fields)) == ("invalid", {"abstract", "report_file"})
    assert get_filing(filing.id).status == "DRAFT"


def test_a_wrong_credit_code_is_refused_at_its_field(place):
    filing = draft(place["filer"], undertaker_uscc="91350100M000100Y44")

    refused = refusal_of(submit_filing, filing_id=filing.id, actor=place["filer"])

    assert refused.code == "uscc_invalid"
    assert refused.fields == {"undertaker_uscc": [FieldError("uscc_invalid", n=18)]}


def test_e1_the_same_report_file_is_refused_and_names_only_filer_and_number(place):
    submitted(place["filer"], text="SAME")
    second = draft(place["rival"], text="SAME", title="另一个完全不同的题目", commissioner="江浦膜业有限公司")

    refused = refusal_of(submit_filing, filing_id=second.id, actor=place["rival"])

    assert (refused.code, refused.params) == ("duplicate_file", {"org": "鲁澜海洋装备研究院", "no": "鲁备2026-0001"})


def test_e1_a_withdrawn_filing_no_longer_blocks_its_file(place):
    first = submitted(place["filer"], text="SAME")
    with transaction():
        withdraw_filing(filing_id=first.id, actor=place["filer"])

    assert submitted(place["filer"], text="SAME").number == "鲁备2026-0002"


def test_e1_a_similar_title_with_a_common_party_is_asked_about_and_kept_for_the_auditor(place):
    first = submitted(place["filer"], text="1")
    second = draft(place["client"], text="2", title="海水淡化膜材料产业规划专利导航报告", filer_role="COMMISSIONER")

    refused = refusal_of(submit_filing, filing_id=second.id, actor=place["client"])
    answered = submit(second, place["client"], "duplicate_suspected")

    assert refused.code == "duplicate_suspected"
    kept = session.scalars(select(DuplicateSuspicion)).one()
    assert (kept.filing_id, kept.other_id, kept.verdict) == (answered.id, first.id, None)
    assert float(kept.similarity) >= 0.85


def test_e1_a_similar_title_without_a_common_party_is_no_duplicate(place):
    submitted(place["filer"], text="1")

    filing = submitted(
        place["rival"],
        text="2",
        commissioner="江浦膜业有限公司",
        undertaker="江浦膜业有限公司",
    )

    assert filing.status == "SUBMITTED"
    assert session.scalars(select(DuplicateSuspicion)).all() == []


def test_r054_after_the_cut_a_submission_asks_and_counts_for_the_next_round(place):
    with transaction():
        session.get_one(Round, place.round_id).attribution_closed_at = clock.now()
        coming = make_round(2027, RoundStatus.SETUP).id
    filing = draft(place["filer"])

    refused = refusal_of(submit_filing, filing_id=filing.id, actor=place["filer"])
    answered = submit(filing, place["filer"], "next_round")

    assert (refused.code, refused.params) == ("next_round", {"round": "2027年度评价周期"})
    assert (answered.round_id, answered.number) == (coming, "鲁备2027-0001")


def test_r054_the_deadline_counts_even_before_its_timer_has_fired(place):
    filing = draft(place["filer"])

    with clock.at(datetime(2026, 6, 30, 16, 0, tzinfo=UTC)):
        refused = refusal_of(submit_filing, filing_id=filing.id, actor=place["filer"])
        answered = submit(filing, place["filer"], "next_round")

    assert (refused.code, refused.params["round"]) == ("next_round", "2027年度评价周期")
    assert answered.round_id is None


def test_r054_only_the_first_submission_decides_the_round(place):
    filing = submitted(place["filer"])
    decide(filing.id, place["province"], "return_for_correction", reasons=["INCOMPLETE"], opinion="第3页：请补章")
    with transaction():
        session.get_one(Round, place.round_id).attribution_closed_at = clock.now()

    decide(filing.id, place["filer"], "resubmit", correction_note="已补")

    assert get_filing(filing.id).round_id == place.round_id


def test_a_draft_is_saved_against_the_revision_its_writer_saw(place):
    filing = draft(place["filer"])

    with transaction():
        saved = save_draft(filing_id=filing.id, values={"title": "新题目新题目"}, revision=1, actor=place["filer"])
    conflict = refusal_of(
        save_draft, filing_id=filing.id, values={"title": "旧题目旧题目"}, revision=1, actor=place["filer"]
    )

    assert (saved.title, saved.revision, saved.values["report_type"]) == ("新题目新题目", 2, "INDUSTRY")
    assert (conflict.code, conflict.status) == ("edit_conflict", 409)


def test_a_draft_may_lack_anything_but_what_it_holds_must_be_right(place):
    with transaction():
        bare = create_draft(kind="tool", actor=place["filer"])

    refused = refusal_of(save_draft, filing_id=bare.id, values={"domain": "99"}, revision=None, actor=place["filer"])

    assert (bare.title, bare.status, bare.values) == ("（未命名）", "DRAFT", {})
    assert list(refused.fields) == ["domain"]


def test_a_kind_that_does_not_exist_is_refused(place):
    assert refusal_of(create_draft, kind="poem", actor=place["filer"]).code == "choice_invalid"


def test_parties_are_known_as_organisations_where_the_name_is_known(place):
    filing = draft(place["filer"], service_institution="无名事务所", undertaker="打错的名字")

    parties = {one.role: (one.name, one.organisation_id) for one in session.scalars(select(FilingParty))}

    assert parties == {
        "COMMISSIONER": ("青岛市知识产权局", place.organisations["client"].id),
        "UNDERTAKER": ("打错的名字", filing.organisation_id),
        "SERVICE": ("无名事务所", None),
    }


def test_files_of_others_are_not_taken(place):
    stolen = upload(place["rival"])
    filing = draft(place["filer"])

    refused = refusal_of(
        save_draft, filing_id=filing.id, values={"report_file": stolen}, revision=None, actor=place["filer"]
    )

    assert refused.code == "attachment_unknown"


def test_drafts_and_filings_of_others_are_not_there(place):
    filing = draft(place["filer"])

    for stranger in ("rival", "province", "contact", "national"):
        refused = refusal_of(save_draft, filing_id=filing.id, values={}, revision=None, actor=place[stranger])
        assert isinstance(refused, NotFoundError)


def test_an_auditor_sees_a_filing_but_does_not_write_it(place):
    filing = submitted(place["filer"])

    assert isinstance(refusal_of(withdraw_filing, filing_id=filing.id, actor=place["province"]), ForbiddenError)


def test_a_draft_can_be_thrown_away_but_not_a_submitted_filing(place):
    gone, kept = draft(place["filer"], text="1"), submitted(place["filer"], text="2")
    with transaction():
        discard_draft(filing_id=gone.id, actor=place["filer"])

    assert session.get(Filing, gone.id) is None
    assert refusal_of(discard_draft, filing_id=kept.id, actor=place["filer"]).code == "filing_submitted"


def test_the_second_of_two_submissions_is_told_the_number(place):
    filing = submitted(place["filer"])

    refused = refusal_of(submit_filing, filing_id=filing.id, actor=place["filer"])

    assert isinstance(refused, ConflictError)
    assert (refused.code, refused.params) == ("filing_submitted", {"no": "鲁备2026-0001"})


def test_the_contact_files_for_an_organisation_of_the_province_and_it_is_marked(place):
    target = place.organisations["filer"].id
    filing = draft(place["contact"], organisation_id=target)
    submit(filing, place["contact"])
    decide(filing.id, place["province"], "return_for_correction", reasons=["SEAL"], opinion="请补章")

    answered = decide(filing.id, place["contact"], "resubmit", correction_note="已补章")

    assert (filing.filed_for, filing.organisation_id) == (True, target)
    assert answered.item.assignee_id == place["contact"].id


def test_the_contact_does_not_file_for_another_province(place):
    abroad = place.organisations["rival"].id

    refused = refusal_of(create_draft, kind="report", actor=place["contact"], organisation_id=abroad)

    assert isinstance(refused, NotFoundError)


def test_who_neither_files_nor_organises_creates_no_draft(place):
    assert isinstance(refusal_of(create_draft, kind="report", actor=place["province"]), ForbiddenError)


def test_e2_a_provincial_offices_own_filing_is_audited_nationally_only(place):
    filing = submitted(place["office"], undertaker="山东省知识产权局")

    assert open_node(filing.id) == "nat_audit"


def test_the_city_looks_first_where_its_province_wants_it(place):
    with transaction():
        session.get_one(Region, SHANDONG).has_city_review = True

    filing = submitted(place["filer"], commissioner="无人知晓的单位")

    assert (filing.city_code, open_node(filing.id), status_of(filing)) == ("370200", "city_audit", "CITY_REVIEW")


def test_e1_before_the_first_decision_a_withdrawal_is_free(place):
    filing = submitted(place["filer"])

    with transaction():
        withdraw_filing(filing_id=filing.id, actor=place["filer"])
    with pytest.raises(ConflictError) as late:
        decide(filing.id, place["province"], "approve")
    work_off()

    assert late.value.code == "filing_not_open"
    assert (status_of(get_filing(filing.id)), open_node(filing.id)) == ("WITHDRAWN", None)
    assert get_instance(filing.instance_id).end_node == "withdrawn"


def test_e1_after_the_first_decision_a_withdrawal_needs_a_reason(place):
    filing = submitted(place["filer"])
    decide(filing.id, place["province"], "approve", opinion="同意")

    refused = refusal_of(withdraw_filing, filing_id=filing.id, actor=place["filer"], reason="  ")
    with transaction():
        withdraw_filing(filing_id=filing.id, actor=place["filer"], reason="发现数据有误")

    assert (refused.code, list(refused.fields)) == ("withdrawal_reason_required", ["reason"])
    assert get_filing(filing.id).withdrawal_reason == "发现数据有误"


def test_e1_a_decided_filing_cannot_be_withdrawn(place):
    filing = submitted(place["filer"])
    decide(filing.id, place["province"], "approve")
    decide(filing.id, place["national"], "approve")

    refused = refusal_of(withdraw_filing, filing_id=filing.id, actor=place["filer"], reason="后悔")

    assert refused.code == "filing_not_withdrawable"


def test_e1_a_room_above_may_refuse_a_withdrawal(place):
    filing = submitted(place["filer"])

    def guard(one):
        raise ConflictError("filing_in_pool")

    add_withdrawal_guard(guard)
    add_withdrawal_guard(guard)
    refused = refusal_of(withdraw_filing, filing_id=filing.id, actor=place["filer"])
    guards.remove(guard)

    assert (refused.code, guard in guards) == ("filing_in_pool", False)
