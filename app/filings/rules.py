"""Pure rules of the filings room."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from app.accounts.rules import find_uscc_fault
from app.filings.reading import PartyFacts
from app.filings.vocabulary import RETURNS_ALLOWED, AuditLevel, PartyRole

NOISE = re.compile(r"[\W_]+")


def attribution_province(
    *, payer: str | None, commissioner: str | None, undertaker: str | None, stated: str | None = None
) -> tuple[str, str] | None:
    """Which party decides the province a filing counts for, and the province; None when nobody's is known.

    The province that paid fiscal money, else the commissioner's, else the undertaker's; what the filer states without
    fiscal money decides only where neither is known. The service institution is never asked (flows.md, section 1).
    Arguments are the provinces of these parties where they are known.
    """
    parties = {"payer": payer, "commissioner": commissioner, "undertaker": undertaker, "stated": stated}
    return next(((party, province) for party, province in parties.items() if province), None)


def plain_name(name: str) -> str:
    """A title or an organisation's name without width, case, space and punctuation: what comparisons look at."""
    return NOISE.sub("", unicodedata.normalize("NFKC", name)).casefold()


def similarity(one: str, other: str) -> float:
    """How alike two titles are, from 0 to 1 (E1)."""
    from rapidfuzz import fuzz  # noqa: PLC0415 -- a compiled library that only submissions need

    return float(fuzz.ratio(plain_name(one), plain_name(other))) / 100


def receipt_number(*, province_short: str, year: int, sequence: int) -> str:
    """受理号 as 鲁备2026-0413."""
    return f"{province_short}备{year}-{sequence:04d}"


def filing_number(*, year: int, province_code: str, type_code: str, sequence: int) -> str:
    """备案号 as BA-2026-370000-INDUSTRY-0007 (domain.md c.2: BA-{cycle}-{prov}-{type}-{seq})."""
    return f"BA-{year}-{province_code}-{type_code}-{sequence:04d}"


def returns_left(level: AuditLevel, returned: int) -> int:
    """How often this level may still return a filing (E2)."""
    return max(0, RETURNS_ALLOWED[level] - returned)


def changed_keys(before: Mapping[str, Any], after: Mapping[str, Any], keys: Iterable[str]) -> list[str]:
    """Those of the form's `keys` whose value differs, in the form's order; absent, false and empty are the same."""
    return [key for key in keys if (before.get(key) or None) != (after.get(key) or None)]


def find_uscc_faults(parties: Iterable[PartyFacts]) -> dict[PartyRole, int]:
    """The first wrong position of each party's credit code that is wrong (GB 32100-2015)."""
    faults = {party.role: find_uscc_fault(party.uscc) for party in parties if party.uscc}
    return {role: position for role, position in faults.items() if position is not None}
