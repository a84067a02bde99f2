"""Tables of the candidacies room."""

from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.candidacies.vocabulary import Standing
from app.kernel.db import Base, BigId, Code, JsonText, Moment, Name, PrimaryKey


class Candidacy(Base):
    """One willing, filed report standing for the project award of a round. Facts of the filing are copied once."""

    __tablename__ = "candidacy"
    __table_args__ = (
        UniqueConstraint("round_id", "filing_id"),
        Index("ix_candidacy_round_standing", "round_id", "standing"),
    )

    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"))
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), index=True)
    title: Mapped[Name]
    report_type: Mapped[Code]
    domain_code: Mapped[str] = mapped_column(String(8))
    province_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    """The attribution province: that of the payer or commissioner; its bonus counts the award."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    standing: Mapped[Code] = mapped_column(default=Standing.SCREENING)
    quorum_met: Mapped[bool] = mapped_column(default=False)
    by_proofs: Mapped[bool] = mapped_column(default=False)
    """Enters the pool by its proofs although it has too few ratings (E6)."""
    created_at: Mapped[Moment]


class ScreeningResult(Base):
    """One rule's result for one candidacy: what was looked at, and why it passed or not (E4)."""

    __tablename__ = "screening_result"
    __table_args__ = (Index("ix_screening_result_candidacy", "candidacy_id", "run", "position"),)

    id: Mapped[PrimaryKey]
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"))
    run: Mapped[int]
    position: Mapped[int]
    rule: Mapped[Code]
    finding: Mapped[Code]
    result: Mapped[Code]
    """What follows from the finding by the decision table screening_rules."""
    facts: Mapped[Any] = mapped_column(JsonText)
    at: Mapped[Moment]


class ScreeningDecision(Base):
    """A person's decision after the rules: manual screening or recheck, with the reason."""

    __tablename__ = "screening_decision"

    id: Mapped[PrimaryKey]
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    step: Mapped[Code]
    decision: Mapped[Code]
    rule: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(2000), default="")
    actor_id: Mapped[int | None] = mapped_column(BigId)
    actor_name: Mapped[Name]
    at: Mapped[Moment]
