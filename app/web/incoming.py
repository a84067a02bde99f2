"""What an address, a query and a form may hold: ids that a row can have, texts that a database stores."""

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map, ValidationError

from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.web.requests import is_api

MAX_ID = 2**63 - 1
DIGITS = len(str(MAX_ID))
NUL = "\x00"


class RowIdConverter(IntegerConverter):
    """`<int:…>` of an address: a number that no row can have leads nowhere."""

    def __init__(self, map: Map) -> None:  # noqa: A002 -- werkzeug's own name
        super().__init__(map, max=MAX_ID)

    def to_python(self, value: str) -> int:
        """The number; Python refuses to read one of thousands of digits, so the digits are counted first."""
        if len(value) > DIGITS:
            raise ValidationError
        number: int = super().to_python(value)
        return number


def install(app: Flask) -> None:
    """Stands before every door of `app` that is registered afterwards."""
    app.url_map.converters["int"] = RowIdConverter
    app.before_request(_refuse_nul)


def row_id(text: str) -> int:
    """The id in a text, for `request.args.get(name, type=row_id)`; ValueError when no row can have it."""
    if not text.isdecimal() or len(text) > DIGITS or (number := int(text)) > MAX_ID:
        raise ValueError("no row has this id")
    return number


def seen_revision(text: str) -> int:
    """The revision that somebody saw and changed; ConflictError when none reads like this: it cannot be the present one."""
    try:
        return row_id(text)
    except ValueError as error:
        raise ConflictError("edit_conflict") from error


def _refuse_nul() -> None:
    """No database keeps the character, and no browser sends it. Bodies of the API are read by its own parser."""
    if NUL in request.path:
        raise NotFoundError
    sent = () if is_api() else (*request.args.items(multi=True), *request.form.items(multi=True))
    if any(NUL in name + text for name, text in sent):
        raise InvalidError("text_not_allowed")
