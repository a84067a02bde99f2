"""自动核验: what a machine can say about a filing, so that the auditor reads only what needs a person. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from app.filings import rules
from app.filings.reading import FilingFacts
from app.filings.vocabulary import FilingKind, ProofEnd, ReportType

STALE_MONTHS = 6
"""A search older than this at acceptance must be explained (GB/T 39551)."""
NEEDS_GOVERNMENT = (ReportType.REGION, ReportType.INDUSTRY)
"""Types whose worth is proved by government decisions (R-021)."""
NEEDS_PUBLIC_FILE = (ReportType.ENTERPRISE, ReportType.RND)
"""Types whose full report no competitor may read (flows.md, section 8)."""


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What the checks compare a form with."""

    kind: str
    province_code: str | None
    money_province: str | None
    """Where the attribution rule leads now; None when nobody's province is known."""
    decided_by: str
    period_from: date | None
    period_to: date | None
    similar: tuple[tuple[str, Decimal], ...] = ()
    """Titles and similarity of suspected duplicates that nobody has judged."""
    dishonest: tuple[str, ...] = ()
    """Parties on a list of serious violations or abnormal filings."""
    is_city_unaudited: bool = False
    has_acceptance_file: bool = False
    has_commitment_file: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: a code, whether it needs attention, and the words' parameters."""

    code: str
    status: Literal["done", "warning"]
    params: dict[str, object] = field(default_factory=dict)


def run_checks(facts: FilingFacts, context: CheckContext) -> list[Check]:
    """All checks that concern this kind, those that need attention first."""
    found = [result for check in CHECKS for result in check(facts, context)]
    return sorted(found, key=lambda one: one.status != "warning")


def months_between(earlier: date, later: date) -> int:
    """Whole months from one day to a later one; negative the other way round."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month - (later.day < earlier.day)


def _attribution(facts: FilingFacts, context: CheckContext) -> Sequence[Check]:
    amount = facts.fiscal_amount or Decimal(0)
    if context.money_province != context.province_code:
        return [_warn("attribution_differs", province=context.money_province, amount=amount)]
    if amount > 0 and context.decided_by != "payer":
        return [_warn("attribution_unsure", amount=amount)]
    return [_done("attribution", amount=amount)]


def _acceptance(facts: FilingFacts, context: CheckContext) -> Sequence[Check]:
    if context.kind != FilingKind.REPORT or facts.accepted_on is None:
        return []
    if facts.finished_on and facts.accepted_on < facts.finished_on:
        return [_warn("accepted_before_finished", on=facts.accepted_on)]
    if context.period_from and context.period_to and not context.period_from <= facts.accepted_on <= context.period_to:
        return [_warn("accepted_outside", on=facts.accepted_on)]
    return [_done("acceptance", on=facts.accepted_on)]


def _cutoff(facts: FilingFacts, context: CheckContext) -> Sequence[Check]:
    if context.kind != FilingKind.REPORT or facts.search_cutoff is None or facts.accepted_on is None:
        return []
    months = months_between(facts.search_cutoff, facts.accepted_on)
    if facts.search_cutoff > facts.accepted_on:
        return [_warn("cutoff_after", on=facts.search_cutoff)]
    return [_warn("cutoff_stale", months=months)] if months > STALE_MONTHS else [_done("cutoff")]


def _proofs(facts: FilingFacts, context: CheckContext) -> Sequence[Check]:
    missing = sum(proof.file_id is None for proof in facts.proofs)
    if not facts.proofs:
        return [_warn("proofs_none")] if context.kind == FilingKind.REPORT else []
    if missing:
        return [_warn("proofs_without_scan", n=missing)]
    if facts.report_type in NEEDS_GOVERNMENT and all(proof.end != ProofEnd.GOV for proof in facts.proofs):
        return [_warn("proofs_no_government")]
    return [_done("proofs", n=len(facts.proofs))]


def _duplicates(facts: FilingFacts, context: CheckContext) -> Sequence[Check]:  # noqa: ARG001 -- one signature for all checks
    if not context.similar:
        return [_done("duplicates")]
    return [_warn("duplicate", title=title, percent=round(alike * 100)) for title, alike in context.similar]


def _parties(facts: FilingFacts, context: CheckContext) -> Sequence[Check]:
    faults = rules.find_uscc_faults(facts.parties)
    bare = list(dict.fromkeys(party.name for party in facts.parties if not party.uscc))
    listed = [_warn("dishonest", name=name) for name in context.dishonest] or [_done("honest")]
    if faults:
        return [_warn("uscc_wrong", n=len(faults)), *listed]
    return [_warn("uscc_missing", names=bare) if bare else _done("uscc"), *listed]


def _papers(facts: FilingFacts, context: CheckContext) -> Sequence[Check]:
    found = [_done("unclassified") if facts.is_unclassified else _warn("unclassified_missing")]
    found.append(_done("commitment") if context.has_commitment_file else _warn("commitment_missing"))
    if context.kind == FilingKind.REPORT:
        found.append(_done("acceptance_file") if context.has_acceptance_file else _warn("acceptance_file_missing"))
    if facts.is_willing and facts.report_type in NEEDS_PUBLIC_FILE:
        found.append(_done("public_file") if facts.public_file_id else _warn("public_file_missing"))
    return found


def _city(facts: FilingFacts, context: CheckContext) -> Sequence[Check]:  # noqa: ARG001 -- one signature for all checks
    return [_warn("city_unaudited")] if context.is_city_unaudited else []


def _warn(code: str, **params: object) -> Check:
    return Check(code, "warning", params)


def _done(code: str, **params: object) -> Check:
    return Check(code, "done", params)


CHECKS: tuple[Callable[[FilingFacts, CheckContext], Sequence[Check]], ...] = (
    _attribution,
    _acceptance,
    _cutoff,
    _proofs,
    _duplicates,
    _parties,
    _papers,
    _city,
)
