"""Tables of migrations: moves of running instances from one version of their process to another."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, BigId, Code, JsonText, Moment, PrimaryKey, UtcDateTime
from app.processes.vocabulary import MigrationStatus


class ProcessMigration(Base):
    """A move of running instances to a version, or the way back (`undoes_id`), with what was chosen and how far it is."""

    __tablename__ = "process_migration"
    __table_args__ = (
        Index("ix_process_migration_key", "key", "id"),
        CheckConstraint("(status = 'done') = (ended_at IS NOT NULL)", name="done_has_end"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[Code]
    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"))
    """The version that instances move to; of an undo, the one that they leave."""
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("process_migration.id"))
    source_ids: Mapped[Any] = mapped_column(JsonText)
    """The versions (their ids) that instances come from."""
    choices: Mapped[Any] = mapped_column(JsonText)
    note: Mapped[str] = mapped_column(Text)
    job_id: Mapped[int | None] = mapped_column(BigId)
    """What `process_instance.last_job_id` says of the instances that were taken along."""
    status: Mapped[Code] = mapped_column(default=MigrationStatus.RUNNING)
    moved: Mapped[int] = mapped_column(default=0)
    started_by: Mapped[int | None] = mapped_column(BigId)
    started_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class MovedInstance(Base):
    """Where an instance stood before a migration took it along, so that it can go back."""

    __tablename__ = "moved_instance"
    __table_args__ = (Index("ix_moved_instance_instance", "instance_id"),)

    migration_id: Mapped[int] = mapped_column(ForeignKey("process_migration.id"), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    from_definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"))
    from_state_id: Mapped[int] = mapped_column(ForeignKey("process_state.id"))
    to_state_id: Mapped[int] = mapped_column(ForeignKey("process_state.id"))
    timers: Mapped[Any | None] = mapped_column(JsonText)
    """The timers that the move took away, [{node, due_at, …}]: going back they run on as if nothing had been."""
