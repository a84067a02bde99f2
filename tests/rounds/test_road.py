"""Where a round stands follows from its process alone."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from app.rounds.road import NODES, Position, is_window_open, view_stages
from app.rounds.vocabulary import StageCode, StageStatus
from tests.rounds.test_planning import WINDOWS, add_workdays, plan_stages

START = date(2026, 3, 23)
PLAN = plan_stages(START, workdays=WINDOWS, add_workdays=add_workdays)
ENDS = {stage.code: stage.closes_at for stage in PLAN}
EARLY = datetime(2026, 3, 24, tzinfo=UTC)
LINE = {
    "setup": {"setup"},
    "filing": {"filing_ends"},
    "audit_tail": {"audit_tail_ends"},
    "screening": {"candidacies", "screening_ends"},
    "push": {"candidacies", "approve_push"},
    "rating": {"candidacies", "rating_ends"},
    "rating_second": {"candidacies", "second_ends"},
    "pool": {"candidacies", "pool_line"},
    "expert_review": {"candidacies", "form_panels"},
    "proposal": {"candidacies", "proposal_sign"},
    "public_notice": {"candidacies", "notice_ends"},
    "results": {"candidacies", "draft"},
    "decision": {"final"},
}


def view(open_nodes, *, left=(), now=EARLY, is_ended=False):
    position = Position(frozenset(open_nodes), dict.fromkeys(left, now), is_ended=is_ended)
    return {stage.code.value: stage for stage in view_stages(PLAN, position, now=now)}


@pytest.mark.parametrize(("code", "nodes"), LINE.items())
def test_an_open_node_opens_its_stage_and_makes_it_the_present_one(code, nodes):
    stages = view(nodes)

    assert [stage.code.value for stage in stages.values() if stage.is_now] == [code]
    assert stages[code].status is StageStatus.OPEN


def test_before_the_process_begins_everything_is_planned():
    assert {stage.status for stage in view(()).values()} == {StageStatus.PLANNED}


def test_stages_behind_are_closed_and_those_ahead_are_planned():
    stages = view({"screening_ends"}, left=("setup", "filing_ends", "audit_tail_ends"))

    statuses = {code: stage.status for code, stage in stages.items()}
    assert [statuses[code] for code in ("setup", "filing", "audit_tail")] == [StageStatus.CLOSED] * 3
    assert [statuses[code] for code in ("push", "rating", "archived")] == [StageStatus.PLANNED] * 3


def test_second_rating_is_skipped_when_no_item_was_short():
    stages = view({"pool_line"}, left=("rating_ends", "aggregate", "rating_closed"))

    assert stages["rating_second"].status is StageStatus.SKIPPED
    assert stages["rating_second"].shown_end is None


def test_annual_form_open_beside_filing_is_not_the_present_stage():
    stages = view({"filing_ends", "forms"})

    assert stages["annual_form"].status is StageStatus.OPEN
    assert [stage.code.value for stage in stages.values() if stage.is_now] == ["filing"]


def test_scoring_left_alone_open_never_is_the_present_stage():
    assert not any(stage.is_now for stage in view({"verify"}).values())


def test_meetings_are_planned_while_the_review_runs_though_the_call_has_written_its_beginning():
    stages = view({"panels"}, left=("form_panels", "panels"))

    assert (stages["expert_review"].status, stages["panel"].status) == (StageStatus.OPEN, StageStatus.PLANNED)


def test_panels_are_review_until_the_window_ends_and_meetings_afterwards():
    before = view({"panels"}, left=("form_panels",), now=ENDS[StageCode.EXPERT_REVIEW] - timedelta(minutes=1))
    after = view({"panels"}, left=("form_panels",), now=ENDS[StageCode.EXPERT_REVIEW])

    assert (before["expert_review"].status, before["panel"].status) == (StageStatus.OPEN, StageStatus.PLANNED)
    assert (after["expert_review"].status, after["panel"].status) == (StageStatus.CLOSED, StageStatus.OPEN)
    assert after["expert_review"].closed_at == ENDS[StageCode.EXPERT_REVIEW]


def test_a_stage_without_timer_closed_when_its_last_step_was_taken():
    left_at = datetime(2026, 9, 4, tzinfo=UTC)

    stages = view({"rating_ends"}, left=("approve_push",), now=left_at)

    assert stages["push"].closed_at == left_at


def test_an_ended_round_has_no_open_stage():
    stages = view((), left=("setup",), is_ended=True)

    assert stages["setup"].status is StageStatus.CLOSED
    assert stages["filing"].status is StageStatus.SKIPPED


def test_a_timed_window_is_shut_on_time_although_its_timer_is_late():
    late = view({"rating_ends"}, now=ENDS[StageCode.RATING])["rating"]

    assert late.status is StageStatus.OPEN
    assert not is_window_open(late, now=ENDS[StageCode.RATING])
    assert is_window_open(late, now=ENDS[StageCode.RATING] - timedelta(seconds=1))


def test_every_waiting_node_of_the_diagram_belongs_to_a_stage():
    path = Path("workflows/evaluation_round.bpmn")
    bpmn = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
    kinds = ("userTask", "serviceTask", "callActivity", "intermediateCatchEvent", "intermediateThrowEvent")
    tree = etree.parse(path)
    nodes = {element.get("id") for kind in kinds for element in tree.iter(bpmn + kind)}

    assert nodes - {"candidacies"} <= {node for group in NODES.values() for node in group}
