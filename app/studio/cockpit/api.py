"""JSON calls of operators: instances by filter, acts one by one and in batches, incidents, what stands still, the log."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response
from marshmallow import fields

from app.kernel.transaction import transaction
from app.processes.event_log.exporting import FORMATS, note_export
from app.processes.event_log.reading import LogFilter
from app.processes.operating import instances
from app.processes.operating.acting import RowResult
from app.processes.operating.checking import last_check, list_findings
from app.processes.operating.instances import InstanceFilter, InstanceLine
from app.processes.vocabulary import InstanceStatus
from app.studio.api_schemas import IncidentSchema
from app.studio.cockpit.exporting import log_response
from app.studio.cockpit.operating import ACTS, EXPORTERS, OPERATORS, Act, act_on, sees_content
from app.studio.describing import describe_incident
from app.web.api_calls import ApiBlueprint, json_response
from app.web.api_schemas import Moment, PageQuery, Schema, asked_number, list_of, number, text, words
from app.web.commands import Answered, once_in_parts
from app.web.errors import members_of, problem_of
from app.web.limits import limiter
from app.web.person import current_actor

blueprint = ApiBlueprint(
    "Operations", __name__, description="Running flows and repairing them.", description_zh="运行监控"
)
INCIDENTS = 200


class InstancesQuery(PageQuery):
    """Which instances; without a status those that have not ended."""

    process = text(64, load_default=None)
    version = asked_number(load_default=None)
    status = words(*(status.value for status in InstanceStatus), load_default=None)
    node = text(64, load_default=None, metadata={"description": "a node at which the instance waits"})
    round = asked_number(load_default=None)
    trial = fields.Boolean(load_default=None, allow_none=True)


class CaseLineSchema(Schema):
    """An instance in a list. The title is left out for system administrators."""

    id = fields.Integer()
    process = fields.String()
    version = fields.Integer()
    title = fields.String(allow_none=True)
    status = fields.String()
    trial = fields.Boolean()
    round = fields.Integer(allow_none=True)
    started_at = Moment()
    ended_at = Moment(allow_none=True)
    waiting = fields.List(fields.String())
    incidents = fields.Integer(metadata={"description": "how many are open"})


CaseLineListSchema = list_of(CaseLineSchema)


class ReasonBody(Schema):
    """Why; with_children: whatever runs in its calls stops or goes on too."""

    reason = text(500, required=True)
    with_children = fields.Boolean(load_default=False)


class MoveBody(Schema):
    """To which nodes; from which, where it waits at several; why."""

    to = fields.List(text(64), required=True)
    leaving = fields.List(text(64), load_default=list, data_key="from")
    reason = text(500, required=True)


class ActBody(Schema):
    """One act on many instances."""

    act = words(*ACTS, required=True)
    ids = fields.List(number(), required=True)
    reason = text(500, required=True)
    to = fields.List(text(64), load_default=list)
    leaving = fields.List(text(64), load_default=list, data_key="from")
    with_children = fields.Boolean(load_default=False)


class ActResultSchema(Schema):
    """What became of one instance."""

    id = fields.Integer()
    status = fields.String(metadata={"description": "done or failed"})
    error = fields.Dict(keys=fields.String(), metadata={"description": "a problem, where it failed"})


class ActedSchema(Schema):
    """A result for every instance named."""

    items = fields.List(fields.Nested(ActResultSchema))


class IncidentListSchema(Schema):
    """Open incidents, the newest first."""

    items = fields.List(fields.Nested(IncidentSchema))
    next = fields.String(allow_none=True)


class StuckSchema(Schema):
    """Something that stands still; `count` instances share the reason, `instance` is the first."""

    reason = fields.String()
    instance = fields.Integer(allow_none=True)
    node = fields.String(allow_none=True)
    count = fields.Integer()
    detail = fields.Dict(keys=fields.String())


class StuckListSchema(Schema):
    """What the last check found."""

    items = fields.List(fields.Nested(StuckSchema))
    checked_at = Moment(allow_none=True)


class LogQuery(Schema):
    """Which event log."""

    format = words(*FORMATS, load_default="xes")
    process = text(64, load_default=None)
    round = asked_number(load_default=None)
    trials = fields.Boolean(load_default=False)


class EventLogSchema(Schema):
    """A document in its own format."""


@blueprint.get(
    "/processes/instances", zh="流程实例列表", query=InstancesQuery, answer=CaseLineListSchema, roles=OPERATORS
)
def list_instances(query: dict[str, Any]) -> dict[str, Any]:
    """Instances within the operator's reach, the newest first."""
    wanted = InstanceFilter(
        process=query["process"],
        version=query["version"],
        status=query["status"],
        node=query["node"],
        round_id=query["round"],
        trial=query["trial"],
    )
    page = instances.list_instances(wanted, actor=current_actor(), limit=query["limit"], cursor=query["cursor"])
    return {"items": [_line(line) for line in page.items], "next": page.next}


@blueprint.post(
    "/processes/instances/act", zh="批量处理流程实例", body=ActBody, answer=ActedSchema, roles=OPERATORS, by_hand=True,
    example={"act": "suspend", "ids": [17, 18], "reason": "核对申报材料"},
)  # fmt: skip
def act_on_instances(body: dict[str, Any]) -> Response:
    """Suspends, resumes, retries, resolves, moves or cancels many; one that fails, fails alone."""
    sent = Act(body["act"], body["ids"], body["reason"], body["to"], body["leaving"], body["with_children"])
    return json_response(*once_in_parts(lambda _key_of: _acted(sent)))


def _acted(sent: Act) -> Answered:
    return HTTPStatus.OK, {"items": [_row(one) for one in act_on(sent, actor=current_actor())]}


def _single(name: str) -> Callable[[int, dict[str, Any]], Response]:
    def act(instance_id: int, body: dict[str, Any]) -> Response:
        sent = Act(
            name, [instance_id], body["reason"], body.get("to", ()), body.get("leaving", ()),
            with_children=body.get("with_children", False),
        )  # fmt: skip
        return json_response(*once_in_parts(lambda _key_of: _told_alone(act_on(sent, actor=current_actor()))))

    return act


def _told_alone(results: Sequence[RowResult]) -> Answered:
    if results[0].error is not None:
        raise results[0].error
    return HTTPStatus.OK, _row(results[0])


def _register(name: str, zh: str, told: str, body: type[Schema]) -> None:
    view = _single(name)
    view.__name__, view.__doc__ = f"{name}_instance", told
    blueprint.post(
        f"/processes/instances/<int:instance_id>/{name}", zh=zh, body=body, answer=ActResultSchema, roles=OPERATORS,
        refusals=(409,), by_hand=True,
        example={"reason": "线下已核实", **({"to": ["nat_audit"]} if body is MoveBody else {})},
    )(view)  # fmt: skip


for _name, _zh, _told, _body in (
    ("suspend", "中止", "Stops an instance where it stands: nothing moves until it resumes.", ReasonBody),
    ("resume", "恢复", "Lets a suspended instance go on; what came due meanwhile happens within 2 s.", ReasonBody),
    ("retry", "重试", "Tries what failed again and looks at the result; failed again is 409.", ReasonBody),
    ("resolve", "标记异常已处理", "Declares the incidents of an instance settled; nothing moves.", ReasonBody),
    ("move", "移至其他环节", "Sets an instance down at other nodes, if a proven state has them.", MoveBody),
    ("cancel", "终止", "Ends an instance with everything below it, for good.", ReasonBody),
):
    _register(_name, _zh, _told, _body)


@blueprint.get("/processes/incidents", zh="未处理的运行异常", answer=IncidentListSchema, roles=OPERATORS)
def list_incidents() -> dict[str, Any]:
    """Open incidents within the operator's reach, the newest 200."""
    rows = instances.list_open_incidents(actor=current_actor(), limit=INCIDENTS)
    return {"items": [describe_incident(row) for row in rows], "next": None}


@blueprint.get("/processes/stuck", zh="停滞的流程", answer=StuckListSchema, roles=("designer", "sys_admin"))
def list_stuck() -> dict[str, Any]:
    """What stands still, as the last check found it."""
    items = [
        {"reason": one.reason, "instance": one.instance_id, "node": one.node, "count": one.count, "detail": one.detail}
        for one in list_findings()
    ]
    return {"items": items, "checked_at": last_check()}


@blueprint.get(
    "/processes/event-log", zh="事件日志（XES或OCEL 2.0）", query=LogQuery, answer=EventLogSchema, roles=EXPORTERS
)
@limiter.limit("10/minute")
def export_event_log(query: dict[str, Any]) -> Response:
    """The event log for process mining, streamed; people are pseudonyms. The export is audited."""
    wanted = LogFilter(process=query["process"], round_id=query["round"], trials=query["trials"])
    with transaction():
        note_export(wanted, format_=query["format"], actor=current_actor())
    return log_response(wanted, query["format"])


def _line(line: InstanceLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "process": line.process,
        "version": line.version,
        "title": line.title if sees_content(current_actor()) else None,
        "status": line.status,
        "trial": line.is_trial,
        "round": line.round_id,
        "started_at": line.started_at,
        "ended_at": line.ended_at,
        "waiting": list(line.waiting),
        "incidents": line.incidents,
    }


def _row(result: RowResult) -> dict[str, Any]:
    if result.error is None:
        return {"id": result.id, "status": "done"}
    return {"id": result.id, "status": "failed", "error": members_of(problem_of(result.error))}
