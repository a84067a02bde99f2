"""Handing a file in, taking it home, looking at it."""

import re
from http import HTTPStatus

from flask import Blueprint, Response, current_app, render_template, request

from app.attachments import usecases
from app.attachments.sending import answer_file, asked_for
from app.attachments.vocabulary import UPLOADS, VIEWED_INLINE
from app.kernel.errors import field_error
from app.kernel.transaction import transaction
from app.web.limits import limiter
from app.web.person import current_actor

blueprint = Blueprint("attachments", __name__, template_folder="templates")
SVG = "image/svg+xml"
"""Only a marked picture is one: nobody can hand an SVG in, and the response's policy lets nothing in it run."""
FIELD = re.compile(r"[a-z][a-z0-9_]{0,63}")


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
    return answer_file(asked_for(attachment_id), "attachment")


@blueprint.get("/attachments/<int:attachment_id>/view")
def view(attachment_id: int) -> Response:
    """A PDF or picture, to be shown in a frame of our own pages; other kinds are saved."""
    asked = asked_for(attachment_id)
    return answer_file(asked, "inline" if asked.media_type in (*VIEWED_INLINE, SVG) else "attachment")
