"""The room's rules as truth tables."""

import pytest

from app.filings import rules
from app.filings.reading import PartyFacts, read_facts
from app.filings.vocabulary import AuditLevel, PartyRole


@pytest.mark.parametrize(
    ("payer", "commissioner", "undertaker", "stated", "decided"),
    [
        ("370000", "320000", "110000", None, ("payer", "370000")),
        (None, "320000", "110000", None, ("commissioner", "320000")),
        (None, None, "110000", "370000", ("undertaker", "110000")),
        (None, None, None, "370000", ("stated", "370000")),
        (None, None, None, None, None),
    ],
)
def test_attribution_province_is_the_payers_else_commissioners_else_undertakers(
    payer, commissioner, undertaker, stated, decided
):
    found = rules.attribution_province(payer=payer, commissioner=commissioner, undertaker=undertaker, stated=stated)

    assert found == decided


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("海水淡化膜材料产业专利导航", "海水淡化膜材料产业专利导航", True),
        ("海水淡化膜材料产业专利导航", "“海水淡化膜材料”产业  专利导航（2026）", True),
        ("海水淡化膜材料产业规划专利导航", "海水淡化膜材料产业规划专利导航报告", True),
        ("海水淡化膜材料产业专利导航", "光电线缆专利导航项目", False),
        ("ＡＢＣ专利导航报告", "abc 专利导航报告", True),
    ],
)
def test_e1_titles_are_alike_from_085(one, other, alike):
    assert (rules.similarity(one, other) >= 0.85) is alike


def test_numbers_name_province_year_type_and_sequence():
    assert rules.receipt_number(province_short="鲁", year=2026, sequence=413) == "鲁备2026-0413"
    assert (
        rules.filing_number(year=2026, province_code="370000", type_code="INDUSTRY", sequence=7)
        == "BA-2026-370000-INDUSTRY-0007"
    )


@pytest.mark.parametrize(
    ("level", "returned", "left"),
    [
        (AuditLevel.CITY, 0, 1),
        (AuditLevel.CITY, 1, 0),
        (AuditLevel.PROVINCE, 1, 1),
        (AuditLevel.PROVINCE, 2, 0),
        (AuditLevel.NATIONAL, 2, 0),
        (AuditLevel.NATIONAL, 3, 0),
    ],
)
def test_e2_each_level_returns_at_most_twice_and_the_city_once(level, returned, left):
    assert rules.returns_left(level, returned) == left


def test_changed_keys_keep_the_forms_order_and_take_blank_for_absent():
    before = {"title": "甲", "abstract": "乙", "willing": False, "gone": 1}
    after = {"title": "甲", "abstract": "丙", "keywords": "新"}

    assert rules.changed_keys(before, after, ["keywords", "title", "abstract", "willing", "gone"]) == [
        "keywords",
        "abstract",
        "gone",
    ]


def test_credit_codes_are_judged_by_gb_32100():
    right = PartyFacts(PartyRole.UNDERTAKER, "甲", "91350100M000100Y43")
    wrong = PartyFacts(PartyRole.SERVICE, "乙", "91350100M000100Y44")
    blank = PartyFacts(PartyRole.COMMISSIONER, "丙", None)

    assert rules.find_uscc_faults([right, wrong, blank]) == {PartyRole.SERVICE: 18}


def test_facts_of_an_empty_draft_are_empty():
    facts = read_facts("report", {})

    assert (facts.title, facts.parties, facts.proofs, facts.fiscal_amount, facts.is_unclassified) == (
        "",
        (),
        (),
        None,
        False,
    )


def test_facts_of_odd_values_are_left_out():
    facts = read_facts("report", {"proofs": [1, {"end": "GOV", "issued_on": "gestern", "file": "x"}], "domain": None})

    assert [(one.end, one.issued_on, one.file_id) for one in facts.proofs] == [("GOV", None, None)]
