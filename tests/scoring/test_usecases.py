"""Counting the bonus from real awards (R-070)."""

from decimal import Decimal

import pytest

from app.accounts.usecases import load_regions
from app.candidacies.usecases import set_standing
from app.candidacies.vocabulary import Standing
from app.kernel.actor import SYSTEM
from app.kernel.errors import InvalidError
from app.kernel.transaction import transaction
from app.processes.doors import CompletedItem, Subject
from app.scoring.flow import complete_final_result
from app.scoring.queries import bonuses_of, deductions_of, latest_revision, list_revisions
from app.scoring.usecases import count_bonus, revise_bonus
from tests.factories.accounts import make_organisation
from tests.factories.announcements import make_listed_round


def award(candidacy_ids: list[int], standing: Standing = Standing.AWARDED) -> None:
    with transaction():
        set_standing(candidacy_ids=candidacy_ids, standing=standing)


def count(round_id: int) -> dict[str, Decimal]:
    with transaction():
        revision = count_bonus(round_id=round_id, actor=SYSTEM)
    return {row.region_code: row.points for row in bonuses_of(revision.id)}


def test_r070_only_awarded_candidacies_count_held_ones_wait(app):
    round_id, ids = make_listed_round()
    award(ids[:1])
    award(ids[1:2], Standing.HELD)

    assert count(round_id) == {"370000": Decimal(1)}


def test_r070_the_service_institutions_province_gets_nothing_and_joint_commissioners_share(app):
    with transaction():
        load_regions()
    make_organisation(name="青岛市知识产权局", province_code="370000")
    make_organisation(name="苏州市知识产权局", province_code="320000")
    make_organisation(name="粤海服务公司", type="SERVICE", province_code="440000")
    round_id, ids = make_listed_round(
        provinces=("370000",),
        parties=(("COMMISSIONER", "青岛市知识产权局、苏州市知识产权局"), ("SERVICE", "粤海服务公司")),
    )
    award(ids)

    assert count(round_id) == {"370000": Decimal("0.5"), "320000": Decimal("0.5")}


def test_e11_a_revision_keeps_the_old_rows_and_nothing_new_makes_no_revision(app):
    round_id, ids = make_listed_round()
    award(ids)
    count(round_id)
    count(round_id)
    award(ids[:1], Standing.EXCLUDED)
    with transaction():
        revise_bonus(round_id=round_id, actor=SYSTEM, reason="objection_upheld")

    revisions = list_revisions(round_id)
    assert [one.revision for one in revisions] == [1, 2]
    assert {row.region_code: int(row.points) for row in bonuses_of(revisions[0].id)}["370000"] == 1
    assert {row.region_code: int(row.points) for row in bonuses_of(revisions[1].id)}["370000"] == 0


def test_before_the_first_count_there_is_nothing_to_revise(app):
    round_id, _ = make_listed_round()
    with transaction():
        assert revise_bonus(round_id=round_id, actor=SYSTEM, reason="objection_upheld") is None

    assert latest_revision(round_id) is None


def complete(round_id: int, adjustments: object) -> None:
    item = CompletedItem(
        id=1, instance_id=1, process="evaluation_round", node="final", role="manager", form="final_result",
        subject=Subject("round", round_id), batch_id=round_id, title="", variables={}, completed_by={},
    )  # fmt: skip
    values = {} if adjustments is None else {"adjustments": adjustments}
    with transaction():
        complete_final_result(item=item, outcome="submit", values=values, actor=SYSTEM)


@pytest.fixture
def round_id(app):
    made, _ = make_listed_round()
    return made


def test_e11_the_last_decision_on_deductions_holds(round_id):
    complete(round_id, [{"province": "370000", "deduction": 2, "reason": "逾期"}])
    complete(round_id, [{"province": "320000", "deduction": 1.5, "reason": "逾期"}])

    assert [(row.region_code, row.points) for row in deductions_of(round_id)] == [("320000", Decimal("1.5"))]
    complete(round_id, None)
    assert deductions_of(round_id) == []


@pytest.mark.parametrize(
    "wish",
    [
        {"province": "999999", "deduction": 1, "reason": "x"},
        {"province": "370000", "deduction": 0, "reason": "x"},
        {"province": "370000", "deduction": "NaN", "reason": "x"},
        {"province": "370000", "deduction": 1, "reason": " "},
        "370000",
    ],
)
def test_e11_a_deduction_names_a_province_points_and_a_reason(round_id, wish):
    with pytest.raises(InvalidError):
        complete(round_id, [wish])
