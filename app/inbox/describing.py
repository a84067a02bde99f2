"""Work items as the JSON API tells them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.accounts.queries import usernames_of
from app.formdefs.queries import get_form
from app.kernel import clock
from app.kernel.actor import Actor
from app.processes import items, queries
from app.processes.models import WorkItem
from app.processes.vocabulary import ItemStatus
from app.web.locale import current_locale, pick
from app.web.outcomes import outcome_label
from app.web.shell import step_name


def describe_items(rows: Sequence[WorkItem]) -> list[dict[str, Any]]:
    """The items of a list, in one further statement; no instance is loaded."""
    names = usernames_of(row.assignee_id for row in rows if row.assignee_id is not None)
    return [_describe(row, names) for row in rows]


def describe_item(row: WorkItem, actor: Actor) -> dict[str, Any]:
    """One item with its form and, while it is open, the outcomes that are offered now.

    What was filled in is told to the person who did only: opinions and scores are nobody else's to read here.
    """
    instance = queries.get_instance(row.instance_id)
    _key, version = queries.name_and_version(instance.definition_id)
    offered: Collection[Any] = ()
    if row.status == ItemStatus.OPEN:
        node = queries.definition_of(instance).nodes[row.node]
        offered = items.offered_outcomes(node, instance.variables or {})
    return {
        **describe_items([row])[0],
        "definition_version": version,
        "form": _describe_form(row),
        "outcomes": [
            {"code": one.code, "label": label_of(one.code, one.zh, one.en), "requires": list(one.requires)}
            for one in offered
        ],
        "values": row.values if row.completed_by == actor.id else None,
    }


def _describe(row: WorkItem, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "process": row.process,
        "node": row.node,
        "node_name": step_name(row.node_name),
        "role": row.role,
        "subject": {"type": row.subject_type, "id": row.subject_id, "title": row.title},
        "status": row.status,
        "assignee": names.get(row.assignee_id or 0),
        "due_at": row.due_at,
        "overdue": row.status == ItemStatus.OPEN and row.due_at is not None and row.due_at < clock.now(),
        "priority": row.priority,
        "round": row.batch_id,
        "stage": row.stage_code,
        "instance_id": row.instance_id,
        "opened_at": row.opened_at,
        "completed_at": row.completed_at,
        "outcome": row.outcome,
    }


def label_of(code: str, zh: str, en: str) -> str:
    """The words on an outcome's button: the diagram's own, else the house's for this code."""
    own = pick(zh, en)
    return outcome_label(code, current_locale()) if own in ("", code) else own


def _describe_form(row: WorkItem) -> dict[str, Any]:
    if row.form_key is None:
        return {"key": None, "version": None, "fields": []}
    form = get_form(row.form_key, row.form_version)
    return {"key": form.key, "version": form.version, "fields": form.describe(current_locale())}
