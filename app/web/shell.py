"""Plugs the web floor into the application: static files, template globals, headers, errors, language, limits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, flash, make_response, redirect, request, send_from_directory, url_for
from flask_babel import gettext
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.kernel.actor import Actor
from app.kernel.errors import NotFoundError
from app.kernel.transaction import transaction
from app.web import assets, csp, csrf, dates, doors, errors, incoming, limits, locale, navigation, outcomes, person
from app.web.locale import current_locale, pick
from app.web.requests import local_target, once
from app.web.round_line import RoundLine


class MissingValue(StrictUndefined):
    """A name that nobody gave: may be asked for (`{% if note %}`), never be printed, so that a slip is seen in tests."""

    def __bool__(self) -> bool:  # type: ignore[override]  # the parent's stub never returns
        return False


IMMUTABLE_SECONDS = 365 * 24 * 3600

blueprint = Blueprint("web", __name__, template_folder="templates")


@dataclass
class Providers:
    """What upper rooms tell the shell; wiring registers them with `register_context`."""

    round_line: Callable[[Actor | None], RoundLine | None] = lambda actor: None  # noqa: ARG005 -- nobody has registered one
    unread: Callable[[Actor], int] = lambda actor: 0  # noqa: ARG005 -- nobody has registered one
    role_lines: Callable[[Actor], list[str]] = lambda actor: sorted(actor.roles)
    keep_locale: Callable[[Actor, str], None] = lambda actor, locale: None  # noqa: ARG005 -- nobody has registered one


_providers = Providers()


def install(app: Flask) -> None:
    """Everything that `app` needs to answer a browser; rooms register their blueprints afterwards."""
    for part in (person, csrf, limits, locale, csp, errors, incoming):
        part.install(app)
    app.jinja_env.undefined = MissingValue
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(_globals())
    app.jinja_env.filters.update(_filters())
    app.register_blueprint(blueprint)


def register_context(
    *,
    round_line: Callable[[Actor | None], RoundLine | None] | None = None,
    unread: Callable[[Actor], int] | None = None,
    role_lines: Callable[[Actor], list[str]] | None = None,
    keep_locale: Callable[[Actor, str], None] | None = None,
) -> None:
    """Hands down what the shell shows of upper rooms: round, unread messages, roles with scope ("省级审核员 · 山东省")."""
    given = {"round_line": round_line, "unread": unread, "role_lines": role_lines, "keep_locale": keep_locale}
    for name, provider in given.items():
        if provider is not None:
            setattr(_providers, name, provider)


def notify(text: str, *, href: str | None = None, link: str | None = None) -> None:
    """A confirmation at the head of the next page, with at most one link."""
    flash((text, href, link))  # type: ignore[arg-type]  # flask stores any JSON value


@blueprint.get("/static/<path:filename>", endpoint="static")
def static_file(filename: str) -> Response:
    """A file of app/web/static; built ones carry a hash in their name and never change."""
    response = send_from_directory(assets.STATIC, filename, max_age=IMMUTABLE_SECONDS)
    if filename.startswith("built/") and not filename.endswith(".json"):
        response.cache_control.public = True
        response.cache_control.immutable = True
    return response


@blueprint.get("/language/<code>")
def switch_language(code: str) -> Response:
    """Answers in another language from now on, and keeps the wish with the person."""
    if code not in locale.LOCALES:
        raise NotFoundError
    actor = person.optional_actor()
    if actor is not None:
        with transaction():
            _providers.keep_locale(actor, code)
    response = make_response(redirect(local_target(request.args.get("next"), doors.url("home") or "/")))
    response.set_cookie(locale.COOKIE, code, max_age=locale.COOKIE_SECONDS, httponly=True, samesite="Lax")
    return response


def step_name(name: str | None) -> str:
    """The name of a step in the reader's language; a diagram that somebody drew keeps its own names."""
    return gettext(name) if name else ""


def _globals() -> dict[str, Any]:
    return {
        "entry": assets.entry,
        "icon_href": assets.icon_href,
        "locale": current_locale,
        "pick": pick,
        "actor": person.optional_actor,
        "nav_links": navigation.links,
        "door_url": doors.url,
        "round_line": _round_line,
        "unread": lambda: _providers.unread(person.current_actor()),
        "role_lines": lambda: _providers.role_lines(person.current_actor()),
        "language_switch": _language_switch,
        "outcome_label": lambda code: outcomes.outcome_label(code, current_locale()),
        "status_label": lambda code: outcomes.status_label(code, current_locale()),
        "status_icon": outcomes.status_icon,
        "due_tone": dates.due_tone,
    }


def _round_line() -> RoundLine | None:
    return once("round_line", lambda: _providers.round_line(person.optional_actor()))


def _filters() -> dict[str, Callable[..., str]]:
    return {
        "day": lambda moment: dates.full_date(moment, current_locale()),
        "day_short": lambda moment: dates.short_date(moment, current_locale()),
        "day_near": lambda moment: dates.near_date(moment, current_locale()),
        "moment": lambda moment: dates.moment_text(moment, current_locale()),
        "weekday": lambda moment: dates.weekday(moment, current_locale()),
        "due_words": lambda workdays: dates.due_text(workdays, current_locale()),
        "number": lambda value: f"{value:,}",
        "paragraphs": _paragraphs,
        "step": step_name,
    }


def _paragraphs(text: str) -> Markup:
    """A text with each of its lines as a paragraph."""
    return Markup().join(Markup("<p>{}</p>").format(line.strip()) for line in text.splitlines() if line.strip())


def _language_switch() -> tuple[str, str, str]:
    """The other language: its code, its own name, the address that switches to it and comes back."""
    code, name = ("en", "English") if current_locale() == "zh" else ("zh", "中文")
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return code, name, url_for("web.switch_language", code=code, next=back)
