"""What the JSON calls of the inbox take and answer."""

from marshmallow import fields

from app.inbox.queries import SORTS
from app.web.api_schemas import (
    AtMost,
    Moment,
    PageQuery,
    Schema,
    asked_number,
    list_of,
    number,
    text,
    words,
)

MOST_AT_ONCE = 200


class ListQuery(PageQuery):
    """Which items, in which order."""

    status = words("open", "done", load_default="open")
    process = text(64, load_default=None)
    node = text(64, load_default=None)
    role = text(64, load_default=None)
    round = asked_number(load_default=None)
    q = text(200, load_default=None, metadata={"description": "part of the title"})
    overdue = fields.Boolean(load_default=False)
    sort = words(
        *SORTS,
        *(f"-{name}" for name in SORTS),
        load_default=None,
        metadata={"description": "default: due_at; of done items -completed_at"},
    )


class SubjectSchema(Schema):
    """What the item is about."""

    type = fields.String()
    id = fields.Integer()
    title = fields.String()


class ItemSchema(Schema):
    """A work item."""

    id = fields.Integer()
    title = fields.String()
    process = fields.String()
    node = fields.String()
    node_name = fields.String()
    role = fields.String()
    subject = fields.Nested(SubjectSchema)
    status = fields.String(metadata={"description": "open, done, expired or cancelled"})
    assignee = fields.String(allow_none=True, metadata={"description": "user name of who has it in hand"})
    due_at = Moment(allow_none=True)
    overdue = fields.Boolean()
    priority = fields.Integer()
    round = fields.Integer(allow_none=True)
    stage = fields.String(allow_none=True)
    instance_id = fields.Integer()
    opened_at = Moment()
    completed_at = Moment(allow_none=True)
    outcome = fields.String(allow_none=True)


class OptionSchema(Schema):
    """One choice of a select or multiselect."""

    value = fields.String()
    label = fields.String()


class FieldSchema(Schema):
    """A field of a form; what does not apply is null or left out."""

    key = fields.String()
    type = fields.String(
        metadata={
            "description": "text, textarea, integer, decimal, date, datetime, select, multiselect, checkbox or file"
        }
    )
    label = fields.String()
    required = fields.Boolean()
    min = fields.Raw(allow_none=True)
    max = fields.Raw(allow_none=True)
    max_length = fields.Integer(allow_none=True)
    options = fields.List(fields.Nested(OptionSchema))
    hint = fields.String()
    min_length = fields.Integer()
    digits = fields.Integer(metadata={"description": "decimal places"})
    kind = fields.String(metadata={"description": "json: any JSON value, or its text"})
    format = fields.String(metadata={"description": "email or phone"})
    shape = fields.String(metadata={"description": "shape of a JSON value"})
    types = fields.List(fields.String(), metadata={"description": "extensions of a file"})
    max_mb = fields.Integer()
    default = fields.Raw()
    hidden_when = fields.List(
        fields.Raw(), metadata={"description": "[key, comparison, value]: the field is left out while this holds"}
    )


class FormSchema(Schema):
    """The form of a work item; key null where the item asks for nothing."""

    key = fields.String(allow_none=True)
    version = fields.Integer(allow_none=True)
    fields_ = fields.List(fields.Nested(FieldSchema), data_key="fields", attribute="fields")


class OutcomeSchema(Schema):
    """A way to complete the item that is offered now. `requires`: fields that must be filled for it."""

    code = fields.String()
    label = fields.String()
    requires = fields.List(fields.String())


class ItemDetailSchema(ItemSchema):
    """A work item with its form and the outcomes offered now."""

    definition_version = fields.Integer()
    form = fields.Nested(FormSchema)
    outcomes = fields.List(fields.Nested(OutcomeSchema))
    values = fields.Raw(allow_none=True, metadata={"description": "what you sent when you completed it"})


ItemListSchema = list_of(ItemSchema)


class CountSchema(Schema):
    """How many items wait; exact up to 1,000."""

    open = fields.Integer()
    open_is_floor = fields.Boolean()
    overdue = fields.Integer()
    by_process = fields.Dict(keys=fields.String(), values=fields.Integer())


class DelegateBody(Schema):
    """The colleague's user name."""

    to = text(64, required=True)


class CompleteBody(Schema):
    """How the item is completed. `values` by the keys of the form's fields."""

    outcome = text(64, load_default=None, allow_none=True)
    values = fields.Dict(keys=fields.String(), load_default=dict, allow_none=True)


class InstanceStateSchema(Schema):
    """Where the item's instance stands."""

    id = fields.Integer()
    status = fields.String()


class CompletedSchema(Schema):
    """The item, the items of this instance that opened for you, and the instance."""

    item = fields.Nested(ItemSchema)
    opened = fields.List(fields.Nested(ItemSchema))
    instance = fields.Nested(InstanceStateSchema)


class BulkItemBody(CompleteBody):
    """One of several items."""

    id = number(required=True)


class BulkBody(Schema):
    """Several items, each completed by itself."""

    items = fields.List(
        fields.Nested(BulkItemBody), required=True, validate=AtMost(MOST_AT_ONCE, code="too_many_entries")
    )


class BulkResultSchema(Schema):
    """What became of one item: done, or failed with the refusal as a problem document."""

    id = fields.Integer()
    status = words("done", "failed")
    error = fields.Raw()


class BulkSchema(Schema):
    """What became of each item, in the order sent."""

    items = fields.List(fields.Nested(BulkResultSchema))
