"""Tables of the experts room. Bank accounts of experts stay outside the system (domain.md c.1)."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.experts.vocabulary import DEFAULT_CAPACITY
from app.kernel.db import Base, Name, PrimaryKey


class Expert(Base):
    """A person of the expert bank. Organisation and province are those of today; earlier ones are employments."""

    __tablename__ = "expert"
    __table_args__ = (CheckConstraint("capacity >= 0", name="capacity_counts"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), unique=True)
    title: Mapped[str] = mapped_column(String(40))
    """职称, e.g. 研究员."""
    years: Mapped[int]
    """Years of work in the field."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    is_honest: Mapped[bool] = mapped_column(default=True)
    """False while the person is in a dishonesty database (科研诚信, Annex 4)."""
    is_active: Mapped[bool] = mapped_column(default=True)
    capacity: Mapped[int] = mapped_column(default=DEFAULT_CAPACITY)
    """Items that may be given to the expert in one round."""
    is_demo: Mapped[bool] = mapped_column(default=False)

    domains: Mapped[list["ExpertDomain"]] = relationship(cascade="all, delete-orphan", order_by="ExpertDomain.position")
    employments: Mapped[list["Employment"]] = relationship(cascade="all, delete-orphan")
    recusals: Mapped[list["Recusal"]] = relationship(cascade="all, delete-orphan")
    services: Mapped[list["ExpertService"]] = relationship(cascade="all, delete-orphan")


class ExpertDomain(Base):
    """A domain (level 2) that an expert masters; the first is the main one."""

    __tablename__ = "expert_domain"
    __table_args__ = (Index("ix_expert_domain_domain", "domain_code", "expert_id"),)

    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"), primary_key=True)
    domain_code: Mapped[str] = mapped_column(ForeignKey("domain.code"), primary_key=True)
    position: Mapped[int] = mapped_column(default=1)


class Employment(Base):
    """Where an expert worked before, from a day until a day (None: still, beside the main post)."""

    __tablename__ = "expert_employment"

    id: Mapped[PrimaryKey]
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    worked_from: Mapped[date] = mapped_column(Date)
    worked_to: Mapped[date | None] = mapped_column(Date)


class Recusal(Base):
    """An organisation whose results the expert never judges, declared once for all (kin, shares, cooperation)."""

    __tablename__ = "expert_recusal"

    id: Mapped[PrimaryKey]
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    reason: Mapped[Name]


class ExpertService(Base):
    """A round in which the expert sat on a panel; it decides the rotation (at most two in a row)."""

    __tablename__ = "expert_service"

    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"), primary_key=True)
