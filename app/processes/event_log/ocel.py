"""The event log as OCEL 2.0 (JSON): instances, their subjects and rounds as objects, written piece by piece."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson

from app.processes.event_log.reading import Case, LogEvent
from app.processes.event_log.xes import moment_of

INSTANCE_ATTRIBUTES = ("version", "province", "status", "end_node")
EVENT_ATTRIBUTES = ("node", "lifecycle", "role", "resource", "outcome", "since")
ABOUT, OF_ROUND, CALLED_BY = "about", "of_round", "called_by"
ROUND = "round"
Cases = Callable[[], Iterable[Case]]


def write_ocel(cases: Cases, *, with_callers: bool) -> Iterator[str]:
    """The document. The cases are gone through twice, objects first; types are told at the end, when all are known.

    `with_callers`: the log holds all flows, so that a child can name the instance that called it.
    In memory: the types, and the ids of subjects and rounds met so far.
    """
    types: dict[str, list[str]] = {}
    yield '{"objects":['
    yield from _objects(cases(), types, with_callers=with_callers)
    yield '],"events":['
    activities: set[str] = set()
    separator = ""
    for case in cases():
        for event in case.events:
            activities.add(event.activity)
            yield separator + _json(_event(case, event))
            separator = ",\n"
    yield '],"objectTypes":' + _json(
        [{"name": name, "attributes": _typed(attributes)} for name, attributes in sorted(types.items())]
    )
    yield ',"eventTypes":' + _json(
        [{"name": name, "attributes": _typed(EVENT_ATTRIBUTES)} for name in sorted(activities)]
    )
    yield "}\n"


def _objects(cases: Iterable[Case], types: dict[str, list[str]], *, with_callers: bool) -> Iterator[str]:
    met: set[str] = set()
    separator = ""
    for case in cases:
        types[case.process] = list(INSTANCE_ATTRIBUTES)
        beside = [(_subject(case), _type_of_subject(case))]
        if case.round_id is not None:
            beside.append((f"{ROUND}-{case.round_id}", ROUND))
        for name, type_ in beside:
            if name not in met:
                met.add(name)
                types.setdefault(type_, [])
                yield separator + _json({"id": name, "type": type_, "attributes": [], "relationships": []})
                separator = ",\n"
        yield separator + _json(_instance(case, with_callers=with_callers))
        separator = ",\n"


def _instance(case: Case, *, with_callers: bool) -> dict[str, Any]:
    values = {"version": case.version, "province": case.province, "status": case.status, "end_node": case.end_node}
    changed = {"status": case.ended_at or case.started_at, "end_node": case.ended_at or case.started_at}
    attributes = [
        {"name": name, "time": moment_of(changed.get(name, case.started_at)), "value": str(value)}
        for name, value in values.items()
        if value is not None
    ]
    links = [(_subject(case), ABOUT)]
    if case.round_id is not None:
        links.append((f"round-{case.round_id}", OF_ROUND))
    if with_callers and case.parent_id is not None:
        links.append((f"instance-{case.parent_id}", CALLED_BY))
    return {
        "id": f"instance-{case.id}", "type": case.process, "attributes": attributes,
        "relationships": [{"objectId": target, "qualifier": how} for target, how in links],
    }  # fmt: skip


def _event(case: Case, event: LogEvent) -> dict[str, Any]:
    values = {
        "node": event.node, "lifecycle": event.lifecycle, "role": event.role, "resource": event.resource,
        "outcome": event.outcome, "since": None if event.since is None else moment_of(event.since),
    }  # fmt: skip
    links = [(f"instance-{case.id}", "case"), (_subject(case), ABOUT)]
    return {
        "id": event.id, "type": event.activity, "time": moment_of(event.at),
        "attributes": [{"name": name, "value": value} for name, value in values.items() if value is not None],
        "relationships": [{"objectId": target, "qualifier": how} for target, how in links],
    }  # fmt: skip


def _subject(case: Case) -> str:
    return f"{case.subject_type}-{case.subject_id}"


def _type_of_subject(case: Case) -> str:
    """Apart from the flows, which may be called like their subjects; a round is one object, whatever leads to it."""
    return ROUND if case.subject_type == ROUND else f"subject_{case.subject_type}"


def _typed(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"name": name, "type": "string"} for name in names]


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
