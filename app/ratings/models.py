"""Tables of the ratings room. Raters' names are in none of them; their ids never leave the room."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, BigId, Code, JsonText, Moment, Name, PrimaryKey, UtcDateTime
from app.ratings.vocabulary import PlanStatus, SeatState


class PushPlan(Base):
    """推送方案: who is asked to rate what, drawn with a stored seed; the same seed gives the same plan (E5)."""

    __tablename__ = "push_plan"
    __table_args__ = (
        UniqueConstraint("round_id", "number", "attempt"),
        CheckConstraint("(status = 'approved') = (approved_at IS NOT NULL)", name="approved_has_time"),
        CheckConstraint("number IN (1, 2)", name="two_pushes"),
    )

    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"))
    number: Mapped[int]
    """1: the push; 2: the second push for items below the quorum."""
    attempt: Mapped[int]
    seed: Mapped[str] = mapped_column(String(64))
    parameters: Mapped[Any] = mapped_column(JsonText)
    wishes: Mapped[Any | None] = mapped_column(JsonText)
    """Parameters that a manager asked for when sending the plan back; the next attempt takes them."""
    reason: Mapped[str] = mapped_column(String(4000), default="")
    plan_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[Code] = mapped_column(default=PlanStatus.DRAFT)
    created_at: Mapped[Moment]
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    approved_by: Mapped[int | None] = mapped_column(BigId)
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    """From then on no rating of this plan is taken or changed (rating_closed)."""


class PushItem(Base):
    """One candidacy within a plan: how many were found, chosen and left out, and why."""

    __tablename__ = "push_item"
    __table_args__ = (UniqueConstraint("plan_id", "candidacy_id"),)

    id: Mapped[PrimaryKey]
    plan_id: Mapped[int] = mapped_column(ForeignKey("push_plan.id"))
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), index=True)
    found: Mapped[int]
    chosen: Mapped[int]
    provinces: Mapped[int]
    own_province: Mapped[int]
    shortages: Mapped[Any] = mapped_column(JsonText)
    exclusions: Mapped[Any] = mapped_column(JsonText)
    """[[organisation id, reason]] of those whose domain fits but who were left out."""


class RatingSeat(Base):
    """评价席位: one organisation asked to rate one candidacy, with the reasons of the choice."""

    __tablename__ = "rating_seat"
    __table_args__ = (
        UniqueConstraint("plan_id", "candidacy_id", "organisation_id", name="uq_rating_seat_target"),
        Index("ix_rating_seat_candidacy", "candidacy_id", "state"),
        Index("ix_rating_seat_organisation", "organisation_id", "plan_id"),
        CheckConstraint("(state = 'DECLINED') = (decline_reason IS NOT NULL)", name="declined_has_reason"),
        CheckConstraint("(state = 'PENDING') = (sent_at IS NULL)", name="sent_has_time"),
    )

    id: Mapped[PrimaryKey]
    plan_id: Mapped[int] = mapped_column(ForeignKey("push_plan.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"))
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    province_code: Mapped[str | None] = mapped_column(String(6))
    seat_role: Mapped[str] = mapped_column(String(8))
    rank: Mapped[int]
    """Place in the order of choice, from 1."""
    reasons: Mapped[Any] = mapped_column(JsonText)
    """{"fit", "honours", "load", "draw", "purpose"}."""
    state: Mapped[Code] = mapped_column(default=SeatState.PENDING)
    replaces_id: Mapped[int | None] = mapped_column(BigId)
    decline_reason: Mapped[str | None] = mapped_column(String(16))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    """When the rating page was opened first."""
    material_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    """When the rating version was opened first."""
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class Rating(Base):
    """线上评价 of one seat. `overall` is the mean of the dimensions (1 to 5)."""

    __tablename__ = "rating"
    __table_args__ = (
        Index("ix_rating_candidacy", "candidacy_id", "validity"),
        Index("ix_rating_rater", "rater_id", "round_id"),
        Index("ix_rating_text", "round_id", "text_hash"),
        Index("ix_rating_validity", "round_id", "validity"),
        CheckConstraint("overall BETWEEN 1 AND 5", name="overall_on_scale"),
        CheckConstraint("(judged_by IS NULL) = (judged_at IS NULL)", name="judged_has_time"),
    )

    id: Mapped[PrimaryKey]
    seat_id: Mapped[int] = mapped_column(ForeignKey("rating_seat.id"), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"))
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    rater_id: Mapped[int] = mapped_column(BigId)
    job_role: Mapped[str | None] = mapped_column(String(16))
    dims: Mapped[Any] = mapped_column(JsonText)
    overall: Mapped[Decimal] = mapped_column(Numeric(5, 4))
    usage: Mapped[str] = mapped_column(String(8))
    comment: Mapped[str] = mapped_column(Text, default="")
    text_hash: Mapped[str | None] = mapped_column(String(64))
    """Of the comment without spaces and marks: copied comments share it."""
    need: Mapped[str] = mapped_column(Text, default="")
    suggestion: Mapped[str] = mapped_column(Text, default="")
    reading_seconds: Mapped[int | None]
    """From opening the page to submitting; NULL where the door cannot measure it (JSON)."""
    submitted_at: Mapped[Moment]
    revision: Mapped[int] = mapped_column(default=1)
    validity: Mapped[str] = mapped_column(String(8))
    doubts: Mapped[Any] = mapped_column(JsonText)
    judged_by: Mapped[int | None] = mapped_column(BigId)
    judged_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    judgement: Mapped[str] = mapped_column(String(1000), default="")


class RatingRevision(Base):
    """What a rating said before it was changed; every submission is kept (E6)."""

    __tablename__ = "rating_revision"
    __table_args__ = (UniqueConstraint("rating_id", "revision"),)

    id: Mapped[PrimaryKey]
    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id"))
    revision: Mapped[int]
    values: Mapped[Any] = mapped_column(JsonText)
    rater_id: Mapped[int] = mapped_column(BigId)
    submitted_at: Mapped[Moment]


class Feedback(Base):
    """需求 and 改进建议 of a rater, passed to the filer without any name (R-026, R-027)."""

    __tablename__ = "rating_feedback"
    __table_args__ = (
        UniqueConstraint("seat_id", "kind"),
        Index("ix_rating_feedback_filer", "filer_organisation_id", "id"),
    )

    id: Mapped[PrimaryKey]
    seat_id: Mapped[int] = mapped_column(ForeignKey("rating_seat.id"))
    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"))
    filer_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[Code]
    text: Mapped[str] = mapped_column(Text)
    given_at: Mapped[Moment]


class RatingAggregate(Base):
    """The ratings of one candidacy as they counted when they were last summed up."""

    __tablename__ = "rating_aggregate"
    __table_args__ = (Index("ix_rating_aggregate_round", "round_id", "quorum_met"),)

    candidacy_id: Mapped[int] = mapped_column(ForeignKey("candidacy.id"), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"))
    title: Mapped[Name]
    votes: Mapped[int]
    """Organisations with a valid vote; `enterprises` of them."""
    enterprises: Mapped[int]
    seats: Mapped[int]
    pending: Mapped[int]
    mean: Mapped[Decimal | None] = mapped_column(Numeric(7, 4))
    bayes: Mapped[Decimal] = mapped_column(Numeric(7, 4))
    parts: Mapped[Any] = mapped_column(JsonText)
    """{"rating", "interaction", "proofs"}: 0 to 100, or null for a part that does not exist."""
    weights: Mapped[Any] = mapped_column(JsonText)
    """The weights as they were applied: those of parts that exist, brought to the sum 1."""
    composite: Mapped[Decimal] = mapped_column(Numeric(7, 4))
    quorum_met: Mapped[bool]
    computed_at: Mapped[Moment]
