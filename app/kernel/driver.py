"""The database's driver below a connection: statements whose text is known are handed to it as they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPICursor, DBAPIModule
from sqlalchemy.exc import DBAPIError

Parameters = Sequence[Any] | Mapping[str, Any]


class Driver:
    """One connection's driver. Errors, broken connections and listeners are told as SQLAlchemy tells them."""

    def __init__(self, connection: Connection) -> None:
        self.dialect = connection.dialect
        self._connection = connection
        self._cursor = _cursor_of(connection)
        self._listeners = list(connection.dispatch.before_cursor_execute)

    def execute(self, sql: str, parameters: Parameters) -> DBAPICursor:
        """The cursor with what came back; the next statement uses it again."""
        for listener in self._listeners:
            listener(self._connection, self._cursor, sql, parameters, None, False)  # noqa: FBT003 -- SQLAlchemy's order
        try:
            self._cursor.execute(sql, parameters)
        except self.dialect.loaded_dbapi.Error as error:
            raise self._told(error, sql) from error
        return self._cursor

    def _told(self, error: DBAPIModule.Error, sql: str) -> BaseException:
        """SQLAlchemy's error for the driver's, without the values; a connection that broke is used by nobody again."""
        connection, dialect = self._connection, self.dialect
        is_broken = dialect.is_disconnect(error, connection.connection.dbapi_connection, self._cursor)
        if is_broken:
            connection.invalidate(error)
        return DBAPIError.instance(
            sql, None, error, dialect.loaded_dbapi.Error,
            hide_parameters=True, connection_invalidated=is_broken, dialect=dialect,
        )  # fmt: skip


def _cursor_of(connection: Connection) -> DBAPICursor:
    """One cursor for the life of a connection: to make one costs as much as to use it."""
    pooled = connection.connection
    cursor: DBAPICursor | None = pooled.info.get("cursor")
    if cursor is None:
        cursor = pooled.info["cursor"] = pooled.cursor()
    return cursor
