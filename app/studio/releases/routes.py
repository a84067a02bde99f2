"""Pages about releases: what a drawing changes and whom it concerns, deploying it, moving cases, and the way back."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.engine.window import DefinitionRefusedError
from app.kernel.errors import DomainError, InvalidError, NotFoundError, field_error
from app.kernel.transaction import transaction
from app.processes.deploying import prove_definition
from app.processes.migration.impact import Choices, Impact, read_choices
from app.processes.migration.migrating import start_migration, undo_deployment
from app.processes.queries import get_version
from app.studio import queries
from app.studio.releases.showing import show_changes, show_choices, show_states, show_timers
from app.studio.releases.weighing import (
    Policy,
    Release,
    as_detail,
    ask_choices,
    get_migration,
    list_remaining,
    numbers_of_versions,
    release_flow,
    weigh_deployed,
    weigh_release,
)
from app.studio.routes import DESIGNER, blueprint
from app.web.errors import field_sentences, problem_of
from app.web.incoming import row_id
from app.web.limits import limiter
from app.web.person import current_actor, require_role
from app.web.shell import notify

__all__ = ["blueprint"]
PAGE = 50


@blueprint.get("/studio/<key>/release")
@require_role(DESIGNER)
@limiter.limit("60/minute")
def release(key: str) -> str | Response:
    """What the draft changes, what becomes of the running cases, and the form to deploy it."""
    return _show(key, {})


@blueprint.post("/studio/<key>/release/weigh")
@require_role(DESIGNER)
@limiter.limit("60/minute")
def weigh(key: str) -> str | Response:
    """The same with the choices made so far; changes nothing."""
    return _show(key, {})


@blueprint.post("/studio/<key>/release")
@require_role(DESIGNER)
@limiter.limit("30/minute")
def deploy_release(key: str) -> str | Response | tuple[str | Response, int]:
    """Deploys the draft, for new cases only or for running ones as well."""
    try:
        draft = queries.open_flow(key=key, actor=current_actor())
        policy, note = _policy(), _required("note", "deployment_note_missing")
        proven = prove_definition(draft.xml)
        with transaction():
            deployed, migration = release_flow(
                proven=proven,
                key=key,
                note=note,
                base_version=draft.base_version,
                policy=policy,
                choices=_choices(),
                actor=current_actor(),
            )
    except DefinitionRefusedError:
        return redirect(url_for("studio.modeler", key=key))
    except DomainError as error:
        return _show(key, _sentences(error)), error.status
    if migration is None:
        notify(_("第%(version)s版已部署；在办件仍按原版本办理。", version=deployed.version))
        return redirect(url_for("studio.versions", key=key))
    notify(_("第%(version)s版已部署；在办件正在转入。", version=deployed.version))
    return redirect(url_for("studio.migration", key=key, migration_id=migration.id))


@blueprint.route("/studio/<key>/versions/<int:version>/move", methods=["GET", "POST"])
@require_role(DESIGNER)
@limiter.limit("60/minute")
def move(key: str, version: int) -> str | Response | tuple[str, int]:
    """Running cases of other versions move to this one; sent with `weigh` it only counts again."""
    errors: dict[str, list[str]] = {}
    if request.method == "POST" and "weigh" not in request.form:
        try:
            note = _required("note", "deployment_note_missing")
            with transaction():
                row = get_version(key, version)
                started = start_migration(row=row, choices=_choices(), note=note, actor=current_actor())
        except DomainError as error:
            errors = _sentences(error)
        else:
            return redirect(url_for("studio.migration", key=key, migration_id=started.id))
    impact, target, name = weigh_deployed(key=key, version=version, choices=_choices())
    bare, _target, _name = weigh_deployed(key=key, version=version, choices=Choices())
    page = render_template(
        "studio/move.html",
        key=key,
        name=name,
        version=version,
        errors=errors,
        **_shown_impact(impact),
        asked=show_choices(ask_choices(bare, target), target.definition.names),
    )
    return (page, 422) if errors else page


@blueprint.get("/studio/<key>/migrations/<int:migration_id>")
@require_role(DESIGNER)
def migration(key: str, migration_id: int) -> str:
    """How far a migration is, and which cases stayed for what reason."""
    found = get_migration(key, migration_id)
    after = request.args.get("after", 0, type=row_id)
    page = list_remaining(found, after=after, limit=PAGE)
    return render_template(
        "studio/migration.html",
        key=key,
        name=get_version(key).name,
        shown=as_detail(found, numbers_of_versions(key)),
        remaining=[(one.id, show_states([one.state])[0]) for one in page.items],
        after=page.items[-1].id if page.next else None,
    )


@blueprint.post("/studio/<key>/undo")
@require_role(DESIGNER)
@limiter.limit("30/minute")
def undo(key: str) -> Response:
    """The version before the active one is active again; moved cases go back where they can."""
    try:
        with transaction():
            row, migrations = undo_deployment(
                key=key, reason=_required("reason", "undo_reason_missing"), actor=current_actor()
            )
    except DomainError as error:
        notify(problem_of(error).detail)
        return redirect(url_for("studio.versions", key=key))
    notify(_("已撤销；新事项恢复使用第%(version)s版。", version=row.version))
    if migrations:
        return redirect(url_for("studio.migration", key=key, migration_id=migrations[0].id))
    return redirect(url_for("studio.versions", key=key))


def _show(key: str, errors: dict[str, list[str]]) -> str | Response:
    flow = queries.open_flow(key=key, actor=current_actor())
    if flow.draft is None:
        raise NotFoundError
    try:
        bare = weigh_release(flow.xml)
        release = weigh_release(flow.xml, _choices(), known=bare) if request.form else bare
    except DefinitionRefusedError:
        return redirect(url_for("studio.modeler", key=key))
    return render_template(
        "studio/release.html",
        flow=flow,
        errors=errors,
        version=flow.newest_version + 1,
        before=_version_shown(release),
        changes=show_changes(release),
        **_shown_impact(release.impact),
        asked=show_choices(ask_choices(bare.impact, bare.target), release.names),
        timers=show_timers(release),
    )


def _version_shown(release: Release) -> Any:  # noqa: ANN401 -- a version for the template, or None
    return get_version(release.key, release.base_version) if release.base_version else None


def _shown_impact(impact: Impact) -> dict[str, Any]:
    return {
        "running": impact.running,
        "counts": {verdict: impact.count(verdict) for verdict in ("move", "stay", "choice")},
        "states": show_states(impact.states),
    }


def _choices() -> Choices:
    """What the form says of nodes: `target-<node>`, `timer-<node>`; an open question is left out, '-' ends a branch."""
    sent: dict[str, dict[str, str]] = {"target": {}, "timer": {}}
    for name, value in request.form.items():
        kind, _dash, node = name.partition("-")
        if kind in sent and node and value:
            sent[kind][node] = "" if kind == "target" and value == "-" else value
    return read_choices({"targets": sent["target"], "timers": sent["timer"]})


def _policy() -> Policy:
    try:
        return Policy(request.form.get("policy", ""))
    except ValueError:
        raise field_error("policy", "choice_invalid", label=_("在办件")) from None


def _required(name: str, code: str) -> str:
    text = request.form.get(name, "").strip()
    if not text:
        raise field_error(name, code)
    return text


def _sentences(error: DomainError) -> dict[str, list[str]]:
    """Refusals by field; one that belongs to no field stands above the form."""
    if isinstance(error, InvalidError) and error.fields:
        return {name: list(sentences) for name, sentences in field_sentences(error).items()}
    return {"": [problem_of(error).detail]}
