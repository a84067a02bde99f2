"""What kind of answer a request expects."""

from urllib.parse import urlsplit

from flask import request

API_PREFIX = "/api/"
API_PAGES = ("/api/v1/docs",)
"""Pages for people below the prefix: they keep the language that the reader has chosen."""


def is_api() -> bool:
    """Whether the JSON API is asked."""
    return request.path.startswith(API_PREFIX) and request.path not in API_PAGES


def is_htmx() -> bool:
    """Whether a part of a page is asked for by htmx."""
    return request.headers.get("HX-Request") == "true"


def local_target(target: str | None, fallback: str) -> str:
    """`target` when it is a path of this site, else `fallback`: nobody is sent elsewhere through our address."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return fallback
    parts = urlsplit(target)
    return fallback if parts.scheme or parts.netloc or "\\" in target else target
