"""What the JSON calls about releases take and answer."""

from marshmallow import fields

from app.studio.api import ProofSchema
from app.web.api_schemas import AtMost, Moment, Schema, list_of, number, text


class DetailSchema(Schema):
    """One thing that changed at an element."""

    field = fields.String()
    before = fields.String(allow_none=True)
    after = fields.String(allow_none=True)


class ChangeSchema(Schema):
    """A node or flow that differs between the versions."""

    element_id = fields.String()
    name = fields.String()
    tag = fields.String(metadata={"description": "the BPMN element's name"})
    change = fields.String(metadata={"description": "added, removed or changed"})
    details = fields.List(fields.Nested(DetailSchema))


class ObstacleSchema(Schema):
    """Why cases cannot simply move."""

    code = fields.String()
    node = fields.String()
    message_zh = fields.String()
    message_en = fields.String()


class StateSchema(Schema):
    """All running cases of a version that wait at the same nodes."""

    version = fields.Integer()
    nodes = fields.List(fields.String())
    count = fields.Integer()
    verdict = fields.String(metadata={"description": "move, stay or choice"})
    obstacles = fields.List(fields.Nested(ObstacleSchema))


class ImpactSchema(Schema):
    """What a version means for the running cases of the others."""

    running = fields.Integer()
    move = fields.Integer()
    stay = fields.Integer()
    choice = fields.Integer()
    states = fields.List(fields.Nested(StateSchema))


class ReleaseSchema(ImpactSchema):
    """What deploying a drawing would mean."""

    key = fields.String()
    base_version = fields.Integer(metadata={"description": "the active version, 0 for none"})
    proof = fields.Nested(ProofSchema)
    changes = fields.List(fields.Nested(ChangeSchema))


class ImpactForm(Schema):
    """Choices as JSON text {targets, timers, forms}, beside the part `file`."""

    choices = text(20_000)


class MigrateBody(Schema):
    """Which cases move and how. Without `dry_run: false` nothing is changed."""

    dry_run = fields.Boolean(load_default=True)
    versions = fields.List(number(), load_default=None, allow_none=True, validate=AtMost(200, code="too_many_entries"))
    targets = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    timers = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    forms = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    note = text(2000)


class MigrationSchema(Schema):
    """A move of running cases, or the way back."""

    id = fields.Integer()
    version = fields.Integer()
    from_versions = fields.List(fields.Integer())
    undoes = fields.Integer(allow_none=True)
    status = fields.String(metadata={"description": "running or done"})
    moved = fields.Integer()
    note = fields.String()
    choices = fields.Dict(keys=fields.String())
    started_at = Moment()
    ended_at = Moment(allow_none=True)


class MigratedSchema(Schema):
    """The impact, and the migration that was started unless it was a dry run."""

    dry_run = fields.Boolean()
    impact = fields.Nested(ImpactSchema)
    migration = fields.Nested(MigrationSchema, allow_none=True)


class UndoBody(Schema):
    """Why the active version is taken back."""

    reason = text(2000, required=True)


class UndoneSchema(Schema):
    """The version that is active again, and the migrations that bring cases back."""

    version = fields.Integer()
    migrations = fields.List(fields.Nested(MigrationSchema))


class RemainingSchema(Schema):
    """A case that stayed on its version."""

    id = fields.Integer()
    version = fields.Integer()
    nodes = fields.List(fields.String())
    verdict = fields.String()
    obstacles = fields.List(fields.Nested(ObstacleSchema))


MigrationListSchema = list_of(MigrationSchema)
RemainingListSchema = list_of(RemainingSchema)
