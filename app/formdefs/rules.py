"""What a field accepts. Values are JSON values, and so are the results: what is stored is what was checked."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

import orjson

from app.formdefs.fields import Field
from app.formdefs.vocabulary import (
    JSON_BYTES,
    JSON_DEPTH,
    LARGEST_NUMBER,
    TEXT_LENGTH,
    TEXTAREA_LENGTH,
    FieldType,
)
from app.kernel.clock import BEIJING
from app.kernel.errors import FieldError

Cleaner = Callable[[Field, Any], Any]
EMAIL: Final = re.compile(r"[^@\s<>\"',;]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}")
PHONE: Final = re.compile(r"\+?[0-9][0-9 ()-]{4,28}")
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
ROW_ID: Final = re.compile(r"[1-9][0-9]{0,17}")


class RefusedValueError(Exception):
    """A value that its field does not take; becomes a FieldError with the field's label."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def at(self, field: Field, locale: str) -> FieldError:
        """The refusal as the user is told, with the field's name in the reader's language."""
        return FieldError(self.code, label=field.label.pick(locale), **self.params)


def is_blank(value: object) -> bool:
    """Whether nothing was said: null, white space, an empty list. False and 0 are answers."""
    return value is None or (isinstance(value, str) and not value.strip()) or value == []


def clean_value(field: Field, value: object) -> Any:  # noqa: ANN401 -- a JSON value
    """`value` in the form in which it is stored; RefusedValueError when the field does not take it."""
    cleaner = clean_json if field.is_json else CLEANERS[field.type]
    return cleaner(field, value)


def clean_text(field: Field, value: object) -> str:
    """Text without surrounding space and with plain line ends; lengths count characters."""
    if not isinstance(value, str) or CONTROL.search(value):
        raise RefusedValueError("type_invalid")
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    longest = field.max_length or (TEXT_LENGTH if field.type == FieldType.TEXT else TEXTAREA_LENGTH)
    if len(text) > longest:
        raise RefusedValueError("text_too_long", max=longest)
    if len(text) < field.min_length:
        raise RefusedValueError("text_too_short", min=field.min_length)
    if field.type == FieldType.TEXT and "\n" in text:
        raise RefusedValueError("type_invalid")
    if field.format == "email" and not EMAIL.fullmatch(text):
        raise RefusedValueError("email_invalid")
    if field.format == "phone" and not PHONE.fullmatch(text):
        raise RefusedValueError("phone_invalid")
    return text


def clean_integer(field: Field, value: object) -> int:
    """A whole number within the field's bounds; 5.0 is 5."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise RefusedValueError("type_invalid")
    if isinstance(value, float) and not value.is_integer():
        raise RefusedValueError("type_invalid")
    number = int(value)
    ensure_in_range(field, Decimal(number))
    return number


def clean_decimal(field: Field, value: object) -> int | float:
    """A number within bounds and with no more decimals than the field has."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise RefusedValueError("type_invalid")
    number = Decimal(value) if isinstance(value, int) else Decimal(repr(value))
    if not number.is_finite():
        raise RefusedValueError("type_invalid")
    ensure_in_range(field, number)
    if number != round(number, field.digits):
        raise RefusedValueError("number_digits", digits=field.digits)
    return value


def ensure_in_range(field: Field, number: Decimal) -> None:
    """Names the bounds that the form declares; a bound that nobody declared keeps numbers storable."""
    low = Decimal(-LARGEST_NUMBER) if field.min is None else field.min
    high = Decimal(LARGEST_NUMBER) if field.max is None else field.max
    if low <= number <= high:
        return
    if number < low and field.max is None:
        raise RefusedValueError("number_too_small", min=as_text(low))
    if number > high and field.min is None:
        raise RefusedValueError("number_too_large", max=as_text(high))
    raise RefusedValueError("number_range", min=as_text(low), max=as_text(high))


def as_text(number: Decimal) -> str:
    """A bound as a person writes it: 100, not 1E+2 and not 100.0."""
    return f"{number.normalize():f}"


def clean_date(field: Field, value: object) -> str:  # noqa: ARG001 -- one signature for all cleaners
    """A day as YYYY-MM-DD."""
    if not isinstance(value, str):
        raise RefusedValueError("type_invalid")
    if not DAY.fullmatch(value.strip()):
        raise RefusedValueError("date_invalid")
    try:
        return date.fromisoformat(value.strip()).isoformat()
    except ValueError as error:
        raise RefusedValueError("date_invalid") from error


def clean_datetime(field: Field, value: object) -> str:  # noqa: ARG001 -- one signature for all cleaners
    """A moment in ISO 8601 with offset, to the second; without offset it is meant in Beijing."""
    if not isinstance(value, str):
        raise RefusedValueError("type_invalid")
    try:
        moment = datetime.fromisoformat(value.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=BEIJING)
        return moment.astimezone(BEIJING).isoformat(timespec="seconds")
    except (ValueError, OverflowError) as error:
        raise RefusedValueError("date_invalid") from error


def clean_choice(field: Field, value: object) -> str:
    """One of the field's options."""
    if not isinstance(value, str):
        raise RefusedValueError("type_invalid")
    if value not in field.choice_values:
        raise RefusedValueError("choice_invalid")
    return value


def clean_choices(field: Field, value: object) -> list[str]:
    """Some of the field's options, each once, in the order of the form."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise RefusedValueError("type_invalid")
    chosen = set(value)
    if len(chosen) < len(value) or not chosen <= field.choice_values:
        raise RefusedValueError("choice_invalid")
    return [option.value for option in field.options if option.value in chosen]


def clean_checkbox(field: Field, value: object) -> bool:  # noqa: ARG001 -- one signature for all cleaners
    """Ticked or not."""
    if not isinstance(value, bool):
        raise RefusedValueError("type_invalid")
    return value


def clean_file(field: Field, value: object) -> int:  # noqa: ARG001 -- one signature for all cleaners
    """The id of an attachment; whether it is there, and whose it is, its room says when it is bound."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not ROW_ID.fullmatch(value.strip()):
        raise RefusedValueError("type_invalid")
    return int(value)


def clean_json(field: Field, value: object) -> Any:  # noqa: ANN401, ARG001 -- JSON is any value; one signature for all cleaners
    """A JSON list or object, or its text; bounded in size and depth."""
    if isinstance(value, str):
        if len(value) > JSON_BYTES:
            raise RefusedValueError("json_too_large", max_kb=JSON_BYTES // 1024)
        try:
            value = orjson.loads(value)
        except ValueError as error:
            raise RefusedValueError("json_invalid") from error
    if not isinstance(value, (list, dict)):
        raise RefusedValueError("json_invalid")
    if depth_of(value) > JSON_DEPTH:
        raise RefusedValueError("json_too_deep", max=JSON_DEPTH)
    try:
        size = len(orjson.dumps(value))
    except (TypeError, ValueError) as error:
        raise RefusedValueError("json_invalid") from error
    if size > JSON_BYTES:
        raise RefusedValueError("json_too_large", max_kb=JSON_BYTES // 1024)
    return value


def depth_of(value: object) -> int:
    """How deep lists and objects are nested, counted level by level up to one beyond the bound."""
    level, depth = [value], 0
    while level and depth <= JSON_DEPTH:
        containers = [one for one in level if isinstance(one, (list, dict))]
        level = [inner for one in containers for inner in (one.values() if isinstance(one, dict) else one)]
        depth += bool(containers)
    return depth


CLEANERS: Final[Mapping[FieldType, Cleaner]] = MappingProxyType(
    {
        FieldType.TEXT: clean_text,
        FieldType.TEXTAREA: clean_text,
        FieldType.INTEGER: clean_integer,
        FieldType.DECIMAL: clean_decimal,
        FieldType.DATE: clean_date,
        FieldType.DATETIME: clean_datetime,
        FieldType.SELECT: clean_choice,
        FieldType.MULTISELECT: clean_choices,
        FieldType.CHECKBOX: clean_checkbox,
        FieldType.FILE: clean_file,
    }
)
