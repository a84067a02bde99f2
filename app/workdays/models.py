"""Days that differ from the announced calendar."""

from datetime import date

from sqlalchemy import Boolean, Date
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Name


class WorkdayOverride(Base):
    """A day that is worked, or not, whatever the calendar says: years not announced yet, days decreed late."""

    __tablename__ = "workday_override"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    is_workday: Mapped[bool] = mapped_column(Boolean)
    note: Mapped[Name]
