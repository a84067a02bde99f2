"""Attachments: one row per upload; equal contents share one stored file."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, BigId, Code, Moment, Name, PrimaryKey, UtcDateTime


class Attachment(Base):
    """A file as one person handed it in. Until it is bound to an owner only its uploader sees it."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("size > 0", name="not_empty"),
        CheckConstraint("length(sha256) = 64", name="sha256_is_hex"),
        CheckConstraint("(owner_type IS NULL) = (owner_id IS NULL)", name="owner_is_whole"),
        Index("ix_attachment_owner", "owner_type", "owner_id"),
        Index("ix_attachment_sha256", "sha256"),
        Index("ix_attachment_uploaded_by", "uploaded_by", "id"),
    )

    id: Mapped[PrimaryKey]
    name: Mapped[Name]
    size: Mapped[int] = mapped_column(BigId)
    media_type: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))
    path: Mapped[Name]
    uploaded_by: Mapped[int | None] = mapped_column(BigId)
    organisation_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[Moment]
    owner_type: Mapped[Code | None] = mapped_column(String(64))
    owner_id: Mapped[int | None] = mapped_column(BigId)
    public: Mapped[bool] = mapped_column(Boolean, default=False)
    """Open to everybody, signed in or not: documents of a public notice."""

    @property
    def size_text(self) -> str:
        """The size as people read it: 2.4 MB."""
        if self.size < 1024 * 1024:
            return f"{max(1, round(self.size / 1024))} KB"
        return f"{self.size / 1024 / 1024:.1f} MB"


class SweptContent(Base):
    """A stored file that no attachment names any more, to be removed by the worker's next round.

    Whoever hands in the same content again takes the row away first and so keeps the file: the two never miss each other.
    """

    __tablename__ = "swept_content"
    __table_args__ = (CheckConstraint("attempts >= 0", name="attempts_count"),)

    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
