"""Who is signed in. The loaders of users live in accounts; doors ask here."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, request
from flask_login import LoginManager, current_user

from app.kernel.actor import Actor
from app.kernel.errors import ForbiddenError, UnauthorizedError
from app.web.requests import is_api

Params = ParamSpec("Params")
Answer = TypeVar("Answer")

login_manager = LoginManager()


def install(app: Flask) -> None:
    """Lets the loaders that accounts has set on `login_manager` find the person behind a request."""
    login_manager.init_app(app)


def optional_actor() -> Actor | None:
    """The signed-in person, or None. The API knows bearer tokens only, so that no foreign page can use a cookie."""
    if is_api() and "Authorization" not in request.headers:
        return None
    if not current_user or not current_user.is_authenticated:
        return None
    actor: Actor = current_user.actor
    return actor


def current_actor() -> Actor:
    """The signed-in person; UnauthorizedError when nobody is."""
    actor = optional_actor()
    if actor is None:
        raise UnauthorizedError("session_expired" if not is_api() else "token_required")
    return actor


def require_role(*roles: str) -> Callable[[Callable[Params, Answer]], Callable[Params, Answer]]:
    """A door for holders of one of `roles` only: 401 when nobody is signed in, 403 for others."""

    def guard(view: Callable[Params, Answer]) -> Callable[Params, Answer]:
        @wraps(view)
        def guarded(*args: Params.args, **kwargs: Params.kwargs) -> Answer:
            if not current_actor().has_role(*roles):
                raise ForbiddenError
            return view(*args, **kwargs)

        return guarded

    return guard
