"""Entries, their seals, and the refusal to change either."""

from typing import NoReturn

from sqlalchemy import CheckConstraint, Delete, ForeignKey, Index, Integer, String, Update, event
from sqlalchemy.orm import Mapped, Mapper, ORMExecuteState, Session, mapped_column

from app.kernel.db import Base, BigId, Code, Json, Moment, Name, PrimaryKey


class AuditEntry(Base):
    """One act. `hash` covers everything but the id; the seal covers ids and hashes."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("length(hash) = 64", name="hash_is_sha256"),
        Index("ix_audit_entry_at", "at", "id"),
        Index("ix_audit_entry_actor_id", "actor_id", "id"),
        Index("ix_audit_entry_action", "action", "id"),
        Index("ix_audit_entry_object", "object_type", "object_id", "id"),
    )

    id: Mapped[PrimaryKey]
    at: Mapped[Moment]
    actor_id: Mapped[int | None] = mapped_column(BigId)
    actor_name: Mapped[Name]
    action: Mapped[Code]
    object_type: Mapped[Code]
    object_id: Mapped[Code]
    detail: Mapped[Json]
    request_id: Mapped[Code]
    hash: Mapped[str] = mapped_column(String(64))


class AuditSeal(Base):
    """A batch of entries, bound to the batch before it. A previous hash is used once: the chain cannot fork."""

    __tablename__ = "audit_seal"
    __table_args__ = (
        CheckConstraint("last_id >= first_id", name="ids_in_order"),
        CheckConstraint("entries > 0", name="not_empty"),
    )

    id: Mapped[PrimaryKey]
    at: Mapped[Moment]
    first_id: Mapped[int] = mapped_column(BigId)
    last_id: Mapped[int] = mapped_column(BigId)
    entries: Mapped[int] = mapped_column(Integer)
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64))


class AuditSealing(Base):
    """Which seal holds an entry. Ids appear out of order where two transactions commit, so a range would not do."""

    __tablename__ = "audit_sealing"

    entry_id: Mapped[int] = mapped_column(ForeignKey(AuditEntry.id), primary_key=True, autoincrement=False)
    seal_id: Mapped[int] = mapped_column(ForeignKey(AuditSeal.id), index=True)


APPEND_ONLY = (AuditEntry, AuditSeal, AuditSealing)
TABLE_NAMES = frozenset(model.__tablename__ for model in APPEND_ONLY)


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or delete what was recorded: a fault of the program."""


def _refuse_row(mapper: Mapper[Base], connection: object, target: Base) -> NoReturn:  # noqa: ARG001 -- SQLAlchemy's signature
    raise AppendOnlyError(f"{mapper.local_table} is append-only")


for _model in APPEND_ONLY:
    event.listen(_model, "before_update", _refuse_row)
    event.listen(_model, "before_delete", _refuse_row)


@event.listens_for(Session, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    if isinstance(state.statement, Update | Delete) and str(state.statement.table) in TABLE_NAMES:
        raise AppendOnlyError(f"{state.statement.table} is append-only")
