"""A form as the doors use it: described to a client, drawn as HTML, and the one judge of what was sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.formdefs.fields import Field, Section, Wording
from app.formdefs.rules import RefusedValueError, clean_value, is_blank
from app.formdefs.vocabulary import MAX_VALUES, FieldType
from app.kernel.errors import FieldError, InvalidError

Errors = dict[str, list[FieldError]]


@dataclass(frozen=True, slots=True)
class CompiledForm:
    """One version of one form. `fields` in drawn order; `judged` so that a condition's field comes first."""

    key: str
    version: int
    title: Wording
    fields: tuple[Field, ...]
    sections: tuple[Section, ...]
    judged: tuple[Field, ...]

    def field(self, key: str) -> Field | None:
        """The field of that key."""
        return next((field for field in self.fields if field.key == key), None)

    def validate(
        self,
        values: Mapping[str, Any],
        *,
        outcome_requires: Collection[str] = (),
        draft: bool = False,
        locale: str = "zh",
    ) -> dict[str, Any]:
        """`values` as they are stored: JSON values, blank and hidden fields left out, an unticked box false.

        A field named in `outcome_requires` must be filled although the form itself does not ask for it. A draft may
        lack anything, but what it holds must be right. InvalidError names every field that is refused.
        """
        self._ensure_known(outcome_requires)
        errors = self._unknown_keys(values)
        cleaned: dict[str, Any] = {}
        for field in self.judged:
            if field.condition is not None and field.condition.hides(cleaned):
                continue
            try:
                required = not draft and (field.required or field.key in outcome_requires)
                _take(field, values.get(field.key), cleaned, required=required, draft=draft)
            except RefusedValueError as refusal:
                errors[field.key] = [refusal.at(field, locale)]
        if errors:
            raise _refusal(errors)
        return cleaned

    def variables(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the `cleaned` values that the form hands to the process; what was left out is null."""
        return {field.key: cleaned.get(field.key) for field in self.fields if field.variable}

    def describe(self, locale: str = "zh") -> list[dict[str, Any]]:
        """The fields as contract.md lists them for a client."""
        return [_describe(field, locale) for field in self.fields]

    def _unknown_keys(self, values: Mapping[str, Any]) -> Errors:
        if len(values) > MAX_VALUES:
            raise InvalidError("too_many_values", max=MAX_VALUES)
        known = {field.key for field in self.fields}
        return {str(key)[:64]: [FieldError("field_unknown", label=str(key)[:64])] for key in values if key not in known}

    def _ensure_known(self, keys: Collection[str]) -> None:
        missing = set(keys) - {field.key for field in self.fields}
        if missing:
            raise ValueError(f"form {self.key} has no field {sorted(missing)} that an outcome requires")


def _take(field: Field, value: object, cleaned: dict[str, Any], *, required: bool, draft: bool) -> None:
    if is_blank(value):
        if required:
            raise RefusedValueError("field_required")
        if field.type == FieldType.CHECKBOX and not draft:
            cleaned[field.key] = False
        return
    result = clean_value(field, value)
    if required and (result is False or is_blank(result)):
        raise RefusedValueError("field_required")
    if not is_blank(result):
        cleaned[field.key] = result


def _refusal(errors: Errors) -> InvalidError:
    """One refusal speaks for itself; several are told at their fields."""
    refusals = [refusal for at_field in errors.values() for refusal in at_field]
    if len(refusals) == 1:
        return InvalidError(refusals[0].code, fields=errors, **refusals[0].params)
    return InvalidError(fields=errors)


def _describe(field: Field, locale: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "key": field.key,
        "type": field.type.value,
        "label": field.label.pick(locale),
        "required": field.required,
        "min": _number(field.min),
        "max": _number(field.max),
        "max_length": field.max_length,
        "options": [{"value": option.value, "label": option.label.pick(locale)} for option in field.options],
    }
    extras: dict[str, Any] = {
        "hint": field.hint and field.hint.pick(locale),
        "min_length": field.min_length,
        "digits": field.digits,
        "kind": field.kind,
        "format": field.format,
        "shape": field.shape,
        "types": list(field.types),
        "max_mb": field.max_mb,
        "default": field.default,
        "hidden_when": field.condition and [field.condition.key, field.condition.comparison, field.condition.literal],
    }
    return described | {name: value for name, value in extras.items() if value not in (None, "", 0, [])}


def _number(limit: Decimal | None) -> int | float | None:
    """A limit as a JSON number, whole where it is whole."""
    if limit is None:
        return None
    return int(limit) if limit == limit.to_integral_value() else float(limit)
