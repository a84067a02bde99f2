"""JSON calls of the inbox: every human act of the road is a work item."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response

from app.inbox import queries, usecases
from app.inbox.api_schemas import (
    BulkBody,
    BulkSchema,
    CompleteBody,
    CompletedSchema,
    CountSchema,
    DelegateBody,
    ItemDetailSchema,
    ItemListSchema,
    ListQuery,
)
from app.inbox.describing import describe_item, describe_items
from app.inbox.queries import Filter
from app.kernel.actor import Actor
from app.kernel.errors import DomainError, field_error
from app.processes import items
from app.web.api_calls import ApiBlueprint, json_response
from app.web.commands import Answered, once, once_in_parts
from app.web.errors import members_of, problem_of
from app.web.locale import current_locale
from app.web.person import current_actor

blueprint = ApiBlueprint("Work items", __name__, description="What waits for people.", description_zh="待办")


@blueprint.get("/work-items", zh="本人的待办与已办", query=ListQuery, answer=ItemListSchema)
def list_work_items(query: dict[str, Any]) -> dict[str, Any]:
    """The person's open or done items."""
    if query["status"] == "open" and (query["sort"] or "").endswith("completed_at"):
        raise field_error("sort", "choice_invalid", label="sort")
    wanted = Filter(
        status=query["status"],
        process=query["process"],
        node=query["node"],
        role=query["role"],
        round_id=query["round"],
        q=query["q"],
        overdue=query["overdue"],
    )
    page = queries.list_items(
        actor=current_actor(), wanted=wanted, limit=query["limit"], cursor=query["cursor"], sort=query["sort"]
    )
    return {"items": describe_items(page.items), "next": page.next}


@blueprint.get("/work-items/count", zh="待办数量", answer=CountSchema)
def count_work_items() -> Any:  # noqa: ANN401 -- dumped by its schema
    """How many items wait for the person."""
    return queries.count_items(actor=current_actor())


@blueprint.get("/work-items/<int:item_id>", zh="一项待办：表单与可选的办理结果", answer=ItemDetailSchema)
def show_work_item(item_id: int) -> dict[str, Any]:
    """One item, with its form and the outcomes that are offered now."""
    actor = current_actor()
    return describe_item(items.get_item(item_id=item_id, actor=actor), actor)


@blueprint.post("/work-items/<int:item_id>/claim", zh="认领", answer=ItemDetailSchema, refusals=(403, 409))
def claim_work_item(item_id: int) -> dict[str, Any]:
    """Takes an item into one's own hands."""
    actor = current_actor()
    return describe_item(usecases.claim_item(item_id=item_id, actor=actor), actor)


@blueprint.post("/work-items/<int:item_id>/release", zh="退回公共队列", answer=ItemDetailSchema, refusals=(403, 409))
def release_work_item(item_id: int) -> dict[str, Any]:
    """Puts a claimed item back into the common queue."""
    actor = current_actor()
    return describe_item(usecases.release_item(item_id=item_id, actor=actor), actor)


@blueprint.post(
    "/work-items/<int:item_id>/delegate",
    zh="转办",
    body=DelegateBody,
    example={"to": "province_auditor_37"},
    answer=ItemDetailSchema,
    refusals=(403, 409),
)
def delegate_work_item(item_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Hands an item to a colleague who holds its role in its scope."""
    actor = current_actor()
    return describe_item(usecases.delegate_item(item_id=item_id, to_username=body["to"], actor=actor), actor)


@blueprint.post(
    "/work-items/<int:item_id>/complete",
    zh="办结",
    body=CompleteBody,
    example={"outcome": "approve", "values": {"opinion": "材料齐全，同意通过。"}},
    answer=CompletedSchema,
    refusals=(403, 409),
)
def complete_work_item(item_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Completes an item with an outcome and the values of its form."""
    return _complete(item_id, body, current_actor())


@blueprint.post(
    "/work-items/complete",
    zh="批量办结",
    body=BulkBody,
    example={"items": [{"id": 17, "outcome": "approve", "values": {"opinion": "同意"}}]},
    answer=BulkSchema,
    by_hand=True,
)
def complete_work_items(body: dict[str, Any]) -> Response:
    """Completes several items, each in a transaction of its own: one that fails, fails alone."""
    actor = current_actor()
    return json_response(*once_in_parts(lambda key_of: _complete_each(body["items"], actor, key_of)))


def _complete_each(wanted: Sequence[dict[str, Any]], actor: Actor, key_of: Callable[[object], str | None]) -> Answered:
    results = []
    for position, one in enumerate(wanted):
        try:
            once(_completing(one, actor), key=key_of(position))
        except DomainError as refused:
            error = members_of(problem_of(refused))
            results.append({"id": one["id"], "status": "failed", "error": error})
        else:
            results.append({"id": one["id"], "status": "done"})
    return HTTPStatus.OK, {"items": results}


def _completing(one: dict[str, Any], actor: Actor) -> Callable[[], Answered]:
    def act() -> Answered:
        usecases.complete_item(
            item_id=one["id"],
            outcome=one["outcome"],
            values=one["values"] or {},
            actor=actor,
            locale=current_locale(),
        )
        return HTTPStatus.OK, None

    return act


def _complete(item_id: int, body: dict[str, Any], actor: Actor) -> dict[str, Any]:
    done = usecases.complete_item(
        item_id=item_id, outcome=body["outcome"], values=body["values"] or {}, actor=actor, locale=current_locale()
    )
    described = describe_items([done.item, *done.opened])
    return {
        "item": described[0],
        "opened": described[1:],
        "instance": {"id": done.instance.id, "status": done.instance.status},
    }
