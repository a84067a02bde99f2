"""A candidacy from its entry through screening and recheck, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import Organisation
from app.accounts.vocabulary import Role
from app.candidacies import queries
from app.candidacies.flow import record_standing, willing_filings
from app.candidacies.models import Candidacy
from app.candidacies.usecases import (
    decide_low_sample,
    open_candidacies,
    screen_candidacy,
    set_standing,
    withdraw_candidacy,
)
from app.candidacies.vocabulary import UNTOLD, DecisionStep, ScreenResult, Standing
from app.filings.models import DuplicateSuspicion, Filing, FilingParty
from app.inbox.usecases import complete_item
from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.kernel.transaction import transaction
from app.processes.doors import OperationCall, Subject
from app.processes.models import ProcessInstance, WorkItem
from app.processes.usecases import throw_message
from app.processes.worker import work_off
from tests.factories.accounts import make_actor, make_organisation
from tests.factories.candidacies import PROVINCE, make_candidacy, make_filing, ready_screening, start_award
from tests.factories.rounds import make_round

NOW = datetime(2026, 8, 20, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def frozen(app):
    with clock.at(NOW):
        yield


@pytest.fixture
def round_id(frozen):
    ready_screening()
    return make_round(parameters={"screening": {"province_cap": 2}})


@pytest.fixture
def organisation_id(round_id):
    return make_organisation(province_code=PROVINCE)


@pytest.fixture
def filer(organisation_id):
    return make_actor(Role.FILER, scope_code=str(organisation_id), organisation_id=organisation_id)


@pytest.fixture
def auditor(round_id):
    return make_actor(Role.NATIONAL_AUDITOR)


@pytest.fixture
def enter(round_id, organisation_id):
    """Enters a candidacy; returns its id."""
    return lambda **more: make_candidacy(round_id=round_id, organisation_id=organisation_id, **more)


@pytest.fixture
def award(round_id, organisation_id):
    """Starts the process of a candidacy; returns the instance's id."""
    return lambda candidacy_id: start_award(candidacy_id, round_id=round_id, organisation_id=organisation_id)


def screen(candidacy_id):
    with transaction():
        return screen_candidacy(candidacy_id=candidacy_id)


def results(candidacy_id):
    return {row.rule: (row.finding, row.result) for row in queries.results_of(candidacy_id)}


def standing(candidacy_id):
    return session.scalar(select(Candidacy.standing).where(Candidacy.id == candidacy_id))


def open_nodes(instance_id):
    rows = session.execute(
        select(WorkItem.node, WorkItem.id).where(WorkItem.instance_id == instance_id, WorkItem.status == "open")
    )
    return dict(rows.all())


def complete(item_id, actor, outcome, **values):
    with transaction():
        return complete_item(item_id=item_id, outcome=outcome, values=values, actor=actor)


def end_of(instance_id):
    return session.scalar(select(ProcessInstance.end_node).where(ProcessInstance.id == instance_id))


def test_r063_only_willing_filed_reports_of_the_round_stand(round_id, organisation_id):
    good = make_filing(round_id=round_id, organisation_id=organisation_id)
    for fault in (
        {"is_willing": False},
        {"status": "REJECTED"},
        {"kind": "database", "report_type": None},
        {"round_id": make_round(name="2027年度评价周期", starts_on=date(2027, 3, 1))},
    ):
        make_filing(**{"round_id": round_id, "organisation_id": organisation_id, **fault})

    with transaction():
        first = open_candidacies(round_id=round_id, actor=SYSTEM)
        second = open_candidacies(round_id=round_id, actor=SYSTEM)

    assert (first, second) == (1, 1)
    assert [each.filing_id for each in queries.candidacies_in(round_id)] == [good]


def test_the_set_call_gets_the_candidacies_that_stand_at_the_beginning(round_id, enter):
    first, second = enter(), enter()
    with transaction():
        set_standing(candidacy_ids=[second], standing=Standing.WITHDRAWN)
    call = OperationCall(1, "evaluation_round", "candidacies", Subject("round", round_id), round_id, {}, SYSTEM)

    rows = session.execute(willing_filings(call)).all()

    assert [(row.subject_type, row.subject_id, row.province_code) for row in rows] == [("candidacy", first, PROVINCE)]


def test_a_candidacy_without_fault_passes_and_every_rule_is_stored(enter):
    candidacy_id = enter()

    assert screen(candidacy_id) is ScreenResult.PASS
    assert results(candidacy_id) == dict.fromkeys(results(candidacy_id), ("met", "pass"))
    assert len(results(candidacy_id)) == 10
    assert standing(candidacy_id) == Standing.IN_RATING


@pytest.mark.parametrize(
    ("fault", "rule", "finding", "result"),
    [
        ({"abstract": ""}, "complete", "incomplete", "fail"),
        ({"finished_on": date(2020, 1, 1)}, "in_period", "outside", "fail"),
        ({"accepted_on": None}, "in_period", "unknown", "manual"),
        ({"proofs": ()}, "proved", "no_proof", "fail"),
        ({"report_type": "REGION"}, "proved", "no_government_proof", "fail"),
    ],
)
def test_a_fault_of_the_filing_is_found(enter, fault, rule, finding, result):
    candidacy_id = enter(**fault)

    assert screen(candidacy_id) == result
    assert results(candidacy_id)[rule] == (finding, result)
    assert standing(candidacy_id) == Standing.SCREENING


def test_a_filing_that_has_left_the_round_since_fails(enter, round_id):
    gone, moved = enter(), enter()
    with transaction():
        session.get_one(Filing, queries.get_candidacy(gone).filing_id).status = "WITHDRAWN"
        session.get_one(Filing, queries.get_candidacy(moved).filing_id).round_id = None

    assert (screen(gone), screen(moved)) == (ScreenResult.FAIL, ScreenResult.FAIL)
    assert (results(gone)["filed"][0], results(moved)["filed"][0]) == ("not_filed", "other_round")


@pytest.mark.parametrize(("verdict", "finding"), [(None, "suspected"), ("same", "confirmed"), ("different", "met")])
def test_e1_the_later_of_two_similar_filings_is_the_duplicate(enter, verdict, finding):
    first, second = enter(), enter()
    ids = [queries.get_candidacy(each).filing_id for each in (first, second)]
    with transaction():
        session.add(DuplicateSuspicion(filing_id=ids[1], other_id=ids[0], similarity=0.9, verdict=verdict))

    screen(first)
    screen(second)

    assert (results(first)["no_duplicate"][0], results(second)["no_duplicate"][0]) == ("met", finding)


def test_a_result_awarded_in_another_round_does_not_stand_again(enter, round_id, organisation_id):
    earlier = make_round(name="2025年度评价周期", starts_on=date(2025, 3, 3))
    old = make_candidacy(round_id=earlier, organisation_id=organisation_id, title="同一成果", status="FILED")
    with transaction():
        set_standing(candidacy_ids=[old], standing=Standing.AWARDED)

    candidacy_id = enter(title="同一成果")
    screen(candidacy_id)

    row = next(row for row in queries.results_of(candidacy_id) if row.rule == "not_awarded")
    assert (row.finding, row.facts) == ("awarded", {"awarded_in": ["2025年度评价周期"]})


def test_a_party_on_a_list_of_dishonesty_fails_and_an_unknown_one_is_named(enter, organisation_id):
    listed = make_organisation(name="失信公司")
    candidacy_id = enter()
    filing_id = queries.get_candidacy(candidacy_id).filing_id
    with transaction():
        session.get_one(Organisation, listed).is_dishonest = True
        session.add_all(
            FilingParty(filing_id=filing_id, role="SERVICE", name=name) for name in ("失信公司", "无名机构")
        )

    screen(candidacy_id)

    row = next(row for row in queries.results_of(candidacy_id) if row.rule == "honest")
    assert (row.result, row.facts) == ("fail", {"listed": ["失信公司"], "unknown": ["无名机构"]})


def test_more_than_the_provinces_cap_goes_to_a_person(enter):
    ids = [enter() for _ in range(3)]

    assert [screen(each) for each in ids] == [ScreenResult.PASS, ScreenResult.PASS, ScreenResult.MANUAL]


def test_running_the_rules_again_keeps_the_first_results(enter):
    candidacy_id = enter(proofs=())

    screen(candidacy_id)
    screen(candidacy_id)

    assert queries.count_runs(candidacy_id) == 2
    assert len(queries.results_of(candidacy_id)) == 10


def test_screening_gathers_its_facts_in_few_statements(enter, engine, count_statements):
    candidacy_id = enter()
    screen(candidacy_id)

    with count_statements() as counted:
        screen(candidacy_id)

    assert len(counted) <= 16


def test_a_pass_waits_for_the_push(enter, award):
    candidacy_id = enter()

    instance_id = award(candidacy_id)

    assert open_nodes(instance_id) == {}
    assert standing(candidacy_id) == Standing.IN_RATING


def test_manual_screening_passes(enter, award, auditor):
    candidacy_id = enter(accepted_on=None)
    instance_id = award(candidacy_id)

    complete(open_nodes(instance_id)["screen_manual"], auditor, "pass")

    assert open_nodes(instance_id) == {}
    assert standing(candidacy_id) == Standing.IN_RATING
    assert [(row.step, row.decision) for row in queries.decisions_of(candidacy_id)] == [("manual", "pass")]


def test_a_refusal_names_rule_and_reason_and_another_auditor_rechecks(enter, award, auditor, filer):
    candidacy_id = enter(accepted_on=None)
    instance_id = award(candidacy_id)
    item_id = open_nodes(instance_id)["screen_manual"]
    with pytest.raises(InvalidError):
        complete(item_id, auditor, "fail", reason="未见验收材料")

    complete(item_id, auditor, "fail", rule="in_period", reason="未见验收材料")
    complete(open_nodes(instance_id)["offer_recheck"], filer, "request_recheck", grounds="已补验收证书")
    recheck = open_nodes(instance_id)["recheck"]
    with pytest.raises(ForbiddenError, match="four_eyes"):
        complete(recheck, auditor, "pass")
    complete(recheck, make_actor(Role.NATIONAL_AUDITOR), "pass", reason="材料已补齐")

    assert standing(candidacy_id) == Standing.IN_RATING
    assert [(row.step, row.decision, row.rule) for row in queries.decisions_of(candidacy_id)] == [
        ("manual", "fail", "in_period"),
        ("request", "request_recheck", None),
        ("recheck", "pass", None),
    ]


def test_the_filer_who_takes_the_result_is_screened_out(enter, award, filer):
    candidacy_id = enter(proofs=())
    instance_id = award(candidacy_id)

    complete(open_nodes(instance_id)["offer_recheck"], filer, "accept_result")

    assert (standing(candidacy_id), end_of(instance_id)) == (Standing.SCREENED_OUT, "screened_out")


def test_a_filer_who_stays_silent_for_five_working_days_is_screened_out(enter, award):
    candidacy_id = enter(proofs=())
    instance_id = award(candidacy_id)

    with clock.at(NOW + timedelta(days=14)):
        work_off()

    assert (standing(candidacy_id), end_of(instance_id)) == (Standing.SCREENED_OUT, "screened_out")


def test_what_is_undecided_when_screening_closes_is_screened_out(enter, award, round_id):
    candidacy_id = enter(accepted_on=None)
    instance_id = award(candidacy_id)

    with transaction():
        throw_message(name="screening_closed", batch_id=round_id)
    work_off()

    assert (standing(candidacy_id), end_of(instance_id)) == (Standing.SCREENED_OUT, "screened_out")


def test_e1_the_filer_leaves_the_award_and_the_filing_stays(enter, award, filer):
    candidacy_id = enter()
    instance_id = award(candidacy_id)

    with transaction():
        withdraw_candidacy(candidacy_id=candidacy_id, reason="单位另有安排", actor=filer)
    work_off()

    assert (standing(candidacy_id), end_of(instance_id)) == (Standing.WITHDRAWN, "withdrawn")
    assert session.get_one(Filing, queries.get_candidacy(candidacy_id).filing_id).status == "FILED"
    with pytest.raises(ConflictError, match="candidacy_ended"), transaction():
        withdraw_candidacy(candidacy_id=candidacy_id, reason="再次", actor=filer)


@pytest.mark.parametrize("secret", sorted(UNTOLD))
def test_leaving_tells_nobody_before_the_list_who_is_in_the_pool(enter, filer, secret):
    candidacy_id = enter()
    with transaction():
        set_standing(candidacy_ids=[candidacy_id], standing=secret)

    with transaction():
        withdraw_candidacy(candidacy_id=candidacy_id, reason="单位另有安排", actor=filer)

    assert standing(candidacy_id) == Standing.WITHDRAWN


def test_leaving_needs_a_reason_and_one_s_own_candidacy(enter, filer):
    candidacy_id, stranger = enter(), make_actor(Role.FILER, scope_code="999")

    with pytest.raises(InvalidError), transaction():
        withdraw_candidacy(candidacy_id=candidacy_id, reason="", actor=filer)
    with pytest.raises(NotFoundError), transaction():
        withdraw_candidacy(candidacy_id=candidacy_id, reason="x", actor=stranger)


def test_a_disqualified_candidacy_ends_and_stays_so(enter, award):
    candidacy_id = enter()
    instance_id = award(candidacy_id)

    with transaction():
        throw_message(name="candidacy_disqualified", subject=Subject("candidacy", candidacy_id))
    work_off()
    with transaction():
        set_standing(candidacy_ids=[candidacy_id], standing=Standing.IN_POOL)

    assert (standing(candidacy_id), end_of(instance_id)) == (Standing.DISQUALIFIED, "disqualified")


@pytest.mark.parametrize(
    "result", ["screened_out", "low_sample", "not_pooled", "not_selected", "excluded", "held", "awarded"]
)
def test_the_end_of_the_award_is_written_as_the_diagram_says(enter, result):
    candidacy_id = enter()
    subject = Subject("candidacy", candidacy_id)

    with transaction():
        record_standing(OperationCall(1, "award_candidacy", "record_standing", subject, 1, {"result": result}, SYSTEM))

    assert standing(candidacy_id) == result


@pytest.mark.parametrize(("enters", "after"), [(True, Standing.IN_RATING), (False, Standing.LOW_SAMPLE)])
def test_e6_too_few_ratings_are_decided_by_a_person(enter, auditor, enters, after):
    candidacy_id = enter()

    with transaction():
        decide_low_sample(candidacy_id=candidacy_id, enters=enters, reason="应用证明充分", actor=auditor)

    assert standing(candidacy_id) == after
    assert queries.get_candidacy(candidacy_id).by_proofs is enters
    assert queries.find_decision(candidacy_id, DecisionStep.LOW_SAMPLE).reason == "应用证明充分"


def test_e6_without_a_valid_proof_nothing_enters_by_proofs(enter, auditor):
    candidacy_id = enter(proofs=())

    with pytest.raises(InvalidError, match="no_valid_proof"), transaction():
        decide_low_sample(candidacy_id=candidacy_id, enters=True, reason="x", actor=auditor)


def test_a_candidacy_is_seen_by_nation_its_province_and_its_filer_only(enter, filer, auditor):
    candidacy_id = enter()
    own, other = (make_actor(Role.PROVINCE_CONTACT, scope_code=code) for code in (PROVINCE, "110000"))

    for actor in (filer, auditor, own):
        assert queries.get_candidacy_for(candidacy_id=candidacy_id, actor=actor).id == candidacy_id
    for actor in (other, make_actor(Role.EXPERT), make_actor(Role.FILER, scope_code="999")):
        with pytest.raises(NotFoundError):
            queries.get_candidacy_for(candidacy_id=candidacy_id, actor=actor)


def test_lists_and_counts_show_what_stands_where(enter, round_id, auditor):
    first, second, third = enter(title="甲"), enter(title="乙"), enter(title="丙")
    with transaction():
        set_standing(candidacy_ids=[third], standing=Standing.IN_POOL)

    page = queries.list_candidacies(round_id=round_id, actor=auditor, standing="screening", province=PROVINCE, limit=1)

    assert [each.id for each in page] == [first, second]
    assert [each.id for each in queries.list_candidacies(round_id=round_id, actor=auditor, q="乙")] == [second]
    assert queries.count_by_standing(round_id) == {"screening": 2, "in_pool": 1}
    assert queries.count_by_province(round_id) == {PROVINCE: {"screening": 2, "in_pool": 1}}
