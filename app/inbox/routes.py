"""Pages of the inbox: the queue, one item, and what can be done with it."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.attachments.usecases import ALL_TYPES, store_file
from app.candidacies.veil import is_veiled
from app.formdefs.compiled import CompiledForm
from app.formdefs.html import build_wtform
from app.formdefs.posted import posted_values
from app.formdefs.queries import get_form
from app.inbox import listing, pages, showing, usecases
from app.inbox.usecases import Completed
from app.kernel.actor import Actor
from app.kernel.errors import DomainError, InvalidError
from app.kernel.transaction import transaction
from app.processes import items
from app.processes import queries as processes
from app.rounds.line import show_round_of
from app.web.incoming import row_id
from app.web.locale import current_locale, pick
from app.web.outcomes import OUTCOMES, outcome_label
from app.web.person import current_actor
from app.web.refusals import current_refusal, refused
from app.web.sentences import sentence
from app.web.shell import notify

blueprint = Blueprint("inbox", __name__, template_folder="templates")
MOST_AT_ONCE = 50
FINAL_OUTCOMES = frozenset({"reject"})
"""Outcomes that cannot be taken back: drawn in cinnabar."""


@blueprint.get("/inbox")
def index() -> str:
    """The queue, late items first, with a filter; done items behind a tab."""
    actor = current_actor()
    wanted = listing.read_filter(request.args)
    queue = listing.list_queue(actor=actor, wanted=wanted, cursor=request.args.get("cursor"))
    further: dict[str, Any] = request.args.to_dict() | {"cursor": queue.next}
    next_href = url_for("inbox.index", **further) if queue.next else None
    return render_template("inbox/index.html", queue=queue, wanted=wanted, asked=request.args, next_href=next_href)


@blueprint.post("/inbox/claim")
def claim_many() -> Response:
    """Takes several items into one's own hands; one that somebody else was quicker with is told, not fatal."""
    actor = current_actor()
    ids = request.form.getlist("item", type=row_id)[:MOST_AT_ONCE]
    failed = sum(not _claimed(item_id, actor) for item_id in ids)
    if not ids:
        notify(_("请先勾选要认领的事项。"))
    elif failed:
        notify(_("已认领%(count)s件，另有%(failed)s件已由他人办理。", count=len(ids) - failed, failed=failed))
    else:
        notify(_("已认领%(count)s件。", count=len(ids)))
    return redirect(url_for("inbox.index", mine=1))


@blueprint.get("/work-items/<int:item_id>")
def item(item_id: int) -> str | Response:
    """One item: on the page that its form's room has for it, else on the generic one."""
    actor = current_actor()
    form_key = items.get_item(item_id=item_id, actor=actor).form_key
    own_page = pages.page_of_form(form_key)
    return redirect(url_for(own_page, item_id=item_id)) if own_page else _generic_page(item_id=item_id)


@blueprint.post("/work-items/<int:item_id>/complete")
def complete(item_id: int) -> Response | tuple[Any, int]:
    """Completes the item, or keeps a draft of it; then the next item opens."""
    actor = current_actor()
    seen = items.get_item(item_id=item_id, actor=actor)
    following = showing.find_next(item=seen, actor=actor)
    following_id, form_key, version = following.id if following else None, seen.form_key, seen.form_version
    try:
        with transaction():
            values = _posted(get_form(form_key, version), actor) if form_key else {}
            if "draft" in request.form:
                items.keep_draft(item_id=item_id, values=values, actor=actor)
                done = None
            else:
                outcome = request.form.get("outcome") or None
                done = usecases.complete_item(
                    item_id=item_id, outcome=outcome, values=values, actor=actor, locale=current_locale()
                )
    except InvalidError as error:
        with refused(error, request.form):
            own_page = pages.page_of_form(form_key)
            page = current_app.view_functions[own_page] if own_page else _generic_page
            return page(item_id=item_id), 422
    if done is None:
        notify(_("草稿已保存。"))
        return redirect(url_for("inbox.item", item_id=item_id))
    return _go_on(done, following_id, actor)


@blueprint.post("/work-items/<int:item_id>/claim")
def claim(item_id: int) -> Response:
    """Takes the item into one's own hands."""
    actor = current_actor()
    with transaction():
        usecases.claim_item(item_id=item_id, actor=actor)
    notify(_("已认领，该事项由您办理。"))
    return redirect(url_for("inbox.item", item_id=item_id))


@blueprint.post("/work-items/<int:item_id>/release")
def release(item_id: int) -> Response:
    """Puts the item back into the common queue."""
    actor = current_actor()
    with transaction():
        usecases.release_item(item_id=item_id, actor=actor)
    notify(_("已退回公共队列。"))
    return redirect(url_for("inbox.index"))


@blueprint.post("/work-items/<int:item_id>/delegate")
def delegate(item_id: int) -> Response | tuple[Any, int]:
    """Hands the item to a colleague who may do it."""
    actor = current_actor()
    try:
        with transaction():
            usecases.delegate_item(item_id=item_id, to_username=request.form.get("to", "").strip(), actor=actor)
    except InvalidError as error:
        with refused(error, request.form):
            return _generic_page(item_id=item_id), 422
    notify(_("已转办。"))
    return redirect(url_for("inbox.index"))


@blueprint.get("/work-items/<int:item_id>/diagram")
def diagram(item_id: int) -> dict[str, Any]:
    """The item's diagram with the nodes that wait and those that were passed, for the viewer."""
    actor = current_actor()
    item = items.get_item(item_id=item_id, actor=actor)
    instance = processes.get_instance(item.instance_id)
    passed = {line.node for line in showing.history_for(item, instance, actor) if line.node}
    waiting = () if is_veiled(instance, actor) else processes.waiting_nodes(instance)
    xml = processes.xml_of(instance.definition_id)
    return {"xml": xml.decode(), "waiting": list(waiting), "passed": sorted(passed - set(waiting))}


def _claimed(item_id: int, actor: Actor) -> bool:
    try:
        with transaction():
            usecases.claim_item(item_id=item_id, actor=actor)
    except DomainError:
        return False
    return True


def _posted(form: CompiledForm, actor: Actor) -> dict[str, Any]:
    """The values of the form; files that came along (a browser without script) are taken in first."""
    values = posted_values(form, request.form)
    limit = current_app.config["SETTINGS"].upload_limit_mb
    for field in form.fields:
        part = request.files.get(field.key)
        if part is not None and part.filename:
            kept = store_file(
                stream=part.stream,
                name=part.filename,
                actor=actor,
                limit_mb=min(field.max_mb or limit, limit),
                types=field.types or ALL_TYPES,
            )
            values[field.key] = kept.id
    return {key: value for key, value in values.items() if value is not None}


def _go_on(done: Completed, following_id: int | None, actor: Actor) -> Response:
    """To the item that opened for this very person, else to the next one of the queue."""
    words = pick(*showing.label_of(done.item)) or _("已办结")
    notify(
        _("“%(title)s”：%(outcome)s。", title=done.item.title, outcome=words),
        href=url_for("inbox.item", item_id=done.item.id),
    )
    own = [one.id for one in done.opened if one.assignee_id == actor.id]
    target = own[0] if own else following_id
    return redirect(url_for("inbox.item", item_id=target) if target else url_for("inbox.index"))


def _generic_page(*, item_id: int) -> str:
    actor = current_actor()
    shown = showing.show_item(item_id=item_id, actor=actor)
    show_round_of(shown.item.batch_id, actor)
    refusal = current_refusal()
    errors = dict(refusal.errors) if refusal else {}
    following = showing.find_next(item=shown.item, actor=actor)
    drawn = None
    if shown.form is not None and shown.may_act:
        posted = refusal.posted if refusal and "to" not in refusal.posted else None
        drawn = build_wtform(shown.form, posted, current_locale(), values=shown.item.draft, errors=errors)
    return render_template(
        "inbox/item.html",
        shown=shown,
        drawn=drawn,
        errors=errors,
        chosen=refusal.posted.get("outcome") if refusal else None,
        options=_options(shown, has_next=following is not None),
        next_id=following.id if following else None,
        facts=pages.facts_of(shown.item, actor),
        subject_href=_subject_href(shown),
        answers=_answers(shown, actor),
        hindrance=_hindrance_words(shown),
        outcome_words=lambda node, code: _outcome_words(shown, node, code),
    )


def _options(shown: showing.Shown, *, has_next: bool) -> list[dict[str, Any]]:
    """The outcomes as choices, each with the button that it leads to."""
    options = []
    for outcome in shown.outcomes:
        words = pick(outcome.zh or outcome_label(outcome.code, "zh"), outcome.en or outcome_label(outcome.code, "en"))
        button = _("%(outcome)s并打开下一件", outcome=words) if has_next else words
        options.append({"value": outcome.code, "text": words, "button": button, "stop": outcome.code in FINAL_OUTCOMES})
    return options


def _outcome_words(shown: showing.Shown, node: str | None, code: str | None) -> str:
    zh, en = shown.labels.get((node or "", code or ""), ("", ""))
    known = OUTCOMES.get(code or "")
    return pick(zh or (known.zh if known else ""), en or (known.en if known else "")) or (code or "")


def _subject_href(shown: showing.Shown) -> str | None:
    page = pages.page_of_subject(shown.item.subject_type)
    values: dict[str, Any] = {page[1]: shown.item.subject_id} if page else {}
    return url_for(page[0], **values) if page else None


def _answers(shown: showing.Shown, actor: Actor) -> list[tuple[str, str | None]]:
    """What was filled in, for the person who did: opinions and scores are nobody else's to read here."""
    if shown.form is None or shown.item.values is None or shown.item.completed_by != actor.id:
        return []
    return showing.describe_answers(shown.form, shown.item.values, current_locale())


def _hindrance_words(shown: showing.Shown) -> str | None:
    if shown.hindrance is None:
        return None
    return sentence(shown.hindrance, current_locale(), name=shown.assignee or "")
