"""What only shows when several processes are looked at together: messages, calls and the variables that go with them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.engine.definition import Definition, compile_definition
from app.engine.linting.lint import check_definition
from app.engine.linting.messages import finding
from app.engine.linting.variables import may_supply, read_variables
from app.engine.window import DefinitionRefusedError, Finding, NodeKind, References


@dataclass(frozen=True, slots=True)
class _Message:
    process: str
    name: str
    id: str
    label: str
    to: str | None = None


def check_across(
    checked: Sequence[Definition], others: Iterable[Definition], references: References | None
) -> dict[str, list[Finding]]:
    """The findings of each checked process (by key) that its neighbours bring about.

    `others` are in use beside the checked ones; a checked process stands for the one of its key.
    """
    keys = {definition.key for definition in checked}
    everyone = [*checked, *(other for other in others if other.key not in keys)]
    house = frozenset[str]() if references is None else references.thrown
    found: dict[str, list[Finding]] = {}
    for definition in checked:
        found[definition.key] = [
            *_messages(definition, everyone, house),
            *_called(definition, everyone, references),
            *_circles(definition, everyone),
        ]
    return found


def check_together(
    files: Mapping[str, bytes], others: Sequence[Definition], references: References | None
) -> dict[str, list[Finding]]:
    """The findings of each file (by name), as if all were in use at once beside the `others`."""
    found = {name: check_definition(xml, references)[0] for name, xml in files.items()}
    definitions = {name: definition for name, xml in files.items() if (definition := _compiled(xml)) is not None}
    beside = [*definitions.values(), *others]
    return {
        name: consider_neighbours(findings, definitions.get(name), beside, references)
        for name, findings in found.items()
    }


def consider_neighbours(
    findings: Sequence[Finding],
    definition: Definition | None,
    beside: Sequence[Definition],
    references: References | None,
) -> list[Finding]:
    """The findings of one process, seen together with the others that are in use (itself or its older version too)."""
    if definition is None:
        return list(findings)
    others = [other for other in beside if other.key != definition.key]
    kept = [
        found
        for found in findings
        if not (found.rule == "unsupplied_variable" and _from_callers(definition, found, others, references))
    ]
    return kept + check_across([definition], others, references)[definition.key]


def _from_callers(
    definition: Definition, found: Finding, others: Sequence[Definition], references: References | None
) -> bool:
    names = {name for id_, _, name in read_variables(definition.diagram) if id_ == found.element_id}
    return all(
        may_supply(definition.diagram.elements.values(), name, references)
        or _is_handed_over(definition, name, others, references)
        for name in names
    )


def _compiled(xml: bytes) -> Definition | None:
    try:
        return compile_definition(xml)
    except DefinitionRefusedError:
        return None


def _is_handed_over(
    definition: Definition, variable: str, everyone: Sequence[Definition], references: References | None
) -> bool:
    """Whether a process that calls this one, or one further up, may have the variable when it calls.

    The rows of a collection may hold anything.
    """
    seen, todo = {definition.key}, [definition.key]
    while todo:
        called = todo.pop()
        for caller, node in ((one, node) for one in everyone for node in one.nodes.values() if node.called == called):
            others = (element for element in caller.diagram.elements.values() if element.id != node.id)
            if node.kind is NodeKind.SET_CALL or may_supply(others, variable, references):
                return True
            if caller.key not in seen:
                seen.add(caller.key)
                todo.append(caller.key)
    return False


def _messages(definition: Definition, everyone: Sequence[Definition], house: frozenset[str]) -> Iterator[Finding]:
    thrown = [message for one in everyone for message in _of_kind(one, NodeKind.THROW)]
    caught = {message.name for one in everyone for message in _caught(one)}
    names = {message.name for message in thrown} | house
    for message in _caught(definition):
        if message.name not in names:
            yield finding("message_unthrown", message.id, message.label, other=message.name)
        throwers = [one for one in thrown if one.name == message.name]
        if message.name not in house and throwers and all(_may_miss(one, message) for one in throwers):
            yield finding(
                "broadcast_missed", message.id, message.label, other=message.name, process=throwers[0].process
            )
    for message in _of_kind(definition, NodeKind.THROW):
        if message.name not in caught:
            yield finding("message_uncaught", message.id, message.label, other=message.name)


def _may_miss(thrown: _Message, caught: _Message) -> bool:
    """A message to a subject is kept for those that had begun when it was thrown, not for those that begin later."""
    return thrown.to in {None, "subject"} and thrown.process != caught.process


def _of_kind(definition: Definition, kind: NodeKind) -> list[_Message]:
    return [
        _Message(definition.key, node.message or "", node.id, node.name, node.to)
        for node in definition.nodes.values()
        if node.kind is kind and node.message
    ]


def _caught(definition: Definition) -> list[_Message]:
    found = _of_kind(definition, NodeKind.MESSAGE)
    start = definition.start
    if start.message:
        found.append(_Message(definition.key, start.message, start.node, definition.names.get(start.node, ""), None))
    return found


def _called(definition: Definition, everyone: Sequence[Definition], references: References | None) -> Iterator[Finding]:
    """Variables that a called process reads and nobody gives it."""
    by_key = {one.key: one for one in everyone}
    for node in definition.nodes.values():
        child = by_key.get(node.called or "")
        if node.kind is not NodeKind.CALL or child is None:
            continue
        names = {variable for _, _, variable in read_variables(child.diagram)}
        missing = sorted(
            name
            for name in names
            if not may_supply(child.diagram.elements.values(), name, references)
            and not _is_handed_over(child, name, everyone, references)
        )
        if missing:
            yield finding("call_variables", node.id, node.name, other=child.key, text=", ".join(missing))


def _circles(definition: Definition, everyone: Sequence[Definition]) -> Iterator[Finding]:
    """Calls that lead back to the calling process: the children would never come to an end."""
    by_key = {one.key: one for one in everyone}
    for node in definition.nodes.values():
        if node.called is None or node.called == definition.key:
            continue
        seen, todo = {node.called}, [node.called]
        while todo:
            one = by_key.get(todo.pop())
            for called in () if one is None else (other.called for other in one.nodes.values() if other.called):
                if called not in seen:
                    seen.add(called)
                    todo.append(called)
        if definition.key in seen:
            yield finding("calls_in_circle", node.id, node.name, other=node.called)
