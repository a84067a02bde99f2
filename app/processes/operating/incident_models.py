"""Tables of what goes wrong in processes."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, BigId, Code, JsonText, LongText, Moment, PrimaryKey, UtcDateTime


class Incident(Base):
    """A step that could not be taken; the instance stands where it stood before."""

    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_open", "resolved_at", "id"),
        Index("ix_incident_origin", "origin", "origin_id"),
        CheckConstraint("(resolved_at IS NULL) = (resolution IS NULL)", name="resolved_has_resolution"),
    )

    id: Mapped[PrimaryKey]
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    """What the person was told, and what the log calls it."""
    instance_id: Mapped[int | None] = mapped_column(BigId, index=True)
    definition_id: Mapped[int | None] = mapped_column(BigId)
    """The version that ran then."""
    node: Mapped[str | None] = mapped_column(String(64))
    """Where the token stands that could not go on."""
    element: Mapped[str | None] = mapped_column(String(64))
    """Where the step failed behind it: a service task, a gateway; the node itself when nothing else is known."""
    origin: Mapped[Code]
    origin_id: Mapped[int | None] = mapped_column(BigId)  # the item's, timer's, message's, job's or schedule's
    actor_id: Mapped[int | None] = mapped_column(BigId)
    """Who completed the item."""
    outcome: Mapped[str | None] = mapped_column(String(64))
    cause: Mapped[LongText]
    """The chain of exceptions, a line each, the nearest first."""
    attempts: Mapped[int] = mapped_column(default=1)
    at: Mapped[Moment]
    last_at: Mapped[Moment]
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    resolution: Mapped[str | None] = mapped_column(String(16))
    resolved_by: Mapped[int | None] = mapped_column(BigId)
    reason: Mapped[str | None] = mapped_column(String(500))


class StuckFinding(Base):
    """Something that stands still, as the last check found it (app/processes/operating/stuck.py)."""

    __tablename__ = "stuck_finding"
    __table_args__ = (CheckConstraint("count > 0", name="found_something"),)

    id: Mapped[PrimaryKey]
    reason: Mapped[Code]
    instance_id: Mapped[int | None] = mapped_column(BigId, index=True)
    """The first of those concerned."""
    node: Mapped[str | None] = mapped_column(String(64))
    count: Mapped[int]
    detail: Mapped[Any] = mapped_column(JsonText)
    found_at: Mapped[Moment]


class StuckCheck(Base):
    """When the last check ran: one row, taken by whichever worker is first."""

    __tablename__ = "stuck_check"

    id: Mapped[PrimaryKey]
    at: Mapped[Moment]
