"""What changed between two versions of a process: nodes added, removed and changed, and in what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from app.engine.definition import Definition
from app.engine.source import Diagram, Element
from app.engine.window import Node, Outcome, TimerSpec

_OF_NODE = frozenset(
    {
        "form", "outcomes", "due_workdays", "due_in", "stage", "not_by", "priority", "operation", "inputs", "job",
        "called", "collection", "completion", "decision", "message", "to", "timer", "attached_to", "interrupting",
    }
)  # fmt: skip
"""What a node says beside its name, kind and role, in the order of Node."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that changed at an element; None where it was or is not said."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A node, or a flow between nodes of both versions, that differs. `details` only where it is in both."""

    element_id: str
    name: str
    tag: str
    change: Literal["added", "removed", "changed"]
    details: tuple[Detail, ...] = ()


def diff_definitions(old: Definition, new: Definition) -> tuple[Change, ...]:
    """The changes in the order of the new diagram; what was removed comes last."""
    return (*_nodes(old, new), *_flows(old, new))


def _nodes(old: Definition, new: Definition) -> Iterator[Change]:
    before, after = old.diagram.elements, new.diagram.elements
    for id_, element in after.items():
        if id_ not in before:
            yield Change(id_, element.name, element.tag, "added")
            continue
        details = tuple(_differences(_facts(old, before[id_]), _facts(new, element)))
        if details:
            yield Change(id_, element.name or before[id_].name, element.tag, "changed", details)
    for id_, element in before.items():
        if id_ not in after:
            yield Change(id_, element.name, element.tag, "removed")


def _facts(definition: Definition, element: Element) -> Mapping[str, str | None]:
    """What the element says, as texts."""
    facts: dict[str, Any] = {
        "name": element.name,
        "kind": element.tag,
        "event": None if element.event == "none" else element.event,
        "role": definition.lanes.get(element.id),
        "scope": None if element.scope == definition.key else element.scope,
        "default": element.xml.get("default"),
        "script": definition.scripts.get(element.id),
        "attached_to": element.attached_to,
    }
    node = definition.nodes.get(element.id)
    if node is not None:
        facts["role"] = node.role
        facts |= {one.name: getattr(node, one.name) for one in fields(Node) if one.name in _OF_NODE}
    return {name: _text(value) for name, value in facts.items()}


def _differences(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> Iterator[Detail]:
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield Detail(name, before.get(name), after.get(name))


def _text(value: object) -> str | None:
    """A fact as one line; nothing said is None."""
    if value is None or value in ("", (), {}):
        return None
    if isinstance(value, TimerSpec):
        return " ".join(filter(None, (value.text, value.stage, str(value.workdays) if value.workdays else None)))
    if isinstance(value, Outcome):
        return value.code
    if isinstance(value, tuple):
        return ", ".join(_text(part) or "" for part in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={part}" for name, part in sorted(value.items()))
    return str(value)


def _flows(old: Definition, new: Definition) -> Iterator[Change]:
    """Flows between nodes of both versions, known by what they join; others come and go with their nodes."""
    before, after = _joining(old.diagram, new.diagram), _joining(new.diagram, old.diagram)
    for pair, (id_, name, condition) in after.items():
        if pair not in before:
            yield Change(id_, name, "sequenceFlow", "added", _way(pair))
        elif condition != before[pair][2]:
            detail = Detail("condition", before[pair][2], condition)
            yield Change(id_, name, "sequenceFlow", "changed", (*_way(pair), detail))
    for pair, (id_, name, _condition) in before.items():
        if pair not in after:
            yield Change(id_, name, "sequenceFlow", "removed", _way(pair))


def _way(pair: tuple[str, str]) -> tuple[Detail, ...]:
    """Where a flow leads from and to: the same in both versions, told so that a nameless flow can be named."""
    return (Detail("way", *pair),)


def _joining(one: Diagram, other: Diagram) -> dict[tuple[str, str], tuple[str, str, str | None]]:
    """(source, target) -> (id, name, condition)."""
    return {
        (flow.source, flow.target): (flow.id, flow.name, flow.condition or None)
        for flow in one.flows
        if flow.source in other.elements and flow.target in other.elements
    }
