"""Forms and htmx requests carry a token; the JSON API carries a bearer token instead and takes no cookie."""

from flask import Blueprint, Flask
from flask_wtf.csrf import CSRFProtect, generate_csrf

_protect = CSRFProtect()


def install(app: Flask) -> None:
    """Checks the token of every changing request."""
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # as long as the session: a long form must not be lost
    _protect.init_app(app)


def begin_session() -> None:
    """Puts the token into a session that was just opened: two first pages at once would each make their own."""
    generate_csrf()


def exempt_api(blueprint: Blueprint) -> Blueprint:
    """Excuses a blueprint under /api, where `person.current_actor` accepts nothing but a bearer token."""
    _protect.exempt(blueprint)
    return blueprint
