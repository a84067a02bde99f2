"""Changes, states and choices of a release in the words of the page."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.accounts.vocabulary import ROLE_NAMES, Role
from app.engine.versions.diff import Change, Detail
from app.processes.migration.impact import StateImpact
from app.processes.states import get_definition
from app.studio.releases.weighing import Asked, Release
from app.studio.releases.wording import CHANGES, FIELDS, TAGS, VERDICTS, change_name, obstacle_words
from app.web.locale import pick

MARKS = {"added": "is-added", "removed": "is-removed", "changed": "is-changed"}
STATUS = {"added": "done", "removed": "error", "changed": "warning"}
OF_VERDICT = {"move": "done", "stay": "suspended", "choice": "warning"}


def show_changes(release: Release) -> list[dict[str, Any]]:
    """The changes, numbered; the numbers are pins on the diagrams too."""
    return [
        {
            "number": number,
            "id": change.element_id,
            "name": change_name(change, release.names),
            "tag": TAGS(change.tag),
            "word": CHANGES(change.change),
            "status": STATUS[change.change],
            "mark": MARKS[change.change],
            "change": change.change,
            "details": [_detail(one, release) for one in _told(change)],
        }
        for number, change in enumerate(release.changes, 1)
    ]


def _told(change: Change) -> list[Detail]:
    return [detail for detail in change.details if detail.field != "way"]


def _detail(one: Detail, release: Release) -> dict[str, str | None]:
    return {
        "field": FIELDS(one.field),
        "before": _value(one.field, one.before, release),
        "after": _value(one.field, one.after, release),
    }


def _value(field: str, value: str | None, release: Release) -> str | None:
    if value is None:
        return None
    if field == "role" and value in tuple(Role):
        return pick(*ROLE_NAMES[Role(value)])
    if field == "kind":
        return TAGS(value)
    if field in ("attached_to", "scope"):
        return release.names.get(value) or value
    return {"True": pick("是", "yes"), "False": pick("否", "no")}.get(value, value)


def show_states(states: Sequence[StateImpact]) -> list[dict[str, Any]]:
    """Where cases stand, and what becomes of them."""
    return [
        {
            "version": one.version,
            "names": one.names,
            "count": one.count,
            "verdict": one.verdict,
            "word": VERDICTS(one.verdict),
            "status": OF_VERDICT[one.verdict],
            "reasons": [
                pick(*obstacle_words(obstacle, get_definition(one.definition_id).names)) for obstacle in one.obstacles
            ],
        }
        for one in states
    ]


def show_choices(asked: Sequence[Asked], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The questions with their answers: [value, words]; the first leaves it open."""
    return [
        {
            "node": one.node,
            "name": one.name,
            "count": one.count,
            "options": [
                ("-", pick("结束该分支", "End this branch")) if node == "" else (node, names.get(node) or node)
                for node in one.offered
            ],
        }
        for one in asked
    ]


def show_timers(release: Release) -> list[dict[str, str]]:
    """The timers whose definition changed."""
    nodes = release.target.definition.nodes
    return [
        {"node": change.element_id, "name": _timer_name(change, release)}
        for change in release.changes
        if change.change == "changed"
        and change.element_id in nodes
        and any(detail.field == "timer" for detail in change.details)
    ]


def _timer_name(change: Change, release: Release) -> str:
    """A timer by its name, else by the step on whose border it sits."""
    host = release.target.definition.nodes[change.element_id].attached_to
    return change.name or release.names.get(host or "") or change.element_id
