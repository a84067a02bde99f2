"""JSON calls of the announcements room: public, without a token."""

from typing import Any

from marshmallow import fields

from app.announcements import queries
from app.announcements.describing import describe_announcement, describe_line
from app.announcements.vocabulary import AnnouncementKind
from app.web.api_calls import ApiBlueprint
from app.web.api_schemas import Moment, PageQuery, Schema, asked_number, list_of, words

blueprint = ApiBlueprint("Announcements", __name__, description="What was published.", description_zh="公告与公示")


class ListQuery(PageQuery):
    """Which announcements."""

    kind = words(*AnnouncementKind, load_default=None)
    round = asked_number(load_default=None)


class LineSchema(Schema):
    """An announcement in a list."""

    id = fields.Integer()
    kind = fields.String()
    title = fields.String()
    round = fields.Integer()
    parent = fields.Integer(allow_none=True, metadata={"description": "what it supplements or corrects"})
    document_number = fields.String()
    issued_on = fields.Date()
    published_at = Moment()
    closed_at = Moment(allow_none=True, metadata={"description": "end of a public notice that is over"})
    closes_at = Moment(
        allow_none=True, metadata={"description": "until when objections to a public notice are in time"}
    )
    status = fields.String(metadata={"description": "open while objections are in time, else published"})


class NoticeItemSchema(Schema):
    """A result on the list."""

    position = fields.Integer()
    filing_number = fields.String()
    title = fields.String()
    organisations = fields.List(fields.String())
    report_type = fields.String()
    province = fields.String()
    status = fields.String(metadata={"description": "listed, held, removed or corrected"})
    correction = fields.String()


class FileSchema(Schema):
    """A document of the announcement."""

    id = fields.Integer()
    name = fields.String()
    size = fields.Integer()
    sha256 = fields.String()


class AnnouncementSchema(LineSchema):
    """An announcement with its text and list."""

    body = fields.List(fields.String(), metadata={"description": "paragraphs"})
    items = fields.List(fields.Nested(NoticeItemSchema))
    list_sha256 = fields.String(allow_none=True, metadata={"description": "hash of `list`, byte for byte"})
    list = fields.String(allow_none=True)
    files = fields.List(fields.Nested(FileSchema))


AnnouncementListSchema = list_of(LineSchema)


@blueprint.get("/announcements", zh="公告列表", query=ListQuery, answer=AnnouncementListSchema, public=True)
def list_announcements(query: dict[str, Any]) -> dict[str, Any]:
    """What was published, the newest first."""
    page = queries.list_announcements(
        kinds=[query["kind"]] if query["kind"] else [],
        round_id=query["round"],
        cursor=query["cursor"],
        limit=query["limit"],
    )
    return {"items": [describe_line(row) for row in page.items], "next": page.next}


@blueprint.get("/announcements/<int:announcement_id>", zh="一则公告", answer=AnnouncementSchema, public=True)
def show_announcement(announcement_id: int) -> dict[str, Any]:
    """One announcement with its text, its list and its documents."""
    return describe_announcement(queries.get_announcement(announcement_id))
