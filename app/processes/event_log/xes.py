"""The event log as XES (IEEE 1849-2016): one trace a case, written piece by piece."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from xml.sax.saxutils import quoteattr

from app.kernel import clock
from app.processes.event_log.reading import Case, LogEvent

Attributes = Mapping[str, str | int | datetime | None]
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/><date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/><string key="lifecycle:transition" value="complete"/></global>
<classifier name="Activity" keys="concept:name"/>
<string key="lifecycle:model" value="standard"/>
"""


def write_xes(cases: Iterable[Case]) -> Iterator[str]:
    """The document, a piece for each case."""
    yield HEAD
    for case in cases:
        yield _trace(case)
    yield "</log>\n"


def _trace(case: Case) -> str:
    told: Attributes = {
        "concept:name": str(case.id),
        "process": case.process,
        "version": case.version,
        "subject_type": case.subject_type,
        "subject_id": case.subject_id,
        "round": case.round_id,
        "province": case.province,
        "status": case.status,
        "started_at": case.started_at,
        "ended_at": case.ended_at,
        "end_node": case.end_node,
    }
    return f"<trace>{_attributes(told)}\n{''.join(map(_event, case.events))}</trace>\n"


def _event(event: LogEvent) -> str:
    told: Attributes = {
        "concept:name": event.activity,
        "time:timestamp": event.at,
        "lifecycle:transition": event.lifecycle,
        "org:resource": event.resource,
        "org:role": event.role,
        "node": event.node,
        "outcome": event.outcome,
        "start_timestamp": event.since,
    }
    return f"<event>{_attributes(told)}</event>\n"


def _attributes(told: Attributes) -> str:
    """What is known, each by its type."""
    return "".join(_attribute(key, value) for key, value in told.items() if value is not None)


def _attribute(key: str, value: str | int | datetime) -> str:
    if isinstance(value, datetime):
        tag, text = "date", moment_of(value)
    else:
        tag, text = ("int", str(value)) if isinstance(value, int) else ("string", _clean(value))
    return f"<{tag} key={quoteattr(key)} value={quoteattr(text)}/>"


def moment_of(value: datetime) -> str:
    """A moment as xs:dateTime with Beijing's offset, to the millisecond."""
    return value.astimezone(clock.BEIJING).isoformat(timespec="milliseconds")


def _clean(value: str) -> str:
    """Without the control characters that XML 1.0 cannot hold."""
    return "".join(sign for sign in value if sign >= " " or sign in "\t\n\r")
