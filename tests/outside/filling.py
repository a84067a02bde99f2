"""A form filled from its schema alone, and a check of values against a schema."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, TypeAlias

Field: TypeAlias = dict[str, Any]
Values: TypeAlias = dict[str, Any]
Upload: TypeAlias = Callable[[Field], int]

BEIJING = timezone(timedelta(hours=8))
SENTENCE = "由外部核对程序按表单说明逐项填写，内容真实完整，供办理时参考使用。"
DATE = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
SAMPLES = {"email": "outside@example.com", "phone": "13800000000"}
KNOWN_TYPES = (
    "text",
    "textarea",
    "integer",
    "decimal",
    "date",
    "datetime",
    "select",
    "multiselect",
    "checkbox",
    "file",
)


def fill_form(
    fields: Iterable[Field], *, given: Values, also: Iterable[str] = (), upload: Upload, today: date
) -> Values:
    """Values for every required field and for those named in `also`; `given` goes before what the schema suggests.

    `upload` is asked for the id of a file where a field wants one. Raises KeyError where `given` or `also` names a
    field that the form does not have: a client must not guess fields.
    """
    by_key = {field["key"]: field for field in fields}
    wanted = {key for key, field in by_key.items() if field["required"]} | set(also)
    unknown = (wanted | set(given)) - set(by_key)
    if unknown:
        raise KeyError(f"the form has no field {', '.join(sorted(unknown))}")
    asked = {key: _suggest(by_key[key], upload=upload, today=today) for key in by_key if key in wanted - set(given)}
    return asked | given


def find_faults(fields: Iterable[Field], values: Values) -> dict[str, str]:
    """What in `values` the schema does not allow, by field; empty where nothing."""
    by_key = {field["key"]: field for field in fields}
    faults = {key: "unknown" for key in values if key not in by_key}
    for key, field in by_key.items():
        value = values.get(key)
        if value is None or value in ("", []):
            if field["required"]:
                faults[key] = "missing"
        elif fault := _find_fault(field, value):
            faults[key] = fault
    return faults


def _suggest(field: Field, *, upload: Upload, today: date) -> object:
    evening = datetime(today.year, today.month, today.day, 18, tzinfo=BEIJING)
    ways: dict[str, Callable[[], object]] = {
        "text": lambda: _suggest_text(field),
        "textarea": lambda: _suggest_text(field),
        "integer": lambda: _suggest_number(field),
        "decimal": lambda: _suggest_number(field),
        "date": today.isoformat,
        "datetime": evening.isoformat,
        "select": lambda: _middle_option(field),
        "multiselect": lambda: [_middle_option(field)],
        "checkbox": lambda: True,
        "file": lambda: upload(field),
    }
    return ways[field["type"]]()


def _suggest_text(field: Field) -> str:
    if field.get("format") in SAMPLES:
        return SAMPLES[field["format"]]
    shortest = field.get("min_length") or 0
    longest = field["max_length"] or max(shortest, len(SENTENCE))
    text = SENTENCE if field["type"] == "textarea" else field["label"]
    return (text + SENTENCE * (shortest // len(SENTENCE) + 1))[: min(longest, max(shortest, len(text)))]


def _suggest_number(field: Field) -> int | float:
    """A number near the middle of the range, within it and with no more digits than it may have."""
    low = 0 if field["min"] is None else field["min"]
    high = max(low, 1) if field["max"] is None else field["max"]
    middle = (Decimal(str(low)) + Decimal(str(high))) / 2
    if field["type"] == "integer":
        return int(min(max(middle.to_integral_value(), Decimal(str(low))), Decimal(str(high))))
    digits = field.get("digits")
    rounded = middle if digits is None else round(middle, digits)
    return float(rounded if Decimal(str(low)) <= rounded <= Decimal(str(high)) else low)


def _find_fault(field: Field, value: object) -> str | None:
    finders: dict[str, Callable[[Field, Any], str | None]] = {
        "text": _find_text_fault,
        "textarea": _find_text_fault,
        "integer": _find_number_fault,
        "decimal": _find_number_fault,
    }
    if field["type"] in finders:
        return finders[field["type"]](field, value)
    checks: dict[str, Callable[[Any], bool]] = {
        "select": lambda chosen: chosen in _options(field),
        "multiselect": lambda chosen: isinstance(chosen, list) and set(chosen) <= _options(field),
        "checkbox": lambda ticked: isinstance(ticked, bool) and (ticked or not field["required"]),
        "file": lambda id_: isinstance(id_, int) and not isinstance(id_, bool),
        "date": lambda text: isinstance(text, str) and DATE.fullmatch(text) is not None,
        "datetime": lambda text: isinstance(text, str) and MOMENT.fullmatch(text) is not None,
    }
    return None if checks[field["type"]](value) else f"no {field['type']}"


def _find_text_fault(field: Field, value: object) -> str | None:
    if field.get("kind") == "json" and isinstance(value, list | dict):
        return None
    if not isinstance(value, str):
        return "not a text"
    if not (field.get("min_length") or 0) <= len(value) <= (field["max_length"] or len(value)):
        return "length"
    return "not an address" if field.get("format") == "email" and not MAIL.fullmatch(value) else None


def _find_number_fault(field: Field, value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int if field["type"] == "integer" else int | float):
        return "not a number"
    if field["min"] is not None and value < field["min"]:
        return "too small"
    if field["max"] is not None and value > field["max"]:
        return "too large"
    digits = field.get("digits")
    return "digits" if digits is not None and round(Decimal(str(value)), digits) != Decimal(str(value)) else None


def _middle_option(field: Field) -> object:
    """Neither end of a scale: the ends often ask for an explanation."""
    return field["options"][len(field["options"]) // 2]["value"]


def _options(field: Field) -> set[object]:
    return {option["value"] for option in field["options"]}
