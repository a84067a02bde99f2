"""A compiled form as a WTForms form: for drawing only. What was sent is judged by CompiledForm.validate."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import Field as DrawnField
from wtforms.fields.choices import SelectChoice

from app.formdefs.compiled import CompiledForm
from app.formdefs.fields import Field
from app.formdefs.posted import Posted, html_value
from app.formdefs.vocabulary import FieldType

MOST_RADIOS = 6
"""More options than these are drawn as a list to choose from."""


class DateField(StringField):  # type: ignore[misc]  # WTForms has no types
    """A day; the text stays as it was typed, so that a wrong one is shown again."""


class DateTimeLocalField(StringField):  # type: ignore[misc]  # WTForms has no types
    """A moment on Beijing's clock, as it was typed."""


class FileField(StringField):  # type: ignore[misc]  # WTForms has no types
    """The id of an attachment that was uploaded before."""


DRAWN: Mapping[FieldType, type[DrawnField]] = {
    FieldType.TEXT: StringField,
    FieldType.TEXTAREA: TextAreaField,
    FieldType.INTEGER: StringField,
    FieldType.DECIMAL: StringField,
    FieldType.DATE: DateField,
    FieldType.DATETIME: DateTimeLocalField,
    FieldType.MULTISELECT: SelectMultipleField,
    FieldType.CHECKBOX: BooleanField,
    FieldType.FILE: FileField,
}


def build_wtform(
    form: CompiledForm,
    posted: Posted | None,
    locale: str,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
) -> Form:
    """The form with what was posted, else with stored `values`, else with its defaults, in the reader's language.

    `errors`: sentences per field (web.errors.field_sentences), shown at their fields.
    """
    drawn = type("DrawnForm", (Form,), {field.key: _draw(field, locale) for field in form.fields})
    stored = {} if values is None else values
    shown = {field.key: html_value(field, stored.get(field.key, field.default)) for field in form.fields}
    built: Form = drawn(posted, data={key: value for key, value in shown.items() if value is not None})
    for key, sentences in (errors or {}).items():
        if key in built:
            built[key].errors = list(sentences)
    return built


def _draw(field: Field, locale: str) -> DrawnField:
    kind = DRAWN.get(field.type) or (RadioField if len(field.options) <= MOST_RADIOS else SelectField)
    extra: dict[str, Any] = {}
    if field.options:
        extra = {
            "choices": [SelectChoice(one.value, one.label.pick(locale)) for one in field.options],
            "validate_choice": False,
        }
    flags = _Flags(required=field.required)
    hint = field.hint.pick(locale) if field.hint else ""
    return kind(field.label.pick(locale), [flags], description=hint, render_kw=_attributes(field), **extra)


def _attributes(field: Field) -> dict[str, Any]:
    if field.type in (FieldType.INTEGER, FieldType.DECIMAL):
        return {"inputmode": "numeric" if field.type == FieldType.INTEGER else "decimal"}
    if field.type == FieldType.FILE:
        return {"accept": ",".join(f".{one}" for one in field.types)}
    return {"maxlength": field.max_length} if field.max_length else {}


class _Flags:
    """Carries the flags that WTForms takes from validators; it judges nothing."""

    def __init__(self, *, required: bool) -> None:
        self.field_flags = {"required": True} if required else {}

    def __call__(self, form: Form, field: DrawnField) -> None:
        """Nothing to judge: CompiledForm.validate does."""
