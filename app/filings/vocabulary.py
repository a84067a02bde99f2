"""Words of the filings room (domain.md c.3)."""

from enum import StrEnum


class FilingKind(StrEnum):
    REPORT = "report"
    DATABASE = "database"
    TOOL = "tool"


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
