"""Tables of the accounts room."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.vocabulary import UserStatus
from app.kernel.actor import ScopeType
from app.kernel.db import Base, Code, Moment, Name, PrimaryKey, UtcDateTime


class Region(Base):
    """One of the 32 evaluated areas: 31 provinces of GB/T 2260 and the Corps (660000, defined by the system)."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    short_zh: Mapped[str] = mapped_column(String(4))
    peer_group: Mapped[Code]
    tile_row: Mapped[int]
    tile_col: Mapped[int]
    body_name: Mapped[Name]
    has_city_review: Mapped[bool] = mapped_column(default=False)
    """Whether the province lets its cities audit first (variable `city_review` of the filing process)."""


class Organisation(Base):
    """A legal entity, or a department. Provinces and cities are told by their GB/T 2260 codes."""

    __tablename__ = "organisation"
    __table_args__ = (Index("ix_organisation_province_type", "province_code", "type"),)

    id: Mapped[PrimaryKey]
    name: Mapped[Name] = mapped_column(unique=True)
    uscc: Mapped[str | None] = mapped_column(String(18), unique=True)
    """统一社会信用代码, checked by GB 32100-2015; departments of the state may lack one."""
    type: Mapped[Code]
    province_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    city_code: Mapped[str | None] = mapped_column(String(6))
    city_name: Mapped[str | None] = mapped_column(String(60))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    group_code: Mapped[str | None] = mapped_column(String(64), index=True)
    """Shared by all members of one corporate group; own or related organisations never rate each other (E5)."""
    is_dishonest: Mapped[bool] = mapped_column(default=False)
    """On a list of serious violations or of abnormal filings (严重违法失信/非正常专利申请), E4."""
    is_demo: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str | None] = mapped_column(String(40))

    domains: Mapped[list["OrganisationDomain"]] = relationship(cascade="all, delete-orphan")
    honours: Mapped[list["OrganisationHonour"]] = relationship(cascade="all, delete-orphan")


class OrganisationDomain(Base):
    """An industrial domain (level 2) in which an organisation works."""

    __tablename__ = "organisation_domain"
    __table_args__ = (Index("ix_organisation_domain_domain", "domain_code", "organisation_id"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    domain_code: Mapped[str] = mapped_column(ForeignKey("domain.code"), primary_key=True)


class OrganisationHonour(Base):
    """A title, valid from a day until a day; a push looks only at titles valid on its date."""

    __tablename__ = "organisation_honour"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    honour: Mapped[Code] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class User(Base):
    """A person with an account."""

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint("failed_count >= 0", name="failed_count_counts"),)

    id: Mapped[PrimaryKey]
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[Name]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    password_hash: Mapped[Name]
    job_role: Mapped[str | None] = mapped_column(String(16))
    """RND, IP, MGMT, GOV or UNI (domain.md c.3, JobRole)."""
    email: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(40))
    locale: Mapped[str] = mapped_column(String(8), default="zh")
    status: Mapped[Code] = mapped_column(default=UserStatus.ACTIVE)
    is_demo: Mapped[bool] = mapped_column(default=False)
    is_organisation_admin: Mapped[bool] = mapped_column(default=False)
    """单位管理员: opens accounts for colleagues of the own organisation."""
    failed_count: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    sessions_end_before: Mapped[datetime | None] = mapped_column(UtcDateTime())
    password_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    """Until when a one-time password holds; None once the person has chosen one."""
    created_at: Mapped[Moment]

    organisation: Mapped[Organisation | None] = relationship()
    grants: Mapped[list["RoleGrant"]] = relationship(cascade="all, delete-orphan", order_by="RoleGrant.id")
    standing_in: Mapped[list["Absence"]] = relationship(foreign_keys="Absence.substitute_id", viewonly=True)
    """Absences of others that name this person as the substitute."""


class RoleGrant(Base):
    """A role that a user holds within a scope."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "scope_type", "scope_code"),
        Index("ix_role_grant_role_scope", "role", "scope_type", "scope_code"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[Code]
    scope_type: Mapped[ScopeType] = mapped_column(String(16))
    scope_code: Mapped[Code] = mapped_column(default="")


class Absence(Base):
    """A person is away from a day to a day, and a colleague of the same office does the work (AB角)."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
        CheckConstraint("user_id <> substitute_id", name="somebody_else"),
        Index("ix_absence_substitute", "substitute_id", "ends_on"),
        Index("ix_absence_user", "user_id", "ends_on"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    substitute_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    created_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    """When the person came back early or called it off; the row stays as the record."""

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    substitute: Mapped[User] = relationship(foreign_keys=[substitute_id])


class ApiToken(Base):
    """A bearer token; only its SHA-256 is kept."""

    __tablename__ = "api_token"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
