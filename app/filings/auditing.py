"""What an auditor's decision writes, and who may decide (E2)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update

from app.audit.usecases import record
from app.filings import rules
from app.filings.models import AuditOpinion, DuplicateSuspicion, Filing, FilingVersion
from app.filings.vocabulary import SUBJECT, AuditLevel, DuplicateVerdict
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, FieldError, ForbiddenError, InvalidError
from app.processes.doors import Value


def ensure_may_audit(filing: Filing, actor: Actor) -> None:
    """Nobody audits what the own organisation has filed, or what oneself filed on behalf of another (E2)."""
    if filing.created_by == actor.id or filing.organisation_id == actor.organisation_id:
        raise ForbiddenError("own_material")


def ensure_may_return(level: AuditLevel, already: int, values: Mapping[str, Value]) -> None:
    """A return needs a reason and words, and is possible only so often at each level (E2)."""
    if rules.returns_left(level, already) == 0:
        raise InvalidError("returns_used_up")
    if not values.get("reasons"):
        raise InvalidError("reason_required", fields={"reasons": [FieldError("reason_required")]})
    if not str(values.get("opinion") or "").strip():
        raise InvalidError("reason_required", fields={"opinion": [FieldError("reason_required")]})


def add_opinion(
    filing: Filing, *, level: AuditLevel, decision: str, values: Mapping[str, Value], actor: Actor
) -> AuditOpinion:
    """Adds the decision to the filing's opinions; none is ever overwritten."""
    reasons = values.get("reasons")
    version = session.scalar(select(func.max(FilingVersion.version)).where(FilingVersion.filing_id == filing.id)) or 0
    opinion = AuditOpinion(
        filing_id=filing.id,
        level=level,
        decision=decision,
        reasons=list(reasons) if isinstance(reasons, list) else [],
        opinion=str(values.get("opinion") or "").strip(),
        auditor_id=actor.id,
        auditor_name=actor.name,
        version=version,
        at=clock.now(),
    )
    session.add(opinion)
    record(
        action="filings.audit_filing",
        actor=actor,
        object_type=SUBJECT,
        object_id=filing.id,
        detail={"level": level.value, "decision": decision, "reasons": opinion.reasons, "version": version},
    )
    return opinion


def refuse_proofs(filing: Filing, values: Mapping[str, Value]) -> None:
    """Marks the proofs that the auditor found invalid, by their numbers in the form's list counted from 1.

    Left out: an earlier auditor's finding stands. [0]: looked at, and all are valid.
    """
    numbers = values.get("invalid_proofs")
    if not isinstance(numbers, list):
        return
    for number, proof in enumerate(sorted(filing.proofs, key=lambda one: one.id), start=1):
        proof.is_refused = number in numbers


def invalid_proofs(filing: Filing, values: Mapping[str, Any]) -> list[int]:
    """Numbers of the proofs ticked just now or in the draft, else those that an auditor before found invalid."""
    ticked = values.get("invalid_proofs")
    if isinstance(ticked, list):
        return [one for one in ticked if isinstance(one, int)]
    proofs = sorted(filing.proofs, key=lambda one: one.id)
    return [number for number, proof in enumerate(proofs, start=1) if proof.is_refused]


def settle_duplicates(filing: Filing, values: Mapping[str, Value]) -> None:
    """Keeps the auditor's answer to the suspected duplicates."""
    verdict = values.get("same_project")
    if verdict in tuple(DuplicateVerdict):
        session.execute(
            update(DuplicateSuspicion).where(DuplicateSuspicion.filing_id == filing.id).values(verdict=verdict)
        )


def ensure_not_same(filing: Filing) -> None:
    """A filing that an auditor found to be another's project is not filed a second time (E1)."""
    same = session.scalar(
        select(func.count())
        .select_from(DuplicateSuspicion)
        .where(DuplicateSuspicion.filing_id == filing.id, DuplicateSuspicion.verdict == DuplicateVerdict.SAME)
    )
    if same:
        raise ConflictError("duplicate_confirmed")
