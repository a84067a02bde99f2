"""Pages of the office: pool, panels, draw record, meeting, proposal."""

from typing import Any

import orjson
from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domains.queries import list_domains
from app.kernel.clock import today
from app.rounds.line import show_round_of
from app.rounds.queries import choose_round, get_round
from app.selection import minutes, posting, views
from app.selection.deciding import Errors, decide, find_item
from app.selection.facts import candidacies_by_id, setting
from app.selection.meeting import members_of, quorum_of
from app.selection.panels import propose_panels
from app.selection.queries import (
    latest_draw,
    latest_minutes,
    list_draws,
    list_panel_items,
    list_pool,
    list_proposal,
    rounds_with_panels,
)
from app.selection.vocabulary import TieStep
from app.selection.words import words
from app.web.person import current_actor, require_role

blueprint = Blueprint("selection", __name__, template_folder="../templates")
OFFICE = ("secretary", "supervisor", "manager")
RECOMPUTING = ("manager", "supervisor")


@blueprint.app_template_global()
def selection_word(kind: str, code: str | None) -> str:
    """A code of this room in the reader's language."""
    return words(kind, code)


@blueprint.get("/panels")
@require_role(*OFFICE)
def panels() -> str:
    """The panels of a round, the newest first: how far each is, in counts."""
    found, rounds = choose_round(request.args.get("round", ""), rounds_with_panels())
    lines = views.list_panel_lines(found.id) if found else []
    show_round_of(found.id if found else None, current_actor())
    return render_template("selection/panels.html", round=found, rounds=rounds, lines=lines)


@blueprint.get("/panels/<int:panel_id>")
def panel(panel_id: int) -> str:
    """One panel: draw record, members, progress, ranking and minutes as far as the person may see them."""
    actor = current_actor()
    shown = views.get_panel_for(panel_id=panel_id, actor=actor)
    show_round_of(shown.round_id, actor)
    sees_names, sees_ranking = views.may_see_names(actor), views.may_see_ranking(shown, actor)
    written = latest_minutes(panel_id)
    return render_template(
        "selection/panel.html",
        panel=shown,
        draws=list_draws(panel_id) if sees_names else [],
        seats=views.list_seat_lines(panel_id) if sees_names else [],
        ranking=views.list_rank_lines(panel_id),
        is_office=sees_names,
        sees_ranking=sees_ranking,
        sees_sheets=views.may_see_sheets(shown, actor),
        may_recompute=actor.has_role(*RECOMPUTING),
        minutes_text=(written.text if sees_ranking else minutes.without_scores(written.text)) if written else None,
        minutes_hash=written.sha256 if written else None,
    )


@blueprint.route("/work-items/<int:item_id>/pool", methods=["GET", "POST"])
def pool_item(item_id: int) -> ResponseReturnValue:
    """划定入库线."""
    actor = current_actor()
    item = find_item(item_id, "pool", actor)
    entries = list_pool(item.subject_id)

    def page(errors: Errors) -> str:
        return render_template(
            "selection/pool.html", item=item, entries=_titled(entries), errors=errors, posted=request.form,
            quota=setting(item.subject_id, "pool.factor") * setting(item.subject_id, "awards.count"),
            minimum=setting(item.subject_id, "pool.min_score"), round=get_round(item.subject_id),
        )  # fmt: skip

    if request.method == "GET":
        return page({})
    standing = {entry.candidacy_id: entry.by_line for entry in entries}
    values = {"changes": posting.read_rows(request.form, flag="in_pool", standing=standing)}
    values |= posting.plain(request.form, "remark")
    return decide(item=item, outcome="submit", values=values, actor=actor, page=page, target=_panels)


@blueprint.route("/work-items/<int:item_id>/panels", methods=["GET", "POST"])
def panels_item(item_id: int) -> ResponseReturnValue:
    """组建评审组."""
    actor = current_actor()
    item = find_item(item_id, "panels", actor)
    wishes = dict(enumerate(propose_panels(round_id=item.subject_id), start=1))
    size = int(setting(item.subject_id, "panel.size"))

    def page(errors: Errors) -> str:
        candidacies = candidacies_by_id([id_ for wish in wishes.values() for id_ in wish.candidacy_ids])
        domains = {domain.code: domain for domain in list_domains()}
        return render_template(
            "selection/forming.html", item=item, wishes=wishes, candidacies=candidacies, domains=domains,
            size=size, errors=errors, posted=request.form,
        )  # fmt: skip

    if request.method == "GET":
        return page({})
    names = {number: wish.name for number, wish in wishes.items()}
    rows = posting.read_panel_rows(request.form, names, dict.fromkeys(wishes, size))
    return decide(item=item, outcome="submit", values={"panels": rows}, actor=actor, page=page, target=_panels)


@blueprint.route("/work-items/<int:item_id>/witness", methods=["GET", "POST"])
def witness_item(item_id: int) -> ResponseReturnValue:
    """现场监督抽取: the commitment is shown before; the witness adds a number of his own."""
    actor = current_actor()
    item = find_item(item_id, "witness", actor)
    draw = latest_draw(item.subject_id)

    def page(errors: Errors) -> str:
        inputs = orjson.loads(draw.inputs) if draw else {}
        return render_template(
            "selection/witness.html", item=item, draw=draw, inputs=inputs, errors=errors, posted=request.form
        )

    if request.method == "GET":
        return page({})
    outcome = request.form.get("outcome", "start_draw")
    values = posting.plain(request.form, "number", "remark", "reason")
    return decide(
        item=item, outcome=outcome, values=values, actor=actor, page=page, target=lambda: _panel(item.subject_id)
    )


@blueprint.route("/work-items/<int:item_id>/attendance", methods=["GET", "POST"])
def attendance_item(item_id: int) -> ResponseReturnValue:
    """会议签到."""
    actor = current_actor()
    item = find_item(item_id, "attendance", actor)

    def page(errors: Errors) -> str:
        members = [line for line in views.list_seat_lines(item.subject_id) if line.seat in members_of(item.subject_id)]
        return render_template(
            "selection/attendance.html",
            item=item,
            members=members,
            quorum=quorum_of(item.subject_id),
            errors=errors,
            posted=request.form,
            day=today(),
        )

    if request.method == "GET":
        return page({})
    values: dict[str, Any] = posting.plain(request.form, "meeting_at", "place", "reason")
    values["present"] = posting.read_ids(request.form, "present")
    outcome = request.form.get("outcome", "open")
    if outcome == "open" and not values["present"]:
        return page({"present": [_("请勾选到会专家。")]}), 422
    return decide(
        item=item, outcome=outcome, values=values, actor=actor, page=page, target=lambda: _panel(item.subject_id)
    )


@blueprint.route("/work-items/<int:item_id>/opinion", methods=["GET", "POST"])
def opinion_item(item_id: int) -> ResponseReturnValue:
    """评审意见: the chair confirms the ranking; what nothing parts he puts in order, on record."""
    actor = current_actor()
    item = find_item(item_id, "panel_opinion", actor)
    tied = [row.candidacy_id for row in list_panel_items(item.subject_id) if row.tie_step == TieStep.NONE]

    def page(errors: Errors) -> str:
        return render_template(
            "selection/opinion.html", item=item, ranking=views.list_rank_lines(item.subject_id), tied=tied,
            errors=errors, posted=request.form,
        )  # fmt: skip

    if request.method == "GET":
        return page({})
    values = {"order": posting.read_order(request.form, tied), **posting.plain(request.form, "opinion")}
    return decide(
        item=item, outcome="submit", values=values, actor=actor, page=page, target=lambda: _panel(item.subject_id)
    )


@blueprint.route("/work-items/<int:item_id>/proposal", methods=["GET", "POST"])
def proposal_item(item_id: int) -> ResponseReturnValue:
    """拟定优秀项目名单: ranking, quota, deviations with their reasons."""
    actor = current_actor()
    item = find_item(item_id, "proposal", actor)
    entries = list_proposal(item.subject_id)

    def page(errors: Errors) -> str:
        return render_template(
            "selection/proposal.html", item=item, entries=_titled(entries), errors=errors, posted=request.form,
            quota=setting(item.subject_id, "awards.count"), round=get_round(item.subject_id),
        )  # fmt: skip

    if request.method == "GET":
        return page({})
    standing = {entry.candidacy_id: entry.by_quota for entry in entries}
    values = {"changes": posting.read_rows(request.form, flag="listed", standing=standing)}
    values |= posting.plain(request.form, "remark")
    return decide(item=item, outcome="submit", values=values, actor=actor, page=page, target=_panels)


def _titled(entries: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 -- pool or proposal entries
    candidacies = candidacies_by_id([entry.candidacy_id for entry in entries])
    return [(entry, candidacies[entry.candidacy_id]) for entry in entries]


def _panels() -> str:
    return url_for("selection.panels")


def _panel(panel_id: int) -> str:
    return url_for("selection.panel", panel_id=panel_id)
