"""What people wrote: on an English page it may stand in Chinese; nothing else may."""

from sqlalchemy import String, select
from sqlalchemy.sql.schema import Column

from app.accounts.models import Region
from app.kernel.db import Base, session
from app.processes.models import ProcessDefinition

OURS = {"process_definition", "form_definition", "decision_table", "definition_draft", "domain", "programme", "region"}
"""Tables that the program fills: they hold both languages, or names that the catalogues translate.

A drawer of flows reads their names as they were drawn."""
STEPS = {"node_name"}


def written_texts() -> str:
    """Every text of the database that is data, in one."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in OURS]
    columns = [column for table in tables for column in table.c if _is_text(column)]
    ours = [ProcessDefinition.name, ProcessDefinition.note, Region.short_zh]
    return "\n".join(text for column in (*columns, *ours) for text in _texts(column))


def _is_text(column: Column) -> bool:
    kind = getattr(column.type, "impl", column.type)
    return isinstance(kind, String) and column.name not in STEPS


def _texts(column) -> list[str]:
    return [str(value) for value in session.scalars(select(column).distinct()) if value]
