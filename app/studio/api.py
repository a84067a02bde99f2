"""JSON calls about flows: definitions, versions, deployment, trials, instances."""

from typing import Any

from flask import Response, request
from marshmallow import fields

from app.audit.usecases import record
from app.engine.window import DefinitionRefusedError
from app.inbox.api_schemas import ItemSchema, SubjectSchema
from app.kernel.errors import InvalidError, TooLargeError, field_error
from app.kernel.paging import slice_page
from app.processes import queries
from app.processes.deploying import deploy_definition, prove_definition
from app.studio.api_schemas import CallSchema, IncidentSchema
from app.studio.describing import describe_instance, describe_version, visible_instance
from app.studio.rules import describe_finding
from app.studio.trials import start_trial
from app.web.api_calls import ApiBlueprint, json_response
from app.web.api_schemas import Moment, PageQuery, Schema, list_of, text
from app.web.commands import Answered, once
from app.web.errors import Problem, problem_document, problem_of
from app.web.limits import limiter
from app.web.person import current_actor

blueprint = ApiBlueprint("Processes", __name__, description="Flows and their instances.", description_zh="流程")
DESIGNER = ("designer",)
XML_LIMIT_MB = 5
DEPLOYMENTS = "60/minute"


class ProofSchema(Schema):
    """What the exploration saw; bounded when it hit its limit, reduced when it spared states that prove nothing more."""

    states = fields.Integer()
    transitions = fields.Integer()
    bounded = fields.Boolean()
    reduced = fields.Boolean()


class VersionSchema(Schema):
    """A version of a process."""

    key = fields.String()
    version = fields.Integer()
    name = fields.String()
    status = fields.String(metadata={"description": "active or superseded"})
    note = fields.String()
    checksum = fields.String(metadata={"description": "SHA-256 of the diagram"})
    deployed_at = Moment()
    proof = fields.Nested(ProofSchema)


VersionListSchema = list_of(VersionSchema)


class DeploymentForm(Schema):
    """What changed and why, beside the part `file`."""

    note = text(2000, required=True)


class DeployedSchema(Schema):
    """The version in use now."""

    key = fields.String()
    version = fields.Integer()
    proof = fields.Nested(ProofSchema)


class TrialBody(Schema):
    """A trial of the active version."""

    definition_key = text(64, required=True)
    title = text(200, required=True)
    variables = fields.Dict(keys=fields.String(), load_default=dict)


class DefinitionSchema(Schema):
    """The version on which an instance runs."""

    key = fields.String()
    version = fields.Integer()


class TimerSchema(Schema):
    """An armed timer."""

    node = fields.String()
    due_at = Moment()
    stage = fields.String(allow_none=True)
    remaining = fields.Integer(allow_none=True)


class EventSchema(Schema):
    """A line of an instance's history."""

    at = Moment()
    kind = fields.String()
    node = fields.String(allow_none=True)
    node_name = fields.String(allow_none=True)
    actor = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True)


class InstanceSchema(Schema):
    """Where an instance stands and how it came there."""

    id = fields.Integer()
    title = fields.String(allow_none=True, metadata={"description": "null for system administrators"})
    definition = fields.Nested(DefinitionSchema)
    status = fields.String(metadata={"description": "running, suspended, incident, completed, cancelled or expired"})
    trial = fields.Boolean()
    subject = fields.Nested(SubjectSchema)
    round = fields.Integer(allow_none=True)
    started_at = Moment()
    ended_at = Moment(allow_none=True)
    end_node = fields.String(allow_none=True)
    waiting = fields.List(fields.String(), metadata={"description": "nodes at which it waits"})
    open_items = fields.List(fields.Nested(ItemSchema))
    timers = fields.List(fields.Nested(TimerSchema))
    calls = fields.List(fields.Nested(CallSchema))
    incidents = fields.List(fields.Nested(IncidentSchema))
    history = fields.List(fields.Nested(EventSchema))
    variables = fields.Dict(keys=fields.String())


@blueprint.get("/processes/definitions", zh="流程定义列表", query=PageQuery, answer=VersionListSchema)
def list_definitions(query: dict[str, Any]) -> dict[str, Any]:
    """The newest version of every process."""
    page = slice_page(queries.list_definitions(), **query, key=lambda row: [row.key])
    return {"items": [describe_version(row) for row in page.items], "next": page.next}


@blueprint.get(
    "/processes/definitions/<key>/versions", zh="一个流程的各版本", query=PageQuery, answer=VersionListSchema
)
def list_versions(key: str, query: dict[str, Any]) -> dict[str, Any]:
    """All versions of a process, the newest first."""
    page = slice_page(queries.list_versions(key), **query, key=lambda row: [row.version])
    return {"items": [describe_version(row) for row in page.items], "next": page.next}


@blueprint.get(
    "/processes/definitions/<key>/versions/<int:version>",
    zh="一个版本；Accept为application/xml时返回BPMN文件",
    answer=VersionSchema,
    also={"application/xml": {"type": "string"}},
)
def show_version(key: str, version: int) -> Any:  # noqa: ANN401 -- a file, or dumped by its schema
    """One version; its BPMN diagram with Accept: application/xml."""
    row = queries.get_version(key, version)
    best = request.accept_mimetypes.best_match(["application/json", "application/xml", "text/xml"])
    if best in ("application/xml", "text/xml"):
        return Response(row.bpmn_xml, content_type="application/xml")
    return describe_version(row)


@blueprint.post(
    "/processes/definitions",
    zh="校验并部署流程",
    form=DeploymentForm,
    answer=DeployedSchema,
    status=201,
    roles=DESIGNER,
    by_hand=True,
)
@limiter.limit(DEPLOYMENTS)
def deploy_process(form: dict[str, str]) -> Response:
    """Proves a BPMN file and makes it the version that new instances take; refused with `findings`."""
    xml, name = sent_diagram()
    if not form["note"].strip():
        raise field_error("note", "field_required", label="note")
    try:
        return json_response(*once(_deploying(xml, form["note"].strip())))
    except DefinitionRefusedError as error:
        return refused(error, name)


def sent_diagram() -> tuple[bytes, str]:
    """The part `file` of the request, and its name."""
    part = request.files.get("file")
    xml = part.stream.read(XML_LIMIT_MB * 1024 * 1024 + 1) if part is not None else b""
    if part is None or not xml:
        raise field_error("file", "file_empty")
    if len(xml) > XML_LIMIT_MB * 1024 * 1024:
        raise TooLargeError("body_too_large", max=XML_LIMIT_MB)
    part.stream.seek(0)
    return xml, part.filename or ""


def _deploying(xml: bytes, note: str) -> Any:  # noqa: ANN401 -- an act of app.web.commands
    proven, actor = prove_definition(xml), current_actor()

    def act() -> Answered:
        deployed = deploy_definition(xml=xml, note=note, actor=actor, proven=proven)
        record(
            action="studio.deploy_definition",
            actor=actor,
            object_type="process_definition",
            object_id=deployed.id,
            detail={"key": deployed.key, "version": deployed.version, "note": note},
        )
        return 201, {"key": deployed.key, "version": deployed.version, "proof": dict(deployed.proof)}

    return act


def refused(error: DefinitionRefusedError, file: str) -> Response:
    findings = [describe_finding(finding, file) for finding in error.findings]
    errors = sum(finding["severity"] == "error" for finding in findings)
    told = problem_of(InvalidError("definition_refused", n=errors))
    return problem_document(Problem(told.status, told.code, told.detail, more={"findings": findings}))


@blueprint.post(
    "/processes/instances",
    zh="试运行一个流程",
    body=TrialBody,
    example={"definition_key": "filing", "title": "试运行", "variables": {"own_office": False}},
    answer=InstanceSchema,
    status=201,
    roles=DESIGNER,
    refusals=(404,),
)
def start_process(body: dict[str, Any]) -> dict[str, Any]:
    """Starts a trial: its user tasks become work items of their lane's role."""
    actor = current_actor()
    return describe_instance(start_trial(**body, actor=actor), actor)


@blueprint.get("/processes/instances/<int:instance_id>", zh="一个流程实例", answer=InstanceSchema)
def show_instance(instance_id: int) -> dict[str, Any]:
    """Where an instance stands; for operators, and for whoever may see one of its work items."""
    actor = current_actor()
    return describe_instance(visible_instance(instance_id=instance_id, actor=actor), actor)
