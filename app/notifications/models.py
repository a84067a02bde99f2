"""Notifications: one row per person and event."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, BigId, Code, Json, Moment, PrimaryKey, UtcDateTime


class Notification(Base):
    """Something that one person is told; its words come from texts.py when it is read."""

    __tablename__ = "notification"
    __table_args__ = (
        CheckConstraint("mail_status IN ('none', 'queued', 'sending', 'sent', 'failed')", name="known_mail_status"),
        CheckConstraint("(mail_status IN ('queued', 'sending')) = (mail_due_at IS NOT NULL)", name="mail_has_its_time"),
        Index("ix_notification_user_id", "user_id", "id"),
        Index("ix_notification_unread", "user_id", "read_at"),
        Index("ix_notification_mail", "mail_status", "mail_due_at"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(BigId)
    kind: Mapped[Code]
    params: Mapped[Json]
    link: Mapped[str | None] = mapped_column(String(300))
    """A path of this site."""
    created_at: Mapped[Moment]
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    mail_status: Mapped[Code]
    mail_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    mail_attempts: Mapped[int] = mapped_column(Integer, default=0)
