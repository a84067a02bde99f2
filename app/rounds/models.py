"""Tables of the rounds room."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, BigId, Code, JsonText, Moment, Name, PrimaryKey, UtcDateTime
from app.rounds.vocabulary import RoundStatus


class Programme(Base):
    """评价项目: names its processes and the evaluated object, so that another evaluation needs no code (R-082)."""

    __tablename__ = "programme"

    code: Mapped[Code] = mapped_column(primary_key=True)
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    object_type: Mapped[Code]
    process_key: Mapped[Code]


class Round(Base):
    """评价周期 (R-001): period, basis, parameters. After the release parameters are frozen and hashed."""

    __tablename__ = "evaluation_round"
    __table_args__ = (CheckConstraint("period_from <= period_to", name="period_in_order"),)

    id: Mapped[PrimaryKey]
    programme_code: Mapped[str] = mapped_column(ForeignKey("programme.code"))
    name: Mapped[Name] = mapped_column(unique=True)
    doc_no: Mapped[str] = mapped_column(String(80), default="")
    period_from: Mapped[date] = mapped_column(Date)
    period_to: Mapped[date] = mapped_column(Date)
    starts_on: Mapped[date] = mapped_column(Date)
    status: Mapped[Code] = mapped_column(default=RoundStatus.SETUP)
    parameters: Mapped[Any] = mapped_column(JsonText)
    """All settings that rules read; defaults in rounds.rules.DEFAULT_PARAMETERS."""
    parameters_hash: Mapped[str | None] = mapped_column(String(64))
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    attribution_closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    """From then on new submissions count for the next round (R-054)."""
    instance_id: Mapped[int | None] = mapped_column(BigId)
    publish_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Moment]
    created_by: Mapped[int | None] = mapped_column(BigId)

    stages: Mapped[list["Stage"]] = relationship(order_by="Stage.position", cascade="all, delete-orphan")


class Stage(Base):
    """A stage's planned window; timers and due dates of the stage follow `closes_at`.

    Whether it is open is not kept here: that follows from where the round's process stands (rounds.road).
    """

    __tablename__ = "stage"
    __table_args__ = (UniqueConstraint("round_id", "code"),)

    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"))
    code: Mapped[Code]
    position: Mapped[int]
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    """Planned opening; None for set-up, which is open from the creation on."""
    closes_at: Mapped[Moment]
    """Planned end; the true one of a stage that a timer ends."""


class StageChange(Base):
    """A public change notice: a stage's end was moved or the stage was closed, by whom and why (E0)."""

    __tablename__ = "stage_change"

    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_round.id"), index=True)
    stage_code: Mapped[Code]
    kind: Mapped[Code]
    closes_before: Mapped[datetime | None] = mapped_column(UtcDateTime())
    closes_after: Mapped[Moment]
    reason: Mapped[str] = mapped_column(String(1000))
    actor_id: Mapped[int | None] = mapped_column(BigId)
    actor_name: Mapped[Name]
    at: Mapped[Moment]
