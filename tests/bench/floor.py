"""The least that a completion can cost here: same door, checks and rows in plain SQL, with no engine behind it."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, Response, request
from sqlalchemy import insert, select, update

from app import create_app
from app.audit.models import AuditEntry
from app.audit.rules import entry_hash
from app.formdefs.queries import get_form
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, NotFoundError
from app.kernel.transaction import transaction
from app.processes.commands import begin_command, end_command
from app.processes.items import visible_to
from app.processes.models import ProcessEvent, ProcessInstance, ProcessTimer, WorkItem
from app.processes.vocabulary import EventKind, ItemStatus
from app.web.api_calls import json_response
from app.web.csrf import exempt_api
from app.web.person import current_actor
from app.workdays.calendar import add_workdays

blueprint = Blueprint("floor", __name__)
exempt_api(blueprint)
ITEM, INSTANCE = WorkItem.__table__, ProcessInstance.__table__
READ = (
    "id", "instance_id", "process", "role", "title", "subject_type", "subject_id", "batch_id", "province_code",
    "city_code", "organisation_id", "assignee_id", "form_key", "form_version", "status",
)  # fmt: skip
COPIED = (
    "instance_id", "process", "role", "title", "subject_type", "subject_id", "batch_id", "province_code", "city_code",
    "organisation_id",
)  # fmt: skip


def with_floor() -> Flask:
    """The real application with one more route."""
    app = create_app()
    app.register_blueprint(blueprint)
    return app


@blueprint.post("/api/floor/<int:item_id>/complete")
def complete(item_id: int) -> Response:
    """Completes "prov_audit" of the benchmark's diagram: everything that the flow would do is written out here."""
    actor = current_actor()
    body: dict[str, Any] = request.get_json()
    key = request.headers["Idempotency-Key"]
    with transaction():
        stored = begin_command(key=key, actor=actor, request={"path": request.path, "body": body})
        if stored is not None:
            return json_response(*stored)
        answer = complete_plainly(item_id, body, actor)
        end_command(key=key, actor=actor, status=200, answer=answer)
    return json_response(200, answer)


def complete_plainly(item_id: int, body: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """What the flow would do, as plain statements; the answer of the route."""
    columns = [ITEM.c[name] for name in READ]
    item = session.execute(
        select(*columns).where(ITEM.c.id == item_id, visible_to(actor)).with_for_update()
    ).one_or_none()
    if item is None:
        raise NotFoundError
    if item.status != ItemStatus.OPEN:
        raise ConflictError("item_closed")
    values = get_form(item.form_key, item.form_version).validate(body["values"])
    now, outcome = clock.now(), body["outcome"]
    session.execute(
        update(ITEM)
        .where(ITEM.c.id == item_id)
        .values(status="done", completed_by=actor.id, completed_at=now, outcome=outcome, values=values, draft=None)
    )
    session.execute(
        update(INSTANCE)
        .where(INSTANCE.c.id == item.instance_id)
        .values(revision=INSTANCE.c.revision + 1, variables={"outcome": outcome}, status="running")
    )
    due_at = add_workdays(now, 3)
    following = {
        **{name: getattr(item, name) for name in COPIED}, "node": "confirm", "node_name": "确认归档", "status": "open",
        "due_at": due_at, "sort_at": due_at, "opened_at": now, "priority": 0, "not_by": f",{actor.id},",
    }  # fmt: skip
    next_id = session.execute(insert(ITEM).values(following).returning(ITEM.c.id)).scalar_one()
    timer = {"instance_id": item.instance_id, "node": "late", "due_at": now + timedelta(days=10), "stage_workdays": 0}
    session.execute(insert(ProcessTimer.__table__).values(timer))
    _tell(item, outcome, actor)
    return {"item": {"id": item_id, "status": "done"}, "opened": [next_id], "instance": {"id": item.instance_id}}


def _tell(item: Any, outcome: str, actor: Actor) -> None:
    now = clock.now()
    line = {
        "instance_id": item.instance_id, "at": now, "kind": EventKind.COMPLETED, "node": "prov_audit",
        "node_name": "省级审核", "actor_id": actor.id, "actor_name": actor.name, "outcome": outcome,
    }  # fmt: skip
    session.execute(insert(ProcessEvent.__table__).values(line))
    entry = {
        "at": now, "actor_id": actor.id, "actor_name": actor.name, "action": "work_item.complete",
        "object_type": "work_item", "object_id": str(item.id), "request_id": "",
        "detail": {"node": "prov_audit", "outcome": outcome, "title": item.title},
    }  # fmt: skip
    session.execute(insert(AuditEntry.__table__).values(entry | {"hash": entry_hash(**entry)}))
