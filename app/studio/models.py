"""Tables of the studio."""

from typing import Any

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, BigId, Code, JsonText, Moment, Name, PrimaryKey


class DefinitionDraft(Base):
    """What a designer is drawing and has not deployed: one per person and process."""

    __tablename__ = "definition_draft"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        CheckConstraint("base_version >= 0", name="base_not_negative"),
        CheckConstraint("revision >= 1", name="revision_from_one"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(BigId)
    key: Mapped[Code]
    name: Mapped[Name]
    xml: Mapped[bytes] = mapped_column(LargeBinary)
    base_version: Mapped[int] = mapped_column(default=0)
    """The newest version when the draft began; 0 when there was none."""
    revision: Mapped[int] = mapped_column(default=1)
    """Counts the savings, so that two windows do not overwrite each other unseen."""
    saved_at: Mapped[Moment]
    findings: Mapped[Any | None] = mapped_column(JsonText)
    """Those of the last check, as contract.md writes them; None before the first."""
    checked_revision: Mapped[int | None]
    """The revision that the findings speak of."""
