"""An HTML form's texts as JSON values: what cannot be read stays text, for the one judge to refuse."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import orjson

from app.formdefs.compiled import CompiledForm
from app.formdefs.fields import Field
from app.formdefs.vocabulary import FieldType
from app.kernel.clock import BEIJING

TICKED = frozenset({"true", "y", "on", "1"})
MAX_DIGITS = 30


class Posted(Protocol):
    """What a browser sent: several texts may stand under one name (werkzeug's MultiDict)."""

    def getlist(self, key: str, /) -> Sequence[str]: ...


def posted_values(form: CompiledForm, posted: Posted) -> dict[str, Any]:
    """The values of the form's own fields among what was posted; names of other fields are left alone."""
    return {field.key: _posted_value(field, posted) for field in form.fields}


def html_value(field: Field, value: object) -> Any:  # noqa: ANN401 -- text, a list of texts, a truth value or None
    """A stored value as an HTML control holds it."""
    if value is None or (isinstance(value, (bool, list)) and not field.is_json):
        return value
    if field.is_json:
        return value if isinstance(value, str) else _pretty(value)
    if field.type == FieldType.DATETIME:
        return _local(str(value))
    return str(value)


def _posted_value(field: Field, posted: Posted) -> Any:  # noqa: ANN401 -- a JSON value
    """A JSON list may be posted as ticks named `key[]` too."""
    ticks = posted.getlist(f"{field.key}[]") if field.is_json else []
    if not ticks:
        return _value(field, posted.getlist(field.key))
    return [_number(tick.strip()) for tick in ticks if tick.strip()]


def _value(field: Field, texts: Sequence[str]) -> Any:  # noqa: ANN401 -- a JSON value
    if field.type == FieldType.MULTISELECT:
        return [text for text in texts if text]
    if field.type == FieldType.CHECKBOX:
        return bool(texts) and texts[-1].strip().lower() in TICKED
    if not texts or not texts[0].strip():
        return None
    if field.type in (FieldType.INTEGER, FieldType.DECIMAL):
        return _number(texts[0].strip())
    return texts[0]


def _number(text: str) -> int | float | str:
    """A number as people type it: full-width digits and group commas included."""
    plain = text.translate(FULL_WIDTH).replace(",", "")
    if len(plain) > MAX_DIGITS or not plain.isascii() or "_" in plain:
        return text
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        return float(plain)
    except ValueError:
        return text


FULL_WIDTH = str.maketrans("０１２３４５６７８９．－，", "0123456789.-,")


def _local(text: str) -> str:
    """A stored moment as `datetime-local` wants it: the clock on the wall in Beijing."""
    try:
        return datetime.fromisoformat(text).astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M")
    except ValueError:
        return text


def _pretty(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
