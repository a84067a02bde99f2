"""Tables of the scoring room. Nothing is overwritten: a change is a new revision beside the old rows."""

from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, BigId, JsonText, Moment, PrimaryKey

Points = Numeric(9, 3)


class BonusRevision(Base):
    """One counting of a round's bonus: the first at its end, the others after a decided objection."""

    __tablename__ = "bonus_revision"
    __table_args__ = (
        UniqueConstraint("round_id", "revision"),
        CheckConstraint("revision >= 1", name="revision_counts_from_one"),
    )

    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"))
    revision: Mapped[int]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    sha256: Mapped[str] = mapped_column(String(64))
    """Over the canonical JSON of all rows: equal awards give equal hashes."""
    actor_id: Mapped[int | None] = mapped_column(BigId)
    counted_at: Mapped[Moment]


class Bonus(Base):
    """A province's bonus in one revision: +1 per awarded project credited to it, up to the cap (R-070)."""

    __tablename__ = "bonus"
    __table_args__ = (
        UniqueConstraint("revision_id", "region_code"),
        CheckConstraint("points >= 0", name="points_not_negative"),
    )

    id: Mapped[PrimaryKey]
    revision_id: Mapped[int] = mapped_column(ForeignKey("bonus_revision.id"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    points: Mapped[Decimal] = mapped_column(Points)
    projects: Mapped[Any] = mapped_column(JsonText)
    """[{"candidacy_id", "title", "share", "reason"}]; a share is a fraction, e.g. "1" or "1/2"."""


class Deduction(Base):
    """Points taken off a province's result with a reason; the latest decision of a round holds."""

    __tablename__ = "deduction"
    __table_args__ = (
        Index("ix_deduction_round", "round_id", "decision"),
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint("reason <> ''", name="deduction_has_reason"),
    )

    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"))
    decision: Mapped[int]
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    points: Mapped[Decimal] = mapped_column(Points)
    reason: Mapped[str] = mapped_column(String(1000))
    actor_id: Mapped[int | None] = mapped_column(BigId)
    at: Mapped[Moment]


class DeductionDecision(Base):
    """拟定绩效评价结果: which deductions hold; a new decision replaces the one before, which stays readable."""

    __tablename__ = "deduction_decision"

    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"), primary_key=True)
    decision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    remark: Mapped[str] = mapped_column(String(4000), default="")
    actor_id: Mapped[int | None] = mapped_column(BigId)
    at: Mapped[Moment]
