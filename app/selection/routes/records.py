"""Pages and files of what is kept: the frozen pool, the single sheets, exports from which anybody recomputes."""

from typing import Any

import orjson
from flask import Blueprint, Response, render_template

from app.kernel.errors import NotFoundError
from app.rounds.line import show_round_of
from app.rounds.queries import get_round
from app.selection import exports, views
from app.selection.queries import get_panel, list_draws
from app.selection.showing import show_pool, show_sheets
from app.web.person import current_actor, require_role

blueprint = Blueprint("records", __name__, template_folder="../templates")
POOL_READERS = ("manager", "supervisor", "leader")
RECOMPUTING = ("manager", "supervisor")
"""Who takes draws and scores home to recompute them (flask selection verify)."""


@blueprint.get("/rounds/<int:round_id>/pool")
@require_role(*POOL_READERS)
def pool(round_id: int) -> str:
    """备选案例库, to be read once it is frozen: who is in, by what, and the hash of it all."""
    show_round_of(round_id, current_actor())
    return render_template("selection/frozen.html", round=get_round(round_id), pool=show_pool(round_id))


@blueprint.get("/rounds/<int:round_id>/pool.json")
@require_role(*POOL_READERS)
def pool_export(round_id: int) -> Response:
    """The frozen pool as a file."""
    return _file(exports.export_pool(round_id), f"pool-{round_id}")


@blueprint.get("/panels/<int:panel_id>/draws/<int:attempt>.json")
@require_role(*RECOMPUTING)
def draw_export(panel_id: int, attempt: int) -> Response:
    """The draw as a file from which anybody recomputes it."""
    draw = next((draw for draw in list_draws(panel_id) if draw.attempt == attempt), None)
    if draw is None:
        raise NotFoundError
    return _file(exports.export_draw(draw), f"draw-{panel_id}-{attempt}")


@blueprint.get("/panels/<int:panel_id>/scores.json")
@require_role(*RECOMPUTING)
def scores_export(panel_id: int) -> Response:
    """Totals without experts as a file; like the single sheets, not before the closing."""
    if not views.has_closed(get_panel(panel_id)):
        raise NotFoundError
    return _file(exports.export_scores(panel_id), f"scores-{panel_id}")


@blueprint.get("/panels/<int:panel_id>/sheets")
def sheets(panel_id: int) -> str:
    """The single sheets without the experts' names: members after the lock, managers after the closing."""
    actor = current_actor()
    panel = views.get_panel_for(panel_id=panel_id, actor=actor)
    if not views.may_see_sheets(panel, actor):
        raise NotFoundError
    items, criteria = show_sheets(panel)
    show_round_of(panel.round_id, actor)
    return render_template("selection/sheets.html", panel=panel, items=items, criteria=criteria)


def _file(content: dict[str, Any], name: str) -> Response:
    return Response(
        orjson.dumps(content, option=orjson.OPT_INDENT_2),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}.json"'},
    )
