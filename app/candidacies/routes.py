"""Pages of the candidacies: list, one candidacy, its work items, and leaving the award."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.queries import list_regions
from app.candidacies import queries, showing
from app.candidacies.usecases import withdraw_candidacy
from app.candidacies.vocabulary import Standing
from app.kernel.errors import InvalidError
from app.kernel.transaction import transaction
from app.rounds.line import show_round_of
from app.rounds.queries import choose_round
from app.web.errors import field_sentences
from app.web.incoming import row_id
from app.web.locale import current_locale, pick
from app.web.outcomes import status_label
from app.web.person import current_actor
from app.web.refusals import current_refusal
from app.web.shell import notify

blueprint = Blueprint("candidacies", __name__, template_folder="templates")
AT_ONCE = 50
READERS = (*queries.NATIONAL_ROLES, *queries.PROVINCE_ROLES, "filer")
"""Whose navigation leads to the list; what it shows is a matter of scope."""


@blueprint.get("/candidacies")
def index() -> str:
    """The candidacies of a round, the newest one first, that this person may see."""
    actor = current_actor()
    evaluation_round, rounds = choose_round(request.args.get("round", ""), queries.rounds_with_candidacies(actor))
    asked = {name: request.args.get(name, "") for name in ("q", "standing", "province")}
    after = request.args.get("after", 0, type=row_id)
    found = []
    if evaluation_round is not None:
        show_round_of(evaluation_round.id, actor)
        found = list(
            queries.list_candidacies(round_id=evaluation_round.id, actor=actor, after=after, limit=AT_ONCE, **asked)
        )
    shown = found[:AT_ONCE]
    kept = {"round": evaluation_round.id} if evaluation_round else {}
    further: dict[str, Any] = {**asked, **kept, "after": shown[-1].id if shown else 0}
    next_href = url_for("candidacies.index", **further) if len(found) > AT_ONCE else None
    regions = {region.code: pick(region.name_zh, region.name_en) for region in list_regions()}
    standings = [(code.value, status_label(code, current_locale())) for code in Standing]
    return render_template(
        "candidacies/index.html",
        candidacies=shown,
        told=queries.standings_told(shown, actor),
        round=evaluation_round,
        rounds=rounds,
        regions=regions,
        standings=standings,
        asked=asked,
        next_href=next_href,
    )


@blueprint.get("/candidacies/<int:candidacy_id>")
def show(candidacy_id: int) -> str:
    """One candidacy: where it stands, what every rule found, what people decided."""
    return _page(candidacy_id, {})


@blueprint.post("/candidacies/<int:candidacy_id>/withdraw")
def withdraw(candidacy_id: int) -> Response | tuple[str, int]:
    """退出评选: the filing stays."""
    try:
        with transaction():
            withdraw_candidacy(candidacy_id=candidacy_id, reason=request.form.get("reason", ""), actor=current_actor())
    except InvalidError as error:
        return _page(candidacy_id, field_sentences(error)), 422
    notify(_("已退出评选，备案不受影响。"))
    return redirect(url_for("candidacies.show", candidacy_id=candidacy_id))


@blueprint.get("/candidacies/items/<int:item_id>")
def item(item_id: int) -> str:
    """A work item about a candidacy: the checks on the left, the decision below, the story on the right."""
    refusal = current_refusal()
    page = showing.show_item(item_id=item_id, actor=current_actor())
    show_round_of(page.shown.candidacy.round_id, current_actor())
    return render_template(
        "candidacies/item.html",
        page=page,
        errors=dict(refusal.errors) if refusal else {},
        posted=refusal.posted if refusal else {},
    )


def _page(candidacy_id: int, errors: dict[str, list[str]]) -> str:
    shown = showing.show_candidacy(candidacy_id=candidacy_id, actor=current_actor())
    show_round_of(shown.candidacy.round_id, current_actor())
    return render_template("candidacies/show.html", page=shown, errors=errors, reason=request.form.get("reason", ""))
