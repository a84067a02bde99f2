"""Calls of the JSON API: each says what it takes, answers and refuses, so that document and code cannot differ."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

import flask_smorest  # type: ignore[import-untyped]  # ships no types; only this module and api_document see it
import orjson
from flask import Response

from app.kernel.errors import ForbiddenError
from app.web.api_parsing import StrictParser
from app.web.api_schemas import Schema
from app.web.commands import HEADER, Answered, once
from app.web.csrf import exempt_api
from app.web.locale import current_locale
from app.web.person import current_actor

PREFIX = "/api/v1"
View = TypeVar("View", bound=Callable[..., Any])
CHANGING = ("POST", "PATCH")
KEY_PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "schema": {"type": "string", "maxLength": 128},
    "description": "The same key and body give the same answer, and nothing happens twice.",
}


class ApiBlueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """The calls of one room. Bearer tokens only, so the forms' own token is not asked for."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, import_name: str, *, description: str, description_zh: str) -> None:
        super().__init__(name, import_name, url_prefix=PREFIX, description=description)
        self.description_zh = description_zh
        exempt_api(self)

    def call(
        self,
        method: str,
        rule: str,
        *,
        zh: str,
        answer: type[Schema],
        status: int = HTTPStatus.OK,
        query: type[Schema] | None = None,
        body: type[Schema] | None = None,
        form: type[Schema] | None = None,
        refusals: Sequence[int] = (),
        roles: Sequence[str] = (),
        public: bool = False,
        by_hand: bool = False,
        doc: Mapping[str, Any] | None = None,
        example: Mapping[str, Any] | None = None,
        also: Mapping[str, Any] | None = None,
    ) -> Callable[[View], View]:
        """Registers a view that returns what `answer` dumps, or a finished Response.

        A changing call runs in one transaction and honours Idempotency-Key; `by_hand`: the view sees to both itself
        (app.web.commands). `form`: a multipart body with these texts and a part `file`. `zh`: the Chinese summary;
        the docstring is the English one. `example`: of the body; `also`: schemas of other media types of the answer.
        """
        schema = answer()

        def register(view: View) -> View:
            inner = _once(view, schema, status) if method in CHANGING and not by_hand else _plain(view, schema, status)
            for given, location, shown in ((query, "query", None), (body, "json", example)):
                if given is not None:
                    name = "query" if given is query else "body"
                    inner = self.arguments(given, location=location, arg_name=name, example=shown)(inner)
            if method in CHANGING and body is None and form is None:
                inner = self.ARGUMENTS_PARSER.use_kwargs(Schema, location="json")(inner)  # nothing, or an empty object
            if form is not None:
                inner = self.ARGUMENTS_PARSER.use_args(form, location="form", arg_name="form")(inner)
            guarded = _guarded(inner, roles=roles, public=public)
            guarded = self.response(status, answer)(guarded)
            told = _refusals(rule, method, [*refusals], roles=roles, public=public, parsed=bool(query or body or form))
            more = {**(doc or {}), **({"requestBody": _multipart(form)} if form else {})}
            document = _document(view, method, zh, told, public=public, more=more)
            if also:
                document["responses"][str(int(status))] = _answers(answer, status, also)
            guarded = self.doc(**document)(guarded)
            self.route(rule, methods=[method])(guarded)
            return view

        return register

    def get(self, rule: str, **more: Any) -> Callable[[View], View]:  # noqa: ANN401 -- arguments of `call`
        """A reading call."""
        return self.call("GET", rule, **more)

    def post(self, rule: str, **more: Any) -> Callable[[View], View]:  # noqa: ANN401 -- arguments of `call`
        """A changing call."""
        return self.call("POST", rule, **more)

    def patch(self, rule: str, **more: Any) -> Callable[[View], View]:  # noqa: ANN401 -- arguments of `call`
        """A call that changes a part of something."""
        return self.call("PATCH", rule, **more)


def json_response(status: int, body: object) -> Response:
    """An answer as JSON."""
    response = Response(orjson.dumps(body), status=status, content_type="application/json")
    response.headers["Content-Language"] = current_locale()
    response.headers["Cache-Control"] = "no-store"
    if isinstance(body, dict) and isinstance(body.get("revision"), int):
        response.headers["ETag"] = f'"{body["revision"]}"'
    return response


def _plain(view: Callable[..., Any], schema: Schema, status: int) -> Callable[..., Any]:
    @wraps(view)
    def answer(**arguments: Any) -> Response:  # noqa: ANN401 -- path and body
        result = view(**arguments)
        return result if isinstance(result, Response) else json_response(status, schema.dump(result))

    return answer


def _once(view: Callable[..., Any], schema: Schema, status: int) -> Callable[..., Any]:
    @wraps(view)
    def answer(**arguments: Any) -> Response:  # noqa: ANN401 -- path and body
        def act() -> Answered:
            return status, schema.dump(view(**arguments))

        return json_response(*once(act))

    return answer


def _guarded(view: Callable[..., Any], *, roles: Sequence[str], public: bool) -> Callable[..., Any]:
    """Who may come in is asked before anything that was sent is looked at."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:  # noqa: ANN401 -- path and body
        if not public:
            actor = current_actor()
            if roles and not actor.has_role(*roles):
                raise ForbiddenError
        return view(**arguments)

    return guarded


def _refusals(
    rule: str, method: str, further: list[int], *, roles: Sequence[str], public: bool, parsed: bool
) -> list[int]:
    told = {*further, HTTPStatus.TOO_MANY_REQUESTS}
    told |= set() if public else {HTTPStatus.UNAUTHORIZED}
    told |= {HTTPStatus.FORBIDDEN} if roles else set()
    told |= {HTTPStatus.NOT_FOUND} if "<" in rule else set()
    told |= {HTTPStatus.UNPROCESSABLE_ENTITY} if parsed else set()
    if method in CHANGING:
        told |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
        told |= {HTTPStatus.UNPROCESSABLE_ENTITY}  # a key that was used for something else
    return sorted(told)


def _document(
    view: Callable[..., Any], method: str, zh: str, told: Sequence[int], *, public: bool, more: Mapping[str, Any]
) -> dict[str, Any]:
    document: dict[str, Any] = {
        "operationId": view.__name__,
        "x-summary-zh": zh,
        "responses": {str(status): {"$ref": f"#/components/responses/{HTTPStatus(status).name}"} for status in told},
    }
    if public:
        document["security"] = []
    if method in CHANGING and not public:
        document["parameters"] = [KEY_PARAMETER, *more.get("parameters", ())]
    return {**more, **document}


def _answers(answer: type[Schema], status: int, also: Mapping[str, Any]) -> dict[str, Any]:
    """A success that comes as JSON or, on wish, as another media type."""
    own = {"$ref": f"#/components/schemas/{answer.__name__.removesuffix('Schema')}"}
    content = {kind: {"schema": schema} for kind, schema in {"application/json": own, **also}.items()}
    return {"description": HTTPStatus(status).phrase, "content": content}


def _multipart(form: type[Schema]) -> dict[str, Any]:
    """The body of a call that takes a part `file` and a few texts."""
    texts = form().fields
    schema = {
        "type": "object",
        "required": ["file", *(name for name, field in texts.items() if field.required)],
        "properties": {"file": {"type": "string", "format": "binary"}, **{name: {"type": "string"} for name in texts}},
    }
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
