"""Tables of the conflicts room."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, BigId, Code, Moment, Name, PrimaryKey, UtcDateTime


class ConflictDeclaration(Base):
    """回避声明: what a person declared about one thing, and what was decided about it; added, never overwritten."""

    __tablename__ = "conflict_declaration"
    __table_args__ = (
        Index("ix_conflict_declaration_object", "object_type", "object_id", "actor_id"),
        Index("ix_conflict_declaration_actor", "actor_id", "at"),
        CheckConstraint("(kind IS NULL) = (decision = 'none')", name="conflict_has_kind"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decision_has_person"),
    )

    id: Mapped[PrimaryKey]
    actor_id: Mapped[int] = mapped_column(BigId)
    actor_name: Mapped[Name]
    organisation_id: Mapped[int | None] = mapped_column(BigId)
    object_type: Mapped[Code]
    object_id: Mapped[int] = mapped_column(BigId)
    kind: Mapped[str | None] = mapped_column(String(16))
    """domain.md c.3, ConflictKind; NULL when the person declared that there is none."""
    detail: Mapped[str] = mapped_column(Text, default="")
    decision: Mapped[Code]
    """none: no conflict declared; recused: the person steps back; overruled: two people let the person stay."""
    decided_by: Mapped[int | None] = mapped_column(BigId)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    at: Mapped[Moment]
