"""Refusals become answers: a page, a part of a page for htmx, or a problem document under /api."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import orjson
from flask import Flask, Response, current_app, redirect, render_template, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from app.kernel.errors import DomainError, InvalidError, UnauthorizedError
from app.web import doors
from app.web.labels import named
from app.web.limits import seconds_left
from app.web.locale import current_locale
from app.web.requests import drop_body, is_api, is_htmx
from app.web.sentences import sentence

CODES_OF_STATUS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "file_too_large",
    415: "unsupported_media_type",
    429: "rate_limited",
}

TO_NOTICES = {"HX-Retarget": "#notices", "HX-Reselect": "#refusal", "HX-Reswap": "innerHTML show:window:top"}
"""Where htmx puts a refusal, whatever the element that asked wanted to replace and to select."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal, ready to be told. `errors`: sentences per field."""

    status: int
    code: str
    detail: str
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)
    """Further members of a problem document, such as the findings of a diagram."""

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase


def install(app: Flask) -> None:
    """Answers every refusal and every fault of `app`."""
    app.register_error_handler(DomainError, _answer_domain_error)
    app.register_error_handler(CSRFError, _answer_csrf_error)
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(Exception, _answer_fault)


def problem_of(error: DomainError) -> Problem:
    """The refusal in the request's language."""
    locale = current_locale()
    return Problem(
        error.status,
        error.code,
        sentence(error.code, locale, **named(error.params, locale)),
        field_sentences(error) if isinstance(error, InvalidError) else {},
    )


def field_sentences(error: InvalidError) -> dict[str, list[str]]:
    """The sentences of each field, for a form that is shown again."""
    locale = current_locale()
    return {
        name: [sentence(refusal.code, locale, **named(refusal.params, locale)) for refusal in refusals]
        for name, refusals in error.fields.items()
    }


def _answer_domain_error(error: DomainError) -> WerkzeugResponse:
    if isinstance(error, UnauthorizedError) and not is_api() and (sign_in := doors.url("sign_in", next=_here())):
        return _send_to(sign_in)
    return _answer(problem_of(error))


def _answer_csrf_error(error: CSRFError) -> WerkzeugResponse:
    return _answer(Problem(int(error.code or 400), "csrf_failed", sentence("csrf_failed", current_locale())))


def _answer_http_exception(error: HTTPException) -> WerkzeugResponse:
    if error.code is None or error.code < 400:
        return WerkzeugResponse.force_type(error.get_response(), request.environ)
    code = CODES_OF_STATUS.get(error.code, "bad_request")
    params = {
        "file_too_large": {"max": current_app.config["SETTINGS"].upload_limit_mb},
        "rate_limited": {"seconds": seconds_left()},
    }
    response = _answer(Problem(error.code, code, sentence(code, current_locale(), **params.get(code, {}))))
    if isinstance(error, RateLimitExceeded):
        response.headers["Retry-After"] = str(seconds_left())
    if "Allow" in (headers := dict(error.get_headers(request.environ))):
        response.headers["Allow"] = headers["Allow"]
    return response


def _answer_fault(error: Exception) -> WerkzeugResponse:
    """A fault of ours: the user gets a reference, the log gets the reference and the trace."""
    if current_app.testing or current_app.debug:
        raise error
    reference = secrets.token_hex(4)
    current_app.logger.error("internal_error %s %s %s", reference, request.method, request.path, exc_info=error)
    return _answer(Problem(500, "internal_error", sentence("internal_error", current_locale(), id=reference)))


def _answer(problem: Problem) -> WerkzeugResponse:
    if problem.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        drop_body()
    if is_api():
        return problem_document(problem)
    if is_htmx():
        response = Response(render_template("web/error_fragment.html", problem=problem), status=problem.status)
        response.headers.update(TO_NOTICES)
        return response
    return Response(render_template("web/error.html", problem=problem), status=problem.status)


def members_of(problem: Problem) -> dict[str, object]:
    """The refusal as a problem document holds it."""
    body = {"type": "about:blank", "status": problem.status, "code": problem.code, "title": problem.title}
    return {**body, "detail": problem.detail, "errors": problem.errors, **problem.more}


def problem_document(problem: Problem) -> Response:
    """The refusal as an answer of the JSON API (application/problem+json)."""
    response = Response(
        orjson.dumps(members_of(problem)), status=problem.status, content_type="application/problem+json"
    )
    response.headers["Content-Language"] = current_locale()
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _send_to(sign_in: str) -> WerkzeugResponse:
    """To the sign-in page; htmx is told by a header, since it would swap the page into a part."""
    if is_htmx():
        return Response(status=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": sign_in})
    return redirect(sign_in)


def _here() -> str | None:
    """Where to come back to: the page asked for; a lost form's page is the one that was open."""
    return request.full_path.rstrip("?") if request.method == "GET" and not is_htmx() else None
