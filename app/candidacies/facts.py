"""Gathers what the rules of the initial screening look at, in a fixed number of statements."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from app.accounts.models import Organisation
from app.candidacies.models import Candidacy
from app.candidacies.rules import Facts
from app.candidacies.vocabulary import SUBJECT, Standing
from app.filings.models import ApplicationProof, DuplicateSuspicion, Filing, FilingParty
from app.filings.vocabulary import FilingStatus, ProofEnd
from app.kernel.db import session
from app.processes.models import ProcessDefinition, ProcessInstance
from app.processes.vocabulary import InstanceStatus
from app.rounds.models import Round
from app.rounds.queries import get_round, parameter

HOLDING = (FilingStatus.SUBMITTED, FilingStatus.FILED)
"""A filing in one of these holds its project: a later one of the same project is the duplicate."""
SAME = "same"
DIFFERENT = "different"
INTEGRITY_CASE = "integrity_case"
NEEDED = ("report_type", "domain_code", "province_code", "abstract", "report_file_id", "submitted_at")
OPEN = (InstanceStatus.RUNNING, InstanceStatus.SUSPENDED, InstanceStatus.INCIDENT)


def gather_facts(candidacy: Candidacy) -> Facts:
    """All facts about one candidacy, read now."""
    evaluation_round = get_round(candidacy.round_id)
    filing = session.get_one(Filing, candidacy.filing_id)
    same_as, similar_to = _duplicates(filing)
    valid, government = _proofs(filing.id)
    listed, unknown = _parties(filing)
    return Facts(
        round_id=candidacy.round_id,
        filing_round_id=filing.round_id,
        is_filed=filing.status == FilingStatus.FILED,
        is_willing=filing.is_willing,
        report_type=candidacy.report_type,
        period_from=evaluation_round.period_from,
        period_to=evaluation_round.period_to,
        finished_on=filing.finished_on,
        accepted_on=filing.accepted_on,
        missing=tuple(name for name in NEEDED if not getattr(filing, name)),
        same_as=same_as,
        similar_to=similar_to,
        valid_proofs=valid,
        government_proofs=government,
        needs_government_proof=candidacy.report_type in parameter(evaluation_round, "screening.government_proof_types"),
        awarded_in=_awarded_in(candidacy, filing),
        listed_parties=listed,
        unknown_parties=unknown,
        open_cases=_open_cases(candidacy),
        province_rank=_province_rank(candidacy, filing),
        province_cap=parameter(evaluation_round, "screening.province_cap"),
    )


def _duplicates(filing: Filing) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Numbers of earlier filings: those that are the same project, and those only suspected to be."""
    suspected = session.execute(
        select(Filing.number, DuplicateSuspicion.verdict)
        .join(DuplicateSuspicion, DuplicateSuspicion.other_id == Filing.id)
        .where(DuplicateSuspicion.filing_id == filing.id, Filing.status.in_(HOLDING))
        .order_by(Filing.id)
    )
    verdicts = list(suspected)
    same_file: Sequence[str | None] = []
    if filing.report_sha256 is not None:
        same_file = session.scalars(
            select(Filing.number)
            .where(
                Filing.report_sha256 == filing.report_sha256,
                Filing.id != filing.id,
                Filing.status.in_(HOLDING),
                Filing.submitted_at <= filing.submitted_at,
            )
            .order_by(Filing.id)
        ).all()
    same = [number for number, verdict in verdicts if verdict == SAME]
    similar = [number for number, verdict in verdicts if verdict not in (SAME, DIFFERENT)]
    return _numbers([*same, *same_file]), _numbers(similar)


def _numbers(numbers: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(number or "" for number in numbers)


def _proofs(filing_id: int) -> tuple[int, int]:
    """How many valid proofs there are, and how many of them come from a government."""
    rows = session.execute(
        select(ApplicationProof.end, func.count())
        .where(ApplicationProof.filing_id == filing_id, ApplicationProof.is_valid.is_(True))
        .group_by(ApplicationProof.end)
    )
    by_end = dict(rows.all())
    return sum(by_end.values()), by_end.get(ProofEnd.GOV, 0)


def _parties(filing: Filing) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the parties on a list of dishonesty, and of those that no organisation of the platform bears."""
    parties = session.execute(
        select(FilingParty.name, FilingParty.organisation_id).where(FilingParty.filing_id == filing.id)
    )
    named = [(name, organisation_id) for name, organisation_id in parties]
    ids = {organisation_id for _, organisation_id in named if organisation_id is not None} | {filing.organisation_id}
    names = {name for name, organisation_id in named if organisation_id is None}
    found = session.execute(
        select(Organisation.name, Organisation.is_dishonest)
        .where(or_(Organisation.id.in_(ids), Organisation.name.in_(names)))
        .order_by(Organisation.name)
    )
    known = dict(found.all())
    return tuple(name for name, is_dishonest in known.items() if is_dishonest), tuple(sorted(names - known.keys()))


def _awarded_in(candidacy: Candidacy, filing: Filing) -> tuple[str, ...]:
    """Names of other rounds that awarded the same report file, or the same title of the same organisation."""
    same_result = (Candidacy.title == candidacy.title) & (Candidacy.organisation_id == candidacy.organisation_id)
    if filing.report_sha256 is not None:
        same_result |= Filing.report_sha256 == filing.report_sha256
    return tuple(
        session.scalars(
            select(Round.name)
            .join(Candidacy, Candidacy.round_id == Round.id)
            .join(Filing, Filing.id == Candidacy.filing_id)
            .where(Candidacy.standing == Standing.AWARDED, Candidacy.round_id != candidacy.round_id, same_result)
            .distinct()
            .order_by(Round.name)
        )
    )


def _open_cases(candidacy: Candidacy) -> int:
    """Integrity cases about the candidacy or its filing that have not ended."""
    about = ((ProcessInstance.subject_type == SUBJECT) & (ProcessInstance.subject_id == candidacy.id)) | (
        (ProcessInstance.subject_type == "filing") & (ProcessInstance.subject_id == candidacy.filing_id)
    )
    return (
        session.scalar(
            select(func.count())
            .select_from(ProcessInstance)
            .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
            .where(about, ProcessDefinition.key == INTEGRITY_CASE, ProcessInstance.status.in_(OPEN))
        )
        or 0
    )


def _province_rank(candidacy: Candidacy, filing: Filing) -> int:
    """The candidacy's place among those of its province in the round, by first submission."""
    earlier = or_(
        Filing.submitted_at < filing.submitted_at,
        (Filing.submitted_at == filing.submitted_at) & (Filing.id < filing.id),
    )
    before = session.scalar(
        select(func.count())
        .select_from(Candidacy)
        .join(Filing, Filing.id == Candidacy.filing_id)
        .where(
            Candidacy.round_id == candidacy.round_id,
            Candidacy.province_code == candidacy.province_code,
            Candidacy.standing != Standing.WITHDRAWN,
            earlier,
        )
    )
    return 1 + (before or 0)
