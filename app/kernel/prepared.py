"""Statements of the straight line: written like all others, compiled once for a database, then only bound anew."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Delete, Dialect, Insert, Select, Update
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql.compiler import SQLCompiler

from app.kernel.driver import Parameters
from app.kernel.transaction import open_driver

Statement = Insert | Update | Delete | Select[*tuple[Any, ...]]


class Prepared:
    """One statement that requests take again and again; it follows what the session has pending.

    SQLAlchemy finds out at each execution what it has before it, which was half of the time of a completion. Two
    things are the caller's here: every column of an INSERT is named, for defaults are not filled in; and rows come as
    the driver gives them, so that only numbers and texts are read.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._texts: dict[tuple[str, ...], _Text] = {}

    def run(self, values: Mapping[str, Any]) -> int:
        """Writes with these values; returns how many rows were touched. KeyError where a value is missing."""
        return int(self._execute(values).rowcount)

    def rows(self, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        """Reads, or writes with RETURNING: all rows. KeyError where a value is missing."""
        return self._execute(values).fetchall()

    def _execute(self, values: Mapping[str, Any]) -> DBAPICursor:
        driver = open_driver()
        key = (driver.dialect.name, *values)
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = _compile(self._statement, driver.dialect, names=list(values))
        return driver.execute(text.sql, text.bind(values))


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement as a driver takes it. `binds`: what makes the driver's value of ours, where it is another."""

    sql: str
    constants: Mapping[str, Any]
    binds: Sequence[tuple[str, Callable[[Any], Any]]]
    pick: Callable[[Mapping[str, Any]], Parameters]

    def bind(self, values: Mapping[str, Any]) -> Parameters:
        """The parameters."""
        bound = {**self.constants, **values}
        for name, process in self.binds:
            bound[name] = process(bound[name])
        return self.pick(bound)


def _compile(statement: Statement, dialect: Dialect, *, names: Sequence[str]) -> _Text:
    if isinstance(statement, Insert) and not statement.exported_columns:
        statement = statement.inline()  # else PostgreSQL would send back an id that nobody reads
    columns = names if isinstance(statement, Insert | Update) else None
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    if not isinstance(compiled, SQLCompiler) or compiled.prefetch or compiled.post_compile_params:
        raise TypeError("a prepared statement has neither defaults to fill in nor lists to expand")
    processes = {
        name: parameter.type.dialect_impl(dialect).bind_processor(dialect) for name, parameter in compiled.binds.items()
    }
    return _Text(
        str(compiled),
        {name: parameter.effective_value for name, parameter in compiled.binds.items() if not parameter.required},
        [(name, process) for name, process in processes.items() if process is not None],
        _in_order(compiled.positiontup or ()) if compiled.positional else _by_name(list(compiled.binds)),
    )


def _in_order(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Parameters]:
    return itemgetter(*names) if len(names) > 1 else lambda bound: [bound[name] for name in names]


def _by_name(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Parameters]:
    return lambda bound: {name: bound[name] for name in names}
