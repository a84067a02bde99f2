"""The filings room's side of the diagrams: operations of service tasks, completions of forms."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from app.audit.usecases import record
from app.filings.attribution import round_of
from app.filings.auditing import (
    add_opinion,
    ensure_may_audit,
    ensure_may_return,
    ensure_not_same,
    refuse_proofs,
    settle_duplicates,
)
from app.filings.duplicates import claim_file, ensure_new_file, find_similar, keep_suspicions
from app.filings.models import Filing, FilingVersion
from app.filings.numbers import next_filing_number, next_receipt_number
from app.filings.queries import lock_filing, select_unfinished
from app.filings.reading import read_facts
from app.filings.telling import tell_filed, tell_lapsed, tell_moved, tell_received, tell_rejected, tell_returned
from app.filings.usecases import check_values, mark_withdrawn, save_draft
from app.filings.vocabulary import LEVEL_OF_ROLE, SUBJECT, Decision, FilingStatus
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError
from app.processes.doors import CompletedItem, OperationCall, Subject, Value
from app.processes.models import WorkItem
from app.processes.usecases import set_batch
from app.rounds.models import Round
from app.rounds.vocabulary import RoundStatus

Variables = Mapping[str, Value]
NEXT_ROUND = "下一评价周期"
"""What the next round is called before it has been created."""


def register_submission(call: OperationCall) -> None:
    """Number, time, first version and suspected duplicates; both provinces are told (E1, R-054)."""
    filing = lock_filing(call.subject.id)
    _, year = round_of(filing)
    similar = find_similar(filing, read_facts(filing.kind, filing.values))
    claim_file(filing, sha256=filing.report_sha256)
    filing.receipt_number = filing.number = next_receipt_number(filing, year=year)
    keep_suspicions(filing, similar)
    _keep_version(filing, call.actor)
    tell_received(filing)


def register_resubmission(call: OperationCall) -> None:
    """Keeps the corrected version beside the earlier ones, so that auditors see only the differences."""
    filing = lock_filing(call.subject.id)
    _keep_version(filing, call.actor)
    keep_suspicions(filing, find_similar(filing, read_facts(filing.kind, filing.values)))


def flag_unaudited(call: OperationCall) -> None:
    """市级未审: the city's ten working days have passed without a decision."""
    lock_filing(call.subject.id).is_city_unaudited = True


def lapse_correction(call: OperationCall) -> None:
    """逾期未补正自动撤回 (E2): the correction's ten working days have passed."""
    filing = lock_filing(call.subject.id)
    if _decide(filing, FilingStatus.LAPSED):
        tell_lapsed(filing)


def record_filing(call: OperationCall) -> None:
    """已备案: the filing number, and the proofs that nobody refused become valid."""
    filing = lock_filing(call.subject.id)
    if not _decide(filing, FilingStatus.FILED):
        return
    filing.round_id, year = round_of(filing)
    filing.number = next_filing_number(filing, year=year)
    for proof in filing.proofs:
        proof.is_valid = not proof.is_refused and proof.file_id is not None
    record(
        action="filings.record_filing",
        actor=call.actor,
        object_type=SUBJECT,
        object_id=filing.id,
        detail={"number": filing.number},
    )
    tell_filed(filing)


def record_rejection(call: OperationCall) -> None:
    """不予备案: final for this filing; its filer may file anew."""
    filing = lock_filing(call.subject.id)
    if _decide(filing, FilingStatus.REJECTED):
        tell_rejected(filing)


def record_withdrawal(call: OperationCall) -> None:
    """已撤回; nothing to do when the withdrawal itself has written it."""
    filing = lock_filing(call.subject.id)
    if filing.status == FilingStatus.SUBMITTED:
        mark_withdrawn(filing, filing.withdrawal_reason)


def end_from_outside(*, subject: Subject, reason: str, actor: Actor) -> None:  # noqa: ARG001 -- Ending's signature
    """An operator cancelled the audit: the filing counts as withdrawn, with the operator's reason."""
    filing = lock_filing(subject.id)
    if filing.status == FilingStatus.SUBMITTED:
        mark_withdrawn(filing, reason)


def count_unfinished(call: OperationCall) -> Variables:
    """How many filings of the round are still undecided at the end of the audits."""
    round_id = _round_id(call)
    adopt_waiting_filings(round_id=round_id)
    unfinished = select_unfinished(round_id).subquery()
    return {"unfinished": session.scalars(select(func.count()).select_from(unfinished)).one()}


def move_unfinished(call: OperationCall) -> None:
    """Moves the round's undecided filings to the next round; without one they wait until it is created."""
    round_id = _round_id(call)
    moved = session.scalars(select_unfinished(round_id)).all()
    coming = _round_after(round_id)
    for filing in moved:
        filing.round_id = coming.id if coming else None
        filing.revision += 1
    if coming:
        _move_instances(moved, coming.id)
    tell_moved(moved, round_name=coming.name if coming else NEXT_ROUND, reason=_reason_of_move(call))
    record(
        action="filings.move_unfinished",
        actor=call.actor,
        object_type="round",
        object_id=round_id,
        detail={"filing_ids": [filing.id for filing in moved]},
    )


def adopt_waiting_filings(*, round_id: int) -> int:
    """Gives the round those filings that were submitted before it existed (R-054); returns how many."""
    adopted = session.scalars(
        select(Filing).where(Filing.round_id.is_(None), Filing.status != FilingStatus.DRAFT)
    ).all()
    for filing in adopted:
        filing.round_id = round_id
    _move_instances(adopted, round_id)
    return len(adopted)


def _move_instances(filings: Sequence[Filing], round_id: int) -> None:
    set_batch(instance_ids=[one.instance_id for one in filings if one.instance_id is not None], batch_id=round_id)


def _reason_of_move(call: OperationCall) -> str:
    """What the manager wrote when moving the list of unfinished filings on."""
    values = session.scalar(
        select(WorkItem.values)
        .where(WorkItem.instance_id == call.instance_id, WorkItem.form_key == "unfinished_list")
        .order_by(WorkItem.id.desc())
        .limit(1)
    )
    return str((values or {}).get("reason") or "")


def complete_audit_opinion(
    *, item: CompletedItem, outcome: str | None, values: Variables, actor: Actor
) -> dict[str, Value]:
    """审核意见 of any level (E2). Refused: own material, a return without reason or beyond this level's returns."""
    filing = lock_filing(item.subject.id)
    level = LEVEL_OF_ROLE[item.role]
    counter = f"{level}_returns"
    returned = item.variables.get(counter)
    already = returned if isinstance(returned, int) else 0
    _ensure_running(filing)
    ensure_may_audit(filing, actor)
    if outcome == Decision.RETURN:
        ensure_may_return(level, already, values)
    add_opinion(filing, level=level, decision=outcome or "", values=values, actor=actor)
    refuse_proofs(filing, values)
    settle_duplicates(filing, values)
    if outcome == Decision.APPROVE:
        ensure_not_same(filing)
    if outcome != Decision.RETURN:
        return {}
    tell_returned(filing, str(values["opinion"]))
    return {counter: already + 1, "returned_by": level.value}


def complete_correction(
    *, item: CompletedItem, outcome: str | None, values: Variables, actor: Actor
) -> dict[str, Value]:
    """补正: what was saved meanwhile, and `changes` over it, is judged like a first submission; or the withdrawal."""
    filing = lock_filing(item.subject.id)
    _ensure_running(filing)
    if outcome == "withdraw":
        filing.withdrawal_reason = str(values.get("correction_note") or "")
        return {}
    changes = values.get("changes")
    if isinstance(changes, dict):
        save_draft(filing_id=filing.id, values=changes, revision=None, actor=actor)
    check_values(filing)
    ensure_new_file(filing, sha256=filing.report_sha256)
    filing.revision += 1
    return {}


def _ensure_running(filing: Filing) -> None:
    """A withdrawal ends the process within moments; until then nobody decides any more."""
    if filing.status != FilingStatus.SUBMITTED:
        raise ConflictError("filing_not_open")


def _decide(filing: Filing, status: FilingStatus) -> bool:
    """Writes the decision unless the filer has withdrawn meanwhile; whether it was written."""
    if filing.status != FilingStatus.SUBMITTED:
        return False
    filing.status, filing.decided_at = status, clock.now()
    filing.revision += 1
    return True


def _keep_version(filing: Filing, actor: Actor) -> None:
    last = session.scalar(select(func.max(FilingVersion.version)).where(FilingVersion.filing_id == filing.id)) or 0
    session.add(
        FilingVersion(
            filing_id=filing.id,
            version=last + 1,
            values=filing.values,
            submitted_by=actor.id,
            submitted_at=clock.now(),
        )
    )


def _round_id(call: OperationCall) -> int:
    return call.subject.id if call.batch_id is None else call.batch_id


def _round_after(round_id: int) -> Round | None:
    this = session.get_one(Round, round_id)
    return session.scalars(
        select(Round)
        .where(
            Round.period_from > this.period_from,
            Round.programme_code == this.programme_code,
            Round.status.in_([RoundStatus.SETUP, RoundStatus.RUNNING]),
        )
        .order_by(Round.period_from, Round.id)
        .limit(1)
    ).first()
