"""Security headers of every response, refusals included."""

from flask import Flask, Response, request

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
FRAMED_POLICY = {
    "default-src": "'none'",
    "img-src": "'self' data:",
    "style-src": "'unsafe-inline'",  # the browser's own PDF viewer draws itself inside our response
    "object-src": "'self'",
    "frame-ancestors": "'self'",
}
ELSE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def install(app: Flask) -> None:
    """Sends the headers with every response of `app`."""
    app.after_request(_add_headers)


def framed_by_self(response: Response) -> Response:
    """Lets our own pages show this response (a document) in a frame; it can run nothing."""
    response.headers["Content-Security-Policy"] = _text(FRAMED_POLICY)
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _add_headers(response: Response) -> Response:
    headers = {"Content-Security-Policy": _text(POLICY), "X-Frame-Options": "DENY", **ELSE}
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "web.static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _text(policy: dict[str, str]) -> str:
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
