"""JSON calls about releases: the impact of a version, moving running cases to it, and the way back."""

from typing import Any

import orjson
from marshmallow import fields

from app.engine.diff import Change
from app.engine.window import DefinitionRefusedError
from app.kernel.errors import field_error
from app.kernel.paging import DEFAULT_LIMIT, decode_cursor
from app.processes.impact import Choices, Impact, StateImpact, read_choices
from app.processes.migrating import start_migration, undo_deployment
from app.processes.queries import get_version
from app.processes.states import get_definition
from app.studio.api import DEPLOYMENTS, DESIGNER, ProofSchema, refused, sent_diagram
from app.studio.releases import (
    as_detail,
    get_migration,
    list_migrations,
    list_remaining,
    numbers_of_versions,
    weigh_release,
    weigh_version,
)
from app.studio.wording import obstacle_words
from app.web.api_calls import ApiBlueprint
from app.web.api_schemas import Moment, PageQuery, Schema, list_of, text
from app.web.limits import limiter
from app.web.person import current_actor

blueprint = ApiBlueprint("Releases", __name__, description="Versions and running cases.", description_zh="版本与在办件")


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
    versions = fields.List(fields.Integer(), load_default=None, allow_none=True)
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


@blueprint.post(
    "/processes/definitions/impact",
    zh="部署一张图的影响（不作改动）",
    form=ImpactForm,
    answer=ReleaseSchema,
    roles=DESIGNER,
    by_hand=True,
)
@limiter.limit(DEPLOYMENTS)
def weigh_process(form: dict[str, str]) -> Any:  # noqa: ANN401 -- findings, or dumped by its schema
    """What deploying a BPMN file would change and what would become of the running cases; changes nothing."""
    xml, name = sent_diagram()
    choices = _choices_of(form.get("choices"))
    try:
        release = weigh_release(xml, choices)
    except DefinitionRefusedError as error:
        return refused(error, name)
    proof = release.proven.proof
    return {
        "key": release.key,
        "base_version": release.base_version,
        "proof": {"states": len(proof.states), "transitions": proof.transitions, "bounded": proof.bounded},
        "changes": [_change(one) for one in release.changes],
        **describe_impact(release.impact),
    }


def _choices_of(sent: str | None) -> Choices:
    if not sent:
        return Choices()
    try:
        parsed = orjson.loads(sent)
    except orjson.JSONDecodeError:
        parsed = None
    if not isinstance(parsed, dict):
        raise field_error("choices", "choice_invalid", label="choices")
    return read_choices(parsed)


@blueprint.get(
    "/processes/definitions/<key>/versions/<int:version>/impact", zh="一个版本对在办件的影响", answer=ImpactSchema,
    roles=DESIGNER,
)  # fmt: skip
def show_impact(key: str, version: int) -> dict[str, Any]:
    """What would become of the running cases of the other versions if they moved to this one."""
    return describe_impact(weigh_version(key=key, version=version))


@blueprint.post(
    "/processes/definitions/<key>/versions/<int:version>/migrate",
    zh="将在办件迁移到该版本（默认仅试算）",
    body=MigrateBody,
    answer=MigratedSchema,
    roles=DESIGNER,
    refusals=(404, 409),
)
def migrate_cases(key: str, version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Moves running cases of other versions to this one, in the background; without `dry_run: false` only counts."""
    choices = read_choices(body)
    impact = weigh_version(key=key, version=version, choices=choices, versions=body["versions"])
    answer = {"dry_run": body["dry_run"], "impact": describe_impact(impact), "migration": None}
    if body["dry_run"]:
        return answer
    note = (body.get("note") or "").strip()
    if not note:
        raise field_error("note", "field_required", label="note")
    migration = start_migration(
        row=get_version(key, version), choices=choices, note=note, actor=current_actor(), versions=body["versions"]
    )
    return {**answer, "migration": as_detail(migration, numbers_of_versions(key))}


@blueprint.post(
    "/processes/definitions/<key>/undo",
    zh="撤销最近的部署",
    body=UndoBody,
    answer=UndoneSchema,
    roles=DESIGNER,
    refusals=(404, 409),
)
def undo_version(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """Makes the version before the active one active again; cases that were moved go back where they can."""
    if not body["reason"].strip():
        raise field_error("reason", "field_required", label="reason")
    row, migrations = undo_deployment(key=key, reason=body["reason"].strip(), actor=current_actor())
    numbers = numbers_of_versions(key)
    return {"version": row.version, "migrations": [as_detail(one, numbers) for one in migrations]}


@blueprint.get(
    "/processes/definitions/<key>/migrations", zh="一个流程的迁移记录", answer=MigrationListSchema, roles=DESIGNER
)
def list_process_migrations(key: str) -> dict[str, Any]:
    """The migrations of a process, the latest first."""
    numbers = numbers_of_versions(key)
    return {"items": [as_detail(one, numbers) for one in list_migrations(key)], "next": None}


@blueprint.get(
    "/processes/definitions/<key>/migrations/<int:migration_id>", zh="一次迁移", answer=MigrationSchema, roles=DESIGNER
)
def show_migration(key: str, migration_id: int) -> dict[str, Any]:
    """How far a migration is."""
    return as_detail(get_migration(key, migration_id), numbers_of_versions(key))


@blueprint.get(
    "/processes/definitions/<key>/migrations/<int:migration_id>/remaining",
    zh="未迁移的在办件及原因",
    query=PageQuery,
    answer=RemainingListSchema,
    roles=DESIGNER,
)
def list_remaining_cases(key: str, migration_id: int, query: dict[str, Any]) -> dict[str, Any]:
    """The cases that stayed on their version, each with the reason."""
    after = int(str(decode_cursor(query["cursor"], size=1)[0])) if query.get("cursor") else 0
    page = list_remaining(get_migration(key, migration_id), after=after, limit=query.get("limit") or DEFAULT_LIMIT)
    return {"items": [{"id": one.id, **describe_state(one.state)} for one in page.items], "next": page.next}


def describe_impact(impact: Impact) -> dict[str, Any]:
    """The numbers, and the states in which cases stand."""
    return {
        "running": impact.running,
        **{verdict: impact.count(verdict) for verdict in ("move", "stay", "choice")},
        "states": [{**describe_state(one), "count": one.count} for one in impact.states],
    }


def describe_state(one: StateImpact) -> dict[str, Any]:
    """Where cases stand and what stands in their way, in words."""
    names = get_definition(one.definition_id).names
    obstacles = [(obstacle, obstacle_words(obstacle, names)) for obstacle in one.obstacles]
    return {
        "version": one.version,
        "nodes": list(one.nodes),
        "verdict": one.verdict,
        "obstacles": [
            {"code": obstacle.code, "node": obstacle.node, "message_zh": zh, "message_en": en}
            for obstacle, (zh, en) in obstacles
        ],
    }


def _change(one: Change) -> dict[str, Any]:
    return {
        "element_id": one.element_id,
        "name": one.name,
        "tag": one.tag,
        "change": one.change,
        "details": [{"field": d.field, "before": d.before, "after": d.after} for d in one.details],
    }
