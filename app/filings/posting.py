"""An HTML form of a filing as values: rows of proofs become a list, files that came along are taken in."""

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from app.attachments.usecases import ALL_TYPES, store_file
from app.filings.files import SCANS
from app.formdefs.compiled import CompiledForm
from app.formdefs.posted import posted_values
from app.formdefs.vocabulary import FieldType
from app.kernel.actor import Actor
from app.web.incoming import row_id

PROOFS = "proofs"
MOST_PROOFS = 30
SPARE_ROWS = 2
"""Empty rows below those that are filled in."""
PROOF_KEYS = ("end", "type", "level", "issuer", "issued_on")


def read_values(
    form: CompiledForm,
    posted: MultiDict[str, str],
    files: MultiDict[str, FileStorage],
    *,
    actor: Actor,
    limit_mb: int,
) -> dict[str, Any]:
    """What a browser sent, with or without script; runs in the door's transaction, since files are stored."""
    values = posted_values(form, posted)
    for field in form.fields:
        if field.type == FieldType.FILE:
            limit = min(field.max_mb or limit_mb, limit_mb)
            kept = _kept(files.get(field.key), actor, limit, field.types or ALL_TYPES)
            values[field.key] = kept if kept is not None else _newest(posted.getlist(field.key, type=row_id))
    if form.field(PROOFS) is not None:
        rows = (_proof(number, posted, files, actor, limit_mb) for number in range(MOST_PROOFS))
        values[PROOFS] = [row for row in rows if row] or None
    return values


def _proof(
    number: int, posted: MultiDict[str, str], files: MultiDict[str, FileStorage], actor: Actor, limit_mb: int
) -> dict[str, Any]:
    """One row; an empty one is left out."""
    row: dict[str, Any] = {key: posted.get(f"proofs_{number}_{key}", "").strip() for key in PROOF_KEYS}
    kept = _kept(files.get(f"proofs_{number}_file"), actor, limit_mb, SCANS)
    row["file"] = kept if kept is not None else _newest(posted.getlist(f"proofs_{number}_file", type=row_id))
    return {key: value for key, value in row.items() if value not in ("", None)}


def _kept(part: FileStorage | None, actor: Actor, limit_mb: int, types: tuple[str, ...]) -> int | None:
    if part is None or not part.filename:
        return None
    return store_file(stream=part.stream, name=part.filename, actor=actor, limit_mb=limit_mb, types=types).id


def _newest(file_ids: Sequence[int]) -> int | None:
    """The newest upload stands last in the form."""
    return file_ids[-1] if file_ids else None
