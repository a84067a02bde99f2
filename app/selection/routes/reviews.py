"""Pages of the experts: invitation and pledge, declarations, score sheets."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.conflicts.vocabulary import CONFLICT_NAMES
from app.kernel.actor import Actor
from app.kernel.errors import InvalidError
from app.kernel.transaction import transaction
from app.processes import items
from app.rounds.line import show_round_of
from app.selection import posting, reviews, views
from app.selection.completing import complete_item
from app.selection.deciding import Errors, decide, find_item
from app.selection.facts import criteria_of
from app.selection.meeting import write_dissent
from app.selection.queries import get_panel, get_seat
from app.selection.rules import read_mark
from app.selection.showing import owner_of, show_sheet
from app.selection.vocabulary import ReviewStatus
from app.web.errors import field_sentences
from app.web.locale import current_locale
from app.web.person import current_actor, require_role
from app.web.shell import notify

blueprint = Blueprint("reviews", __name__, template_folder="../templates")
EXPERTS = ("expert", "chair")


@blueprint.get("/reviews")
@require_role(*EXPERTS)
def index() -> str:
    """我的评审: invitations, declarations to make, items to score, the next one first."""
    actor = current_actor()
    own = views.list_own_reviews(actor)
    return render_template(
        "selection/reviews.html",
        seats=views.list_own_seats(actor),
        reviews=own,
        waiting=[one for one in own if one.item and one.seat.status == ReviewStatus.ASSIGNED],
        to_score=[one for one in own if one.item and one.seat.status == ReviewStatus.DECLARED],
        scored=sum(one.seat.status == ReviewStatus.SCORED for one in own),
    )


@blueprint.route("/work-items/<int:item_id>/pledge", methods=["GET", "POST"])
def pledge_item(item_id: int) -> ResponseReturnValue:
    """应邀与承诺."""
    actor = current_actor()
    item = find_item(item_id, "pledge", actor)
    panel = get_panel(get_seat(item.subject_id).panel_id)

    def page(errors: Errors) -> str:
        return render_template("selection/pledge.html", item=item, panel=panel, errors=errors, posted=request.form)

    if request.method == "GET":
        return page({})
    ticked = {name: True for name in ("integrity", "secrecy") if request.form.get(name)}
    values = {**ticked, **posting.plain(request.form, "reason")}
    outcome = request.form.get("outcome", "accept")
    return decide(item=item, outcome=outcome, values=values, actor=actor, page=page, target=_home)


@blueprint.get("/work-items/<int:item_id>/declaration")
def declaration_item(item_id: int) -> ResponseReturnValue:
    """回避声明 is made for all items of a panel on one page."""
    find_item(item_id, "declaration", current_actor())
    return redirect(url_for("reviews.declarations"))


@blueprint.route("/reviews/declarations", methods=["GET", "POST"])
@require_role(*EXPERTS)
def declarations() -> ResponseReturnValue:
    """回避声明, one page for all items: each is a work item of its own; one that is refused fails alone."""
    actor = current_actor()
    if request.method == "GET":
        return _declarations_page(actor, {}, 200)
    errors: dict[str, list[str]] = {}
    for one in _undeclared(actor):
        if one.item is not None:
            errors |= _declare(one.item.id, one.seat.id, actor)
    if errors:
        return _declarations_page(actor, errors, 422)
    notify(_("回避声明已提交。"))
    return redirect(_home())


def _declare(item_id: int, seat_id: int, actor: Actor) -> dict[str, list[str]]:
    kind = request.form.get(f"kind-{seat_id}", "")
    values: dict[str, Any]
    if kind == "none" and request.form.get("declared"):
        outcome, values = "no_conflict", {"declared": True}
    elif kind and kind != "none":
        detail = request.form.get(f"detail-{seat_id}", "").strip()
        outcome, values = "conflict", {"conflict_kind": kind} | ({"detail": detail} if detail else {})
    else:
        return {f"kind-{seat_id}": [_("请逐项选择，并勾选声明。")]}
    try:
        with transaction():
            complete_item(item_id=item_id, outcome=outcome, values=values, actor=actor, locale=current_locale())
    except InvalidError as error:
        return {f"kind-{seat_id}": [text for texts in field_sentences(error).values() for text in texts]}
    return {}


def _undeclared(actor: Actor) -> list[views.OwnReview]:
    return [one for one in views.list_own_reviews(actor) if one.item and one.seat.status == ReviewStatus.ASSIGNED]


def _declarations_page(actor: Actor, errors: Errors, status: int) -> ResponseReturnValue:
    kinds = [(kind.value, zh, en) for kind, (zh, en) in CONFLICT_NAMES.items()]
    own = [(one, owner_of(one.seat)) for one in _undeclared(actor)]
    page = render_template("selection/declarations.html", reviews=own, kinds=kinds, errors=errors, posted=request.form)
    return page, status


@blueprint.route("/work-items/<int:item_id>/sheet", methods=["GET", "POST"])
def sheet_item(item_id: int) -> ResponseReturnValue:
    """独立评分."""
    actor = current_actor()
    item = find_item(item_id, "score_sheet", actor)
    review = views.get_own_review(review_seat_id=item.subject_id, actor=actor, item=item)
    if request.method == "GET":
        return _sheet_page(review, actor, {}, item.draft or {})
    posted = _sheet_values(review.seat.panel_id)
    if "draft" in request.form:
        with transaction():
            items.keep_draft(item_id=item_id, values=posted, actor=actor)
        notify(_("草稿已保存。"))
        return redirect(url_for("reviews.sheet_item", item_id=item_id))
    outcome = request.form.get("outcome", "submit")
    return decide(
        item=item,
        outcome=outcome,
        values=posted,
        actor=actor,
        page=lambda errors: _sheet_page(review, actor, errors, dict(request.form)),
        target=lambda: _next_sheet(actor),
    )


@blueprint.route("/reviews/<int:seat_id>", methods=["GET", "POST"])
def sheet(seat_id: int) -> ResponseReturnValue:
    """One's own sheet after it was handed in: to be revised until the lock."""
    actor = current_actor()
    review = views.get_own_review(review_seat_id=seat_id, actor=actor)
    kept = views.own_sheet(review.seat)
    values: dict[str, Any] = {}
    if kept is not None:
        values = {**kept.marks, "opinion": kept.opinion, "recommend": "yes" if kept.recommends else "no"}
    if request.method == "GET":
        return _sheet_page(review, actor, {}, values)
    try:
        with transaction():
            reviews.revise_sheet(review_seat_id=seat_id, values=request.form, actor=actor)
    except InvalidError as error:
        return _sheet_page(review, actor, field_sentences(error), dict(request.form)), 422
    notify(_("评分已修改，锁定前仍可再改。"))
    return redirect(_home())


@blueprint.post("/panels/<int:panel_id>/dissent")
@require_role(*EXPERTS)
def dissent(panel_id: int) -> ResponseReturnValue:
    """保留不同意见, in writing."""
    with transaction():
        write_dissent(panel_id=panel_id, text=request.form.get("text", ""), actor=current_actor())
    notify(_("不同意见已记录。"))
    return redirect(url_for("selection.panel", panel_id=panel_id))


def _sheet_values(panel_id: int) -> dict[str, Any]:
    """What was posted, in the types of the form; marks that are no numbers stay text and are refused there."""
    criteria = criteria_of(get_panel(panel_id).round_id)
    values = posting.plain(request.form, "opinion", "recommend", "reason")
    for criterion in criteria:
        text = request.form.get(criterion.code, "").strip()
        mark = read_mark(text)
        if text:
            values[criterion.code] = text if mark is None else float(mark)
    return values


def _sheet_page(review: views.OwnReview, actor: Actor, errors: Errors, values: dict[str, Any]) -> str:
    show_round_of(get_panel(review.seat.panel_id).round_id, actor)
    return render_template(
        "selection/sheet.html", **show_sheet(review.seat, actor), item=review.item, values=values, errors=errors
    )


def _next_sheet(actor: Actor) -> str:
    waiting = [one for one in views.list_own_reviews(actor) if one.item and one.seat.status == ReviewStatus.DECLARED]
    return url_for("reviews.sheet_item", item_id=waiting[0].item.id) if waiting and waiting[0].item else _home()


def _home() -> str:
    return url_for("reviews.index")
