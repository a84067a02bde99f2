"""应备未备: the list behind the figure, and the words that go to those who have not filed."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.dashboard import coverage, queries
from app.dashboard.common import read_present
from app.dashboard.homes.figures import area_name
from app.dashboard.rules import Gap
from app.dashboard.vocabulary import GAP_NAMES, NATIONAL, PROVINCIAL
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.transaction import transaction
from app.rounds.vocabulary import StageCode
from app.web.errors import problem_of
from app.web.incoming import row_id
from app.web.locale import pick
from app.web.person import current_actor, require_role
from app.web.shell import notify

blueprint = Blueprint("coverage", __name__, template_folder="templates", url_prefix="/board/coverage")
SHOWN = 50


@blueprint.get("")
@require_role(*PROVINCIAL, *NATIONAL)
def index() -> str:
    """Organisations of which a filing is missing, by reason."""
    actor, asked = current_actor(), request.args
    present = read_present(actor)
    scope = queries.narrow_scope(queries.scope_of(actor), asked.get("province", ""))
    found = coverage.read_coverage(round_id=present.round_id, scope=scope)
    gap, first = asked.get("gap", ""), asked.get("from", 0, type=row_id)
    lines = [one for one in found.missing if gap in ("", one.gap)]
    further: dict[str, Any] = {"gap": gap or None, "province": asked.get("province") or None, "from": first + SHOWN}
    stage = present.stage(StageCode.FILING)
    return render_template(
        "dashboard/coverage.html",
        found=found,
        lines=lines[first : first + SHOWN],
        total=len(lines),
        gap=gap,
        gaps=[(one.value, pick(*GAP_NAMES[one]), found.counts[one]) for one in Gap],
        names={one: pick(*GAP_NAMES[one]) for one in Gap},
        area=area_name(scope),
        round=present.round,
        until=stage.closes_at if stage and present.is_open(StageCode.FILING) else None,
        may_ask=actor.has_role("province_contact") and present.round is not None,
        province=asked.get("province") or None,
        next_href=url_for("coverage.index", **further) if len(lines) > first + SHOWN else None,
    )


@blueprint.post("")
@require_role("province_contact")
def ask() -> Response:
    """Sends the words that the page shows."""
    actor = current_actor()
    present = read_present(actor)
    if present.round is None:
        raise NotFoundError
    stage = present.stage(StageCode.FILING)
    until = stage.closes_at if stage and present.is_open(StageCode.FILING) else None
    try:
        with transaction():
            count = coverage.ask_to_file(
                organisation_ids=request.form.getlist("organisations", type=row_id),
                evaluation_round=present.round,
                until=until,
                actor=actor,
            )
    except InvalidError as error:
        notify(problem_of(error).detail)
        return redirect(url_for("coverage.index"))
    notify(_("已提醒%(count)s家单位备案。", count=count))
    return redirect(url_for("coverage.index"))
