"""Reads what a call was sent: strictly, and nothing that a database could choke on."""

import json
from typing import Any, NoReturn

import marshmallow
import orjson
from flask import Request
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from app.kernel.errors import InvalidError, TooLargeError
from app.web.api_schemas import refusal_of
from app.web.incoming import NUL

BODY_LIMIT_MB = 4


class StrictParser(FlaskParser):
    """JSON bodies, queries and multipart forms; every refusal is a domain error with field names and sentences."""

    USE_ARGS_POSITIONAL = False
    DEFAULT_UNKNOWN_BY_LOCATION = {"json": None, "query": None, "form": None, "files": None}  # noqa: RUF012 -- webargs' own shape

    def load_json(self, req: Request, schema: marshmallow.Schema) -> Any:  # noqa: ANN401, ARG002 -- webargs' signature
        """The JSON body; an empty one is an empty object."""
        return read_body(req)

    def load_querystring(self, req: Request, schema: marshmallow.Schema) -> Any:  # noqa: ANN401 -- webargs' signature
        """The query; a field that is left blank was not asked for."""
        given = [(name, value) for name, value in req.args.items(multi=True) if value]
        if any(NUL in name + value for name, value in given):
            raise InvalidError("text_not_allowed")
        return MultiDictProxy(MultiDict(given), schema)

    def load_form(self, req: Request, schema: marshmallow.Schema) -> Any:  # noqa: ANN401 -- webargs' signature
        """The texts of a multipart form."""
        if req.mimetype != "multipart/form-data":
            raise UnsupportedMediaType
        if any(NUL in name + value for name, value in req.form.items(multi=True)):
            raise InvalidError("text_not_allowed")
        return MultiDictProxy(req.form, schema)

    def handle_error(
        self,
        error: marshmallow.ValidationError,
        req: Request,  # noqa: ARG002 -- webargs' signature
        schema: marshmallow.Schema,  # noqa: ARG002 -- webargs' signature
        *,
        error_status_code: int | None,  # noqa: ARG002 -- webargs' signature
        error_headers: Any,  # noqa: ANN401, ARG002 -- webargs' signature
    ) -> NoReturn:
        """Tells what is wrong at which field."""
        messages = error.messages
        inner = next(iter(messages.values())) if isinstance(messages, dict) else messages
        raise refusal_of(inner) from error


def read_body(req: Request) -> Any:  # noqa: ANN401 -- any JSON value
    """The JSON value of the body. Refused: another content type (415), too much (413), no JSON, a name twice (422)."""
    limit = BODY_LIMIT_MB * 1024 * 1024
    if (req.content_length or 0) > limit:
        raise TooLargeError("body_too_large", max=BODY_LIMIT_MB)
    req.max_content_length = limit
    raw = req.get_data(cache=True)
    if not raw.strip():
        return missing
    if not req.is_json:
        raise UnsupportedMediaType
    try:
        value = orjson.loads(raw)
        json.loads(raw, object_pairs_hook=_ensure_each_once, parse_int=str, parse_float=str)
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise InvalidError("json_malformed") from error
    if b"\\u0000" in raw and _holds_nul(value):
        raise InvalidError("text_not_allowed")
    return value


def _ensure_each_once(members: list[tuple[str, Any]]) -> None:
    """orjson takes the last of two members of one name: what was meant is not ours to guess (RFC 7493, 2.3)."""
    if len({name for name, _value in members}) != len(members):
        raise InvalidError("json_malformed")


def _holds_nul(value: object) -> bool:
    """Whether a text somewhere in a JSON value holds the character that no database stores."""
    if isinstance(value, str):
        return NUL in value
    if isinstance(value, dict):
        return any(_holds_nul(key) or _holds_nul(inner) for key, inner in value.items())
    return isinstance(value, list) and any(_holds_nul(inner) for inner in value)
