"""Words of the filings room (domain.md c.3)."""

from enum import StrEnum
from typing import Final

SUBJECT: Final = "filing"
"""The subject type of a filing's instance, and the key of its process."""


class FilingKind(StrEnum):
    REPORT = "report"
    DATABASE = "database"
    TOOL = "tool"


FORM_OF_KIND: Final = {
    FilingKind.REPORT: "filing",
    FilingKind.DATABASE: "filing_database",
    FilingKind.TOOL: "filing_tool",
}
"""The form in which each kind is filed; databases and tools have a channel of their own (R-055)."""


class ReportType(StrEnum):
    """GB/T 39551 parts 2 to 6."""

    REGION = "REGION"
    INDUSTRY = "INDUSTRY"
    ENTERPRISE = "ENTERPRISE"
    RND = "RND"
    TALENT = "TALENT"


class FilingStatus(StrEnum):
    """What is stored. While a filing is audited, who audits is told by its open work item (see queries)."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"  # in the filing process; shown as CITY_REVIEW, PROV_REVIEW, NAT_REVIEW or RETURNED
    FILED = "FILED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"


STANDING: Final = (FilingStatus.SUBMITTED, FilingStatus.FILED)
"""In these a filing holds its report: the same file is not filed a second time (E1)."""


class DisplayStatus(StrEnum):
    """What a reader sees of a submitted filing: who has it (flows.md, section 15)."""

    CITY_REVIEW = "CITY_REVIEW"
    PROV_REVIEW = "PROV_REVIEW"
    NAT_REVIEW = "NAT_REVIEW"
    RETURNED = "RETURNED"


STATUS_OF_ROLE: Final = {
    "city_auditor": DisplayStatus.CITY_REVIEW,
    "province_auditor": DisplayStatus.PROV_REVIEW,
    "national_auditor": DisplayStatus.NAT_REVIEW,
    "filer": DisplayStatus.RETURNED,
}
"""Who has the filing, by the lane of its open item: a step that a designer adds to the diagram needs no code."""


class AuditLevel(StrEnum):
    """Values of the variable `returned_by` as well."""

    CITY = "city"
    PROVINCE = "province"
    NATIONAL = "national"


LEVEL_OF_ROLE: Final = {
    "city_auditor": AuditLevel.CITY,
    "province_auditor": AuditLevel.PROVINCE,
    "national_auditor": AuditLevel.NATIONAL,
}
RETURNS_ALLOWED: Final = {AuditLevel.CITY: 1, AuditLevel.PROVINCE: 2, AuditLevel.NATIONAL: 2}
"""How often each level may return a filing (E2); the city looks once."""


class PartyRole(StrEnum):
    """The filer is any one of these three; the service institution never decides the attribution province."""

    COMMISSIONER = "COMMISSIONER"
    UNDERTAKER = "UNDERTAKER"
    SERVICE = "SERVICE"


class ProofEnd(StrEnum):
    GOV = "GOV"
    ENT = "ENT"
    UNI = "UNI"


class ProofLevel(StrEnum):
    NATIONAL = "NATIONAL"
    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    UNIT = "UNIT"


class Decision(StrEnum):
    """Outcomes of an audit (flows.md, section 1)."""

    APPROVE = "approve"
    RETURN = "return_for_correction"
    NOT_RECOMMENDED = "not_recommended"
    REJECT = "reject"
    ESCALATE = "escalate"


class DuplicateVerdict(StrEnum):
    """What the auditor made of a suspicion."""

    SAME = "same"
    DIFFERENT = "different"


class Question(StrEnum):
    """Refusals that a second submission with the box ticked answers (flows.md, section 15)."""

    DUPLICATE_SUSPECTED = "duplicate_suspected"
    NEXT_ROUND = "next_round"


SIMILAR_FROM: Final = 0.85
"""Titles at least this alike, with a common party, are suspected to be one project (E1)."""
