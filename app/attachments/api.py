"""JSON calls of attachments: hand a file in, take it home."""

from typing import Any

from flask import Response, current_app, request
from marshmallow import fields

from app.attachments import queries, usecases
from app.attachments.sending import answer_file, asked_for
from app.attachments.vocabulary import UPLOADS
from app.kernel.errors import field_error
from app.web.api_calls import ApiBlueprint
from app.web.api_schemas import Schema
from app.web.limits import limiter
from app.web.person import current_actor, optional_actor

blueprint = ApiBlueprint("Files", __name__, description="Files of forms.", description_zh="附件")


class UploadForm(Schema):
    """The texts beside the part `file`: none."""


class AttachmentSchema(Schema):
    """A file as it was handed in; its id is the value of a form's file field."""

    id = fields.Integer()
    name = fields.String()
    size = fields.Integer(metadata={"description": "bytes"})
    sha256 = fields.String()


@blueprint.post("/attachments", zh="上传附件", form=UploadForm, answer=AttachmentSchema, status=201)
@limiter.limit(UPLOADS)
def upload_attachment(form: dict[str, Any]) -> Any:  # noqa: ANN401, ARG001 -- dumped by its schema; no texts beside the file
    """Takes in the part `file` of a multipart body; only the uploader sees it until it belongs to something."""
    part = request.files.get("file")
    if part is None or not part.filename:
        raise field_error("file", "file_empty")
    return usecases.store_file(
        stream=part.stream,
        name=part.filename,
        actor=current_actor(),
        limit_mb=current_app.config["SETTINGS"].upload_limit_mb,
    )


@blueprint.get(
    "/attachments/<int:attachment_id>",
    zh="下载附件；Accept为application/json时返回其说明",
    answer=AttachmentSchema,
    also={"application/octet-stream": {"type": "string", "format": "binary"}},
    refusals=(401,),
    public=True,
)
def download_attachment(attachment_id: int) -> Any:  # noqa: ANN401 -- a file, or dumped by its schema
    """The file itself; with Accept: application/json its name, size and hash. Public documents need no token."""
    if request.accept_mimetypes.best == "application/json":
        asked_for(attachment_id)
        return queries.get_attachment(attachment_id, optional_actor())
    response: Response = answer_file(asked_for(attachment_id), "attachment")
    return response
