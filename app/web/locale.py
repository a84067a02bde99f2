"""The language of an answer: Chinese by default, English by switch; Accept-Language for the API."""

from pathlib import Path
from typing import Literal

from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel

from app.web.person import optional_actor
from app.web.requests import is_api, once

Locale = Literal["zh", "en"]
LOCALES: tuple[Locale, ...] = ("zh", "en")
COOKIE = "lodestar_locale"
COOKIE_SECONDS = 365 * 24 * 3600
APP = Path(__file__).parent.parent

__all__ = ["COOKIE", "COOKIE_SECONDS", "LOCALES", "Locale", "current_locale", "install", "pick"]


def install(app: Flask) -> None:
    """Speaks the languages of every room's translations directory."""
    directories = sorted(str(path) for path in APP.glob("*/translations"))
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", ";".join(directories))
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "zh")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Asia/Shanghai")
    Babel(app, locale_selector=current_locale)


def current_locale() -> Locale:
    """The language of this request, chosen once; the operator's default outside of one."""
    return once("locale", _choose)


def _choose() -> Locale:
    if has_request_context():
        for wish in (_accepted() if is_api() else None, request.cookies.get(COOKIE), _persons()):
            if known := _known(wish):
                return known
    return _known(current_app.config["SETTINGS"].locale) or "zh"


def pick(zh: str, en: str) -> str:
    """The one of two texts that this request's language asks for; Chinese where English is empty."""
    return en if en and current_locale() == "en" else zh


def _accepted() -> str | None:
    return request.accept_languages.best_match(LOCALES)


def _persons() -> str | None:
    actor = optional_actor() if not is_api() else None
    return actor.locale if actor else None


def _known(wish: str | None) -> Locale | None:
    return next((locale for locale in LOCALES if wish == locale), None)
