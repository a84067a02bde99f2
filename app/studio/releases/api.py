"""JSON calls about releases: the impact of a version, moving running cases to it, and the way back."""

from typing import Any

import orjson
from flask import Response

from app.engine.versions.diff import Change
from app.engine.window import DefinitionRefusedError
from app.kernel.errors import field_error
from app.kernel.paging import decode_cursor
from app.processes.migration.impact import Choices, Impact, StateImpact, read_choices
from app.processes.migration.migrating import start_migration, undo_deployment
from app.processes.queries import get_version
from app.processes.states import get_definition
from app.studio.api import DEPLOYMENTS, DESIGNER, refused, sent_diagram
from app.studio.releases.api_schemas import (
    ImpactForm,
    ImpactSchema,
    MigrateBody,
    MigratedSchema,
    MigrationListSchema,
    MigrationSchema,
    ReleaseSchema,
    RemainingListSchema,
    UndoBody,
    UndoneSchema,
)
from app.studio.releases.weighing import (
    as_detail,
    get_migration,
    list_migrations,
    list_remaining,
    numbers_of_versions,
    weigh_release,
    weigh_version,
)
from app.studio.releases.wording import obstacle_words
from app.web.api_calls import ApiBlueprint, json_response
from app.web.api_schemas import PageQuery
from app.web.commands import Answered, once
from app.web.limits import limiter
from app.web.person import current_actor

blueprint = ApiBlueprint("Releases", __name__, description="Versions and running cases.", description_zh="版本与在办件")


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
    return {
        "key": release.key,
        "base_version": release.base_version,
        "proof": release.proven.proof.summary(),
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
    example={
        "dry_run": True,
        "versions": [1],
        "targets": {"national_audit": "national_check"},
        "note": "国家审核改为复核",
    },
    answer=MigratedSchema,
    roles=DESIGNER,
    refusals=(404, 409),
    by_hand=True,
)
def migrate_cases(key: str, version: int, body: dict[str, Any]) -> Response:
    """Moves running cases of other versions to this one, in the background; without `dry_run: false` only counts."""
    choices = read_choices(body)
    impact = weigh_version(key=key, version=version, choices=choices, versions=body["versions"])
    answer = {"dry_run": body["dry_run"], "impact": describe_impact(impact), "migration": None}
    note = (body.get("note") or "").strip()
    if not body["dry_run"] and not note:
        raise field_error("note", "field_required", label="note")

    def act() -> Answered:
        if body["dry_run"]:
            return 200, MigratedSchema().dump(answer)
        migration = start_migration(
            row=get_version(key, version), choices=choices, note=note, actor=current_actor(), versions=body["versions"]
        )
        return 200, MigratedSchema().dump({**answer, "migration": as_detail(migration, numbers_of_versions(key))})

    return json_response(*once(act))


@blueprint.post(
    "/processes/definitions/<key>/undo",
    zh="撤销最近的部署",
    body=UndoBody,
    example={"reason": "新版本退回条件有误"},
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
    after = decode_cursor(query["cursor"], size=1)[0] if query["cursor"] else 0
    if not isinstance(after, int):
        raise field_error("cursor", "cursor_invalid")
    page = list_remaining(get_migration(key, migration_id), after=after, limit=query["limit"])
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
