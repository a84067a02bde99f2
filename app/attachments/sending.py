"""A file on its way out of either door, such that nothing in it can run."""

from urllib.parse import quote

from flask import Response
from werkzeug.http import dump_options_header

from app.attachments import queries
from app.kernel.errors import NotFoundError
from app.web.person import current_actor, optional_actor

POLICY = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""Chromium's own PDF viewer draws a document under this policy in a frame that has no sandbox attribute itself
(with the attribute it refuses); nothing in the document can run, and only our own pages may frame it."""


def asked_for(attachment_id: int) -> queries.Download:
    """The file, for one who may see it; others hear that it is not there, strangers that they are to sign in."""
    try:
        return queries.open_download(attachment_id, optional_actor())
    except NotFoundError:
        current_actor()  # who is not signed in is asked to, whether the file is there or not
        raise


def answer_file(asked: queries.Download, disposition: str) -> Response:
    """The file on its way, such that nothing in it can run."""
    response = Response(asked.content, content_type=asked.media_type)
    if asked.size is not None:
        response.content_length = asked.size
    response.headers["Content-Disposition"] = dump_options_header(disposition, _named(asked.name))
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _named(name: str) -> dict[str, str]:
    """The name for browsers of today, and for a header that may hold only ASCII."""
    plain = name.encode("ascii", "ignore").decode().lstrip(".") or "file"
    return {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}
