"""Deployed versions of forms."""

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.formdefs.vocabulary import FormStatus
from app.kernel.db import Base, BigId, Code, LongText, Moment, PrimaryKey


class FormDefinition(Base):
    """One version of a form, kept for ever: work items are pinned to it."""

    __tablename__ = "form_definition"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("status IN ('active', 'superseded')", name="known_status"),
        Index("ix_form_definition_key_status", "key", "status"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[Code]
    version: Mapped[int] = mapped_column(Integer)
    checksum: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the schema in canonical form: layout and spaces make no new version."""
    schema_text: Mapped[LongText]
    status: Mapped[Code] = mapped_column(default=FormStatus.ACTIVE)
    deployed_at: Mapped[Moment]
    deployed_by: Mapped[int | None] = mapped_column(BigId)
