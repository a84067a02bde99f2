"""A candidacy's way: entry, initial screening, recheck, too few ratings, withdrawal."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, insert, literal, select, update

from app.audit.usecases import record
from app.candidacies import queries
from app.candidacies.facts import gather_facts
from app.candidacies.models import Candidacy, ScreeningDecision, ScreeningResult
from app.candidacies.rules import Found, combine, judge_all
from app.candidacies.vocabulary import (
    ENDED,
    POOLED,
    SUBJECT,
    DecisionStep,
    Finding,
    RuleCode,
    ScreenResult,
    Standing,
)
from app.filings.models import ApplicationProof, Filing
from app.filings.vocabulary import FilingKind, FilingStatus
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, InvalidError, NotFoundError, field_error
from app.processes.doors import Subject
from app.processes.usecases import decide, throw_message

TABLE = "screening_rules"
MAX_REASON = 2000


def open_candidacies(*, round_id: int, actor: Actor) -> int:
    """Enters every willing report that is filed and attributed to the round (R-063); how many were entered.

    One INSERT … SELECT; filings that stand already are left alone. Databases and tools do not stand (flows.md 6, 4).
    """
    standing = select(Candidacy.filing_id).where(Candidacy.round_id == round_id)
    rows = (
        select(
            Filing.round_id,
            Filing.id,
            Filing.title,
            Filing.report_type,
            func.coalesce(Filing.domain_code, ""),
            Filing.province_code,
            Filing.organisation_id,
            literal(Standing.SCREENING.value),
            literal(value=False),
            literal(value=False),
            literal(clock.now(), type_=Candidacy.created_at.type),
        )
        .where(
            Filing.round_id == round_id,
            Filing.kind == FilingKind.REPORT,
            Filing.status == FilingStatus.FILED,
            Filing.is_willing.is_(True),
            Filing.id.not_in(standing),
        )
        .order_by(Filing.id)
    )
    columns = [
        "round_id",
        "filing_id",
        "title",
        "report_type",
        "domain_code",
        "province_code",
        "organisation_id",
        "standing",
        "quorum_met",
        "by_proofs",
        "created_at",
    ]
    session.execute(insert(Candidacy).from_select(columns, rows))
    count = session.scalar(select(func.count()).select_from(Candidacy).where(Candidacy.round_id == round_id)) or 0
    record(
        action="candidacies.open_candidacies",
        actor=actor,
        object_type="round",
        object_id=round_id,
        detail={"count": count},
    )
    return count


def set_standing(*, candidacy_ids: Sequence[int], standing: Standing) -> None:
    """Writes where these candidacies stand, in one statement; those that withdrew or were disqualified stay so."""
    session.execute(
        update(Candidacy)
        .where(
            Candidacy.id.in_(list(candidacy_ids)),
            Candidacy.standing.not_in([Standing.WITHDRAWN, Standing.DISQUALIFIED]),
        )
        .values(standing=standing)
        .execution_options(synchronize_session="fetch")
    )


def screen_candidacy(*, candidacy_id: int) -> ScreenResult:
    """Runs every rule, stores each one's result, and tells what follows (E4)."""
    candidacy = queries.lock_candidacy(candidacy_id)
    found = judge_all(gather_facts(candidacy))
    results = _consequences(found)
    run, now = queries.count_runs(candidacy_id) + 1, clock.now()
    rows = [
        {
            "candidacy_id": candidacy_id,
            "run": run,
            "position": position,
            "rule": each.rule,
            "finding": each.finding,
            "result": results[each.rule],
            "facts": dict(each.facts),
            "at": now,
        }
        for position, each in enumerate(found, start=1)
    ]
    session.execute(insert(ScreeningResult), rows)
    verdict = combine(results.values())
    if verdict is ScreenResult.PASS:
        candidacy.standing = Standing.IN_RATING
    return verdict


def _consequences(found: Sequence[Found]) -> Mapping[RuleCode, str]:
    """What the decision table makes of each finding; a fault that it does not know fails, never passes in silence."""
    decision = decide(table=TABLE, facts={each.rule.value: each.finding.value for each in found})
    decided = {row["rule"]: row["result"] for row in decision.result or ()}
    return {
        each.rule: decided.get(each.rule.value, ScreenResult.PASS if each.finding is Finding.MET else ScreenResult.FAIL)
        for each in found
    }


def decide_screening(
    *, candidacy_id: int, step: DecisionStep, passes: bool, rule: str | None, reason: str, actor: Actor
) -> None:
    """A national auditor's decision in manual screening or recheck; a refusal names the rule and the reason."""
    candidacy = queries.lock_candidacy(candidacy_id)
    if not passes:
        _ensure_reason(reason)
        if step is DecisionStep.MANUAL and rule not in set(RuleCode):
            raise field_error("rule", "option_unknown", label="rule")
    decision = ScreenResult.PASS if passes else ScreenResult.FAIL
    _keep(candidacy, step, decision, rule=rule, reason=reason, actor=actor)
    if passes:
        candidacy.standing = Standing.IN_RATING


def answer_screening(*, candidacy_id: int, asks_recheck: bool, grounds: str, actor: Actor) -> None:
    """The filer asks for a recheck with grounds, or takes the result."""
    candidacy = queries.lock_candidacy(candidacy_id)
    if asks_recheck:
        _ensure_reason(grounds, field="grounds")
    decision = "request_recheck" if asks_recheck else "accept_result"
    _keep(candidacy, DecisionStep.REQUEST, decision, reason=grounds, actor=actor)


def decide_low_sample(*, candidacy_id: int, enters: bool, reason: str, actor: Actor) -> None:
    """Too few ratings after the second push: the item enters by its proofs, or is left out (E6)."""
    candidacy = queries.lock_candidacy(candidacy_id)
    _ensure_reason(reason)
    if enters and not _has_valid_proof(candidacy.filing_id):
        raise InvalidError("no_valid_proof")
    decision = "enter_by_proofs" if enters else "drop"
    _keep(candidacy, DecisionStep.LOW_SAMPLE, decision, reason=reason, actor=actor)
    candidacy.by_proofs = enters
    candidacy.standing = Standing.IN_RATING if enters else Standing.LOW_SAMPLE


def withdraw_candidacy(*, candidacy_id: int, reason: str, actor: Actor) -> None:
    """退出评选: the filer ends the candidacy; the filing stays (E1). The process follows within two seconds.

    What ended untold may still be left: a refusal would tell, before the list is out, who is not in the pool.
    """
    candidacy = queries.lock_candidacy(candidacy_id)
    if str(candidacy.organisation_id) not in actor.scope_codes("filer"):
        raise NotFoundError
    if queries.standings_told([candidacy], actor)[candidacy_id] in ENDED:
        raise ConflictError("candidacy_ended")
    _ensure_reason(reason)
    _keep(candidacy, DecisionStep.WITHDRAWAL, "withdraw", reason=reason, actor=actor)
    candidacy.standing = Standing.WITHDRAWN
    throw_message(name="candidacy_withdrawn", subject=Subject(SUBJECT, candidacy_id))


def end_candidacy(*, candidacy_id: int, reason: str, actor: Actor) -> None:
    """The award's process was cancelled from outside: the item leaves, with the operator's reason."""
    candidacy = queries.lock_candidacy(candidacy_id)
    if candidacy.standing not in ENDED:
        _keep(candidacy, DecisionStep.WITHDRAWAL, "withdraw", reason=reason, actor=actor)
        candidacy.standing = Standing.WITHDRAWN


def ensure_not_pooled(filing: Filing) -> None:
    """A filing in the pool is not withdrawn (E1): ConflictError `filing_in_pool`. The guard of filings.withdraw_filing."""
    pooled = select(Candidacy.id).where(Candidacy.filing_id == filing.id, Candidacy.standing.in_(POOLED))
    if session.scalar(pooled.limit(1)) is not None:
        raise ConflictError("filing_in_pool")


def _keep(
    candidacy: Candidacy,
    step: DecisionStep,
    decision: str,
    *,
    reason: str,
    actor: Actor,
    rule: str | None = None,
) -> None:
    session.add(
        ScreeningDecision(
            candidacy_id=candidacy.id,
            step=step,
            decision=decision,
            rule=rule,
            reason=reason.strip(),
            actor_id=actor.id,
            actor_name=actor.name,
            at=clock.now(),
        )
    )
    record(
        action=f"candidacies.{step}",
        actor=actor,
        object_type=SUBJECT,
        object_id=candidacy.id,
        detail={"decision": decision, "rule": rule},
    )


def _ensure_reason(reason: str, field: str = "reason") -> None:
    if not reason.strip():
        raise field_error(field, "field_required", label=field)
    if len(reason) > MAX_REASON:
        raise field_error(field, "text_too_long", label=field, max=MAX_REASON)


def _has_valid_proof(filing_id: int) -> bool:
    valid = select(ApplicationProof.id).where(
        ApplicationProof.filing_id == filing_id, ApplicationProof.is_valid.is_(True)
    )
    return session.scalar(valid.limit(1)) is not None
