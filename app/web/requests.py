"""What kind of answer a request expects."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import has_request_context, request

API_PREFIX = "/api/"
API_PAGES = ("/api/v1/docs",)
"""Pages for people below the prefix: they keep the language that the reader has chosen."""
KEPT = "lodestar.kept"
Value = TypeVar("Value")
MOST_DROPPED = 512 * 1024 * 1024
CHUNK = 1024 * 1024


def is_api() -> bool:
    """Whether the JSON API is asked."""
    return request.path.startswith(API_PREFIX) and request.path not in API_PAGES


def is_htmx() -> bool:
    """Whether a part of a page is asked for by htmx."""
    return request.headers.get("HX-Request") == "true"


def drop_body() -> None:
    """Takes in what is left of a body that was refused, up to 512 MB, and forgets it.

    Who is still sending does not listen: closing the connection then would hide the refusal from them.
    """
    stream, dropped = request.environ["wsgi.input"], 0
    while dropped < MOST_DROPPED and (chunk := stream.read(CHUNK)):
        dropped += len(chunk)


def local_target(target: str | None, fallback: str) -> str:
    """`target` when it is a path of this site, else `fallback`: nobody is sent elsewhere through our address."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return fallback
    parts = urlsplit(target)
    return fallback if parts.scheme or parts.netloc or "\\" in target else target


def once(key: str, make: Callable[[], Value]) -> Value:
    """What `make` gives, asked once in a request: pages show the round and the counts of the navigation twice."""
    if not has_request_context():
        return make()
    kept: dict[str, Any] = request.environ.setdefault(KEPT, {})
    if key not in kept:
        kept[key] = make()
    found: Value = kept[key]
    return found
