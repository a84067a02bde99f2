"""Conflicts between a person and a thing (c.3): each kind, and the free way."""

from datetime import date

import pytest

from app.conflicts.findings import Judge, JudgedItem, Tie, find_item_conflicts, years_before
from app.conflicts.index import OrganisationIndex, OrganisationRow
from app.conflicts.vocabulary import ConflictKind

DAY = date(2026, 9, 1)
INDEX = OrganisationIndex(
    [
        OrganisationRow(1, "澄海装备集团有限公司"),
        OrganisationRow(2, "澄海动力有限公司", parent_id=1),
        OrganisationRow(3, "远岫材料有限公司", parent_id=2),
        OrganisationRow(4, "青岚精工有限公司", group_code="G1"),
        OrganisationRow(5, "白鹭传感有限公司", group_code="G1"),
        OrganisationRow(6, "东江大学"),
        OrganisationRow(7, "东江大学附属医院"),
        OrganisationRow(8, "月牙湖生物有限公司"),
        OrganisationRow(9, "月牙湖生物有限责任公司"),
    ]
)


def kinds(judge, **item):
    made = JudgedItem(type="candidacy", id=1, **{"organisation_ids": frozenset({1}), **item})
    return [conflict.kind for conflict in find_item_conflicts(judge=judge, item=made, index=INDEX, on=DAY)]


def judge(*organisations, user_id=77, **more):
    return Judge(user_id=user_id, organisation_ids=frozenset(organisations), **more)


@pytest.mark.parametrize(
    ("start", "family"),
    [(1, {1, 2, 3}), (2, {1, 2, 3}), (3, {1, 2, 3}), (4, {4, 5}), (6, {6}), (8, {8, 9})],
)
def test_e5_related_organisations_both_ways_and_transitively(start, family):
    assert INDEX.families([start]) == family


def test_unknown_organisations_have_no_family():
    assert INDEX.families([404]) == frozenset()


@pytest.mark.parametrize(
    ("who", "item", "found"),
    [
        (judge(8), {}, []),
        (judge(1), {}, [ConflictKind.SAME_ENTITY]),
        (judge(3), {}, [ConflictKind.SHAREHOLDER_3Y]),
        (judge(5), {"organisation_ids": frozenset({4})}, [ConflictKind.SHAREHOLDER_3Y]),
        (judge(8), {"party_names": frozenset({"月牙湖生物"})}, [ConflictKind.SAME_ENTITY]),
        (judge(7), {"party_names": frozenset({"东江大学"})}, [ConflictKind.OTHER]),
        (judge(8), {"people": frozenset({77})}, [ConflictKind.PARTICIPANT]),
        (judge(8), {"named_by_filer": frozenset({77})}, [ConflictKind.OTHER]),
        (judge(8, user_id=None), {"people": frozenset({77})}, []),
        (judge(4), {"competing_organisation_ids": frozenset({5})}, [ConflictKind.COMPETING]),
        (judge(8, recused_from=frozenset({2})), {}, [ConflictKind.OTHER]),
    ],
)
def test_c3_conflict_kinds(who, item, found):
    assert kinds(who, **item) == found


def test_a_related_name_bars_without_being_certain():
    item = JudgedItem(type="candidacy", id=1, organisation_ids=frozenset(), party_names=frozenset({"东江大学"}))

    (conflict,) = find_item_conflicts(judge=judge(7), item=item, index=INDEX, on=DAY)

    assert not conflict.certain
    assert conflict.sentence("zh") == "所在单位东江大学附属医院与东江大学名称相关，须人工判断"


@pytest.mark.parametrize(
    ("until", "found"),
    [
        (None, [ConflictKind.EMPLOYED_3Y]),
        (date(2023, 9, 1), [ConflictKind.EMPLOYED_3Y]),
        (date(2023, 8, 31), []),
    ],
)
def test_e8_three_years_look_back_to_the_day(until, found):
    tie = Tie(2, ConflictKind.EMPLOYED_3Y, until)

    assert kinds(judge(8, ties=(tie,))) == found


def test_leap_day_has_a_day_three_years_before():
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)
