"""What the pages show of a filing: its form in words, files, checks, versions, who has it, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.models import Region
from app.accounts.queries import get_organisation, names_of_users
from app.attachments.models import Attachment
from app.attachments.queries import attachments_by_id
from app.filings import rules
from app.filings.checking import check_filing
from app.filings.checks import Check
from app.filings.files import file_ids
from app.filings.models import AuditOpinion, Filing, FilingVersion
from app.filings.queries import ListedFiling, opinions_of, status_of, versions_of
from app.filings.vocabulary import SUBJECT, FilingStatus
from app.filings.wording import ProofLine, proof_line, proof_text, value_text
from app.formdefs.compiled import CompiledForm
from app.formdefs.fields import Field
from app.formdefs.vocabulary import FieldType
from app.kernel import clock
from app.kernel.db import session
from app.processes import queries as processes
from app.processes.queries import HistoryLine, OpenItem
from app.rounds.models import Round
from app.workdays.calendar import workdays_between


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who has a filing: the step, the person's name if somebody took it, since when, working days left."""

    item: OpenItem
    holder: str | None
    workdays: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list with who has it."""

    listed: ListedFiling
    waiting: Waiting | None


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file of a filing under the name of its field."""

    label: str
    file: Attachment


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs between two versions."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Section:
    """Fields of the form in words, under their heading."""

    heading: str
    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownFiling:
    """A filing for its own page and for the audit page."""

    filing: Filing
    status: str
    organisation_name: str
    region: Region | None
    round: Round | None
    sections: Sequence[Section]
    files: Sequence[NamedFile]
    proofs: Sequence[ProofLine]
    checks: Sequence[Check]
    opinions: Sequence[AuditOpinion]
    versions: Sequence[FilingVersion]
    changes: Sequence[Change]
    """What the newest version changed against the one before."""
    waiting: Waiting | None
    history: Sequence[HistoryLine]
    has_diagram: bool

    @property
    def warnings(self) -> Sequence[Check]:
        return [check for check in self.checks if check.status == "warning"]

    @property
    def passed(self) -> Sequence[Check]:
        return [check for check in self.checks if check.status == "done"]

    def file(self, attachment_id: int | None) -> Attachment | None:
        """One of the filing's own files."""
        return next((one.file for one in self.files if one.file.id == attachment_id), None)


def show_filing(filing: Filing, form: CompiledForm, locale: str) -> ShownFiling:
    """Everything about a filing that the reader may see; the caller has asked whether."""
    instance = processes.get_instance(filing.instance_id) if filing.instance_id is not None else None
    versions = versions_of(filing.id)
    waiting = waiting_of([filing.id]).get(filing.id)
    return ShownFiling(
        filing=filing,
        status=status_of(filing),
        organisation_name=get_organisation(filing.organisation_id).name,
        region=session.get(Region, filing.province_code) if filing.province_code else None,
        round=session.get(Round, filing.round_id) if filing.round_id is not None else None,
        sections=describe_form(form, filing.values, locale),
        files=files_of(form, filing, locale),
        proofs=[proof_line(one, locale) for one in proofs_in(filing.values)],
        checks=check_filing(filing) if filing.status != FilingStatus.DRAFT else [],
        opinions=opinions_of(filing.id),
        versions=versions,
        changes=changes_between(form, versions[-2].values, versions[-1].values, locale) if len(versions) > 1 else [],
        waiting=waiting,
        history=processes.get_instance_history(instance.id) if instance else [],
        has_diagram=instance is not None and processes.has_picture(instance.definition_id),
    )


def describe_form(form: CompiledForm, values: Mapping[str, Any], locale: str) -> list[Section]:
    """The form's sections in words, what was left blank left out; files and proofs have places of their own."""
    return [
        Section(
            section.heading.pick(locale) if section.heading else "",
            [
                (entry.label.pick(locale), value_text(entry, values[entry.key], locale))
                for entry in section.entries
                if isinstance(entry, Field) and _is_told(entry) and entry.key in values
            ],
        )
        for section in form.sections
    ]


def _is_told(field: Field) -> bool:
    return field.type != FieldType.FILE and not field.is_json


def files_of(form: CompiledForm, filing: Filing, locale: str) -> list[NamedFile]:
    """The filing's files in the form's order, the scans of its proofs last."""
    labels = {filing.values.get(one.key): one.label.pick(locale) for one in form.fields if one.type == FieldType.FILE}
    proof = form.field("proofs")
    ids = file_ids(form, filing.kind, filing.values)
    found = attachments_by_id(ids)
    other = proof.label.pick(locale) if proof else ""
    return [NamedFile(labels.get(one, other), found[one]) for one in dict.fromkeys(ids) if one in found]


def proofs_in(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rows of the form's list of proofs."""
    listed = values.get("proofs")
    return [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []


def changes_between(
    form: CompiledForm, before: Mapping[str, Any], after: Mapping[str, Any], locale: str
) -> list[Change]:
    """What differs between two versions, field by field; files are told by their names."""
    changes = []
    for key in rules.changed_keys(before, after, [field.key for field in form.fields]):
        field = form.field(key)
        if field is not None:
            texts = [_compared(field, values.get(key), locale) for values in (before, after)]
            changes.append(Change(field.label.pick(locale), *texts))
    return changes


def _compared(field: Field, value: Any, locale: str) -> str:  # noqa: ANN401 -- a JSON value
    if field.type == FieldType.FILE and isinstance(value, int):
        found = attachments_by_id([value])
        return found[value].name if value in found else ""
    if field.key == "proofs":
        return "\n".join(proof_text(one, locale) for one in proofs_in({"proofs": value}))
    return value_text(field, value, locale)


def rows_of(listed: Sequence[ListedFiling]) -> list[Row]:
    """The lines of a list with who has each filing."""
    waiting = waiting_of([one.filing.id for one in listed])
    return [Row(one, waiting.get(one.filing.id)) for one in listed]


def waiting_of(filing_ids: Sequence[int]) -> Mapping[int, Waiting]:
    """Who has each of these filings now; those that nobody has are left out."""
    items = processes.open_items(subject_type=SUBJECT, subject_ids=filing_ids) if filing_ids else {}
    names = names_of_users(one.assignee_id for several in items.values() for one in several if one.assignee_id)
    return {
        filing_id: Waiting(several[0], names.get(several[0].assignee_id or 0), workdays_until(several[0].due_at))
        for filing_id, several in items.items()
        if several
    }


def workdays_until(due_at: datetime | None) -> int | None:
    """Working days left, negative when late (at least one, however short); None without deadline."""
    if due_at is None:
        return None
    left = workdays_between(clock.now(), due_at)
    return min(left, -1) if due_at < clock.now() else left
