"""Pages of filings: lists, filling in, one filing, audit, correction, duplicates."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.accounts.queries import list_regions
from app.filings import pages, phrases, usecases
from app.filings.beside import notes_beside
from app.filings.posting import read_values
from app.filings.queries import counts_by_status, list_filings, visible_filing
from app.filings.showing import rows_of, show_filing
from app.filings.vocabulary import FilingStatus
from app.filings.wording import FilingWords
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.transaction import transaction
from app.processes import queries as processes
from app.rounds.line import show_round_of
from app.rounds.queries import list_rounds
from app.web.errors import field_sentences
from app.web.incoming import row_id, seen_revision
from app.web.locale import current_locale
from app.web.person import current_actor, require_role
from app.web.refusals import current_refusal, refused
from app.web.sentences import sentence
from app.web.shell import notify

blueprint = Blueprint("filings", __name__, template_folder="templates")
SCOPED = ("filer", "city_auditor", "province_contact", "province_auditor", "province_leader")
NATIONAL = ("national_auditor", "manager", "leader", "supervisor", "objection_handler")
FILTERS = ("q", "status", "kind", "province", "round")
AUDITORS = ("city_auditor", "province_auditor", "national_auditor")


@blueprint.get("/filings")
@require_role(*SCOPED, *NATIONAL)
def index() -> str:
    """The filings in the person's scope: status, who has it, since when."""
    actor, asked = current_actor(), request.args
    page = list_filings(
        actor=actor,
        q=asked.get("q", ""),
        status=asked.get("status", ""),
        kind=asked.get("kind", ""),
        province=asked.get("province", ""),
        round_id=asked.get("round", type=row_id),
        cursor=asked.get("cursor") or None,
    )
    further: dict[str, Any] = asked.to_dict() | {"cursor": page.next}
    return render_template(
        "filings/index.html",
        rows=rows_of(page.items),
        next_href=url_for("filings.index", **further) if page.next else None,
        asked={name: asked.get(name, "") for name in FILTERS},
        is_filtered=any(asked.get(name) for name in FILTERS),
        counts=counts_by_status(actor=actor, round_id=asked.get("round", type=row_id)),
        rounds=list_rounds(),
        regions=list_regions() if actor.has_role(*NATIONAL) else [],
        may_file=actor.has_role("filer", "province_contact"),
        words=FilingWords(current_locale()),
    )


@blueprint.get("/filings/new")
@require_role("filer", "province_contact")
def new() -> str:
    """Which kind is filed, and for whom."""
    refusal = current_refusal()
    return render_template(
        "filings/new.html",
        target=pages.target_of(current_actor()),
        errors=refusal.errors if refusal else {},
        posted=refusal.posted if refusal else MultiDict(),
        words=FilingWords(current_locale()),
    )


@blueprint.post("/filings/new")
@require_role("filer", "province_contact")
def create() -> Response | tuple[str, int]:
    """A new draft; a contact may name the organisation it is for (代录)."""
    actor, kind = current_actor(), request.form.get("kind", "")
    try:
        with transaction():
            organisation_id = pages.find_organisation(request.form.get("organisation", ""), actor)
            filing = usecases.create_draft(kind=kind, actor=actor, organisation_id=organisation_id)
    except InvalidError as error:
        with refused(error, request.form):
            return new(), 422
    return redirect(url_for("filings.edit", filing_id=filing.id))


@blueprint.get("/filings/<int:filing_id>/edit")
def edit(filing_id: int) -> str | Response:
    """The form: sections, files, proofs; saved by itself."""
    actor = current_actor()
    filing = visible_filing(filing_id=filing_id, actor=actor)
    if not usecases.is_editable(filing, actor):
        return redirect(url_for("filings.show", filing_id=filing_id))
    refusal = current_refusal()
    page = pages.form_page(filing, actor, current_locale(), posted=refusal.posted if refusal else None)
    return render_template(
        "filings/edit.html", page=page, errors=dict(refusal.errors) if refusal else {}, words=page.words
    )


@blueprint.post("/filings/<int:filing_id>/edit")
def save(filing_id: int) -> Response | tuple[str | Response, int]:
    """Saves what was filled in, and submits it when asked to."""
    actor = current_actor()
    submits = request.form.get("act") == "submit"
    try:
        with transaction():
            filing = _save(filing_id)
        if submits:
            with transaction():
                confirm = frozenset(request.form.getlist("confirm"))
                filing = usecases.submit_filing(filing_id=filing_id, actor=actor, confirm=confirm)
    except InvalidError as error:
        with refused(error, _with_question(request.form, error.code)):
            return edit(filing_id), 422
    except ConflictError as error:
        if error.code != "edit_conflict":
            raise
        with refused(InvalidError("edit_conflict"), request.form):
            return edit(filing_id), 409
    return _after_saving(filing_id, number=filing.number, submits=submits, item_id=pages.correction_item(filing, actor))


@blueprint.post("/filings/<int:filing_id>/autosave")
def autosave(filing_id: int) -> str:
    """Saves a draft while it is written; what is not right yet is told and not kept."""
    filing = visible_filing(filing_id=filing_id, actor=current_actor())
    revision, province = filing.revision, None
    try:
        with transaction():
            saved = _save(filing_id)
            revision, province = saved.revision, pages.attribution_of(saved)
        problem = None
    except InvalidError as error:
        with refused(error, request.form) as refusal:
            problem = next(iter(refusal.errors.values()))[0]
    return render_template("filings/parts/saved.html", revision=revision, problem=problem, attribution=province)


@blueprint.post("/filings/<int:filing_id>/discard")
def discard(filing_id: int) -> Response:
    """Throws a draft away."""
    with transaction():
        usecases.discard_draft(filing_id=filing_id, actor=current_actor())
    notify(_("草稿已删除。"))
    return redirect(url_for("filings.index"))


@blueprint.get("/filings/<int:filing_id>")
def show(filing_id: int) -> str:
    """One filing: facts, files, checks, what happened; the diagram last and folded."""
    actor = current_actor()
    filing = visible_filing(filing_id=filing_id, actor=actor)
    show_round_of(filing.round_id, actor)
    refusal = current_refusal()
    return render_template(
        "filings/show.html",
        shown=show_filing(filing, usecases.form_of(filing.kind), current_locale()),
        may_edit=usecases.is_editable(filing, actor),
        may_withdraw=filing.status == FilingStatus.SUBMITTED and usecases.may_edit(filing, actor),
        correction_id=pages.correction_item(filing, actor),
        is_audited_by=actor.has_role(*AUDITORS),
        notes=notes_beside(filing, actor),
        errors=dict(refusal.errors) if refusal else {},
        words=FilingWords(current_locale()),
    )


@blueprint.post("/filings/<int:filing_id>/withdraw")
def withdraw(filing_id: int) -> Response | tuple[str, int]:
    """Takes a filing back."""
    try:
        with transaction():
            filing = usecases.withdraw_filing(
                filing_id=filing_id, actor=current_actor(), reason=request.form.get("reason", "")
            )
    except InvalidError as error:
        with refused(error, request.form):
            return show(filing_id), 422
    notify(_("“%(title)s”已撤回。", title=filing.title))
    return redirect(url_for("filings.show", filing_id=filing_id))


@blueprint.get("/filings/<int:filing_id>/diagram")
def diagram(filing_id: int) -> dict[str, Any]:
    """The filing's flow with the nodes that wait and those that were passed."""
    filing = visible_filing(filing_id=filing_id, actor=current_actor())
    instance = processes.get_instance(filing.instance_id or 0)
    passed = {line.node for line in processes.get_instance_history(instance.id) if line.node}
    waiting = processes.waiting_nodes(instance)
    xml = processes.xml_of(instance.definition_id)
    return {"xml": xml.decode(), "waiting": list(waiting), "passed": sorted(passed - set(waiting))}


@blueprint.get("/filings/duplicates")
@require_role(*AUDITORS)
def duplicates() -> str:
    """Suspected duplicates in the auditor's scope that nobody has judged."""
    return render_template(
        "filings/duplicates.html",
        suspected=pages.open_suspicions(current_actor()),
        words=FilingWords(current_locale()),
    )


@blueprint.get("/filings/audit/<int:item_id>")
def audit(item_id: int) -> str:
    """An audit: the document on the left, checks and opinion on the right, the next item one step away."""
    refusal = current_refusal()
    return _audit_page(item_id, refusal.posted if refusal else None, dict(refusal.errors) if refusal else {})


@blueprint.post("/filings/audit/<int:item_id>/templates")
def use_template(item_id: int) -> str | tuple[str, int]:
    """常用意见: keeps, drops or inserts one; the page comes back with what was filled in."""
    posted = MultiDict(request.form)
    try:
        with transaction():
            # first: at an item that is not there nothing is kept
            pages.get_item_of_form(item_id=item_id, form="audit_opinion", actor=current_actor())
            posted["opinion"] = phrases.use_template(
                opinion=posted.get("opinion", ""),
                insert=posted.get("insert", type=row_id),
                drop=posted.get("drop", type=row_id),
                actor=current_actor(),
            )
    except InvalidError as error:
        return _audit_page(item_id, posted, field_sentences(error)), 422
    return _audit_page(item_id, posted, {})


def _audit_page(item_id: int, posted: MultiDict[str, str] | None, errors: dict[str, list[str]]) -> str:
    page = pages.audit_page(
        item_id=item_id,
        actor=current_actor(),
        locale=current_locale(),
        file_id=request.args.get("file", type=row_id),
        posted=posted,
    )
    show_round_of(page.item.batch_id, current_actor())
    return render_template(
        "filings/audit.html",
        page=page,
        errors=errors,
        hindrance_words=sentence(page.hindrance, current_locale(), name=page.holder or "", time="")
        if page.hindrance
        else "",
        words=page.words,
    )


@blueprint.get("/filings/correction/<int:item_id>")
def correct(item_id: int) -> str:
    """A correction: what was asked for, what has been changed since, and handing it in."""
    refusal = current_refusal()
    page = pages.correction_page(item_id=item_id, actor=current_actor(), locale=current_locale())
    show_round_of(page.item.batch_id, current_actor())
    return render_template(
        "filings/correct.html",
        page=page,
        errors=dict(refusal.errors) if refusal else {},
        posted=refusal.posted if refusal else MultiDict(),
        words=page.words,
    )


def _with_question(posted: MultiDict[str, str], code: str) -> MultiDict[str, str]:
    """What was sent, and which question is asked now: its box appears in the form."""
    known = MultiDict(posted)
    known.setlist("asked", [code])
    return known


def _save(filing_id: int) -> Any:  # noqa: ANN401 -- doors do not know the model
    actor = current_actor()
    form = usecases.form_of(visible_filing(filing_id=filing_id, actor=actor).kind)
    limit = current_app.config["SETTINGS"].upload_limit_mb
    values = read_values(form, request.form, request.files, actor=actor, limit_mb=limit)
    revision = seen_revision(request.form["revision"]) if request.form.get("revision") else None
    return usecases.save_draft(filing_id=filing_id, values=values, revision=revision, actor=actor)


def _after_saving(filing_id: int, *, number: str | None, submits: bool, item_id: int | None) -> Response:
    if submits:
        notify(_("已提交，受理号%(number)s。", number=number))
        return redirect(url_for("filings.show", filing_id=filing_id))
    notify(_("已保存。"))
    if item_id is not None:
        return redirect(url_for("filings.correct", item_id=item_id))
    return redirect(url_for("filings.edit", filing_id=filing_id))
