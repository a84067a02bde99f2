"""The database: declarative base, the session, portable column types, and SQLite's transactions done right."""

import sqlite3
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Annotated, Any, cast

import orjson
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Connection, DateTime, Dialect, Engine, Integer, MetaData, String, Table, Text, event
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, scoped_session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import TypeDecorator

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLITE_BUSY_SECONDS = 30
SQLITE_MAPPED_BYTES = 2**30
"""How much of the file is read in place: a list over rows scattered in a large table costs no copy of each page."""

writing: ContextVar[bool] = ContextVar("writing", default=False)
"""True while `kernel.transaction.transaction` runs: SQLite then begins with the write lock in hand."""


class Base(DeclarativeBase):
    """Every model derives from this class (not from db.Model, which mypy cannot read)."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC in a column that every database knows."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 -- SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 -- SQLAlchemy's signature
        return None if value is None else value.replace(tzinfo=UTC)


class JsonText(TypeDecorator[Any]):
    """A JSON value in a text column, in canonical form: the same value gives the same bytes on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:  # noqa: ARG002 -- SQLAlchemy's signature
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 -- JSON is any value; SQLAlchemy's signature
        return None if value is None else orjson.loads(value)


def canonical_json(value: object) -> str:
    """`value` as JSON with sorted keys: equal values are equal texts."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


BigId = BigInteger().with_variant(Integer(), "sqlite")
PrimaryKey = Annotated[int, mapped_column(BigId, primary_key=True, autoincrement=True)]
Moment = Annotated[datetime, mapped_column(UtcDateTime())]
Code = Annotated[str, mapped_column(String(64))]
Name = Annotated[str, mapped_column(String(200))]
LongText = Annotated[str, mapped_column(Text())]
Json = Annotated[Mapping[str, Any], mapped_column(JsonText())]

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
session = cast("scoped_session[Session]", db.session)


def table_of(model: type[Base]) -> Table:
    """The table behind a model, for the few statements on the straight line that are made once and only bound anew."""
    return cast("Table", model.__table__)


def note_written(row: Base, values: Mapping[str, object]) -> None:
    """Tells a loaded row what an UPDATE has just written to it, so that it is not read again."""
    for name, value in values.items():
        set_committed_value(row, name, value)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: object, record: object) -> None:  # noqa: ARG001 -- SQLAlchemy's signature
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # the driver's own BEGIN is too late and never IMMEDIATE
        for pragma in (
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            f"busy_timeout = {SQLITE_BUSY_SECONDS * 1000}",
            f"mmap_size = {SQLITE_MAPPED_BYTES}",
        ):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")
