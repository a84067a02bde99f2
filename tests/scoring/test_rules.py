"""Bonus and ranking (R-070, E11)."""

from decimal import Decimal
from fractions import Fraction

import pytest

from app.scoring.rules import AwardedProject, bonus_points, count_bonuses, credited_provinces, rank_regions

ONE, CAP = Fraction(1), Fraction(8)


def project(number: int, province: str = "370000", *commissioning: str) -> AwardedProject:
    return AwardedProject(number, f"成果{number}", province, frozenset(commissioning))


def points(*projects: AwardedProject, cap: Fraction = CAP) -> dict[str, Decimal]:
    return {one.region_code: one.points for one in count_bonuses(projects, each=ONE, cap=cap)}


def test_r070_each_excellent_project_gives_one_point_to_its_attribution_province():
    assert points(project(1), project(2), project(3, "320000")) == {"370000": Decimal(2), "320000": Decimal(1)}


def test_r070_the_bonus_is_capped_at_eight():
    assert points(*(project(n) for n in range(1, 12))) == {"370000": Decimal(8)}


def test_r070_a_joint_project_is_split_evenly_among_the_commissioning_provinces():
    assert points(project(1, "370000", "370000", "320000", "330000")) == dict.fromkeys(
        ("320000", "330000", "370000"), Decimal("0.333")
    )


def test_r070_shares_are_added_exactly_before_they_are_rounded():
    three = [project(n, "370000", "370000", "320000", "330000") for n in (1, 2, 3)]
    assert points(*three) == dict.fromkeys(("320000", "330000", "370000"), Decimal(1))


@pytest.mark.parametrize("commissioning", [(), ("370000",), ("110000",)])
def test_r070_a_project_of_one_commissioner_counts_for_the_province_that_paid(commissioning):
    assert credited_provinces(province="370000", commissioning=commissioning) == ("370000",)


def test_r070_the_cap_is_applied_to_the_sum_not_to_the_project():
    shares = count_bonuses([project(1), project(2, "370000", "370000", "320000")], each=ONE, cap=Fraction(1))
    assert {one.region_code: one.points for one in shares} == {"370000": Decimal(1), "320000": Decimal("0.5")}


def test_e11_a_province_that_lost_its_last_award_is_told_as_nought():
    assert [(one.region_code, one.points) for one in count_bonuses([], each=ONE, cap=CAP, regions=["370000"])] == [
        ("370000", Decimal(0))
    ]


def test_e11_equal_scores_share_a_rank_1_2_2_4():
    ranked = rank_regions(
        {"a": Decimal(5), "b": Decimal(3), "c": Decimal(4), "d": Decimal(1)},
        {"c": Decimal(1)},
        floor=Decimal(0),
        cap=Decimal(110),
    )
    assert [(one.region_code, one.rank) for one in ranked] == [("a", 1), ("b", 2), ("c", 2), ("d", 4)]


def test_e11_the_score_stays_between_floor_and_cap():
    ranked = rank_regions({"a": Decimal(1), "b": Decimal(8)}, {"a": Decimal(4)}, floor=Decimal(0), cap=Decimal(7))
    assert [(one.region_code, one.score) for one in ranked] == [("b", Decimal(7)), ("a", Decimal(0))]


def test_no_project_no_points():
    assert bonus_points([], each=ONE, cap=CAP) == Decimal(0)
