"""What the room's own work pages need beyond a filing itself: the form, the audit, the correction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.accounts.models import Organisation
from app.accounts.queries import get_organisation, get_region, names_of_users
from app.accounts.vocabulary import Role
from app.attachments.models import Attachment
from app.attachments.queries import attachments_by_id
from app.filings import rules
from app.filings.attribution import Attribution, find_attribution
from app.filings.auditing import ensure_may_audit, invalid_proofs
from app.filings.files import file_ids
from app.filings.models import AuditOpinion, DuplicateSuspicion, Filing, OpinionTemplate
from app.filings.phrases import templates_of
from app.filings.posting import MOST_PROOFS, PROOF_KEYS, SPARE_ROWS
from app.filings.queries import (
    ListedFiling,
    get_filing,
    opinions_of,
    status_of,
    suspicions_of,
    versions_of,
    within_scope,
)
from app.filings.queue import Neighbours, find_neighbours
from app.filings.reading import read_facts
from app.filings.showing import Change, ShownFiling, changes_between, proofs_in, show_filing, workdays_until
from app.filings.usecases import form_of
from app.filings.vocabulary import LEVEL_OF_ROLE, SUBJECT, AuditLevel, DisplayStatus, FilingStatus
from app.filings.wording import FilingWords
from app.formdefs.compiled import CompiledForm
from app.formdefs.posted import posted_values
from app.formdefs.queries import get_form
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, ForbiddenError, NotFoundError, field_error
from app.processes import items, queries
from app.processes.models import WorkItem
from app.web.incoming import row_id


@dataclass(frozen=True, slots=True)
class FormPage:
    """A filing's form as it is filled in."""

    filing: Filing
    form: CompiledForm
    fields: Mapping[str, Mapping[str, Any]]
    values: Mapping[str, Any]
    proofs: Sequence[Mapping[str, Any]]
    files: Mapping[int, Attachment]
    attribution: Attribution
    province: str
    organisation_name: str
    asked: Sequence[str]
    """The question that stands in the way now."""
    questions: Sequence[str]
    """Boxes ticked before: a question stays answered while other things are put right."""
    words: FilingWords

    @property
    def is_correction(self) -> bool:
        return self.filing.status == FilingStatus.SUBMITTED


@dataclass(frozen=True, slots=True)
class AuditPage:
    """An audit as one auditor sees it."""

    item: WorkItem
    shown: ShownFiling
    opened: Attachment | None
    """The document on the left."""
    form: CompiledForm
    fields: Mapping[str, Mapping[str, Any]]
    values: Mapping[str, Any]
    outcomes: Sequence[tuple[str, str, str]]
    """(code, zh, en) of the outcomes that are offered."""
    place: Neighbours
    workdays: int | None
    level: AuditLevel | None
    returned: int
    left: int
    hindrance: str | None
    holder: str | None
    suspected: Sequence[tuple[DuplicateSuspicion, ListedFiling]]
    templates: Sequence[OpinionTemplate]
    invalid: Sequence[int]
    """Numbers of the proofs that are ticked as invalid, counted from 1."""
    words: FilingWords


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """A correction before it is handed in."""

    item: WorkItem
    filing: Filing
    opinion: AuditOpinion | None
    reasons: Sequence[str]
    changes: Sequence[Change]
    workdays: int | None
    hindrance: str | None
    words: FilingWords


def target_of(actor: Actor) -> Attribution | None:
    """For which round a filing submitted now would count; None for one without organisation."""
    if actor.organisation_id is None:
        return None
    blank = Filing(kind="report", organisation_id=actor.organisation_id)
    return find_attribution(filing=blank, facts=read_facts("report", {}))


def find_organisation(name: str, actor: Actor) -> int | None:
    """The organisation of that name for which a contact files; None for the actor's own."""
    if not name.strip():
        return None
    found = session.scalars(select(Organisation).where(Organisation.name == name.strip())).one_or_none()
    if found is None or found.province_code not in actor.scope_codes(Role.PROVINCE_CONTACT):
        raise field_error("organisation", "organisation_unknown")
    return found.id


def attribution_of(filing: Filing) -> str:
    """The province for which a filing would count, by name; '' when nobody's is known yet."""
    code = find_attribution(filing=filing, facts=read_facts(filing.kind, filing.values)).province_code
    return get_region(code).name_zh if code else ""


def form_page(filing: Filing, actor: Actor, locale: str, *, posted: MultiDict[str, str] | None) -> FormPage:
    """The form with what was posted, else with what is kept, else with its defaults."""
    form = form_of(filing.kind)
    values = dict(filing.values) if filing.values else {one.key: one.default for one in form.fields}
    if posted is not None:
        values |= posted_values(form, posted) | {"proofs": _posted_proofs(posted)}
    attribution = find_attribution(filing=filing, facts=read_facts(filing.kind, filing.values))
    proofs = proofs_in(values)
    return FormPage(
        filing=filing,
        form=form,
        fields={one["key"]: one for one in form.describe(locale)},
        values=values,
        proofs=[*proofs, *({} for _ in range(min(SPARE_ROWS, MOST_PROOFS - len(proofs))))],
        files=_own_files(form, filing, values, actor),
        attribution=attribution,
        province=attribution_of(filing),
        organisation_name=get_organisation(filing.organisation_id).name,
        asked=posted.getlist("asked") if posted is not None else [],
        questions=posted.getlist("confirm") if posted is not None else [],
        words=FilingWords(locale),
    )


def _posted_proofs(posted: MultiDict[str, str]) -> list[dict[str, Any]]:
    rows = []
    for number in range(MOST_PROOFS):
        row: dict[str, Any] = {key: posted.get(f"proofs_{number}_{key}") for key in PROOF_KEYS}
        row["file"] = posted.get(f"proofs_{number}_file", type=row_id)
        rows.append({key: value for key, value in row.items() if value})
    return [row for row in rows if row]


def _own_files(form: CompiledForm, filing: Filing, values: Mapping[str, Any], actor: Actor) -> Mapping[int, Attachment]:
    """The files that the form names, as far as they are the filing's or the writer's own."""
    found = attachments_by_id(file_ids(form, filing.kind, {**filing.values, **values}))
    return {
        number: one
        for number, one in found.items()
        if (one.owner_type, one.owner_id) == (SUBJECT, filing.id)
        or (one.owner_type is None and one.uploaded_by == actor.id)
    }


def correction_item(filing: Filing, actor: Actor) -> int | None:
    """The work item in which this person corrects the filing, if there is one."""
    if status_of(filing) != DisplayStatus.RETURNED:
        return None
    item = queries.open_items(subject_type=SUBJECT, subject_ids=[filing.id])[filing.id][0]
    try:
        return items.get_item(item_id=item.id, actor=actor).id
    except NotFoundError:
        return None


def audit_page(
    *, item_id: int, actor: Actor, locale: str, file_id: int | None, posted: MultiDict[str, str] | None
) -> AuditPage:
    """An audit item; NotFoundError outside the person's scope."""
    item = get_item_of_form(item_id=item_id, form="audit_opinion", actor=actor)
    filing = get_filing(item.subject_id)
    shown = show_filing(filing, form_of(filing.kind), locale)
    instance = queries.get_instance(item.instance_id)
    node = queries.definition_of(instance).nodes[item.node]
    form = get_form(item.form_key or "", item.form_version)
    level = LEVEL_OF_ROLE.get(item.role)
    variables = instance.variables or {}
    returned = int(variables.get(f"{level}_returns") or 0)
    values = item.draft or {}
    if posted is not None:
        values = {**posted_values(form, posted), "outcome": posted.get("outcome")}
    return AuditPage(
        item=item,
        shown=shown,
        opened=shown.file(file_id)
        or shown.file(filing.report_file_id)
        or (shown.files[0].file if shown.files else None),
        form=form,
        fields={one["key"]: one for one in form.describe(locale)},
        values=values,
        outcomes=[(one.code, one.zh, one.en) for one in items.offered_outcomes(node, variables)],
        place=find_neighbours(item=item, actor=actor),
        workdays=workdays_until(item.due_at),
        level=level,
        returned=returned,
        left=rules.returns_left(level, returned) if level else 0,
        hindrance=_hindrance(item, actor) or _own_material(filing, actor),
        holder=names_of_users([item.assignee_id]).get(item.assignee_id) if item.assignee_id else None,
        suspected=suspicions_of(filing.id),
        templates=templates_of(actor),
        invalid=invalid_proofs(filing, values),
        words=FilingWords(locale),
    )


def correction_page(*, item_id: int, actor: Actor, locale: str) -> CorrectionPage:
    """A correction item; NotFoundError outside the person's scope."""
    item = get_item_of_form(item_id=item_id, form="correction", actor=actor)
    filing = get_filing(item.subject_id)
    form = form_of(filing.kind)
    versions, opinions = versions_of(filing.id), opinions_of(filing.id)
    opinion = opinions[-1] if opinions else None
    return CorrectionPage(
        item=item,
        filing=filing,
        opinion=opinion,
        reasons=_reason_words(opinion, locale),
        changes=changes_between(form, versions[-1].values, filing.values, locale) if versions else [],
        workdays=workdays_until(item.due_at),
        hindrance=_hindrance(item, actor),
        words=FilingWords(locale),
    )


def open_suspicions(actor: Actor) -> Sequence[tuple[Filing, DuplicateSuspicion, ListedFiling]]:
    """Filings under audit in the actor's scope with the duplicates that nobody has judged."""
    suspected = select(DuplicateSuspicion.filing_id).where(DuplicateSuspicion.verdict.is_(None))
    filings = session.scalars(
        select(Filing)
        .where(within_scope(actor), Filing.status == FilingStatus.SUBMITTED, Filing.id.in_(suspected))
        .order_by(Filing.id.desc())
        .limit(200)
    ).all()
    return [
        (filing, suspicion, other)
        for filing in filings
        for suspicion, other in suspicions_of(filing.id)
        if suspicion.verdict is None
    ]


def get_item_of_form(*, item_id: int, form: str, actor: Actor) -> WorkItem:
    """The person's item of this form: what an auditor reads beside a filing is not for whoever corrects it."""
    item = items.get_item(item_id=item_id, actor=actor)
    if item.subject_type != SUBJECT or item.form_key != form:
        raise NotFoundError
    return item


def _hindrance(item: WorkItem, actor: Actor) -> str | None:
    """The code of the sentence that says why this person cannot do the item now."""
    try:
        items.ensure_open(item)
        items.ensure_may_act(item, actor)
    except (ConflictError, ForbiddenError) as error:
        return error.code
    return None


def _own_material(filing: Filing, actor: Actor) -> str | None:
    try:
        ensure_may_audit(filing, actor)
    except ForbiddenError as error:
        return error.code
    return None


def _reason_words(opinion: AuditOpinion | None, locale: str) -> list[str]:
    field = get_form("audit_opinion").field("reasons")
    labels = {one.value: one.label.pick(locale) for one in field.options} if field else {}
    return [labels.get(code, code) for code in (opinion.reasons if opinion else [])]
