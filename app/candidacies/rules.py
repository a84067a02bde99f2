"""The rules of the initial screening (E4), each a pure function of the facts about one candidacy."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.candidacies.vocabulary import Finding, RuleCode, ScreenResult


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the rules look at; gathered in a few statements (queries.gather_facts)."""

    round_id: int
    filing_round_id: int | None
    is_filed: bool
    is_willing: bool
    report_type: str
    period_from: date
    period_to: date
    finished_on: date | None = None
    accepted_on: date | None = None
    missing: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    """Numbers of earlier filings that are the same project: judged so by an auditor, or with the same report file."""
    similar_to: tuple[str, ...] = ()
    """Numbers of earlier filings suspected to be the same project, not judged yet."""
    valid_proofs: int = 0
    government_proofs: int = 0
    needs_government_proof: bool = False
    awarded_in: tuple[str, ...] = ()
    """Names of other rounds in which the same result was awarded."""
    listed_parties: tuple[str, ...] = ()
    unknown_parties: tuple[str, ...] = ()
    """Parties named in the filing that are no organisation of the platform: no list knows them."""
    open_cases: int = 0
    province_rank: int = 1
    """The candidacy's place among those of its province, by first submission."""
    province_cap: int = 0
    """0: no cap."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one rule found, and what it looked at."""

    rule: RuleCode
    finding: Finding
    facts: Mapping[str, Any] = field(default_factory=dict)


def judge_filed(facts: Facts) -> Found:
    """Filed, and attributed to this round (R-063, R-054)."""
    if not facts.is_filed:
        return Found(RuleCode.FILED, Finding.NOT_FILED)
    is_ours = facts.filing_round_id == facts.round_id
    return Found(RuleCode.FILED, Finding.MET if is_ours else Finding.OTHER_ROUND)


def judge_willing(facts: Facts) -> Found:
    """The owner wants to take part (R-063)."""
    return Found(RuleCode.WILLING, Finding.MET if facts.is_willing else Finding.UNWILLING)


def judge_complete(facts: Facts) -> Found:
    """Everything that raters and experts need is there."""
    return Found(
        RuleCode.COMPLETE,
        Finding.INCOMPLETE if facts.missing else Finding.MET,
        {"missing": list(facts.missing)},
    )


def judge_in_period(facts: Facts) -> Found:
    """Finished and accepted inside the evaluation period (R-004); a date that is not known is judged by a person."""
    looked_at = {
        "finished_on": facts.finished_on,
        "accepted_on": facts.accepted_on,
        "period_from": facts.period_from,
        "period_to": facts.period_to,
    }
    days = (facts.finished_on, facts.accepted_on)
    if any(day is not None and not facts.period_from <= day <= facts.period_to for day in days):
        return Found(RuleCode.IN_PERIOD, Finding.OUTSIDE, looked_at)
    return Found(RuleCode.IN_PERIOD, Finding.UNKNOWN if None in days else Finding.MET, looked_at)


def judge_no_duplicate(facts: Facts) -> Found:
    """Not the same project as an earlier filing: the first valid filing wins (E1)."""
    looked_at = {"same_as": list(facts.same_as), "similar_to": list(facts.similar_to)}
    if facts.same_as:
        return Found(RuleCode.NO_DUPLICATE, Finding.CONFIRMED, looked_at)
    return Found(RuleCode.NO_DUPLICATE, Finding.SUSPECTED if facts.similar_to else Finding.MET, looked_at)


def judge_proved(facts: Facts) -> Found:
    """At least one valid proof of application; for region and industry planning one of a government (R-021)."""
    looked_at = {"valid": facts.valid_proofs, "government": facts.government_proofs}
    if facts.valid_proofs == 0:
        return Found(RuleCode.PROVED, Finding.NO_PROOF, looked_at)
    if facts.needs_government_proof and facts.government_proofs == 0:
        return Found(RuleCode.PROVED, Finding.NO_GOVERNMENT_PROOF, looked_at)
    return Found(RuleCode.PROVED, Finding.MET, looked_at)


def judge_not_awarded(facts: Facts) -> Found:
    """Not awarded in another round."""
    return Found(
        RuleCode.NOT_AWARDED,
        Finding.AWARDED if facts.awarded_in else Finding.MET,
        {"awarded_in": list(facts.awarded_in)},
    )


def judge_honest(facts: Facts) -> Found:
    """No party is on a list of serious violations or of abnormal filings."""
    looked_at = {"listed": list(facts.listed_parties), "unknown": list(facts.unknown_parties)}
    if facts.listed_parties:
        return Found(RuleCode.HONEST, Finding.LISTED, looked_at)
    return Found(RuleCode.HONEST, Finding.UNKNOWN_PARTY if facts.unknown_parties else Finding.MET, looked_at)


def judge_no_case(facts: Facts) -> Found:
    """No integrity case about it is open."""
    return Found(
        RuleCode.NO_CASE, Finding.OPEN_CASE if facts.open_cases else Finding.MET, {"open_cases": facts.open_cases}
    )


def judge_within_cap(facts: Facts) -> Found:
    """Within the cap of its province; which of too many goes on is decided by a person, never by the hour of filing."""
    is_over = 0 < facts.province_cap < facts.province_rank
    looked_at = {"rank": facts.province_rank, "cap": facts.province_cap}
    return Found(RuleCode.WITHIN_CAP, Finding.OVER_CAP if is_over else Finding.MET, looked_at)


JUDGES: tuple[Callable[[Facts], Found], ...] = (
    judge_filed,
    judge_willing,
    judge_complete,
    judge_in_period,
    judge_no_duplicate,
    judge_proved,
    judge_not_awarded,
    judge_honest,
    judge_no_case,
    judge_within_cap,
)


def judge_all(facts: Facts) -> tuple[Found, ...]:
    """What every rule found, in the order in which they are shown."""
    return tuple(judge(facts) for judge in JUDGES)


def combine(results: Iterable[str]) -> ScreenResult:
    """One failed rule fails the candidacy; else one doubtful rule sends it to a person."""
    seen = set(results)
    for result in (ScreenResult.FAIL, ScreenResult.MANUAL):
        if result in seen:
            return result
    return ScreenResult.PASS
