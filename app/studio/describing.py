"""Definitions and instances as the JSON API tells them."""

from collections.abc import Sequence
from typing import Any

from app.engine.window import Finding
from app.inbox.describing import describe_items
from app.kernel.actor import Actor
from app.kernel.errors import NotFoundError
from app.processes import queries
from app.processes.items import visible_to
from app.processes.models import ProcessDefinition, ProcessInstance
from app.processes.queries import HistoryLine
from app.web.shell import step_name


def describe_findings(findings: Sequence[Finding], file: str) -> list[dict[str, Any]]:
    """Findings as contract.md writes them."""
    return [
        {
            "file": file,
            "element_id": finding.element_id,
            "element_name": finding.element_name,
            "rule": finding.rule,
            "severity": finding.severity,
            "message_zh": finding.message_zh,
            "message_en": finding.message_en,
            "path": list(finding.path),
        }
        for finding in findings
    ]


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
    """The instance, for designers and for whoever may see one of its items; NotFoundError for others."""
    instance = queries.get_instance(instance_id)
    if not actor.has_role("designer") and not queries.has_item(instance_id, visible_to(actor)):
        raise NotFoundError
    return instance


def describe_instance(instance: ProcessInstance, actor: Actor) -> dict[str, Any]:
    """Where an instance stands and how it came there.

    Who acted is told of oneself only, and of trials: flows of raters and experts must not give names away. Open items
    are those that the reader may see; designers see all of them. Variables tell who is in the pool or on the list before
    it is published: designers alone read them, and everybody those of a trial.
    """
    key, version = queries.name_and_version(instance.definition_id)
    everything = actor.has_role("designer")
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
        "history": [_line(line, instance, actor) for line in queries.get_instance_history(instance.id)],
        "variables": (instance.variables or {}) if everything or instance.is_trial else {},
    }


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
