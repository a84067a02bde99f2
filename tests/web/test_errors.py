import logging
import re

import pytest

PROBLEM = {"type", "status", "code", "title", "detail", "errors"}


def test_a_refusal_under_api_is_a_problem_document(stranger):
    response = stranger.post("/api/v1/things", headers={"Accept-Language": "en"})

    assert response.content_type == "application/problem+json"
    assert response.status_code == 422
    assert response.get_json(force=True) == {
        "type": "about:blank",
        "status": 422,
        "code": "invalid",
        "title": "Unprocessable Entity",
        "detail": "Something needs to be corrected; nothing was submitted yet.",
        "errors": {"name": ["名称 is required."]},
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/moved", 409, "already_done"),
        ("GET", "/api/v1/nowhere", 404, "not_found"),
        ("GET", "/api/v1/things", 405, "method_not_allowed"),
        ("GET", "/api/v1/me", 401, "token_required"),
    ],
)
def test_every_refusal_under_api_has_the_same_shape(stranger, method, path, status, code):
    response = stranger.open(path, method=method)

    problem = response.get_json(force=True)
    assert set(problem) == PROBLEM
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert response.content_type == "application/problem+json"


def test_the_api_speaks_chinese_unless_english_is_asked_for(stranger):
    detail = {
        wish: stranger.get("/api/v1/nowhere", headers={"Accept-Language": wish}).get_json(force=True)["detail"]
        for wish in ("zh-CN", "en-GB,en;q=0.9", "fr")
    }

    assert detail["zh-CN"] == detail["fr"] == "未找到该记录，或您无权查看。"
    assert detail["en-GB,en;q=0.9"] == "Not found, or not visible to you."


def test_the_api_takes_no_cookie(auditor):
    assert auditor.get("/api/v1/me").status_code == 401


def test_a_refusal_on_a_page_is_a_page_with_the_way_home(auditor):
    response = auditor.get("/gone")

    assert response.status_code == 404
    page = response.get_data(as_text=True)
    assert "未找到该记录，或您无权查看。" in page
    assert 'href="/home"' in page


def test_a_refusal_to_htmx_is_a_part_that_goes_to_the_notices(auditor):
    response = auditor.get("/gone", headers={"HX-Request": "true"})

    assert response.headers["HX-Retarget"] == "#notices"
    assert "<html" not in response.get_data(as_text=True)


def test_a_stranger_is_sent_to_sign_in_and_back(stranger):
    assert stranger.get("/home?page=2").location == "/sign-in?next=/home?page%3D2"


def test_htmx_is_told_to_sign_in_by_a_header(stranger):
    response = stranger.get("/home", headers={"HX-Request": "true"})

    assert (response.status_code, response.headers["HX-Redirect"]) == (401, "/sign-in")


def test_a_person_without_the_role_is_refused(auditor):
    assert auditor.get("/only-leaders").status_code == 403


def test_a_form_without_token_is_refused_in_words(auditor):
    response = auditor.post("/form")

    assert response.status_code == 400
    assert "页面已过期" in response.get_data(as_text=True)


def test_a_form_with_its_token_passes(auditor):
    token = re.search(r'name="csrf-token" content="([^"]+)"', auditor.get("/home").get_data(as_text=True))[1]

    assert auditor.post("/form", data={"csrf_token": token}).get_data(as_text=True) == "posted"


@pytest.mark.parametrize("path", ["/fault", "/api/v1/fault"])
def test_a_fault_gives_a_reference_that_the_log_knows_and_no_trace(shell_app, caplog, path):
    shell_app.testing = False

    with caplog.at_level(logging.ERROR):
        response = shell_app.test_client().get(path)

    text = response.get_data(as_text=True)
    reference = re.search(r"编号：(\w{8})", text)[1]
    assert response.status_code == 500
    assert "secret detail" not in text
    assert "Traceback" not in text
    assert f"internal_error {reference} GET {path}" in caplog.text
    assert "secret detail" in caplog.text


def test_too_many_knocks_are_told_when_to_come_back(auditor):
    for _ in range(2):
        assert auditor.get("/often").status_code == 200

    response = auditor.get("/often")

    assert response.status_code == 429
    assert re.search(r"操作过于频繁，请\d+秒后再试。", response.get_data(as_text=True))
    assert int(response.headers["Retry-After"]) > 0


def test_too_large_a_body_is_told_the_limit(shell_app, auditor):
    shell_app.config["MAX_CONTENT_LENGTH"] = 10

    response = auditor.post("/form", data={"csrf_token": "x" * 100})

    assert response.status_code == 413
    assert "文件超过1 MB" in response.get_data(as_text=True)
