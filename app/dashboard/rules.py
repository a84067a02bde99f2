"""Pure rules of the dashboard."""

from dataclasses import dataclass
from enum import StrEnum


class Gap(StrEnum):
    """Why an organisation stands on the coverage list (应备未备), the surest reason first."""

    LAPSED = "lapsed"
    DRAFT = "draft"
    FILED_BEFORE = "filed_before"
    NEVER_FILED = "never_filed"


@dataclass(frozen=True, slots=True)
class FilingRecord:
    """What the database knows of an organisation's filings. `standing`: submitted or filed in this round."""

    standing: int = 0
    drafts: int = 0
    lapsed: int = 0
    """Withdrawn, or lapsed without correction, in this round."""
    filed_before: int = 0
    """Filed in an earlier round."""
    has_filer: bool = False
    """Somebody can sign in to file."""


def find_gap(record: FilingRecord) -> Gap | None:
    """Why the organisation should have filed and has not; None when nothing is missing or nothing is expected.

    R-053: “国家各级财政投入的专利导航项目成果，原则上均应备案”. Which projects money went into is known to the provinces, not to
    this database; what it knows are traces: a result that was begun and not submitted, one that was taken back or
    lapsed and not filed anew, an organisation that filed before, one that was given an account to file. Begun and
    lapsed results are missing whatever else was filed (a lapsed one counts as filed anew while as many filings stand);
    the others only while the organisation has filed nothing in this round.
    """
    if record.lapsed > record.standing:
        return Gap.LAPSED
    if record.drafts:
        return Gap.DRAFT
    if record.standing:
        return None
    if record.filed_before:
        return Gap.FILED_BEFORE
    return Gap.NEVER_FILED if record.has_filer else None


def is_expected(record: FilingRecord) -> bool:
    """Whether the organisation counts for the coverage at all: it has filed, or a gap is known."""
    return bool(record.standing) or find_gap(record) is not None


def coverage_percent(*, expected: int, standing: int) -> int | None:
    """The share of the expected organisations with a filing in this round, rounded down; None when none is expected."""
    return 100 * standing // expected if expected else None
