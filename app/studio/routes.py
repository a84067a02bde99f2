"""Pages of the studio: flows, versions, the modeler, and what the modeler says to the server."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WerkzeugResponse

from app.engine.window import DefinitionRefusedError, Finding
from app.kernel.errors import DomainError, InvalidError, NotFoundError, field_error
from app.kernel.transaction import transaction
from app.processes.queries import get_version, xml_of
from app.studio import queries, usecases
from app.studio.releases.weighing import as_detail, list_migrations, numbers_of_versions
from app.studio.rules import describe_finding
from app.studio.vocabulary import MAX_XML_BYTES
from app.web.errors import field_sentences, problem_of
from app.web.limits import limiter
from app.web.locale import current_locale, pick
from app.web.person import current_actor, require_role
from app.web.shell import notify

blueprint = Blueprint("studio", __name__, template_folder="templates")
DESIGNER = "designer"
Params = ParamSpec("Params")
Answer = dict[str, Any] | tuple[dict[str, Any], int]


def answers_json(view: Callable[Params, Answer]) -> Callable[Params, Answer]:
    """Refusals of what the modeler asks are JSON: findings of a diagram, else the sentence of the error."""

    @wraps(view)
    def answering(*args: Params.args, **kwargs: Params.kwargs) -> Answer:
        try:
            return view(*args, **kwargs)
        except DefinitionRefusedError as refusal:
            return {"findings": [describe_finding(one, "") for one in refusal.findings]}, 422
        except DomainError as error:
            problem = problem_of(error)
            return {"code": problem.code, "detail": problem.detail, "errors": problem.errors}, problem.status

    return answering


@blueprint.get("/studio")
@require_role(DESIGNER)
def index() -> str:
    """All flows, one's drafts, incidents by element; new flows begin here."""
    return _index()


@blueprint.post("/studio")
@require_role(DESIGNER)
def create() -> WerkzeugResponse | tuple[str, int]:
    """A new flow from the blank template."""
    try:
        with transaction():
            key = usecases.create_flow(
                key=request.form.get("key", ""), name=request.form.get("name", ""), actor=current_actor()
            )
    except InvalidError as error:
        return _index(errors=field_sentences(error)), 422
    return redirect(url_for("studio.modeler", key=key))


@blueprint.post("/studio/upload")
@require_role(DESIGNER)
def upload() -> WerkzeugResponse | tuple[str, int]:
    """A .bpmn file becomes a draft."""
    part = request.files.get("file")
    try:
        if part is None or not part.filename:
            raise field_error("file", "definition_file_missing")
        with part.stream as stream:
            xml = stream.read(MAX_XML_BYTES + 1)
        with transaction():
            key = usecases.upload_flow(xml=xml, replace="replace" in request.form, actor=current_actor())
    except InvalidError as error:
        return _index(errors=field_sentences(error)), 422
    except DefinitionRefusedError as refusal:
        unreadable = field_error("file", "definition_unreadable", text=_words(refusal.findings))
        return _index(errors=field_sentences(unreadable)), 422
    notify(_("已存为草稿，可在图中修改、校验后部署。"))
    return redirect(url_for("studio.modeler", key=key))


@blueprint.get("/studio/<key>")
@require_role(DESIGNER)
def modeler(key: str) -> str:
    """The flow to draw on."""
    flow = queries.open_flow(key=key, actor=current_actor())
    flows = queries.list_flows()
    running = next((one.running for one in flows if one.newest.key == key), 0)
    return render_template(
        "studio/modeler.html",
        flow=flow,
        flows=flows,
        running=running,
        offered=queries.names_on_offer(key=key, locale=current_locale()),
        config=_config(flow),
    )


@blueprint.get("/studio/<key>/versions")
@require_role(DESIGNER)
def versions(key: str) -> str:
    """All versions of a flow, with notes, proofs and running cases."""
    found = queries.list_versions(key)
    if not found:
        raise NotFoundError
    numbers = numbers_of_versions(key)
    active = next((one for one in found if one.status == "active"), None)
    return render_template(
        "studio/versions.html",
        key=key,
        versions=found,
        active=active,
        earlier=next((one for one in found if active and one.version < active.version), None),
        migrations=[as_detail(one, numbers) for one in list_migrations(key)],
    )


@blueprint.get("/studio/<key>/draft")
@require_role(DESIGNER)
def draft(key: str) -> Response:
    """The diagram as it stands for this person: the draft, else the newest version."""
    flow = queries.open_flow(key=key, actor=current_actor())
    return _file(flow.xml, f"{key}-draft.bpmn")


@blueprint.put("/studio/<key>/draft")
@require_role(DESIGNER)
@answers_json
def save(key: str) -> Answer:
    """Keeps what is drawn."""
    sent = _sent()
    with transaction():
        kept = usecases.save_draft(
            key=key,
            xml=_xml(sent),
            revision=_number(sent, "revision"),
            base_version=_number(sent, "base_version"),
            actor=current_actor(),
        )
    return {"revision": kept.revision, "saved_at": kept.saved_at.isoformat()}


@blueprint.post("/studio/<key>/draft/discard")
@require_role(DESIGNER)
def discard(key: str) -> WerkzeugResponse:
    """Back to the newest version, or to the list where there is none."""
    with transaction():
        usecases.discard_draft(key=key, actor=current_actor())
    notify(_("草稿已放弃。"))
    return redirect(url_for("studio.modeler", key=key) if queries.newest_version(key) else url_for("studio.index"))


@blueprint.post("/studio/<key>/check")
@require_role(DESIGNER)
@limiter.limit("60/minute")
@answers_json
def check(key: str) -> Answer:
    """Proves the flow without deploying it."""
    sent, actor = _sent(), current_actor()
    checked = usecases.check_flow(key=key, xml=_xml(sent))
    with transaction():
        usecases.keep_findings(key=key, findings=checked.findings, revision=_number(sent, "revision"), actor=actor)
    return {"findings": checked.findings, "proof": checked.proof}


@blueprint.post("/studio/<key>/deploy")
@require_role(DESIGNER)
@limiter.limit("30/minute")
@answers_json
def deploy(key: str) -> Answer:
    """Deploys the flow, or refuses with findings."""
    sent = _sent()
    with transaction():
        deployed = usecases.deploy_flow(
            key=key,
            xml=_xml(sent),
            note=str(sent.get("note", "")),
            base_version=_number(sent, "base_version"),
            actor=current_actor(),
        )
    words = _("第%(version)s版已部署；在办件仍按原版本办理。", version=deployed.version)
    notify(words, href=url_for("studio.versions", key=key), link=_("查看版本"))
    return {"key": deployed.key, "version": deployed.version, "proof": dict(deployed.proof)}, 201


@blueprint.get("/studio/<key>/versions/<int:version>.bpmn")
def download(key: str, version: int) -> Response:
    """A version as a file; readable for everybody signed in."""
    current_actor()
    return _file(get_version(key, version).bpmn_xml, f"{key}-{version}.bpmn")


@blueprint.get("/definitions/<int:definition_id>.bpmn")
def diagram(definition_id: int) -> Response:
    """A version for the viewer; readable for everybody signed in, since it holds no case."""
    current_actor()
    return _file(xml_of(definition_id), f"definition-{definition_id}.bpmn")


def _index(errors: dict[str, list[str]] | None = None) -> str:
    return render_template(
        "studio/index.html",
        flows=queries.list_flows(),
        drafts=queries.list_drafts(current_actor()),
        incidents=queries.list_incidents(),
        errors=errors or {},
    )


def _config(flow: queries.Opened) -> dict[str, Any]:
    """What the modeler's script needs to know."""
    kept = flow.draft
    addresses = {
        name: url_for(f"studio.{name}", key=flow.key) for name in ("draft", "check", "deploy", "versions", "modeler")
    }
    if flow.newest_version:
        addresses["release"] = url_for("studio.release", key=flow.key)
    return {
        "key": flow.key,
        "locale": current_locale(),
        "baseVersion": flow.base_version,
        "newestVersion": flow.newest_version,
        "revision": kept.revision if kept else 0,
        "findings": kept.findings if kept else None,
        "isChecked": bool(kept and kept.checked_revision == kept.revision),
        "urls": addresses,
    }


def _words(findings: tuple[Finding, ...]) -> str:
    return pick(*(" ".join(getattr(one, name) for one in findings) for name in ("message_zh", "message_en")))


def _sent() -> dict[str, Any]:
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or not isinstance(sent.get("xml"), str):
        raise InvalidError("bad_request")
    return sent


def _xml(sent: dict[str, Any]) -> bytes:
    try:
        return str(sent["xml"]).encode()
    except UnicodeEncodeError:
        raise InvalidError("bad_request") from None


def _number(sent: dict[str, Any], name: str) -> int:
    value = sent.get(name, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise InvalidError("bad_request")
    return value


def _file(xml: bytes, name: str) -> Response:
    """Always as a file: what somebody drew is never shown as a page of ours."""
    response = Response(xml, content_type="application/xml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
