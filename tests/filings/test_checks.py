"""The automatic checks as truth tables."""

from datetime import date
from decimal import Decimal

import pytest

from app.filings.checking import check_filing
from app.filings.checks import CheckContext, months_between, run_checks
from app.filings.reading import read_facts
from app.kernel.db import session
from app.kernel.transaction import transaction
from tests.factories.filings import SHANDONG, submitted

VALUES = {
    "title": "甲",
    "report_type": "INDUSTRY",
    "commissioner": "甲局",
    "commissioner_uscc": "91350100M000100Y43",
    "fiscal_amount": 45,
    "finished_on": "2026-03-31",
    "accepted_on": "2026-04-20",
    "search_cutoff": "2026-01-01",
    "unclassified": True,
    "willing": True,
    "proofs": [{"end": "GOV", "type": "POLICY_ADOPTED", "level": "CITY", "issuer": "甲", "file": 1}],
}
CONTEXT = {
    "kind": "report",
    "province_code": "370000",
    "money_province": "370000",
    "decided_by": "payer",
    "period_from": date(2025, 10, 1),
    "period_to": date(2026, 9, 30),
    "has_acceptance_file": True,
    "has_commitment_file": True,
}


def warnings(values=None, **context):
    facts = read_facts("report", VALUES | (values or {}))
    return [one.code for one in run_checks(facts, CheckContext(**(CONTEXT | context))) if one.status == "warning"]


def test_a_filing_without_fault_passes_every_check():
    assert warnings() == []


@pytest.mark.parametrize(
    ("values", "context", "codes"),
    [
        ({}, {"money_province": "320000"}, ["attribution_differs"]),
        ({}, {"decided_by": "commissioner"}, ["attribution_unsure"]),
        ({"fiscal_amount": 0}, {"decided_by": "commissioner"}, []),
        ({"accepted_on": "2026-03-01"}, {}, ["accepted_before_finished"]),
        ({"accepted_on": "2026-10-01", "search_cutoff": "2026-06-01"}, {}, ["accepted_outside"]),
        ({"search_cutoff": "2025-07-20"}, {}, ["cutoff_stale"]),
        ({"search_cutoff": "2025-10-20"}, {}, []),
        ({"search_cutoff": "2026-04-21"}, {}, ["cutoff_after"]),
        ({"proofs": None}, {}, ["proofs_none"]),
        ({"proofs": [{"end": "GOV"}, {"end": "ENT"}]}, {}, ["proofs_without_scan"]),
        ({"proofs": [{"end": "ENT", "file": 1}]}, {}, ["proofs_no_government"]),
        ({"proofs": [{"end": "ENT", "file": 1}], "report_type": "TALENT"}, {}, []),
        ({}, {"similar": (("乙", Decimal("0.92")),)}, ["duplicate"]),
        ({"commissioner_uscc": None}, {}, ["uscc_missing"]),
        ({"commissioner_uscc": "91350100M000100Y44"}, {}, ["uscc_wrong"]),
        ({}, {"dishonest": ("甲局",)}, ["dishonest"]),
        ({"unclassified": False}, {}, ["unclassified_missing"]),
        ({}, {"has_commitment_file": False}, ["commitment_missing"]),
        ({}, {"has_acceptance_file": False}, ["acceptance_file_missing"]),
        ({"report_type": "RND"}, {}, ["public_file_missing"]),
        ({"report_type": "RND", "public_file": 3}, {}, []),
        ({}, {"is_city_unaudited": True}, ["city_unaudited"]),
    ],
)
def test_each_fault_is_found(values, context, codes):
    assert warnings(values, **context) == codes


def test_tools_are_not_asked_for_what_only_reports_have():
    facts = read_facts("tool", {"unclassified": True, "commissioner": "甲", "commissioner_uscc": "91350100M000100Y43"})

    found = run_checks(facts, CheckContext(**(CONTEXT | {"kind": "tool", "has_acceptance_file": False})))

    assert [one.code for one in found if one.status == "warning"] == []


def test_months_are_whole():
    assert [months_between(date(2025, 9, 30), date(2026, 6, day)) for day in (29, 30)] == [8, 9]
    assert months_between(date(2026, 3, 1), date(2026, 2, 1)) == -1


def test_checks_of_a_submitted_filing_name_what_an_auditor_should_look_at(place):
    with transaction():
        place.organisations["client"].is_dishonest = True
        session.add(place.organisations["client"])
    submitted(place["filer"], text="1")
    filing = submitted(place["filer"], frozenset({"duplicate_suspected"}), text="2")

    found = {one.code: one.params for one in check_filing(filing) if one.status == "warning"}

    assert set(found) == {"proofs_none", "duplicate", "uscc_missing", "acceptance_file_missing", "dishonest"}
    assert found["duplicate"] == {"title": filing.title, "percent": 100}
    assert found["dishonest"] == {"name": "青岛市知识产权局"}
    assert filing.province_code == SHANDONG
