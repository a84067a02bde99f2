"""`conditional.hide`: one comparison of another field with a literal, and the order in which fields are judged."""

import re
from collections.abc import Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

import orjson

from app.formdefs.fields import Condition, Field, type_of
from app.formdefs.place import Place, SchemaError
from app.formdefs.vocabulary import FieldType

COMPARISON = re.compile(
    r"=\s*([a-z][a-z0-9_]{0,63})\s*(!=|<=|>=|=|<|>)\s*(\"[^\"\\]{0,200}\"|-?\d{1,12}(?:\.\d{1,6})?|true|false|null)\s*"
)
COMPARABLE = frozenset(FieldType) - {FieldType.MULTISELECT, FieldType.FILE}
KINDS = {FieldType.INTEGER: "number", FieldType.DECIMAL: "number", FieldType.CHECKBOX: "boolean"}


def read_condition(place: Place) -> Condition | None:
    """The component's condition, or None."""
    conditional = place.part("conditional")
    conditional.ensure_only(("hide",))
    text = conditional.text("hide")
    if not text:
        return None
    match = COMPARISON.fullmatch(text)
    if match is None:
        place.refuse("condition")
    key, comparison, literal = match.groups()
    return Condition(key, comparison, orjson.loads(literal))


def order_for_judging(fields: Sequence[Field], file: str) -> tuple[Field, ...]:
    """The fields so that each comes after the one its condition looks at; refuses circles and unknown keys."""
    by_key = {field.key: field for field in fields}
    looks_at: dict[str, set[str]] = {}
    for field in fields:
        looks_at[field.key] = set()
        if field.condition is not None:
            other = by_key.get(field.condition.key)
            if other is None or other.type not in COMPARABLE or other.is_json:
                raise SchemaError(file, field.key, "condition_field", value=field.condition.key)
            if not can_equal(other, field.condition.literal):
                raise SchemaError(file, field.key, "condition_literal", value=other.key)
            looks_at[field.key].add(other.key)
    try:
        order = tuple(TopologicalSorter(looks_at).static_order())
    except CycleError as error:
        raise SchemaError(file, error.args[1][0], "condition_circle") from error
    return tuple(by_key[key] for key in order)


def can_equal(field: Field, literal: object) -> bool:
    """Whether the field could ever hold `literal`: a rating of "3" is text, and no option is called 3."""
    if literal is None:
        return True
    if field.choice_values:
        return literal in field.choice_values
    return type_of(literal) == KINDS.get(field.type, "text")


def inherit(field: Field, condition: Condition | None) -> Field:
    """A field of a hidden group is hidden with it, unless it has a condition of its own."""
    return replace(field, condition=condition) if field.condition is None and condition is not None else field
