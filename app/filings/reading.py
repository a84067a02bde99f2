"""What the rules and columns need of a filing's form: the one place that knows the keys of forms/filing*.form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from app.filings.vocabulary import FilingKind, PartyRole

PARTY_KEYS = {
    PartyRole.COMMISSIONER: ("commissioner", "commissioner_uscc"),
    PartyRole.UNDERTAKER: ("undertaker", "undertaker_uscc"),
    PartyRole.SERVICE: ("service_institution", "service_institution_uscc"),
}
"""Role -> (key of the name, key of the credit code)."""


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """A party as the form names it."""

    role: PartyRole
    name: str
    uscc: str | None = None


@dataclass(frozen=True, slots=True)
class ProofFacts:
    """An application proof as the form lists it."""

    end: str
    type: str
    level: str
    issuer: str
    issued_on: date | None
    file_id: int | None


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """A filing's form read once. Money in 万元."""

    title: str
    report_type: str | None
    domain_code: str | None
    filer_role: str
    parties: tuple[PartyFacts, ...]
    payer: str | None
    """Who paid the fiscal money, when not the commissioner."""
    stated_province: str | None
    """The province that the filer names as the payer's."""
    fiscal_amount: Decimal | None
    finished_on: date | None
    accepted_on: date | None
    search_cutoff: date | None
    abstract: str
    report_file_id: int | None
    public_file_id: int | None
    is_willing: bool
    is_unclassified: bool
    """非涉密承诺 was given."""
    proofs: tuple[ProofFacts, ...]


def read_facts(kind: str, values: Mapping[str, Any]) -> FilingFacts:
    """The facts in a filing's form; a draft's missing ones are None or empty."""
    return FilingFacts(
        title=_text(values, "title"),
        report_type=_text(values, "report_type") or None if kind == FilingKind.REPORT else None,
        domain_code=_text(values, "domain") or None,
        filer_role=_text(values, "filer_role") or PartyRole.UNDERTAKER,
        parties=tuple(_parties(values)),
        payer=_text(values, "payer") or None,
        stated_province=_text(values, "payer_province") or None,
        fiscal_amount=_money(values.get("fiscal_amount")),
        finished_on=_day(values.get("finished_on")),
        accepted_on=_day(values.get("accepted_on")),
        search_cutoff=_day(values.get("search_cutoff")),
        abstract=_text(values, "abstract"),
        report_file_id=_id(values.get("report_file")),
        public_file_id=_id(values.get("public_file")),
        is_willing=bool(values.get("willing")),
        is_unclassified=bool(values.get("unclassified")),
        proofs=tuple(_proofs(values.get("proofs"))),
    )


def party_key(role: PartyRole) -> str:
    """The form's key of a party's credit code."""
    return PARTY_KEYS[role][1]


def _text(values: Mapping[str, Any], key: str) -> str:
    return str(values.get(key) or "").strip()


def _parties(values: Mapping[str, Any]) -> list[PartyFacts]:
    return [
        PartyFacts(role, _text(values, name), _text(values, uscc) or None)
        for role, (name, uscc) in PARTY_KEYS.items()
        if _text(values, name)
    ]


def _proofs(listed: object) -> list[ProofFacts]:
    rows = listed if isinstance(listed, list) else []
    return [
        ProofFacts(
            end=_text(row, "end"),
            type=_text(row, "type"),
            level=_text(row, "level"),
            issuer=_text(row, "issuer"),
            issued_on=_day(row.get("issued_on")),
            file_id=_id(row.get("file")),
        )
        for row in rows
        if isinstance(row, Mapping)
    ]


def _money(value: object) -> Decimal | None:
    """An amount; None for what is none. The form's judge has refused it, and the page that says so is drawn from it."""
    try:
        return None if value is None or isinstance(value, bool) else Decimal(str(value)).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _id(value: object) -> int | None:
    return int(value) if isinstance(value, (int, str)) and str(value).isdigit() else None
