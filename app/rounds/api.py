"""JSON calls of the rounds room."""

from typing import Any

from marshmallow import fields

from app.kernel.paging import slice_page
from app.rounds import queries, usecases, windows
from app.rounds.describing import describe_round, describe_stages
from app.web.api_calls import ApiBlueprint
from app.web.api_schemas import Day, Moment, PageQuery, Schema, list_of, text
from app.web.person import current_actor

blueprint = ApiBlueprint("Rounds", __name__, description="Evaluation rounds.", description_zh="评价周期")
MANAGER = ("manager",)


class CountsSchema(Schema):
    """Work items of a stage."""

    open = fields.Integer()
    overdue = fields.Integer()
    done = fields.Integer()


class StageSchema(Schema):
    """A stage with its window and the work in it."""

    code = fields.String()
    name = fields.String()
    status = fields.String(metadata={"description": "planned, open, closed or skipped"})
    opens_at = Moment(allow_none=True)
    closes_at = Moment(allow_none=True)
    counts = fields.Nested(CountsSchema)


class RoundLineSchema(Schema):
    """A round in a list."""

    id = fields.Integer()
    programme = fields.String()
    name = fields.String()
    doc_no = fields.String()
    status = fields.String(metadata={"description": "setup, running, published, archived or cancelled"})
    starts_on = fields.Date()
    period_from = fields.Date()
    period_to = fields.Date()
    publish_at = Moment(allow_none=True)


class RoundSchema(RoundLineSchema):
    """A round with its settings and stages."""

    parameters = fields.Raw()
    parameters_hash = fields.String(allow_none=True, metadata={"description": "SHA-256 since the release"})
    instance_id = fields.Integer(allow_none=True)
    stages = fields.List(fields.Nested(StageSchema))


RoundListSchema = list_of(RoundLineSchema)


class StageListSchema(Schema):
    """The stages in order; `items` holds the same, as every list does."""

    stages = fields.List(fields.Nested(StageSchema))
    items = fields.List(fields.Nested(StageSchema))
    next = fields.String(allow_none=True)


class RoundBody(Schema):
    """A new round. Without a period it reaches from the year before to the end of filing."""

    programme = text(64, required=True)
    name = text(200, required=True)
    starts_on = Day(required=True)
    period_from = Day(load_default=None)
    period_to = Day(load_default=None)
    doc_no = text(80, load_default="")
    parameters = fields.Dict(keys=fields.String(), load_default=dict)


class RoundChangeBody(Schema):
    """What changes; `ends`: the last day of a stage by its code."""

    name = text(200)
    starts_on = Day()
    period_from = Day()
    period_to = Day()
    doc_no = text(80)
    parameters = fields.Dict(keys=fields.String())
    ends = fields.Dict(keys=fields.String(), values=Day())


class CloseBody(Schema):
    """Why; published with the change notice."""

    reason = text(1000, required=True)


class ExtendBody(CloseBody):
    """Until when; a mere day means its end."""

    until = Moment(required=True)


@blueprint.get("/rounds", zh="评价周期列表", query=PageQuery, answer=RoundListSchema)
def list_rounds(query: dict[str, Any]) -> dict[str, Any]:
    """All rounds, the newest first."""
    page = slice_page(queries.list_rounds(), **query, key=lambda one: [one.id])
    return {"items": [describe_round(one) for one in page.items], "next": page.next}


@blueprint.get("/rounds/<int:round_id>", zh="一个评价周期", answer=RoundSchema)
def show_round(round_id: int) -> dict[str, Any]:
    """One round with its settings and stages."""
    return _whole(round_id)


@blueprint.get("/rounds/<int:round_id>/stages", zh="评价周期的各阶段", answer=StageListSchema)
def list_stages(round_id: int) -> dict[str, Any]:
    """The stages of a round in order, each with its window and the work in it."""
    stages = describe_stages(queries.get_round(round_id))
    return {"stages": stages, "items": stages, "next": None}


@blueprint.post(
    "/rounds",
    zh="新建评价周期",
    body=RoundBody,
    example={"programme": "patent_navigation", "name": "2027年度评价周期", "starts_on": "2027-03-01"},
    answer=RoundSchema,
    status=201,
    roles=MANAGER,
    refusals=(409,),
)
def create_round(body: dict[str, Any]) -> dict[str, Any]:
    """A new round in set-up; its first work item is the manager's."""
    return _whole(usecases.create_round(**body, actor=current_actor()).id)


@blueprint.patch(
    "/rounds/<int:round_id>",
    zh="修改启动准备中的评价周期",
    body=RoundChangeBody,
    example={"name": "2027年度评价周期", "ends": {"filing": "2027-06-30"}},
    answer=RoundSchema,
    roles=MANAGER,
    refusals=(409,),
)
def change_round(round_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Changes a round that is being set up; its parameters are frozen at the release."""
    return _whole(usecases.update_round(round_id=round_id, actor=current_actor(), **body).id)


@blueprint.post(
    "/rounds/<int:round_id>/stages/<code>/close",
    zh="提前结束阶段",
    body=CloseBody,
    example={"reason": "材料已经齐全"},
    answer=StageSchema,
    roles=MANAGER,
    refusals=(409,),
)
def close_stage(round_id: int, code: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ends a stage's window now; every timer of that stage follows within two seconds."""
    windows.close_stage(round_id=round_id, code=code, reason=body["reason"], actor=current_actor())
    return _stage(round_id, code)


@blueprint.post(
    "/rounds/<int:round_id>/stages/<code>/extend",
    zh="延长阶段",
    body=ExtendBody,
    example={"until": "2027-07-31T18:00:00+08:00", "reason": "汛期影响材料寄送"},
    answer=StageSchema,
    roles=MANAGER,
    refusals=(409,),
)
def extend_stage(round_id: int, code: str, body: dict[str, Any]) -> dict[str, Any]:
    """Moves a stage's end later; every timer of that stage follows, and the stages after it move along."""
    windows.extend_stage(
        round_id=round_id, code=code, until=body["until"], reason=body["reason"], actor=current_actor()
    )
    return _stage(round_id, code)


def _whole(round_id: int) -> dict[str, Any]:
    found = queries.get_round(round_id)
    return {**describe_round(found), "stages": describe_stages(found)}


def _stage(round_id: int, code: str) -> dict[str, Any]:
    return next(one for one in describe_stages(queries.get_round(round_id)) if one["code"] == code)
