"""受理号 and 备案号: unique under races, without gaps, since the sequence's row is locked until the commit."""

from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from app.accounts.models import Region
from app.filings import rules
from app.filings.models import Filing, NumberSequence
from app.filings.vocabulary import FilingKind
from app.kernel.db import session

NATION_SHORT = "国"


def next_receipt_number(filing: Filing, *, year: int) -> str:
    """The next 受理号 of the filing's province and year."""
    region = session.get(Region, filing.province_code) if filing.province_code else None
    short = region.short_zh if region else NATION_SHORT
    sequence = _next_of(f"receipt-{filing.province_code}-{year}")
    return rules.receipt_number(province_short=short, year=year, sequence=sequence)


def next_filing_number(filing: Filing, *, year: int) -> str:
    """The next 备案号 of the filing's province, year and type."""
    type_code = filing.report_type or FilingKind(filing.kind).name
    sequence = _next_of(f"filing-{year}-{filing.province_code}-{type_code}")
    return rules.filing_number(
        year=year, province_code=filing.province_code or "", type_code=type_code, sequence=sequence
    )


def _next_of(prefix: str) -> int:
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    given = insert(NumberSequence).values(prefix=prefix, last=1)
    return session.execute(
        given.on_conflict_do_update(
            index_elements=[NumberSequence.prefix], set_={"last": NumberSequence.last + 1}
        ).returning(NumberSequence.last)
    ).scalar_one()
