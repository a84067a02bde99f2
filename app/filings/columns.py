"""The columns of a filing's row that its form decides: what lists, rules and scopes ask for."""

from app.accounts.queries import get_organisation
from app.filings.models import ApplicationProof, Filing, FilingParty
from app.filings.queries import organisations_by_name
from app.filings.reading import FilingFacts
from app.filings.vocabulary import PartyRole

UNTITLED = "（未命名）"


def write_columns(filing: Filing, facts: FilingFacts) -> None:
    """Copies the facts into the row, its parties and its proofs."""
    filing.title = facts.title or UNTITLED
    filing.report_type, filing.domain_code = facts.report_type, facts.domain_code
    filing.filer_role = facts.filer_role
    filing.is_willing, filing.fiscal_amount = facts.is_willing, facts.fiscal_amount
    filing.finished_on, filing.accepted_on = facts.finished_on, facts.accepted_on
    filing.abstract = facts.abstract
    filing.report_file_id, filing.public_file_id = facts.report_file_id, facts.public_file_id
    _write_parties(filing, facts)
    _write_proofs(filing, facts)


def _write_parties(filing: Filing, facts: FilingFacts) -> None:
    """Parties by name as printed, and as organisations where known; the filer's own role is the filer."""
    filer = get_organisation(filing.organisation_id)
    known = organisations_by_name({party.name for party in facts.parties})
    names = {party.role: party.name for party in facts.parties}
    names.setdefault(PartyRole(facts.filer_role), filer.name)
    wanted = {}
    for role, name in names.items():
        organisation = filer if role == facts.filer_role else known.get(name)
        wanted[role.value] = (name, organisation.id if organisation else None)
    have = {party.role: (party.name, party.organisation_id) for party in filing.parties}
    if have != wanted:
        filing.parties = [
            FilingParty(role=role, name=name, organisation_id=organisation_id)
            for role, (name, organisation_id) in wanted.items()
        ]


def _write_proofs(filing: Filing, facts: FilingFacts) -> None:
    have = [(one.end, one.type, one.level, one.issuer, one.issued_on, one.file_id) for one in filing.proofs]
    wanted = [(one.end, one.type, one.level, one.issuer, one.issued_on, one.file_id) for one in facts.proofs]
    if have != wanted:
        filing.proofs = [
            ApplicationProof(end=end, type=kind, level=level, issuer=issuer, issued_on=issued_on, file_id=file_id)
            for end, kind, level, issuer, issued_on, file_id in wanted
        ]
