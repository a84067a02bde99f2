"""The files of a filing: those of its form's file fields and the scans of its proofs."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from app.attachments.models import Attachment
from app.attachments.queries import attachments_by_id
from app.attachments.usecases import bind_attachments
from app.filings.models import Filing
from app.filings.reading import read_facts
from app.filings.vocabulary import SUBJECT
from app.formdefs.compiled import CompiledForm
from app.formdefs.vocabulary import FieldType
from app.kernel.actor import Actor

SCANS = ("pdf", "png", "jpg", "jpeg")


def bind_files(filing: Filing, form: CompiledForm, *, before: Mapping[str, Any], actor: Actor) -> str | None:
    """Gives the uploads that a form now names to the filing; returns the report's hash.

    InvalidError `attachment_unknown` for a file that the actor has not uploaded.
    """
    held = set(file_ids(form, filing.kind, before))
    by_types: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for field in form.fields:
        if field.type == FieldType.FILE and (wanted := _new_id(filing.values.get(field.key), held)) is not None:
            by_types[field.types].append(wanted)
    for proof in read_facts(filing.kind, filing.values).proofs:
        if (wanted := _new_id(proof.file_id, held)) is not None:
            by_types[SCANS].append(wanted)
    bound = {
        file.id: file
        for types, ids in by_types.items()
        for file in bind_attachments(ids=ids, owner_type=SUBJECT, owner_id=filing.id, actor=actor, types=types)
    }
    return None if filing.report_file_id is None else _hash_of(filing.report_file_id, bound)


def _hash_of(report_id: int, bound: Mapping[int, Attachment]) -> str | None:
    """The report's hash, without reading again what was bound just now."""
    report = bound.get(report_id) or attachments_by_id([report_id]).get(report_id)
    return report.sha256 if report else None


def file_ids(form: CompiledForm, kind: str, values: Mapping[str, Any]) -> list[int]:
    """The ids of all files that a form names, in its order."""
    fields = [values.get(field.key) for field in form.fields if field.type == FieldType.FILE]
    scans = [proof.file_id for proof in read_facts(kind, values).proofs]
    return [one for one in (*fields, *scans) if isinstance(one, int)]


def _new_id(value: object, held: set[int]) -> int | None:
    return value if isinstance(value, int) and value not in held else None
