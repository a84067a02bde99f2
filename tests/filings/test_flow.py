"""The room's side of the filing process and of the round's main road."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import Region
from app.filings import flow
from app.filings.models import ApplicationProof, AuditOpinion, DuplicateSuspicion, FilingVersion
from app.filings.queries import get_filing, status_of, valid_proofs
from app.filings.usecases import save_draft, submit_filing
from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.errors import ConflictError, DomainError, FieldError, ForbiddenError, InvalidError
from app.kernel.transaction import transaction
from app.processes.doors import CompletedItem, OperationCall, Subject
from app.processes.queries import get_instance
from app.processes.worker import work_off
from app.rounds.vocabulary import RoundStatus
from tests.factories.filings import JIANGSU, decide, draft, make_round, open_node, submitted, upload

RETURN = {"reasons": ["INCOMPLETE"], "opinion": "第37页：请补充检索说明"}


def refusal_of(filing_id, actor, outcome, **values) -> DomainError:
    with pytest.raises(DomainError) as refused:
        decide(filing_id, actor, outcome, **values)
    return refused.value


def item_of(filing, role, **variables) -> CompletedItem:
    """A work item as the inbox hands it over, for guards that the diagram already keeps away."""
    return CompletedItem(
        id=1,
        instance_id=filing.instance_id,
        process="filing",
        node="any",
        role=role,
        form="audit_opinion",
        subject=Subject("filing", filing.id),
        batch_id=filing.round_id,
        title=filing.title,
        variables=variables,
        completed_by={},
    )


def round_call(round_id) -> OperationCall:
    return OperationCall(
        instance_id=1,
        process="evaluation_round",
        node="unfinished",
        subject=Subject("round", round_id),
        batch_id=round_id,
        variables={},
        actor=SYSTEM,
    )


def test_a_filing_passed_by_province_and_nation_is_filed_under_its_number(place):
    filing = submitted(place["filer"])

    decide(filing.id, place["province"], "approve", opinion="同意")
    assert status_of(get_filing(filing.id)) == "NAT_REVIEW"
    decide(filing.id, place["national"], "approve")

    filed = get_filing(filing.id)
    assert (filed.status, filed.number, filed.receipt_number) == (
        "FILED",
        "BA-2026-370000-INDUSTRY-0001",
        "鲁备2026-0001",
    )
    assert filed.decided_at == clock.now()
    told = select(AuditOpinion.level, AuditOpinion.decision, AuditOpinion.version).order_by(AuditOpinion.id)
    opinions = session.execute(told).all()
    assert [tuple(one) for one in opinions] == [("province", "approve", 1), ("national", "approve", 1)]
    assert get_instance(filing.instance_id).end_node == "filed"


def test_e2_a_rejected_filing_may_be_filed_anew(place):
    filing = submitted(place["filer"], text="SAME")

    decide(filing.id, place["province"], "reject", **RETURN)

    assert get_filing(filing.id).status == "REJECTED"
    assert submitted(place["filer"], text="SAME").status == "SUBMITTED"


def test_e2_a_return_keeps_reason_and_version_and_goes_back_to_the_one_who_returned(place):
    filing = submitted(place["filer"])
    decide(filing.id, place["province"], "approve")
    decide(filing.id, place["national"], "return_for_correction", **RETURN)
    assert status_of(get_filing(filing.id)) == "RETURNED"

    decide(filing.id, place["filer"], "resubmit", correction_note="已补充", changes={"abstract": "更新后的摘要" * 5})

    versions = session.scalars(select(FilingVersion).order_by(FilingVersion.version)).all()
    assert [one.version for one in versions] == [1, 2]
    assert versions[1].values["abstract"] == "更新后的摘要" * 5
    assert open_node(filing.id) == "nat_audit"
    returned = session.scalars(select(AuditOpinion).where(AuditOpinion.decision == "return_for_correction")).one()
    assert (returned.reasons, returned.opinion, returned.auditor_name) == (
        ["INCOMPLETE"],
        RETURN["opinion"],
        "national某",
    )


def test_what_was_saved_while_returned_is_what_is_resubmitted(place):
    filing = submitted(place["filer"])
    decide(filing.id, place["province"], "return_for_correction", **RETURN)
    with transaction():
        save_draft(filing_id=filing.id, values={"title": "改正后的题目"}, revision=None, actor=place["filer"])

    decide(filing.id, place["filer"], "resubmit", correction_note="题目已改")

    assert get_filing(filing.id).title == "改正后的题目"


def test_while_it_is_audited_nobody_changes_a_filing(place):
    filing = submitted(place["filer"])

    with pytest.raises(ConflictError) as refused, transaction():
        save_draft(filing_id=filing.id, values={"title": "偷偷改的题目"}, revision=None, actor=place["filer"])

    assert refused.value.code == "filing_submitted"


def test_a_correction_is_judged_like_a_first_submission(place):
    filing = submitted(place["filer"])
    decide(filing.id, place["province"], "return_for_correction", **RETURN)

    refused = refusal_of(
        filing.id, place["filer"], "resubmit", correction_note="改", changes={"title": None, "unclassified": False}
    )

    assert refused.code == "secrecy_unconfirmed"
    assert open_node(filing.id) == "correct"


def test_a_correction_may_not_bring_in_a_file_of_another_filing(place):
    submitted(place["rival"], text="TAKEN", commissioner="江浦膜业有限公司", undertaker="江浦膜业有限公司")
    filing = submitted(place["filer"], text="MINE")
    decide(filing.id, place["province"], "return_for_correction", **RETURN)
    same = upload(place["filer"], "TAKEN")

    refused = refusal_of(filing.id, place["filer"], "resubmit", correction_note="改", changes={"report_file": same})

    assert refused.code == "duplicate_file"


def test_e2_the_third_return_of_a_level_is_not_offered(place):
    filing = submitted(place["filer"])
    for _ in range(2):
        decide(filing.id, place["province"], "return_for_correction", **RETURN)
        decide(filing.id, place["filer"], "resubmit", correction_note="已改")

    refused = refusal_of(filing.id, place["province"], "return_for_correction", **RETURN)

    assert refused.code == "returns_used_up"


def test_e2_the_room_itself_counts_returns_whatever_a_diagram_offers(place):
    filing = submitted(place["filer"])

    with pytest.raises(InvalidError) as refused, transaction():
        flow.complete_audit_opinion(
            item=item_of(filing, "province_auditor", province_returns=2),
            outcome="return_for_correction",
            values=RETURN,
            actor=place["province"],
        )

    assert refused.value.code == "returns_used_up"


@pytest.mark.parametrize(("values", "field"), [({"opinion": "写了"}, "reasons"), ({"reasons": ["SEAL"]}, "opinion")])
def test_e2_a_return_without_reason_or_words_is_refused(place, values, field):
    filing = submitted(place["filer"])

    with pytest.raises(InvalidError) as refused, transaction():
        flow.complete_audit_opinion(
            item=item_of(filing, "province_auditor"),
            outcome="return_for_correction",
            values=values,
            actor=place["province"],
        )

    assert refused.value.code == "reason_required"
    assert refused.value.fields == {field: [FieldError("reason_required")]}


def test_e2_nobody_audits_what_the_own_organisation_filed(place):
    filing = submitted(place["filer"])
    colleague = replace(place["province"], organisation_id=filing.organisation_id)

    refused = refusal_of(filing.id, colleague, "approve")

    assert isinstance(refused, ForbiddenError)
    assert refused.code == "own_material"


def test_e2_nobody_audits_what_oneself_filed_for_another(place):
    filing = draft(place["contact"], organisation_id=place.organisations["filer"].id)
    with transaction():
        submit_filing(filing_id=filing.id, actor=place["contact"])
    both = replace(place["province"], id=place["contact"].id)

    assert refusal_of(filing.id, both, "approve").code == "own_material"


def test_four_eyes_the_province_s_auditor_does_not_audit_for_the_nation(place):
    filing = submitted(place["filer"])
    decide(filing.id, place["province"], "approve")
    both = replace(place["national"], id=place["province"].id)

    assert refusal_of(filing.id, both, "approve").code == "four_eyes"


def test_e2_a_correction_not_made_in_ten_working_days_lapses(place):
    filing = submitted(place["filer"])
    decide(filing.id, place["province"], "return_for_correction", **RETURN)

    clock.travel(timedelta(days=30))
    work_off()

    assert status_of(get_filing(filing.id)) == "LAPSED"
    assert open_node(filing.id) is None


def test_the_filer_may_withdraw_instead_of_correcting(place):
    filing = submitted(place["filer"])
    decide(filing.id, place["province"], "return_for_correction", **RETURN)

    decide(filing.id, place["filer"], "withdraw", correction_note="不再备案")

    withdrawn = get_filing(filing.id)
    assert (withdrawn.status, withdrawn.withdrawal_reason) == ("WITHDRAWN", "不再备案")


def test_the_city_is_passed_over_after_ten_working_days_and_it_is_marked(place):
    with transaction():
        session.get_one(Region, "370000").has_city_review = True
    filing = submitted(place["filer"], commissioner="无人知晓的单位")

    clock.travel(timedelta(days=20))
    work_off()

    passed = get_filing(filing.id)
    assert (passed.is_city_unaudited, open_node(filing.id)) == (True, "prov_audit")


def test_proofs_become_valid_with_the_filing_unless_refused_or_without_scan(place):
    scan = [upload(place["filer"], f"PROOF {n}", "证明.pdf") for n in range(2)]
    proof = {"end": "GOV", "type": "POLICY_ADOPTED", "level": "PROVINCE", "issuer": "省发展改革委"}
    filing = submitted(
        place["filer"],
        proofs=[proof | {"file": scan[0]}, proof | {"level": "CITY", "file": scan[1]}, proof | {"level": "COUNTY"}],
    )
    decide(filing.id, place["province"], "approve", invalid_proofs=[2])
    decide(filing.id, place["national"], "approve")

    found = session.execute(select(ApplicationProof.level, ApplicationProof.is_valid).order_by(ApplicationProof.id))
    assert [tuple(one) for one in found] == [("PROVINCE", True), ("CITY", False), ("COUNTY", False)]
    assert valid_proofs([filing.id]) == {filing.id: {("GOV", "PROVINCE"): 1}}


def test_e1_the_auditor_settles_a_suspected_duplicate(place):
    submitted(place["filer"], text="1")
    second = submitted(place["filer"], frozenset({"duplicate_suspected"}), text="2")

    decide(second.id, place["province"], "reject", same_project="same", **RETURN)

    assert session.scalars(select(DuplicateSuspicion.verdict)).all() == ["same"]


def test_e1_what_was_found_to_be_the_same_project_cannot_be_approved(place):
    submitted(place["filer"], text="1")
    second = submitted(place["filer"], frozenset({"duplicate_suspected"}), text="2")

    refused = refusal_of(second.id, place["province"], "approve", same_project="same")

    assert refused.code == "duplicate_confirmed"


def test_the_round_counts_its_unfinished_filings_and_adopts_those_that_waited(place):
    decided, waiting = (
        submitted(place["filer"], text="1"),
        submitted(place["rival"], text="2", title="光电线缆专利导航"),
    )
    decide(decided.id, place["province"], "reject", **RETURN)
    draft(place["filer"], text="3")
    with transaction():
        get_filing(waiting.id).round_id = None

    with transaction():
        counted = flow.count_unfinished(round_call(place.round_id))

    assert counted == {"unfinished": 1}
    assert get_filing(waiting.id).round_id == place.round_id


@pytest.mark.parametrize("has_next", [True, False])
def test_unfinished_filings_move_to_the_next_round_or_wait_for_it(place, has_next):
    filing = submitted(place["filer"])
    with transaction():
        coming = make_round(2027, RoundStatus.SETUP).id if has_next else None

    with transaction():
        flow.move_unfinished(round_call(place.round_id))

    assert get_filing(filing.id).round_id == coming


def test_both_numbers_of_another_province_count_by_themselves(place):
    first = submitted(place["filer"], text="1")
    abroad = submitted(place["rival"], text="2", payer_province=JIANGSU, title="光电线缆专利导航项目")

    assert (first.number, abroad.number) == ("鲁备2026-0001", "苏备2026-0001")
