"""JSON calls of the filings room: forms, drafts, submission, lists."""

from typing import Any

from flask import request
from marshmallow import fields

from app.filings import queries, usecases
from app.filings.describing import describe_filing, describe_history, describe_listed
from app.filings.vocabulary import FilingKind, Question
from app.kernel.paging import slice_page
from app.web.api_calls import ApiBlueprint
from app.web.api_schemas import AtMost, Moment, PageQuery, Schema, asked_number, list_of, number, text, words
from app.web.incoming import seen_revision
from app.web.locale import current_locale
from app.web.person import current_actor

blueprint = ApiBlueprint("Filings", __name__, description="Results that are filed.", description_zh="成果备案")
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "schema": {"type": "string"},
    "description": "The revision that you saw; 409 edit_conflict when it moved on.",
}


class KindQuery(Schema):
    """Which form."""

    kind = words(*FilingKind, load_default=FilingKind.REPORT.value)


class FilingFormSchema(Schema):
    """The form in which a kind is filed; fields as in a work item."""

    kind = fields.String()
    key = fields.String()
    version = fields.Integer()
    fields_ = fields.List(fields.Dict(), data_key="fields", attribute="fields")


class DraftBody(Schema):
    """A new draft; `organisation_id` when a provincial contact files for somebody else (代录)."""

    kind = words(*FilingKind, required=True)
    values = fields.Dict(keys=fields.String(), load_default=dict)
    organisation_id = number(load_default=None, allow_none=True)


class ValuesBody(Schema):
    """Values that are merged into the draft; a null takes a value away."""

    values = fields.Dict(keys=fields.String(), required=True)


class SubmitBody(Schema):
    """The answers to questions that an earlier submission was asked, by their codes."""

    confirm = fields.List(words(*Question), load_default=list, validate=AtMost(len(Question), code="too_many_entries"))


class WithdrawBody(Schema):
    """Why; needed once an auditor has decided."""

    reason = text(1000, load_default="")


class ListQuery(PageQuery):
    """Which filings."""

    province = text(6, load_default="")
    status = text(32, load_default="")
    kind = words(*FilingKind, load_default=None)
    round = asked_number(load_default=None)
    q = text(200, load_default="", metadata={"description": "part of title, number or filer's name"})


class FilerSchema(Schema):
    """The organisation that files."""

    id = fields.Integer()
    name = fields.String()


class FilingLineSchema(Schema):
    """A filing in a list."""

    id = fields.Integer()
    number = fields.String(allow_none=True)
    status = fields.String()
    kind = fields.String()
    title = fields.String()
    round = fields.Integer(allow_none=True)
    province = fields.String(allow_none=True)
    organisation = fields.Nested(FilerSchema)
    revision = fields.Integer()
    submitted_at = Moment(allow_none=True)
    decided_at = Moment(allow_none=True)


class FilingSchema(FilingLineSchema):
    """A filing with its form's values. The ETag is its revision."""

    values = fields.Raw()
    instance_id = fields.Integer(allow_none=True)


FilingListSchema = list_of(FilingLineSchema)


class HistoryLineSchema(Schema):
    """One line of the story of a filing."""

    at = Moment()
    kind = fields.String()
    node = fields.String(allow_none=True)
    node_name = fields.String(allow_none=True)
    actor = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True)


HistorySchema = list_of(HistoryLineSchema)


@blueprint.get("/filings/form", zh="备案表单的字段", query=KindQuery, answer=FilingFormSchema)
def show_filing_form(query: dict[str, Any]) -> dict[str, Any]:
    """The fields in which a kind is filed."""
    form = usecases.form_of(query["kind"])
    described = form.describe(current_locale())
    return {"kind": query["kind"], "key": form.key, "version": form.version, "fields": described}


@blueprint.post(
    "/filings",
    zh="新建备案草稿",
    body=DraftBody,
    example={"kind": "report", "values": {"title": "钠离子电池产业专利导航", "report_type": "INDUSTRY"}},
    answer=FilingSchema,
    status=201,
    refusals=(403, 404, 409),
)
def create_filing(body: dict[str, Any]) -> dict[str, Any]:
    """A new draft; it may lack anything, but what it holds must be right."""
    made = usecases.create_draft(
        kind=body["kind"], values=body["values"], actor=current_actor(), organisation_id=body["organisation_id"]
    )
    return describe_filing(made)


@blueprint.patch(
    "/filings/<int:filing_id>",
    zh="修改草稿或待补正的备案",
    body=ValuesBody,
    example={"values": {"title": "钠离子电池产业专利导航", "payer": None}},
    answer=FilingSchema,
    refusals=(403, 409),
    doc={"parameters": [IF_MATCH]},
)
def change_filing(filing_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Merges values into a draft, or into a filing that was returned for correction."""
    saved = usecases.save_draft(
        filing_id=filing_id, values=body["values"], revision=_seen_revision(), actor=current_actor()
    )
    return describe_filing(saved)


@blueprint.post(
    "/filings/<int:filing_id>/submit",
    zh="提交备案",
    body=SubmitBody,
    example={"confirm": ["duplicate_suspected"]},
    answer=FilingSchema,
    refusals=(403, 409),
    doc={"parameters": [IF_MATCH]},
)
def submit_filing(filing_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Submits a draft. `duplicate_suspected` and `next_round` are questions: send their codes in `confirm`."""
    submitted = usecases.submit_filing(
        filing_id=filing_id, actor=current_actor(), confirm=frozenset(body["confirm"]), revision=_seen_revision()
    )
    return describe_filing(submitted)


@blueprint.post(
    "/filings/<int:filing_id>/withdraw",
    zh="撤回备案",
    body=WithdrawBody,
    example={"reason": "报告有重大修改"},
    answer=FilingSchema,
    refusals=(403, 409),
)
def withdraw_filing(filing_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Takes a filing back that is under audit."""
    withdrawn = usecases.withdraw_filing(filing_id=filing_id, actor=current_actor(), reason=body["reason"])
    return describe_filing(withdrawn)


@blueprint.get("/filings", zh="备案列表", query=ListQuery, answer=FilingListSchema)
def list_filings(query: dict[str, Any]) -> dict[str, Any]:
    """The filings in the person's scope, the newest first. `status` is a stored or a shown one."""
    page = queries.list_filings(
        actor=current_actor(),
        q=query["q"],
        status=query["status"],
        kind=query["kind"] or "",
        province=query["province"],
        round_id=query["round"],
        cursor=query["cursor"],
        limit=query["limit"],
    )
    return {"items": [describe_listed(row) for row in page.items], "next": page.next}


@blueprint.get("/filings/<int:filing_id>", zh="一件备案", answer=FilingSchema)
def show_filing(filing_id: int) -> dict[str, Any]:
    """One filing with its values."""
    return describe_filing(queries.visible_filing(filing_id=filing_id, actor=current_actor()))


@blueprint.get("/filings/<int:filing_id>/history", zh="备案的办理经过", query=PageQuery, answer=HistorySchema)
def show_filing_history(filing_id: int, query: dict[str, Any]) -> dict[str, Any]:
    """What happened to a filing, in order."""
    filing = queries.visible_filing(filing_id=filing_id, actor=current_actor())
    page = slice_page(list(enumerate(describe_history(filing))), **query, key=lambda line: line[:1])
    return {"items": [line for _position, line in page.items], "next": page.next}


def _seen_revision() -> int | None:
    """The revision of If-Match: "3", W/"3" or 3; None without the header or with *."""
    given = request.headers.get("If-Match", "*").strip()
    if given == "*":
        return None
    return seen_revision(given.removeprefix("W/").strip('"'))
