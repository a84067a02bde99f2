import pytest
from flask import Response

from app.web import csp

DIRECTIVES = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self' data:",
    "connect-src 'self'", "frame-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    "object-src 'none'",
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/sign-in", 200),
        ("GET", "/gone", 404),
        ("GET", "/nowhere", 404),
        ("GET", "/form", 405),
        ("POST", "/form", 400),
        ("GET", "/home", 302),
        ("GET", "/api/v1/me", 401),
        ("GET", "/static/star.svg", 200),
        ("GET", "/language/en", 302),
    ],
)
def test_every_response_carries_the_strict_policy(stranger, method, path, status):
    response = stranger.open(path, method=method, buffered=True)

    assert response.status_code == status
    assert response.headers["Content-Security-Policy"].split("; ") == DIRECTIVES
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_a_document_may_be_framed_by_our_own_pages_only_and_runs_nothing():
    response = csp.framed_by_self(Response("pdf"))

    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_pages_are_never_stored_and_hashed_files_for_ever(auditor):
    page = auditor.get("/home")
    styles = page.get_data(as_text=True).split('rel="stylesheet" href="')[1].split('"')[0]

    assert page.headers["Cache-Control"] == "no-store"
    kept = auditor.get(styles, buffered=True)
    assert kept.status_code == 200
    assert "immutable" in kept.headers["Cache-Control"]
    assert "public" in kept.headers["Cache-Control"]
