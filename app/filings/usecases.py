"""Drafts, submission and withdrawal of filings: what a filer does."""

from collections.abc import Callable, Mapping
from typing import Any

from app.accounts.models import Organisation, Region
from app.accounts.queries import get_organisation
from app.accounts.vocabulary import OrganisationType, Role
from app.audit.usecases import record
from app.filings.attribution import Attribution, find_attribution
from app.filings.columns import write_columns
from app.filings.duplicates import claim_file, ensure_new_file, find_similar
from app.filings.files import bind_files
from app.filings.models import Filing
from app.filings.queries import opinions_of, status_of, visible_filing
from app.filings.reading import FilingFacts, party_key, read_facts
from app.filings.rules import find_uscc_faults
from app.filings.telling import tell_withdrawn
from app.filings.vocabulary import (
    FORM_OF_KIND,
    SUBJECT,
    DisplayStatus,
    FilingKind,
    FilingStatus,
    Question,
)
from app.formdefs.compiled import CompiledForm
from app.formdefs.queries import get_form
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, FieldError, ForbiddenError, InvalidError, NotFoundError, field_error
from app.processes.doors import Subject
from app.processes.usecases import start_instance, throw_message

WithdrawalGuard = Callable[[Filing], None]
_withdrawal_guards: list[WithdrawalGuard] = []


def add_withdrawal_guard(guard: WithdrawalGuard) -> None:
    """Lets a room above refuse the withdrawal of a filing that it still needs; app/wiring calls this once at start."""
    if guard not in _withdrawal_guards:
        _withdrawal_guards.append(guard)


def form_of(kind: str) -> CompiledForm:
    """The form in which a kind is filed; InvalidError at field 'kind' for another kind."""
    if kind not in tuple(FilingKind):
        raise field_error("kind", "choice_invalid", label="kind")
    return get_form(FORM_OF_KIND[FilingKind(kind)])


def create_draft(
    *, kind: str, actor: Actor, values: Mapping[str, Any] | None = None, organisation_id: int | None = None
) -> Filing:
    """A new draft for the actor's organisation, or by a provincial contact on behalf of another one (代录).

    NotFoundError for an organisation outside the contact's province.
    """
    form = form_of(kind)
    organisation = _filer_for(actor, organisation_id)
    if actor.id is None:
        raise ForbiddenError
    filing = Filing(
        kind=kind,
        title="",
        organisation_id=organisation.id,
        province_code=organisation.province_code,
        filer_role="",
        filed_for=organisation.id != actor.organisation_id,
        values=form.validate(values or {}, draft=True),
        created_by=actor.id,
        created_at=clock.now(),
        is_demo=organisation.is_demo,
    )
    write_columns(filing, read_facts(kind, filing.values))
    session.add(filing)
    session.flush()  # files are bound to the filing's id
    filing.report_sha256 = bind_files(filing, form, before={}, actor=actor)
    record(action="filings.create_draft", actor=actor, object_type=SUBJECT, object_id=filing.id)
    return filing


def save_draft(*, filing_id: int, values: Mapping[str, Any], revision: int | None, actor: Actor) -> Filing:
    """Merges `values` into a draft, or into a filing that was returned for correction; a null takes a value away.

    `revision` is the one that the writer saw (If-Match); ConflictError `edit_conflict` when it moved on. None: the
    writer did not say.
    """
    filing = _lock_own(filing_id, actor)
    _ensure_editable(filing)
    _ensure_seen(filing, revision)
    _take_values(filing, form_of(filing.kind), {**filing.values, **values}, actor)
    filing.revision += 1
    return filing


def _ensure_seen(filing: Filing, revision: int | None) -> None:
    if revision is not None and revision != filing.revision:
        raise ConflictError("edit_conflict")


def discard_draft(*, filing_id: int, actor: Actor) -> None:
    """Throws a draft away; ConflictError once it was submitted."""
    filing = _lock_own(filing_id, actor)
    _ensure_draft(filing)
    record(action="filings.discard_draft", actor=actor, object_type=SUBJECT, object_id=filing.id)
    session.delete(filing)


def submit_filing(
    *,
    filing_id: int,
    actor: Actor,
    confirm: frozenset[str] = frozenset(),
    values: Mapping[str, Any] | None = None,
    revision: int | None = None,
) -> Filing:
    """Submits a draft and starts its process (E1, R-054).

    Refused: `secrecy_unconfirmed`, a form that is not complete, `uscc_invalid`, `attribution_unknown`,
    `duplicate_file`. Asked, and answered by the question's code in `confirm`: `duplicate_suspected`, `next_round`.
    """
    filing = _lock_own(filing_id, actor)
    _ensure_draft(filing)
    _ensure_seen(filing, revision)
    if values is not None:
        save_draft(filing_id=filing_id, values=values, revision=revision, actor=actor)
    facts = check_values(filing)
    attribution = find_attribution(filing=filing, facts=facts)
    _ensure_attributed(attribution)
    ensure_new_file(filing, sha256=filing.report_sha256)
    _ask(filing, attribution, facts, confirm)
    variables = _first_variables(filing, attribution)
    filing.province_code, filing.city_code = attribution.province_code, attribution.city_code
    filing.round_id = attribution.round_id
    filing.revision += 1
    filing.instance_id = start_instance(
        process=SUBJECT,
        subject=Subject(SUBJECT, filing.id),
        title=filing.title,
        actor=actor,
        variables=variables,
        batch_id=filing.round_id,
        province_code=filing.province_code,
        city_code=filing.city_code,
        organisation_id=filing.organisation_id,
        people={Role.FILER.value: filing.created_by} if filing.filed_for else None,
    )
    record(
        action="filings.submit_filing",
        actor=actor,
        object_type=SUBJECT,
        object_id=filing.id,
        detail={"number": filing.number, "round_id": filing.round_id, "confirmed": sorted(confirm)},
    )
    return filing


def withdraw_filing(*, filing_id: int, actor: Actor, reason: str = "") -> Filing:
    """Takes a filing back: free before the first decision, afterwards with a reason, never once it is decided or in
    the pool (E1). The process ends by itself within moments; its open items can no longer be completed.
    """
    filing = _lock_own(filing_id, actor)
    if filing.status != FilingStatus.SUBMITTED:
        raise ConflictError("filing_not_withdrawable")
    for guard in _withdrawal_guards:
        guard(filing)
    if opinions_of(filing.id) and not reason.strip():
        raise field_error("reason", "withdrawal_reason_required")
    mark_withdrawn(filing, reason)
    tell_withdrawn(filing)
    throw_message(name="filing_withdrawn", subject=Subject(SUBJECT, filing.id))
    record(
        action="filings.withdraw_filing",
        actor=actor,
        object_type=SUBJECT,
        object_id=filing.id,
        detail={"reason": filing.withdrawal_reason},
    )
    return filing


def mark_withdrawn(filing: Filing, reason: str) -> None:
    """Writes the withdrawal into the filing's row."""
    filing.status, filing.withdrawal_reason = FilingStatus.WITHDRAWN, reason.strip()
    filing.decided_at = clock.now()
    filing.revision += 1


def check_values(filing: Filing) -> FilingFacts:
    """Judges a filing's whole form, and reads it: secrecy and every field at once, then the credit codes."""
    unconfirmed = not read_facts(filing.kind, filing.values).is_unclassified
    secrecy = {"unclassified": [FieldError("secrecy_unconfirmed")]} if unconfirmed else {}
    try:
        checked = form_of(filing.kind).validate(filing.values)
    except InvalidError as refused:
        code = "secrecy_unconfirmed" if secrecy else refused.code
        raise InvalidError(code, fields={**secrecy, **refused.fields, **secrecy}) from refused
    if secrecy:
        raise InvalidError("secrecy_unconfirmed", fields=secrecy)
    filing.values = checked
    facts = read_facts(filing.kind, filing.values)
    faults = find_uscc_faults(facts.parties)
    if faults:
        errors = {party_key(role): [FieldError("uscc_invalid", n=position)] for role, position in faults.items()}
        raise InvalidError("uscc_invalid", fields=errors, n=next(iter(faults.values())))
    return facts


def may_edit(filing: Filing, actor: Actor) -> bool:
    """Whether the actor writes for the filer: a filer of the organisation, or the contact who files for it."""
    if filing.filed_for and filing.created_by == actor.id:
        return True
    return str(filing.organisation_id) in actor.scope_codes(Role.FILER)


def is_editable(filing: Filing, actor: Actor) -> bool:
    """Whether the actor may change the form now: a draft, or a filing that was returned for correction."""
    return may_edit(filing, actor) and _is_open_to_changes(filing)


def _filer_for(actor: Actor, organisation_id: int | None) -> Organisation:
    wanted = actor.organisation_id if organisation_id is None else organisation_id
    if wanted is None or not actor.has_role(Role.FILER, Role.PROVINCE_CONTACT):
        raise ForbiddenError
    organisation = get_organisation(wanted)
    if str(wanted) in actor.scope_codes(Role.FILER):
        return organisation
    if organisation.province_code not in actor.scope_codes(Role.PROVINCE_CONTACT):
        raise NotFoundError
    return organisation


def _lock_own(filing_id: int, actor: Actor) -> Filing:
    """The filing, locked; 404 when the actor may not see it, 403 when the actor sees but does not file it."""
    filing = visible_filing(filing_id=filing_id, actor=actor, lock=True)
    if not may_edit(filing, actor):
        raise ForbiddenError
    return filing


def _ensure_draft(filing: Filing) -> None:
    if filing.status != FilingStatus.DRAFT:
        raise ConflictError("filing_submitted", no=filing.number or "")


def _ensure_editable(filing: Filing) -> None:
    if not _is_open_to_changes(filing):
        raise ConflictError("filing_submitted", no=filing.number or "")


def _is_open_to_changes(filing: Filing) -> bool:
    if filing.status == FilingStatus.DRAFT:
        return True
    return filing.status == FilingStatus.SUBMITTED and status_of(filing) == DisplayStatus.RETURNED


def _take_values(filing: Filing, form: CompiledForm, values: Mapping[str, Any], actor: Actor) -> None:
    before, filing.values = filing.values, form.validate(values, draft=True)
    write_columns(filing, read_facts(filing.kind, filing.values))
    sha256 = bind_files(filing, form, before=before, actor=actor)
    if filing.status == FilingStatus.SUBMITTED:
        claim_file(filing, sha256=sha256)
    filing.report_sha256 = sha256


def _ensure_attributed(attribution: Attribution) -> None:
    if attribution.province_code is None:
        raise field_error("commissioner", "attribution_unknown")


def _ask(filing: Filing, attribution: Attribution, facts: FilingFacts, confirm: frozenset[str]) -> None:
    """Raises the first question that is still open."""
    if Question.DUPLICATE_SUSPECTED not in confirm and find_similar(filing, facts):
        raise InvalidError(Question.DUPLICATE_SUSPECTED)
    if attribution.is_next_round and Question.NEXT_ROUND not in confirm:
        raise InvalidError(Question.NEXT_ROUND, round=attribution.round_name)


def _first_variables(filing: Filing, attribution: Attribution) -> dict[str, Any]:
    """A province's own filings are audited nationally only (E2); the city looks first where its province wants it."""
    organisation = get_organisation(filing.organisation_id)
    region = session.get(Region, attribution.province_code)
    is_city_office = organisation.type == OrganisationType.IP_CITY
    return {
        "own_office": organisation.type == OrganisationType.IP_PROV,
        "city_review": bool(region and region.has_city_review and attribution.city_code and not is_city_office),
        "returned_by": "",
        "city_returns": 0,
        "province_returns": 0,
        "national_returns": 0,
    }
