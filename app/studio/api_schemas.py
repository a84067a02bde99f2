"""What several JSON calls of the studio answer."""

from marshmallow import fields

from app.web.api_schemas import Moment, Schema


class IncidentSchema(Schema):
    """A step that failed: where, why, what happens next."""

    id = fields.Integer()
    reference = fields.String()
    instance = fields.Integer(allow_none=True)
    node = fields.String(allow_none=True)
    element = fields.String(allow_none=True)
    origin = fields.String(metadata={"description": "item, timer, message, job or schedule"})
    cause = fields.List(fields.String(), metadata={"description": "the chain of exceptions, the nearest first"})
    attempts = fields.Integer()
    at = Moment()
    last_at = Moment()
    next_try_at = Moment(allow_none=True)
    resolution = fields.String(allow_none=True, metadata={"description": "how it ended; null while it is open"})


class CallSchema(Schema):
    """A call of other flows, with the counters of its children."""

    node = fields.String()
    total = fields.Integer()
    open = fields.Integer()
    done = fields.Integer()
    expired = fields.Integer()
    closed_at = Moment(allow_none=True)
