"""The event log as XES (IEEE 1849-2016): one trace a case, written piece by piece."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import quoteattr

from app.kernel import clock
from app.processes.event_log.reading import Case, LogEvent

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
    told = [
        _text("concept:name", str(case.id)),
        _text("process", case.process),
        _number("version", case.version),
        _text("subject_type", case.subject_type),
        _number("subject_id", case.subject_id),
        _number("round", case.round_id),
        _text("province", case.province),
        _text("status", case.status),
        _date("started_at", case.started_at),
        _date("ended_at", case.ended_at),
        _text("end_node", case.end_node),
    ]
    return f"<trace>{''.join(told)}\n{''.join(map(_event, case.events))}</trace>\n"


def _event(event: LogEvent) -> str:
    told = [
        _text("concept:name", event.activity),
        _date("time:timestamp", event.at),
        _text("lifecycle:transition", event.lifecycle),
        _text("org:resource", event.resource),
        _text("org:role", event.role),
        _text("node", event.node),
        _text("outcome", event.outcome),
        _date("start_timestamp", event.since),
    ]
    return f"<event>{''.join(told)}</event>\n"


def _text(key: str, value: str | None) -> str:
    return "" if value is None else f"<string key={quoteattr(key)} value={quoteattr(_clean(value))}/>"


def _number(key: str, value: int | None) -> str:
    return "" if value is None else f"<int key={quoteattr(key)} value={quoteattr(str(value))}/>"


def _date(key: str, value: datetime | None) -> str:
    return "" if value is None else f"<date key={quoteattr(key)} value={quoteattr(moment_of(value))}/>"


def moment_of(value: datetime) -> str:
    """A moment as xs:dateTime with Beijing's offset, to the millisecond."""
    return value.astimezone(clock.BEIJING).isoformat(timespec="milliseconds")


def _clean(value: str) -> str:
    """Without the control characters that XML 1.0 cannot hold."""
    return "".join(sign for sign in value if sign >= " " or sign in "\t\n\r")
