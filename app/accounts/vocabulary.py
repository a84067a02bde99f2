"""Words of the accounts room."""

from enum import StrEnum

from app.kernel.actor import ScopeType


class Role(StrEnum):
    """A lane's id in a diagram is one of these codes; so is a demo account's name without its number."""

    FILER = "filer"
    CITY_AUDITOR = "city_auditor"
    PROVINCE_CONTACT = "province_contact"
    PROVINCE_AUDITOR = "province_auditor"
    PROVINCE_LEADER = "province_leader"
    NATIONAL_AUDITOR = "national_auditor"
    MANAGER = "manager"
    LEADER = "leader"
    RATER = "rater"
    GOV_USER = "gov_user"
    EXPERT = "expert"
    CHAIR = "chair"
    SECRETARY = "secretary"
    SUPERVISOR = "supervisor"
    OBJECTION_HANDLER = "objection_handler"
    DESIGNER = "designer"
    SYS_ADMIN = "sys_admin"
    SEC_ADMIN = "sec_admin"
    AUDIT_ADMIN = "audit_admin"


SCOPE_OF_ROLE: dict[Role, ScopeType] = {
    Role.FILER: "organisation",
    Role.CITY_AUDITOR: "city",
    Role.PROVINCE_CONTACT: "province",
    Role.PROVINCE_AUDITOR: "province",
    Role.PROVINCE_LEADER: "province",
    Role.NATIONAL_AUDITOR: "nation",
    Role.MANAGER: "nation",
    Role.LEADER: "nation",
    Role.RATER: "organisation",
    Role.GOV_USER: "organisation",
    Role.EXPERT: "none",
    Role.CHAIR: "none",
    Role.SECRETARY: "nation",
    Role.SUPERVISOR: "nation",
    Role.OBJECTION_HANDLER: "nation",
    Role.DESIGNER: "nation",
    Role.SYS_ADMIN: "nation",
    Role.SEC_ADMIN: "nation",
    Role.AUDIT_ADMIN: "nation",
}
"""The kind of scope in which each role is granted (domain.md, section d)."""

ROLE_NAMES: dict[Role, tuple[str, str]] = {
    Role.FILER: ("备案用户", "Filer"),
    Role.CITY_AUDITOR: ("市级审核员", "City auditor"),
    Role.PROVINCE_CONTACT: ("省级联系人", "Provincial contact"),
    Role.PROVINCE_AUDITOR: ("省级审核员", "Provincial auditor"),
    Role.PROVINCE_LEADER: ("省级负责人", "Provincial leader"),
    Role.NATIONAL_AUDITOR: ("国家审核员", "National auditor"),
    Role.MANAGER: ("业务管理员", "Manager"),
    Role.LEADER: ("局领导", "Leader"),
    Role.RATER: ("评价用户", "Rater"),
    Role.GOV_USER: ("受邀部门", "Invited department"),
    Role.EXPERT: ("评审专家", "Expert"),
    Role.CHAIR: ("组长", "Panel chair"),
    Role.SECRETARY: ("评审秘书", "Secretary"),
    Role.SUPERVISOR: ("纪检监督员", "Supervisor"),
    Role.OBJECTION_HANDLER: ("异议处理员", "Objection handler"),
    Role.DESIGNER: ("流程设计员", "Flow designer"),
    Role.SYS_ADMIN: ("系统管理员", "System administrator"),
    Role.SEC_ADMIN: ("安全管理员", "Security administrator"),
    Role.AUDIT_ADMIN: ("审计管理员", "Audit administrator"),
}


class OrganisationType(StrEnum):
    """domain.md c.3, OrgType."""

    IP_NATIONAL = "IP_NATIONAL"
    IP_PROV = "IP_PROV"
    IP_CITY = "IP_CITY"
    MINISTRY = "MINISTRY"
    PROV_DEPT = "PROV_DEPT"
    ENTERPRISE = "ENTERPRISE"
    UNIVERSITY = "UNIVERSITY"
    RESEARCH = "RESEARCH"
    PUBLIC_INST = "PUBLIC_INST"
    PARK = "PARK"
    ASSOCIATION = "ASSOCIATION"
    SERVICE = "SERVICE"


class Honour(StrEnum):
    """Titles that make an organisation a push target or a filer of weight (domain.md c.3)."""

    ADV = "ADV"
    DEMO = "DEMO"
    UNI_PILOT = "UNI_PILOT"
    UNI_DEMO = "UNI_DEMO"
    BASE_N = "BASE_N"
    BASE_P = "BASE_P"
    BASE_C = "BASE_C"
    SUPPORT_N = "SUPPORT_N"


class UserStatus(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"


FAILURES_BEFORE_LOCK = 5
LOCK_MINUTES = 30
PASSWORD_LENGTH = 12
TOKEN_HOURS = 12
ONE_TIME_DAYS = 3
"""How long a password that somebody else set may be used to choose one's own."""


class JobRole(StrEnum):
    """domain.md c.3: in which job a person rates."""

    RND = "RND"
    IP = "IP"
    MGMT = "MGMT"
    GOV = "GOV"
    UNI = "UNI"


SUBSTITUTES: dict[Role, frozenset[Role]] = {
    Role.FILER: frozenset({Role.FILER}),
    Role.CITY_AUDITOR: frozenset({Role.CITY_AUDITOR, Role.PROVINCE_AUDITOR, Role.PROVINCE_CONTACT}),
    Role.PROVINCE_CONTACT: frozenset({Role.PROVINCE_CONTACT, Role.PROVINCE_AUDITOR}),
    Role.PROVINCE_AUDITOR: frozenset({Role.PROVINCE_AUDITOR, Role.PROVINCE_CONTACT}),
    Role.PROVINCE_LEADER: frozenset({Role.PROVINCE_LEADER}),
    Role.NATIONAL_AUDITOR: frozenset({Role.NATIONAL_AUDITOR}),
    Role.MANAGER: frozenset({Role.MANAGER}),
    Role.LEADER: frozenset({Role.LEADER}),
    Role.SECRETARY: frozenset({Role.SECRETARY}),
    Role.OBJECTION_HANDLER: frozenset({Role.OBJECTION_HANDLER}),
}
"""AB角 (flows.md, sections 14 and 16): who of the same office may stand in for a role.

Absent on purpose (domain.md, section d): experts, chairs and raters judge in person (代评 is forbidden), a supervisor
witnesses in person, and the three administrators stay apart (三员分立). Leaders sign only for leaders."""
MOST_ABSENT_DAYS = 60
"""A longer absence is a change of post: the security administrator grants the role to somebody else."""

CARED_FOR = (Role.FILER, Role.RATER, Role.GOV_USER, Role.CITY_AUDITOR)
"""Roles whose accounts the provincial contact looks after; whoever holds another role is not in the contact's care."""
COLLEAGUE_ROLES = (Role.FILER, Role.RATER, Role.GOV_USER)
"""Roles that an organisation's administrator hands on, as far as the organisation holds them (R-040: by invitation)."""

REGION_LETTERS = {
    "110000": "BJ", "120000": "TJ", "130000": "HE", "140000": "SX", "150000": "NM", "210000": "LN", "220000": "JL",
    "230000": "HL", "310000": "SH", "320000": "JS", "330000": "ZJ", "340000": "AH", "350000": "FJ", "360000": "JX",
    "370000": "SD", "410000": "HA", "420000": "HB", "430000": "HN", "440000": "GD", "450000": "GX", "460000": "HI",
    "500000": "CQ", "510000": "SC", "520000": "GZ", "530000": "YN", "540000": "XZ", "610000": "SN", "620000": "GS",
    "630000": "QH", "640000": "NX", "650000": "XJ", "660000": "XP",
}  # fmt: skip
"""What an English map calls a region, as a Chinese one says 鲁: the letters of GB/T 2260, and XP for the Corps, which has none."""
