"""The OpenAPI document says everything, and the page for people needs no script."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app import create_app
from app.kernel.db import Base, db, session
from config import Settings
from tests.support.api_client import ApiClient, RefusedError

PARAMETER = re.compile(r"<(?:[a-z]+:)?")
METHODS = {"get", "post", "patch", "put", "delete"}
CONTRACT = {
    "POST /tokens",
    "GET /me",
    "GET /work-items",
    "GET /work-items/count",
    "GET /work-items/{item_id}",
    "POST /work-items/{item_id}/claim",
    "POST /work-items/{item_id}/release",
    "POST /work-items/{item_id}/delegate",
    "POST /work-items/{item_id}/complete",
    "POST /work-items/complete",
    "GET /filings/form",
    "POST /filings",
    "PATCH /filings/{filing_id}",
    "POST /filings/{filing_id}/submit",
    "POST /filings/{filing_id}/withdraw",
    "GET /filings",
    "GET /filings/{filing_id}",
    "GET /filings/{filing_id}/history",
    "POST /attachments",
    "GET /attachments/{attachment_id}",
    "GET /rounds",
    "GET /rounds/{round_id}",
    "GET /rounds/{round_id}/stages",
    "POST /rounds",
    "PATCH /rounds/{round_id}",
    "POST /rounds/{round_id}/stages/{code}/close",
    "POST /rounds/{round_id}/stages/{code}/extend",
    "GET /processes/definitions",
    "GET /processes/definitions/{key}/versions",
    "GET /processes/definitions/{key}/versions/{version}",
    "POST /processes/definitions",
    "POST /processes/definitions/impact",
    "GET /processes/definitions/{key}/versions/{version}/impact",
    "POST /processes/definitions/{key}/versions/{version}/migrate",
    "POST /processes/definitions/{key}/undo",
    "GET /processes/definitions/{key}/migrations",
    "GET /processes/definitions/{key}/migrations/{migration_id}",
    "GET /processes/definitions/{key}/migrations/{migration_id}/remaining",
    "POST /processes/instances",
    "GET /processes/instances/{instance_id}",
    "GET /processes/instances",
    "POST /processes/instances/act",
    "POST /processes/instances/{instance_id}/suspend",
    "POST /processes/instances/{instance_id}/resume",
    "POST /processes/instances/{instance_id}/retry",
    "POST /processes/instances/{instance_id}/resolve",
    "POST /processes/instances/{instance_id}/move",
    "POST /processes/instances/{instance_id}/cancel",
    "GET /processes/incidents",
    "GET /processes/stuck",
    "GET /processes/event-log",
    "GET /announcements",
    "GET /announcements/{announcement_id}",
}
PUBLIC = {
    "POST /tokens",
    "GET /attachments/{attachment_id}",
    "GET /announcements",
    "GET /announcements/{announcement_id}",
}


@pytest.fixture
def document(client) -> dict[str, Any]:
    answer = client.get("/api/v1/openapi.json")
    assert answer.content_type == "application/json"
    return answer.get_json()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    for path, methods in document["paths"].items():
        shared = methods.get("parameters", [])
        for method in METHODS & set(methods):
            yield f"{method.upper()} {path.removeprefix('/api/v1')}", methods[method], shared


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for inner in node.values():
            yield from references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from references(inner)


def test_every_call_of_the_contract_is_there_and_no_other(document):
    assert {name for name, _, _ in operations(document)} == CONTRACT


def test_every_route_is_in_the_document(app, document):
    routes = {
        f"{method} {PARAMETER.sub(r'{', rule.rule.removeprefix('/api/v1')).replace('>', '}')}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and not rule.endpoint.startswith("api.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert routes == CONTRACT


def test_it_is_built_as_openapi_3_asks(document):
    assert re.fullmatch(r"3\.0\.\d", document["openapi"])
    assert {"title", "version"} <= set(document["info"])
    ids = [operation["operationId"] for _, operation, _ in operations(document)]
    assert len(ids) == len(set(ids))
    for name, operation, shared in operations(document):
        parameters = [*shared, *operation.get("parameters", [])]
        assert {one["name"] for one in parameters if one["in"] == "path"} == set(re.findall(r"{(\w+)}", name))
        assert len({(one["in"], one["name"]) for one in parameters}) == len(parameters)
        assert all("schema" in one for one in parameters)
        assert operation["summary"]
        assert operation["x-summary-zh"]
        assert any(status.startswith("2") for status in operation["responses"])
        assert set(operation["tags"]) <= {tag["name"] for tag in document["tags"]}


def test_every_reference_leads_somewhere(document):
    for reference in references(document):
        target = document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
        assert target


def test_every_call_tells_its_refusals(document):
    for name, operation, _ in operations(document):
        told = set(operation["responses"])
        assert "429" in told
        if name not in PUBLIC:
            assert "401" in told
            assert "security" not in operation
        else:
            assert operation["security"] == []
        if "{" in name:
            assert "404" in told
        if name.startswith(("POST", "PATCH")):
            assert {"413", "415", "422"} <= told
            headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
            assert ("Idempotency-Key" in headers) == (name != "POST /tokens")


def schemas_in(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "enum" in node:
            yield node
        for inner in node.values():
            yield from schemas_in(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from schemas_in(inner)


def test_a_default_is_one_of_the_words_that_it_stands_for(document):
    for schema in schemas_in(document):
        assert schema.get("default", schema["enum"][0]) in [*schema["enum"], None]


def test_every_json_body_has_an_example_of_its_fields(document):
    schemas = document["components"]["schemas"]
    for name, operation, _ in operations(document):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        schema = schemas[content["schema"]["$ref"].rsplit("/", 1)[1]]
        assert set(schema.get("required", ())) <= set(content["example"]) <= set(schema["properties"]), name


def test_answers_of_another_media_type_are_told(document):
    def kinds(path: str) -> list[str]:
        return list(document["paths"][f"/api/v1{path}"]["get"]["responses"]["200"]["content"])

    assert kinds("/processes/definitions/{key}/versions/{version}") == ["application/json", "application/xml"]
    assert kinds("/attachments/{attachment_id}") == ["application/json", "application/octet-stream"]


def test_who_sends_the_revision_seen_is_told_where_it_counts(document):
    told = {
        name
        for name, operation, _ in operations(document)
        if any(one["name"] == "If-Match" for one in operation.get("parameters", []))
    }

    assert told == {"PATCH /filings/{filing_id}", "POST /filings/{filing_id}/submit"}


def test_files_are_told_as_multipart(document):
    for path in ("/attachments", "/processes/definitions", "/processes/definitions/impact"):
        body = document["paths"][f"/api/v1{path}"]["post"]["requestBody"]
        (schema,) = [content["schema"] for content in body["content"].values()]
        assert list(body["content"]) == ["multipart/form-data"]
        assert schema["properties"]["file"] == {"type": "string", "format": "binary"}


def test_answers_are_as_the_document_says(document, case, auditor):
    """A whole item, its list and its completion hold just the fields of their schemas."""
    case()
    (row,) = auditor.get("/work-items")["items"]
    schemas = document["components"]["schemas"]

    assert set(row) == set(schemas["Item"]["properties"])
    assert set(auditor.get(f"/work-items/{row['id']}")) == set(schemas["ItemDetail"]["properties"])
    assert set(auditor.complete(row["id"], "approve")) == set(schemas["Completed"]["properties"])


@pytest.mark.parametrize(("language", "word"), [("zh-CN", "数据接口"), ("en", "Data interface")])
def test_the_page_for_people_speaks_both_languages_without_script(client, language, word):
    client.set_cookie("lodestar_locale", language[:2])

    page = client.get("/api/v1/docs")
    html = page.get_data(as_text=True)

    assert page.status_code == 200
    assert word in html
    for call in CONTRACT:
        method, path = call.split()
        assert f"{method} /api/v1{path}" in html
    assert "https://" not in html.replace("https://www.w3.org", "")
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert "style=" not in html


def test_too_many_wrong_passwords_are_429(tmp_path):
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'knocks.db'}", secret_key="a key for tests only"))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        codes = [knock(app) for _ in range(63)]
        session.remove()
        db.engine.dispose()
    assert codes == [(401, "bad_credentials")] * 60 + [(429, "rate_limited")] * 3


def knock(app) -> tuple[int, str]:
    with pytest.raises(RefusedError) as caught:
        ApiClient(app.test_client()).post("/tokens", {"username": "nobody", "password": "x"})
    return caught.value.status, caught.value.code
