"""The API's OpenAPI document, and the same as a page that needs no script."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import flask_smorest  # type: ignore[import-untyped]  # ships no types; only this module and api_calls see it
import orjson
from flask import Blueprint, Flask, Response, current_app, render_template

from app.web.api_calls import PREFIX, ApiBlueprint
from app.web.locale import pick
from app.web.sentences import SENTENCES

blueprint = Blueprint("api", __name__, url_prefix=PREFIX, template_folder="templates")
REFUSED = (400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 429, 500)
DEEPEST = 4
PROBLEM = {
    "type": "object",
    "example": {
        "type": "about:blank",
        "status": 422,
        "code": "reason_required",
        "title": "Unprocessable Entity",
        "detail": "请填写退回原因，至少选择一项并说明。",
        "errors": {"reasons": ["请填写退回原因，至少选择一项并说明。"]},
    },
    "required": ["type", "status", "code", "title", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": sorted(SENTENCES)},
        "title": {"type": "string"},
        "detail": {"type": "string", "description": "a sentence for the user, in the request's language"},
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "description": "sentences per field",
        },
        "findings": {
            "type": "array",
            "items": {"type": "object"},
            "description": "faults of a diagram: file, element_id, element_name, rule, severity, message_zh, "
            "message_en, path",
        },
    },
}


class HouseApi(flask_smorest.Api):  # type: ignore[misc]  # flask-smorest ships no types
    """Collects the calls. Refusals are told by app.web.errors, so no handlers of its own."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Every refusal of the house, under /api and elsewhere, is answered in one place."""


def install_api(app: Flask, blueprints: Sequence[ApiBlueprint]) -> None:
    """Opens the calls under /api/v1 and their document."""
    about = {"description": "北辰评审 · Lodestar. Times are ISO 8601 with offset; a refusal is a problem document."}
    api = HouseApi(
        app,
        spec_kwargs={
            "title": "Lodestar",
            "version": "1",
            "openapi_version": "3.0.3",
            "info": about,
            "servers": [{"url": "/"}],
            "security": [{"bearer": []}],
        },
    )
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    api.spec.components.schema("Problem", PROBLEM)
    for status in REFUSED:
        api.spec.components.response(HTTPStatus(status).name, _refusal(status))
    for one in blueprints:
        api.register_blueprint(one)
    app.extensions["house_api"] = api
    app.extensions["house_api_names"] = {one.name: one.description_zh for one in blueprints}
    app.register_blueprint(blueprint)


def _refusal(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": HTTPStatus(status).phrase, "content": {"application/problem+json": {"schema": schema}}}


def document() -> dict[str, Any]:
    """The OpenAPI document."""
    api: HouseApi = current_app.extensions["house_api"]
    made: dict[str, Any] = api.spec.to_dict()
    return made


@blueprint.get("/openapi.json")
def openapi_json() -> Response:
    """The OpenAPI document for machines."""
    return Response(orjson.dumps(document()), content_type="application/json")


@blueprint.get("/docs")
def docs() -> str:
    """The same for people."""
    made = document()
    names: Mapping[str, str] = current_app.extensions["house_api_names"]
    rooms = [
        (pick(names[tag["name"]], tag["name"]), tag["description"], _calls_of(made, tag["name"]))
        for tag in made["tags"]
    ]
    codes = [(code, pick(one.zh, one.en)) for code, one in sorted(SENTENCES.items())]
    return render_template("web/api_docs.html", rooms=rooms, codes=codes, prefix=PREFIX)


def _calls_of(made: dict[str, Any], tag: str) -> list[dict[str, Any]]:
    calls = []
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            if method == "parameters" or tag not in operation["tags"]:
                continue
            calls.append(_describe(made, path, method, operation, methods.get("parameters", [])))
    return calls


def _describe(
    made: dict[str, Any], path: str, method: str, operation: dict[str, Any], shared: list[dict[str, Any]]
) -> dict[str, Any]:
    """A call as the page draws it: fields as (name, type, required, words)."""
    parameters = [*shared, *operation.get("parameters", [])]
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": pick(operation["x-summary-zh"], operation["summary"]),
        "words": operation.get("description", ""),
        "public": operation.get("security") == [],
        "parameters": [
            (one["name"], _type_of(one.get("schema", {})), one.get("required", False), one.get("description", ""))
            for one in parameters
        ],
        "body": _content_fields(made, operation.get("requestBody", {})),
        "example": _example_of(operation.get("requestBody", {})),
        "statuses": [int(status) for status in operation["responses"] if int(status) >= HTTPStatus.BAD_REQUEST],
        "answers": [
            (int(status), _content_fields(made, answer))
            for status, answer in operation["responses"].items()
            if int(status) < HTTPStatus.BAD_REQUEST
        ],
    }


def _example_of(body: Mapping[str, Any]) -> str:
    """The example of a body as one line of JSON; empty where there is none."""
    for content in body.get("content", {}).values():
        if "example" in content:
            return orjson.dumps(content["example"]).decode()
    return ""


def _content_fields(made: dict[str, Any], holder: Mapping[str, Any]) -> list[tuple[str, str, bool, str]]:
    for content in holder.get("content", {}).values():
        return list(_fields(made, content.get("schema", {}), "", 0))
    return []


def _fields(made: dict[str, Any], schema: dict[str, Any], path: str, depth: int) -> list[tuple[str, str, bool, str]]:
    """The fields of a schema with dotted names, those of inner objects and of lists' entries included."""
    schema = _resolve(made, schema)
    if depth > DEEPEST:
        return []
    if schema.get("type") == "array":
        return _fields(made, schema["items"], f"{path}[]", depth)
    found = []
    for name, inner in schema.get("properties", {}).items():
        whole = f"{path}.{name}".lstrip(".")
        resolved = _resolve(made, inner)
        required = name in schema.get("required", ())
        found.append((whole, _type_of(resolved), required, inner.get("description", "")))
        found += _fields(made, resolved, whole, depth + 1)
    return found


def _resolve(made: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    for wrapped in ("allOf", "anyOf"):
        if wrapped in schema:
            schema = schema[wrapped][0]
    if "$ref" in schema:
        resolved: dict[str, Any] = made["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return resolved
    return schema


def _type_of(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "any")
    kind = "/".join(one for one in kind if one != "null") if isinstance(kind, list) else kind
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"] if one is not None)
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)
