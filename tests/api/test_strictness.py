"""What a call is sent: strictly read, and never answered with a fault of ours."""

from io import BytesIO

import pytest

from app.accounts.vocabulary import Role
from app.web.api_parsing import BODY_LIMIT_MB

PATH = "/filings"


def raw(client, data, content_type="application/json", path=PATH):
    return client.send("POST", path, data=data, content_type=content_type)


@pytest.fixture
def filer(forms, person):
    return person(Role.FILER)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "json_malformed"),
        (b"\xff\xfe", "json_malformed"),
        (b'{"kind": NaN}', "json_malformed"),
        (b'{"kind": "\\ud800"}', "json_malformed"),
        (b"[" * 5000, "json_malformed"),
        (b"[]", "type_invalid"),
        (b'"report"', "type_invalid"),
        (b"null", "type_invalid"),
        (b'{"kind": "report", "values": {"title": "a\\u0000b"}}', "text_not_allowed"),
        (b'{"kind": "map"}', "choice_invalid"),
        (b"", "field_required"),
    ],
)
def test_a_body_that_is_no_good_is_422_with_a_sentence(filer, data, code):
    answer = raw(filer, data)

    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert answer.get_json()["detail"]
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded"])
def test_another_content_type_is_415(filer, content_type):
    answer = raw(filer, b"kind=report", content_type)

    assert (answer.status_code, answer.get_json()["code"]) == (415, "unsupported_media_type")


def test_json_where_a_file_is_wanted_is_415(filer):
    assert filer.send("POST", "/attachments", json={}).status_code == 415


def test_an_oversized_body_is_413(filer):
    answer = raw(filer, b'{"kind": "' + b"x" * BODY_LIMIT_MB * 1024 * 1024 + b'"}')

    assert (answer.status_code, answer.get_json()["code"]) == (413, "body_too_large")


def test_an_oversized_body_is_taken_in_before_the_answer(filer):
    sent = BytesIO(b"[" + b" " * (BODY_LIMIT_MB + 3) * 1024 * 1024)

    answer = filer.send(
        "POST", PATH, input_stream=sent, content_length=len(sent.getvalue()), content_type="application/json"
    )

    assert answer.status_code == 413
    assert sent.tell() == len(sent.getvalue())


def test_who_is_asked_before_what(client):
    answer = client.post("/api/v1/filings", data=b"{", content_type="application/json")

    assert answer.status_code == 401


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/me", 405)])
def test_what_is_not_there_is_a_problem_document(filer, method, path, status):
    answer = filer.send(method, path)

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_no_token_of_a_form_is_asked_for(app, filer):
    app.config["WTF_CSRF_ENABLED"] = True

    assert filer.post(PATH, {"kind": "report"})["status"] == "DRAFT"


def test_answers_are_not_kept_by_caches(filer):
    assert filer.send("GET", "/me").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "values", [{"report_file": 10**19}, {"report_file": 10**30}, {"report_file": -1}, {"fiscal_amount": 10**400}]
)
def test_numbers_beyond_every_database_are_refused(filer, values):
    answer = filer.send("POST", PATH, json={"kind": "report", "values": values})

    assert answer.status_code == 422
