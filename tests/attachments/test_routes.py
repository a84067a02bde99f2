"""The doors of attachments: handed in once, saved as a file, shown in a frame that can run nothing."""

import io

import pytest

from app.accounts.usecases import create_user
from app.kernel.db import session
from app.kernel.transaction import transaction
from tests.factories import attachments as files
from tests.support.browser import sign_in

POLICY = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'"


@pytest.fixture
def people(app):
    with transaction():
        users = [create_user(username=name, name=name, password_hash="x") for name in ("filer", "filer_2")]
        session.flush()
        return [user.id for user in users]


def hand_in(client, content, name="报告.pdf", **more):
    return client.post("/attachments", data={"file": (io.BytesIO(content), name), **more})


@pytest.fixture
def uploaded(client, people) -> int:
    sign_in(client, people[0])
    page = hand_in(client, files.pdf()).get_data(as_text=True)
    return int(page.partition('value="')[2].partition('"')[0])


def test_an_upload_is_answered_with_the_value_of_its_field(client, people):
    sign_in(client, people[0])

    response = hand_in(client, files.pdf(), field="report_file")

    assert response.status_code == 201
    page = response.get_data(as_text=True)
    assert '<input type="hidden" name="report_file" value="' in page
    assert "报告.pdf" in page
    assert "1 KB" in page
    assert 'name="file"' in hand_in(client, files.pdf(), field='x" onfocus="').get_data(as_text=True)


def test_a_download_is_saved_and_never_run(client, uploaded):
    response = client.get(f"/attachments/{uploaded}")

    assert response.data == files.pdf()
    assert (
        response.headers["Content-Disposition"] == "attachment; filename=pdf; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf"
    )
    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Length"] == str(len(files.pdf()))
    assert response.content_type == "application/pdf"


def test_a_pdf_is_shown_in_our_own_frames_only(client, uploaded):
    response = client.get(f"/attachments/{uploaded}/view")

    assert response.headers["Content-Disposition"].startswith("inline;")
    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_what_a_browser_cannot_show_safely_is_saved(client, people):
    sign_in(client, people[0])
    page = hand_in(client, files.docx(), "说明.docx").get_data(as_text=True)
    attachment_id = page.partition('value="')[2].partition('"')[0]

    assert client.get(f"/attachments/{attachment_id}/view").headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize("tail", ["", "/view"])
def test_who_may_not_see_it_is_told_that_it_is_not_there(client, people, uploaded, tail):
    sign_in(client, people[1])

    assert client.get(f"/attachments/{uploaded}{tail}").status_code == 404
    assert client.get(f"/attachments/{uploaded + 1}{tail}").status_code == 404


def test_a_stranger_is_asked_to_sign_in_whether_it_is_there_or_not(app, client, uploaded):
    stranger = app.test_client()

    for attachment_id in (uploaded, uploaded + 1):
        assert stranger.get(f"/attachments/{attachment_id}").location.startswith("/sign-in?")
    assert hand_in(stranger, files.pdf()).location.startswith("/sign-in")


def test_refused_uploads_say_why(client, people):
    sign_in(client, people[0])

    wrong = hand_in(client, b"MZ" + b"\x00" * 50)
    nothing = client.post("/attachments", data={})

    assert (wrong.status_code, nothing.status_code) == (422, 422)
    assert "不支持的文件类型，仅限" in wrong.get_data(as_text=True)
    assert "请选择要上传的文件" in nothing.get_data(as_text=True)


def test_a_request_beyond_the_limit_is_413(client, people, app):
    sign_in(client, people[0])
    before = app.config["MAX_CONTENT_LENGTH"]
    app.config["MAX_CONTENT_LENGTH"] = 1024
    try:
        response = hand_in(client, files.pdf() + b" " * 4096)
    finally:
        app.config["MAX_CONTENT_LENGTH"] = before

    assert response.status_code == 413
