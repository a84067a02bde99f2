"""Exporting the event log: which document, under which name, recorded as an act."""

from collections.abc import Iterator
from typing import Literal

from app.audit.usecases import record
from app.kernel.actor import Actor
from app.processes.event_log.ocel import write_ocel
from app.processes.event_log.reading import LogFilter, Pseudonyms, stream_cases
from app.processes.event_log.xes import write_xes

LogFormat = Literal["xes", "ocel"]
FORMATS: tuple[LogFormat, ...] = ("xes", "ocel")
MEDIA_TYPES = {"xes": "application/xml", "ocel": "application/json"}
ENDINGS = {"xes": "xes", "ocel": "jsonocel"}


def write_log(wanted: LogFilter, *, format_: LogFormat, key: str) -> Iterator[str]:
    """The document in pieces, in constant memory. `key`: what pseudonyms are made with."""
    pseudonyms = Pseudonyms(key)
    if format_ == "xes":
        return write_xes(stream_cases(wanted, pseudonyms=pseudonyms))
    return write_ocel(lambda: stream_cases(wanted, pseudonyms=pseudonyms), with_callers=wanted.process is None)


def file_name(wanted: LogFilter, format_: LogFormat) -> str:
    """A name that says what is in it."""
    parts = ["event-log", wanted.process, f"round-{wanted.round_id}" if wanted.round_id else None]
    return "-".join(part for part in parts if part) + f".{ENDINGS[format_]}"


def note_export(wanted: LogFilter, *, format_: LogFormat, actor: Actor) -> None:
    """The export is recorded before the first piece leaves."""
    record(
        action="processes.export_log",
        actor=actor,
        object_type="event_log",
        object_id=format_,
        detail={"process": wanted.process, "round": wanted.round_id, "trials": wanted.trials},
    )
