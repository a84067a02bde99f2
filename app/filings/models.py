"""Tables of the filings room."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.filings.vocabulary import FilingStatus
from app.kernel.db import Base, BigId, Code, JsonText, Moment, Name, PrimaryKey, UtcDateTime


class Filing(Base):
    """A result filed by an organisation: report, thematic database or tool.

    Columns hold what lists, rules and scopes ask for; `values` holds the whole form as it was submitted.
    """

    __tablename__ = "filing"
    __table_args__ = (
        Index("ix_filing_round_status", "round_id", "status", "province_code"),
        Index("ix_filing_organisation", "organisation_id", "status"),
        Index(
            "uq_filing_standing_report",
            "report_sha256",
            unique=True,
            sqlite_where=text("status IN ('SUBMITTED', 'FILED')"),
            postgresql_where=text("status IN ('SUBMITTED', 'FILED')"),
        ),
        CheckConstraint("(status = 'DRAFT') = (submitted_at IS NULL)", name="submitted_has_time"),
    )

    id: Mapped[PrimaryKey]
    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    """受理号 at submission; the filing number (备案号) replaces it when filed: BA-{round}-{province}-{type}-{seq}."""
    receipt_number: Mapped[str | None] = mapped_column(String(40), unique=True)
    """受理号: stays when the filing number has replaced it, so that a letter naming it is still found."""
    kind: Mapped[Code]
    title: Mapped[Name]
    report_type: Mapped[str | None] = mapped_column(String(16))
    domain_code: Mapped[str | None] = mapped_column(String(8), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation_round.id"))
    province_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    """The attribution province: of the payer, else of commissioner or undertaker; never of the service institution."""
    city_code: Mapped[str | None] = mapped_column(String(6))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """The filer."""
    filer_role: Mapped[str] = mapped_column(String(16))
    filed_for: Mapped[bool] = mapped_column(default=False)
    """代录: the provincial contact filed for an organisation without account."""
    is_willing: Mapped[bool] = mapped_column(default=False)
    """参与意愿 (R-063)."""
    fiscal_amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    """万元."""
    finished_on: Mapped[date | None] = mapped_column(Date)
    accepted_on: Mapped[date | None] = mapped_column(Date)
    abstract: Mapped[str] = mapped_column(Text, default="")
    report_file_id: Mapped[int | None] = mapped_column(BigId)
    public_file_id: Mapped[int | None] = mapped_column(BigId)
    """The rating version: what raters read; never the full report of an enterprise or R&D result."""
    report_sha256: Mapped[str | None] = mapped_column(String(64))
    values: Mapped[Any] = mapped_column(JsonText)
    status: Mapped[Code] = mapped_column(default=FilingStatus.DRAFT)
    instance_id: Mapped[int | None] = mapped_column(BigId)
    is_city_unaudited: Mapped[bool] = mapped_column(default=False)
    """市级未审: the city let its ten working days pass, so the province audits without its opinion."""
    withdrawal_reason: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[int] = mapped_column(BigId)
    created_at: Mapped[Moment]
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    """First submission: it decides the round (R-054)."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    is_demo: Mapped[bool] = mapped_column(default=False)

    parties: Mapped[list["FilingParty"]] = relationship(cascade="all, delete-orphan")
    proofs: Mapped[list["ApplicationProof"]] = relationship(cascade="all, delete-orphan")


class FilingParty(Base):
    """委托单位, 承担单位, 服务机构: by name as printed, and by organisation where the name is known."""

    __tablename__ = "filing_party"

    id: Mapped[PrimaryKey]
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), index=True)
    role: Mapped[Code]
    name: Mapped[Name]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)


class ApplicationProof(Base):
    """成果应用证明, audited with its filing: end, type, level, issuer, date, scan."""

    __tablename__ = "application_proof"

    id: Mapped[PrimaryKey]
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), index=True)
    end: Mapped[Code]
    type: Mapped[Code]
    level: Mapped[Code]
    issuer: Mapped[Name]
    issued_on: Mapped[date | None] = mapped_column(Date)
    file_id: Mapped[int | None] = mapped_column(BigId)
    is_refused: Mapped[bool] = mapped_column(default=False)
    """An auditor found it invalid; the filing goes on without it."""
    is_valid: Mapped[bool] = mapped_column(default=False)
    """Set when the filing is filed, unless refused or without its scan; an invalid proof does not touch the filing."""


class FilingVersion(Base):
    """What was submitted, each time: corrections are shown as differences to the version before."""

    __tablename__ = "filing_version"
    __table_args__ = (UniqueConstraint("filing_id", "version"),)

    id: Mapped[PrimaryKey]
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"))
    version: Mapped[int]
    values: Mapped[Any] = mapped_column(JsonText)
    submitted_by: Mapped[int | None] = mapped_column(BigId)
    submitted_at: Mapped[Moment]


class AuditOpinion(Base):
    """审核意见: one decision at one level; added, never overwritten."""

    __tablename__ = "audit_opinion"

    id: Mapped[PrimaryKey]
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), index=True)
    level: Mapped[Code]
    decision: Mapped[Code]
    reasons: Mapped[Any] = mapped_column(JsonText)
    opinion: Mapped[str] = mapped_column(Text, default="")
    auditor_id: Mapped[int | None] = mapped_column(BigId)
    auditor_name: Mapped[Name]
    version: Mapped[int]
    at: Mapped[Moment]


class DuplicateSuspicion(Base):
    """A filing whose title is close to another's with a common party (E1): the auditor decides."""

    __tablename__ = "duplicate_suspicion"
    __table_args__ = (UniqueConstraint("filing_id", "other_id"),)

    id: Mapped[PrimaryKey]
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("filing.id"))
    similarity: Mapped[Decimal] = mapped_column(Numeric(4, 3))
    verdict: Mapped[str | None] = mapped_column(String(16))


class OpinionTemplate(Base):
    """常用意见: words that an auditor keeps for the next opinion; only their owner sees them."""

    __tablename__ = "opinion_template"
    __table_args__ = (Index("ix_opinion_template_owner", "user_id", "id"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(BigId)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Moment]


class NumberSequence(Base):
    """The last number given out under a prefix. Its row is locked until the number's filing is committed."""

    __tablename__ = "filing_number_sequence"

    prefix: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int]
