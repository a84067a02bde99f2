"""The event log as an answer: the same document for the page's link and for the API."""

from flask import Response, current_app, stream_with_context

from app.processes.event_log.exporting import MEDIA_TYPES, LogFormat, file_name, write_log
from app.processes.event_log.reading import LogFilter


def log_response(wanted: LogFilter, format_: LogFormat) -> Response:
    """The document, piece by piece; the session lives until the last."""
    pieces = write_log(wanted, format_=format_, key=current_app.config["SETTINGS"].secret_key)
    return Response(
        stream_with_context(pieces),
        mimetype=MEDIA_TYPES[format_],
        headers={"Content-Disposition": f"attachment; filename={file_name(wanted, format_)}"},
    )
