"""Tables of the domains room."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Name


class Domain(Base):
    """An industrial domain; level 1 is an industry, level 2 what results and raters are matched by."""

    __tablename__ = "domain"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    level: Mapped[int]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("domain.code"))
    name_zh: Mapped[Name]
    name_en: Mapped[Name]
    sort: Mapped[int]
