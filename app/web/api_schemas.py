"""The language of the JSON API: strict schemas, their refusals as codes, and moments with Beijing's offset."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import RAISE, ValidationError, fields, validate
from marshmallow import Schema as MarshmallowSchema

from app.kernel import clock
from app.kernel.errors import FieldError, InvalidError
from app.kernel.paging import DEFAULT_LIMIT, MAX_LIMIT
from app.web.incoming import MAX_ID

CODES = {
    "Missing data for required field.": "field_required",
    "Field may not be null.": "field_required",
    "Unknown field.": "field_unknown",
}
"""Marshmallow's own messages; whatever is not here is a wrong type."""


class Schema(MarshmallowSchema):
    """What a call takes or answers. A field that nobody knows is refused, never passed over."""

    class Meta:
        unknown = RAISE


class AtMost(validate.Validator):
    """A text of at most so many characters, or a list of at most so many entries. The field's name becomes the label."""

    def __init__(self, limit: int, *, code: str = "text_too_long") -> None:
        self.min, self.max, self.equal = None, limit, None  # the names that the OpenAPI document is made from
        self.code = code

    def __call__(self, value: Any) -> Any:  # noqa: ANN401 -- texts and lists
        if len(value) > self.max:
            raise ValidationError([FieldError(self.code, max=self.max)])
        return value


class Between(validate.Validator):
    """A number within limits."""

    def __init__(self, least: int, most: int) -> None:
        self.min, self.max = least, most

    def __call__(self, value: int) -> int:
        if not self.min <= value <= self.max:
            raise ValidationError([FieldError("number_range", label="", min=self.min, max=self.max)])
        return value


class OneOf(validate.Validator):
    """One of a few words."""

    def __init__(self, *choices: str) -> None:
        self.choices = choices
        self.labels: tuple[str, ...] = ()

    def __call__(self, value: str) -> str:
        if value not in self.choices:
            raise ValidationError([FieldError("choice_invalid", label="")])
        return value


class Moment(fields.DateTime):
    """A moment, written as ISO 8601 with Beijing's offset.

    Read: with any offset, without one as Beijing's time, a mere day as its end.
    """

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **more: Any) -> str | None:  # noqa: ANN401, ARG002 -- marshmallow's signature
        return None if value is None else moment_text(value)

    def _deserialize(self, value: object, attr: str | None, data: Any, **more: Any) -> datetime:  # noqa: ANN401, ARG002 -- marshmallow's signature
        try:
            return _read_moment(str(value))
        except (ValueError, OverflowError) as error:
            raise ValidationError([FieldError("date_invalid", label="")]) from error


def _read_moment(text: str) -> datetime:
    if len(text) <= len("2026-06-30"):
        return clock.end_of_day(date.fromisoformat(text)).astimezone(clock.BEIJING)
    moment = datetime.fromisoformat(text)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=clock.BEIJING)
    return aware.astimezone(UTC).astimezone(clock.BEIJING)


class Day(fields.Date):
    """A day as 2026-06-30."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:  # noqa: ANN401, ARG002 -- marshmallow's signature
        try:
            return date.fromisoformat(str(value))
        except ValueError as error:
            raise ValidationError([FieldError("date_invalid", label="")]) from error


def moment_text(moment: datetime) -> str:
    """A moment as ISO 8601 with Beijing's offset."""
    return moment.astimezone(clock.BEIJING).isoformat()


def number(**more: Any) -> fields.Integer:  # noqa: ANN401 -- marshmallow's own arguments
    """A row's id in a body: a JSON integer that every database can hold."""
    return fields.Integer(strict=True, validate=Between(1, MAX_ID), **more)


def asked_number(**more: Any) -> fields.Integer:  # noqa: ANN401 -- marshmallow's own arguments
    """A row's id in the address."""
    return fields.Integer(validate=Between(1, MAX_ID), **more)


def text(limit: int, **more: Any) -> fields.String:  # noqa: ANN401 -- marshmallow's own arguments
    """A text of at most `limit` characters."""
    return fields.String(validate=AtMost(limit), **more)


def words(*choices: str, **more: Any) -> fields.String:  # noqa: ANN401 -- marshmallow's own arguments
    """One of a few words."""
    return fields.String(validate=OneOf(*choices), **more)


class PageQuery(Schema):
    """Where a list goes on, and how many rows at once."""

    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=Between(1, MAX_LIMIT))
    cursor = text(500, load_default=None, metadata={"description": "`next` of the page before"})


def list_of(row: type[Schema]) -> type[Schema]:
    """The schema of a page of such rows."""
    name = f"{row.__name__.removesuffix('Schema')}List"
    members = {
        "items": fields.List(fields.Nested(row)),
        "next": fields.String(allow_none=True, metadata={"description": "cursor of the next page, null on the last"}),
    }
    return type(name, (Schema,), members)


def refusal_of(messages: Any) -> InvalidError:  # noqa: ANN401 -- marshmallow's tree of messages
    """The refusal behind marshmallow's messages: dotted field names, codes, and their labels."""
    found: dict[str, list[FieldError]] = {}
    for name, error in _leaves(messages, ""):
        found.setdefault(name, []).append(error)
    refusals = [error for errors in found.values() for error in errors]
    if len(refusals) == 1:
        return InvalidError(refusals[0].code, fields=found, **refusals[0].params)
    return InvalidError(fields=found)


def _leaves(messages: Any, path: str) -> Iterator[tuple[str, FieldError]]:  # noqa: ANN401 -- marshmallow's tree of messages
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            name = path if key == "_schema" else f"{path}.{key}".lstrip(".")
            yield from _leaves(inner, name)
    elif isinstance(messages, (list, tuple)):
        for inner in messages:
            yield from _leaves(inner, path)
    else:
        name = (path or "body")[:100]
        code, params = (messages.code, messages.params) if isinstance(messages, FieldError) else _read_code(messages)
        yield name, FieldError(code, **{**params, "label": name})


def _read_code(message: object) -> tuple[str, dict[str, object]]:
    """The code of one of marshmallow's own messages."""
    return CODES.get(str(message), "type_invalid"), {}
