"""Pages of the cockpit: instances by filter, one instance, acts with a result per row, what stands still, the log."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.vocabulary import ROLE_NAMES
from app.kernel.errors import InvalidError
from app.kernel.transaction import transaction
from app.processes.event_log.exporting import FORMATS, note_export
from app.processes.event_log.reading import LogFilter
from app.processes.operating import instances
from app.processes.operating.checking import last_check, list_findings
from app.processes.operating.instances import InstanceFilter, InstanceLine
from app.processes.queries import names_of_processes
from app.processes.vocabulary import OPEN_STATUSES, InstanceStatus
from app.processes.worker import look_and_keep
from app.rounds.queries import list_rounds
from app.studio.cockpit.exporting import log_response
from app.studio.cockpit.operating import ACTS, EXPORTERS, OPERATORS, Act, act_on, may_do, sees_content
from app.studio.cockpit.overview import show_instance
from app.web.errors import field_sentences, problem_of
from app.web.incoming import row_id
from app.web.limits import limiter
from app.web.locale import pick
from app.web.person import current_actor, require_role
from app.web.shell import notify
from app.web.words import SUBJECTS

blueprint = Blueprint("cockpit", __name__, url_prefix="/cockpit")
PAGE = 50
ASKED = ("process", "version", "node", "round", "status")
BATCH_ACTS = ("suspend", "resume", "retry", "resolve", "cancel")
ENDED = (InstanceStatus.COMPLETED, InstanceStatus.CANCELLED, InstanceStatus.EXPIRED)


@blueprint.get("")
@require_role(*OPERATORS)
def index() -> str:
    """Instances by process, version, node, round and status, the newest first."""
    return _index()


@blueprint.post("/act")
@require_role(*OPERATORS)
def act() -> str | tuple[str, int]:
    """Does one act to the chosen instances and shows what became of each."""
    ids = request.form.getlist("instance", type=row_id)
    sent = Act(
        name=_act_name(),
        ids=ids,
        reason=request.form.get("reason", ""),
        to=_nodes("to"),
        leaving=_nodes("leaving"),
        with_children="with_children" in request.form,
    )
    try:
        results = act_on(sent, actor=current_actor())
    except InvalidError as error:
        errors = field_sentences(error)
        if "one" in request.form and len(ids) == 1:
            return _instance(ids[0], errors), 422
        return _index(errors), 422
    lines = _lines([one.id for one in results])
    rows = [
        {"line": lines.get(one.id), "id": one.id, "error": problem_of(one.error).detail if one.error else None}
        for one in results
    ]
    return render_template("studio/acted.html", act=sent, rows=rows, title_of=_title_of)


@blueprint.get("/instances/<int:instance_id>")
@require_role(*OPERATORS)
def instance(instance_id: int) -> str:
    """One instance: where it stands on its diagram, what happened, what is wrong, and what can be done."""
    return _instance(instance_id, {})


@blueprint.get("/stuck")
@require_role(*OPERATORS)
def stuck() -> str:
    """What stands still, as the last check found it, with the reason."""
    actor = current_actor()
    findings = list_findings()
    ids = [one.instance_id for one in findings if one.instance_id is not None]
    reached = instances.reached_ids(ids=ids, actor=actor)
    whole = actor.has_role(*instances.WHOLE_HOUSE)
    shown = [one for one in findings if one.instance_id in reached or (one.instance_id is None and whole)]
    return render_template(
        "studio/stuck.html",
        findings=shown,
        reached=reached,
        checked_at=last_check(),
        may_look=whole,
        role_names=_role_names(),
    )


@blueprint.post("/stuck")
@require_role("designer", "sys_admin")
@limiter.limit("6/minute")
def look() -> Response:
    """Checks now."""
    count = look_and_keep()
    notify(_("检查完毕，发现%(count)s处停滞。", count=count))
    return redirect(url_for("cockpit.stuck"))


@blueprint.get("/event-log")
@require_role(*EXPORTERS)
def event_log() -> str:
    """Which log: process, round, format."""
    return render_template(
        "studio/event_log.html",
        processes=sorted(names_of_processes().items()),
        rounds=[(one.id, one.name) for one in list_rounds()],
    )


@blueprint.post("/event-log")
@require_role(*EXPORTERS)
@limiter.limit("10/minute")
def export() -> Response:
    """The log as a file, streamed."""
    format_ = next((one for one in FORMATS if one == request.form.get("format")), FORMATS[0])
    wanted = LogFilter(
        process=request.form.get("process") or None, round_id=_number("round"), trials="trials" in request.form
    )
    with transaction():
        note_export(wanted, format_=format_, actor=current_actor())
    return log_response(wanted, format_)


def _act_name() -> str:
    name = request.form.get("act", "")
    if name not in ACTS:
        raise InvalidError("bad_request")
    return name


def _nodes(field: str) -> tuple[str, ...]:
    """The move chosen: `leaving>entering`, nodes separated by spaces."""
    leaving, _, entering = request.form.get("move", "").partition(">")
    return tuple((entering if field == "to" else leaving).split())


def _lines(ids: list[int]) -> dict[int, InstanceLine]:
    page = instances.list_instances(InstanceFilter(ids=ids), actor=current_actor(), limit=max(len(ids), 1))
    return {line.id: line for line in page.items}


def _title_of(line: InstanceLine) -> str:
    return line.title if sees_content(current_actor()) else f"#{line.id}"


def _number(name: str) -> int | None:
    return request.values.get(name, type=row_id)


def _asked() -> dict[str, str]:
    return {name: value for name in ASKED if (value := request.values.get(name, "").strip())}


def _wanted(asked: dict[str, str]) -> InstanceFilter:
    status = asked.get("status")
    return InstanceFilter(
        process=asked.get("process"),
        version=_number("version"),
        status=status if status in tuple(InstanceStatus) else None,
        node=asked.get("node"),
        round_id=_number("round"),
    )


def _index(errors: dict[str, list[str]] | None = None) -> str:
    actor, asked = current_actor(), _asked()
    wanted = _wanted(asked)
    page = instances.list_instances(wanted, actor=actor, limit=PAGE, cursor=request.args.get("cursor") or None)
    further: dict[str, Any] = {**asked, "cursor": page.next}
    return render_template(
        "studio/cockpit.html",
        lines=page.items,
        asked={name: asked.get(name, "") for name in ASKED},
        counts=instances.count_by_status(wanted, actor=actor),
        most=instances.MOST_COUNTED,
        statuses=(*OPEN_STATUSES, *ENDED),
        processes=sorted(names_of_processes().items()),
        nodes=instances.occupied_nodes(asked["process"], actor=actor) if "process" in asked else (),
        rounds=[(one.id, one.name) for one in list_rounds()],
        acts=[name for name in BATCH_ACTS if may_do(name, actor)],
        chosen=request.form.get("act", ""),
        errors=errors or {},
        title_of=_title_of,
        next_href=url_for("cockpit.index", **further) if page.next else None,
    )


def _instance(instance_id: int, errors: dict[str, list[str]]) -> str:
    actor = current_actor()
    shown = show_instance(instance_id=instance_id, actor=actor)
    return render_template(
        "studio/instance.html",
        shown=shown,
        acts=[name for name in _possible(shown.line) if may_do(name, actor)],
        chosen=request.form.get("act", ""),
        role_names=_role_names(),
        subject_names=SUBJECTS,
        errors=errors,
    )


def _possible(line: InstanceLine) -> list[str]:
    """The acts that make sense where the instance stands."""
    if line.ended_at is not None:
        return []
    if line.status == InstanceStatus.SUSPENDED:
        return ["resume", "cancel"]
    repairs = ["retry", "resolve"] if line.incidents else []
    return [*repairs, "suspend", "move", "cancel"]


def _role_names() -> dict[str, str]:
    return {str(role): pick(*names) for role, names in ROLE_NAMES.items()}
