"""Definitions and instances as the JSON API tells them."""

from collections.abc import Sequence
from typing import Any

from app.candidacies.veil import is_veiled
from app.inbox.describing import describe_items
from app.kernel.actor import Actor
from app.kernel.errors import NotFoundError
from app.processes import queries
from app.processes.items import visible_to
from app.processes.models import ProcessDefinition, ProcessInstance, SetCall
from app.processes.operating.incident_models import Incident
from app.processes.operating.instances import list_calls, list_incidents, reached_ids
from app.processes.queries import HistoryLine
from app.studio.cockpit.operating import sees_content
from app.web.shell import step_name


def describe_version(row: ProcessDefinition) -> dict[str, Any]:
    """A version of a process without its diagram."""
    return {
        "key": row.key,
        "version": row.version,
        "name": step_name(row.name),
        "status": row.status,
        "note": row.note,
        "checksum": row.checksum,
        "deployed_at": row.deployed_at,
        "proof": row.proof,
    }


def visible_instance(*, instance_id: int, actor: Actor) -> ProcessInstance:
    """The instance, for operators within their reach and for whoever may see one of its items; else NotFoundError."""
    instance = queries.get_instance(instance_id)
    if reached_ids(ids=[instance_id], actor=actor):
        return instance
    if not queries.has_item(instance_id, visible_to(actor)) or is_veiled(instance, actor):
        raise NotFoundError
    return instance


def describe_instance(instance: ProcessInstance, actor: Actor) -> dict[str, Any]:
    """Where an instance stands and how it came there.

    Who acted is told of oneself only, and of trials: flows of raters and experts must not give names away. Open items
    are those that the reader may see; operators see all of them, system administrators without what they are about.
    Variables tell who is in the pool or on the list before it is published: designers alone read them, and everybody
    those of a trial.
    """
    told = _tell(instance, actor)
    if sees_content(actor) or queries.has_item(instance.id, visible_to(actor)):
        return told
    hidden = {"title": None}
    return told | {
        "title": None,
        "subject": told["subject"] | hidden,
        "variables": {},
        "open_items": [one | {"title": "", "subject": one["subject"] | hidden} for one in told["open_items"]],
    }


def _tell(instance: ProcessInstance, actor: Actor) -> dict[str, Any]:
    key, version = queries.name_and_version(instance.definition_id)
    everything = bool(reached_ids(ids=[instance.id], actor=actor))
    rows = queries.open_items_of_instance(instance.id, None if everything else visible_to(actor))
    return {
        "id": instance.id,
        "title": instance.title,
        "definition": {"key": key, "version": version},
        "status": instance.status,
        "trial": instance.is_trial,
        "subject": {"type": instance.subject_type, "id": instance.subject_id, "title": instance.title},
        "round": instance.batch_id,
        "started_at": instance.started_at,
        "ended_at": instance.ended_at,
        "end_node": instance.end_node,
        "waiting": list(queries.waiting_nodes(instance)),
        "open_items": [_without_name(one, instance, actor, row.assignee_id) for one, row in _paired(rows)],
        "timers": [
            {"node": timer.node, "due_at": timer.due_at, "stage": timer.stage_code, "remaining": timer.remaining}
            for timer in queries.list_timers(instance.id)
        ],
        "calls": [_call(call) for call in list_calls(instance.id)] if everything else [],
        "incidents": [describe_incident(one) for one in list_incidents(instance.id)] if everything else [],
        "history": [_line(line, instance, actor) for line in queries.get_instance_history(instance.id)],
        "variables": (instance.variables or {}) if actor.has_role("designer") or instance.is_trial else {},
    }


def describe_incident(incident: Incident) -> dict[str, Any]:
    """A step that failed; `resolution` is None while it is open."""
    return {
        "id": incident.id,
        "reference": incident.reference,
        "instance": incident.instance_id,
        "node": incident.node,
        "element": incident.element,
        "origin": incident.origin,
        "cause": incident.cause.split("\n"),
        "attempts": incident.attempts,
        "at": incident.at,
        "last_at": incident.last_at,
        "next_try_at": incident.next_try_at,
        "resolution": incident.resolution,
    }


def _call(call: SetCall) -> dict[str, Any]:
    return {
        "node": call.node, "total": call.total, "open": call.open, "done": call.done, "expired": call.expired,
        "closed_at": call.closed_at,
    }  # fmt: skip


def _paired(rows: Sequence[Any]) -> list[tuple[dict[str, Any], Any]]:
    return list(zip(describe_items(rows), rows, strict=True))


def _without_name(
    described: dict[str, Any], instance: ProcessInstance, actor: Actor, assignee_id: int | None
) -> dict[str, Any]:
    if instance.is_trial or assignee_id == actor.id:
        return described
    return {**described, "assignee": None}


def _line(line: HistoryLine, instance: ProcessInstance, actor: Actor) -> dict[str, Any]:
    is_told = instance.is_trial or line.actor_id == actor.id
    return {
        "at": line.at,
        "kind": line.kind,
        "node": line.node,
        "node_name": step_name(line.node_name),
        "actor": line.actor_name if is_told else None,
        "outcome": line.outcome,
    }
