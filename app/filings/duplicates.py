"""Duplicates (E1): the same file is refused, a similar title with a common party is asked about and kept for the
auditor."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Organisation
from app.filings import rules
from app.filings.models import DuplicateSuspicion, Filing
from app.filings.queries import SimilarFiling, standing_filings_with_party
from app.filings.reading import FilingFacts
from app.filings.vocabulary import SIMILAR_FROM, STANDING, FilingStatus
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import field_error


def ensure_new_file(filing: Filing, *, sha256: str | None) -> None:
    """Refuses a report whose very file stands in another filing; names only that filing's filer and number."""
    earlier = find_same_file(sha256=sha256, filing_id=filing.id) if sha256 else None
    if earlier is not None:
        raise field_error("report_file", "duplicate_file", org=earlier[0], no=earlier[1])


def find_same_file(*, sha256: str, filing_id: int) -> tuple[str, str] | None:
    """Filer's name and number of a standing filing of the very same report file (E1)."""
    row = session.execute(
        select(Organisation.name, Filing.number)
        .join(Organisation, Organisation.id == Filing.organisation_id)
        .where(Filing.report_sha256 == sha256, Filing.status.in_(STANDING), Filing.id != filing_id)
    ).first()
    return None if row is None else (row[0], row[1] or "")


def claim_file(filing: Filing, *, sha256: str | None) -> None:
    """Makes the filing a submitted one that holds its report; of two at once with the same file the second is refused."""
    ensure_new_file(filing, sha256=sha256)
    try:
        with session.begin_nested():
            filing.report_sha256, filing.status = sha256, FilingStatus.SUBMITTED
            filing.submitted_at = filing.submitted_at or clock.now()
            session.flush()  # the unique index over standing reports answers here, not at the commit
    except IntegrityError:
        ensure_new_file(filing, sha256=sha256)
        raise


def find_similar(filing: Filing, facts: FilingFacts) -> Sequence[SimilarFiling]:
    """Standing filings with a common party and a title at least SIMILAR_FROM alike, the most alike first."""
    names = {party.name for party in filing.parties}
    organisation_ids = {filing.organisation_id} | {
        party.organisation_id for party in filing.parties if party.organisation_id is not None
    }
    others = standing_filings_with_party(filing_id=filing.id, names=names, organisation_ids=organisation_ids)
    alike = [
        SimilarFiling(other_id, title, number, name, rules.similarity(facts.title, title))
        for other_id, title, number, name in others
    ]
    return sorted((one for one in alike if one.similarity >= SIMILAR_FROM), key=lambda one: (-one.similarity, one.id))


def keep_suspicions(filing: Filing, similar: Sequence[SimilarFiling]) -> None:
    """Keeps what was found for the auditor; a suspicion that was judged keeps its verdict."""
    kept = {
        one.other_id: one
        for one in session.scalars(select(DuplicateSuspicion).where(DuplicateSuspicion.filing_id == filing.id))
    }
    for one in similar:
        if one.id not in kept:
            session.add(
                DuplicateSuspicion(
                    filing_id=filing.id, other_id=one.id, similarity=Decimal(str(round(one.similarity, 3)))
                )
            )
