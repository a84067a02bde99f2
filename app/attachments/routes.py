"""Handing a file in, taking it home, looking at it."""

import re
from http import HTTPStatus
from urllib.parse import quote

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.http import dump_options_header

from app.attachments import queries, usecases
from app.attachments.vocabulary import VIEWED_INLINE
from app.kernel.errors import NotFoundError, field_error
from app.kernel.transaction import transaction
from app.web.limits import limiter
from app.web.person import current_actor, optional_actor

blueprint = Blueprint("attachments", __name__, template_folder="templates")
FIELD = re.compile(r"[a-z][a-z0-9_]{0,63}")
UPLOADS = "120/minute"
POLICY = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""Chromium's own PDF viewer draws a document under this policy in a frame that has no sandbox attribute itself
(with the attribute it refuses); nothing in the document can run, and only our own pages may frame it."""


@blueprint.post("/attachments")
@limiter.limit(UPLOADS)
def upload() -> tuple[str, int]:
    """Takes in the part `file`; answers the list entry with the hidden value for the form's field `field`."""
    actor = current_actor()
    part, field = request.files.get("file"), request.form.get("field", "")
    if part is None or not part.filename:
        raise field_error("file", "file_empty")
    with transaction():
        attachment = usecases.store_file(
            stream=part.stream,
            name=part.filename,
            actor=actor,
            limit_mb=current_app.config["SETTINGS"].upload_limit_mb,
        )
    name = field if FIELD.fullmatch(field) else "file"
    return render_template("attachments/uploaded.html", attachment=attachment, field=name), HTTPStatus.CREATED


@blueprint.get("/attachments/<int:attachment_id>")
def download(attachment_id: int) -> Response:
    """The file, to be saved."""
    return _answer(_asked_for(attachment_id), "attachment")


@blueprint.get("/attachments/<int:attachment_id>/view")
def view(attachment_id: int) -> Response:
    """A PDF or picture, to be shown in a frame of our own pages; other kinds are saved."""
    asked = _asked_for(attachment_id)
    return _answer(asked, "inline" if asked.media_type in VIEWED_INLINE else "attachment")


def _asked_for(attachment_id: int) -> queries.Download:
    try:
        return queries.open_download(attachment_id, optional_actor())
    except NotFoundError:
        current_actor()  # who is not signed in is asked to, whether the file is there or not
        raise


def _answer(asked: queries.Download, disposition: str) -> Response:
    response = Response(asked.content, content_type=asked.media_type)
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
