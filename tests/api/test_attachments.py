"""Files at the outer door."""

import hashlib
from io import BytesIO

import pytest

from app.accounts.vocabulary import Role
from app.attachments.usecases import bind_attachments, publish_attachments
from app.kernel.transaction import transaction
from tests.factories.attachments import pdf
from tests.support.api_client import ApiClient, RefusedError


@pytest.fixture
def filer(person):
    return person(Role.FILER)


def test_an_upload_is_told_with_its_hash(filer):
    made = filer.upload(pdf(), "报告.pdf")

    assert set(made) == {"id", "name", "size", "sha256"}
    assert made["name"] == "报告.pdf"
    assert (made["size"], made["sha256"]) == (len(pdf()), hashlib.sha256(pdf()).hexdigest())
    assert filer.send("POST", "/attachments", data={"file": (BytesIO(pdf()), "a.pdf")}).status_code == 201


def test_it_is_taken_home_as_it_was(filer):
    made = filer.upload(pdf(), "报告.pdf")

    answer = filer.send("GET", f"/attachments/{made['id']}")

    assert answer.data == pdf()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    told = filer.send("GET", f"/attachments/{made['id']}", headers={"Accept": "application/json"})
    assert told.get_json() == made


@pytest.mark.parametrize("accept", ["*/*", "application/json"])
def test_it_is_not_there_for_others(filer, person, client, accept):
    made = filer.upload(pdf(), "报告.pdf")
    other, nobody = person(Role.FILER), ApiClient(client)

    assert other.send("GET", f"/attachments/{made['id']}", headers={"Accept": accept}).status_code == 404
    assert nobody.send("GET", f"/attachments/{made['id']}", headers={"Accept": accept}).status_code == 401
    assert filer.send("GET", "/attachments/99999999999999999999").status_code == 404


def test_a_public_document_needs_no_token(filer, client):
    made = filer.upload(pdf(), "公示.pdf")
    with transaction():
        bind_attachments(ids=[made["id"]], owner_type="announcement", owner_id=1, actor=filer.actor)
        publish_attachments(ids=[made["id"]], owner_type="announcement", owner_id=1)

    assert ApiClient(client).send("GET", f"/attachments/{made['id']}").data == pdf()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "unsupported_media_type"),
        ({"note": "x"}, "unsupported_media_type"),
        ({"file": (b"", "a.pdf")}, "file_empty"),
        ({"file": (b"MZ" + b"\x00" * 60, "a.pdf")}, "file_type"),
        ({"file": (b"<html>", "a.html")}, "file_type"),
        ({"file": (pdf(), "a.pdf"), "note": "x"}, "field_unknown"),
    ],
)
def test_refused_uploads_say_why(filer, data, code):
    parts = {name: (BytesIO(one[0]), one[1]) if isinstance(one, tuple) else one for name, one in data.items()}

    answer = filer.send("POST", "/attachments", data=parts)

    assert answer.get_json()["code"] == code


def test_more_than_is_taken_in_is_413(app, filer):
    before = app.config["MAX_CONTENT_LENGTH"]
    app.config["MAX_CONTENT_LENGTH"] = 1024
    try:
        with pytest.raises(RefusedError) as caught:
            filer.upload(pdf() + b" " * 4096, "a.pdf")
    finally:
        app.config["MAX_CONTENT_LENGTH"] = before
    assert (caught.value.status, caught.value.code) == (413, "file_too_large")
