"""Pages of the accounts room: the way in and out, and one's own account."""

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask import session as browser
from flask_babel import gettext as _
from flask_login import UserMixin, login_user, logout_user
from werkzeug.wrappers import Request, Response

from app.accounts import queries, usecases
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.errors import InvalidError, UnauthorizedError
from app.kernel.transaction import transaction
from app.web import doors
from app.web.csrf import begin_session
from app.web.errors import field_sentences, problem_of
from app.web.limits import limiter
from app.web.locale import COOKIE, COOKIE_SECONDS, current_locale, pick
from app.web.person import current_actor, login_manager, optional_actor
from app.web.requests import is_api, local_target
from app.web.shell import notify

blueprint = Blueprint("accounts", __name__, template_folder="templates")
SIGNED_IN_AT = "signed_in_at"


class SignedIn(UserMixin):  # type: ignore[misc]  # flask-login ships no types
    """What flask-login keeps of a person during a request: the actor, nothing that could be written to."""

    def __init__(self, actor: Actor) -> None:
        self.id = str(actor.id)
        self.actor = actor


@login_manager.user_loader  # type: ignore[untyped-decorator]  # flask-login ships no types
def _load_from_cookie(user_id: str) -> SignedIn | None:
    user = None if is_api() else queries.find_active_user(int(user_id))  # the API knows bearer tokens only
    if user is None:
        return None
    since = datetime.fromisoformat(browser[SIGNED_IN_AT]) if SIGNED_IN_AT in browser else None
    if since is None or (user.sessions_end_before and since < user.sessions_end_before):
        return None
    return SignedIn(queries.actor_of(user))


@login_manager.request_loader  # type: ignore[untyped-decorator]  # flask-login ships no types
def _load_from_token(asked: Request) -> SignedIn | None:
    scheme, _space, token = asked.headers.get("Authorization", "").partition(" ")
    user = queries.find_token_user(token) if scheme.lower() == "bearer" and token else None
    return SignedIn(queries.actor_of(user)) if user else None


@blueprint.get("/sign-in")
def sign_in() -> str | Response:
    """The door; who is inside already goes on."""
    if optional_actor() is not None:
        return redirect(local_target(request.args.get("next"), doors.url("home") or "/"))
    return render_template("accounts/sign_in.html", refusal=None, username="")


@blueprint.post("/sign-in")
@limiter.limit("30/minute")
def enter() -> tuple[str, int] | Response:
    """Lets a person in, or says why not without telling which half was wrong."""
    username = request.form.get("username", "").strip()[:64]
    demo_allowed = current_app.config["SETTINGS"].demo_accounts_allowed
    user_id = usecases.check_password(
        username=username, password=request.form.get("password", ""), demo_allowed=demo_allowed
    )
    try:
        with transaction():
            user = usecases.record_sign_in(username=username, user_id=user_id)
            actor = queries.actor_of(user)
    except UnauthorizedError as error:
        with transaction():
            usecases.count_failure(username=username)
        return render_template("accounts/sign_in.html", refusal=problem_of(error).detail, username=username), 401
    _open_session(actor)
    if user.password_until is not None:
        notify(_("您使用的是一次性密码，请设置新密码。"))
        return redirect(url_for("accounts.account"))
    response = redirect(local_target(request.args.get("next"), doors.url("home") or "/"))
    if COOKIE not in request.cookies:
        response.set_cookie(COOKIE, actor.locale, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax")
    return response


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """Ends the session of this browser."""
    logout_user()
    browser.clear()
    return redirect(url_for("accounts.sign_in"))


@blueprint.get("/account")
def account() -> str:
    """The own account: who, where, with which roles; change of password."""
    return _account_page(current_actor(), {})


@blueprint.post("/account/password")
@limiter.limit("10/minute")
def change_password() -> Response | tuple[str, int]:
    """A new password; every other session of the person ends."""
    actor = current_actor()
    form = request.form
    try:
        with transaction():
            usecases.change_password(
                present=form.get("present", ""), new=form.get("new", ""), again=form.get("again", ""), actor=actor
            )
    except InvalidError as error:
        return _account_page(actor, field_sentences(error)), 422
    _open_session(actor)
    notify(_("密码已修改，其他设备上的登录已退出。"))
    return redirect(url_for("accounts.account"))


def describe_roles(actor: Actor) -> list[str]:
    """The person's roles with their scope, in the reader's language: "省级审核员 · 山东省"."""
    return [pick(line.zh, line.en) for line in queries.role_lines(actor)]


def _account_page(actor: Actor, errors: dict[str, list[str]]) -> str:
    user: Any = queries.get_user(actor.id or 0)
    return render_template(
        "accounts/account.html", user=user, roles=describe_roles(actor), errors=errors, locale_code=current_locale()
    )


def _open_session(actor: Actor) -> None:
    """A fresh session, so that a planted session id is worth nothing."""
    browser.clear()
    login_user(SignedIn(actor))
    browser[SIGNED_IN_AT] = clock.now().isoformat()
    begin_session()
