"""Pages of upper rooms that the shell links to; wiring names their endpoints."""

from typing import Any, Literal

from flask import url_for

Door = Literal[
    "home", "sign_in", "sign_out", "account", "search", "messages", "public_home", "public_round", "upload", "diagram"
]

_endpoints: dict[Door, str] = {}


def register_doors(endpoints: dict[Door, str]) -> None:
    """Tells the shell where its links lead: {"sign_in": "accounts.sign_in", …}."""
    _endpoints.update(endpoints)


def url(door: Door, **params: str | None) -> str | None:
    """The address of a door, or None where no room has opened it."""
    given: dict[str, Any] = {name: value for name, value in params.items() if value is not None}
    return url_for(_endpoints[door], **given) if door in _endpoints else None
