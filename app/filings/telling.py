"""Who is told what about a filing."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select

from app.accounts.queries import get_organisation, user_ids_with_role
from app.accounts.vocabulary import Role
from app.filings.models import AuditOpinion, Filing
from app.kernel import clock
from app.kernel.db import session
from app.notifications.usecases import notify
from app.workdays.calendar import add_workdays

AUDIT_WORKDAYS = 20
"""Ten working days of the province and ten of the nation (E2)."""
CORRECTION_WORKDAYS = 10


def link_of(filing_id: int) -> str:
    """The path of a filing's page."""
    return f"/filings/{filing_id}"


def tell_received(filing: Filing) -> None:
    """The filer, and the contacts of the attribution province and of the filer's own (flows.md, section 1)."""
    provinces = {filing.province_code, get_organisation(filing.organisation_id).province_code} - {None}
    contacts = user_ids_with_role(Role.PROVINCE_CONTACT, scope_codes=sorted(code for code in provinces if code))
    until = add_workdays(clock.now(), AUDIT_WORKDAYS)
    _tell(filing, "filing_received", people=contacts, number=filing.number or "", until=until)


def tell_returned(filing: Filing, reason: str) -> None:
    """The filer: what to correct, and until when."""
    _tell(filing, "filing_returned", until=add_workdays(clock.now(), CORRECTION_WORKDAYS), reason=reason)


def tell_filed(filing: Filing) -> None:
    """The filer and the province's contacts: the filing number."""
    contacts = user_ids_with_role(Role.PROVINCE_CONTACT, scope_codes=[filing.province_code or ""])
    _tell(filing, "filing_filed", people=contacts, number=filing.number or "")


def tell_rejected(filing: Filing) -> None:
    """The filer: the reason of the last decision."""
    reason = session.scalar(
        select(AuditOpinion.opinion)
        .where(AuditOpinion.filing_id == filing.id)
        .order_by(AuditOpinion.id.desc())
        .limit(1)
    )
    _tell(filing, "filing_rejected", reason=reason or "")


def tell_lapsed(filing: Filing) -> None:
    """The filer: the correction was not made in time."""
    _tell(filing, "filing_lapsed")


def tell_withdrawn(filing: Filing) -> None:
    """The filer, whoever of the organisation withdrew it."""
    _tell(filing, "filing_withdrawn")


def tell_moved(filings: Iterable[Filing], *, round_name: str, reason: str) -> None:
    """The filers: their filings count for another round."""
    for filing in filings:
        _tell(filing, "filing_next_round", round=round_name, reason=reason)


def _tell(filing: Filing, kind: str, *, people: Collection[int] = (), **params: str | datetime) -> None:
    filers = user_ids_with_role(Role.FILER, scope_codes=[str(filing.organisation_id)])
    told = {*filers, *people, *([filing.created_by] if filing.filed_for else [])}
    notify(user_ids=told, kind=kind, params={"title": filing.title, **params}, link=link_of(filing.id))
