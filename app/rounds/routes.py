"""Pages of the rounds: list, creation, the manager's stage page, moving a stage's end, settings."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.kernel import clock
from app.kernel.errors import InvalidError, field_error
from app.kernel.transaction import transaction
from app.rounds import queries, showing, usecases, windows
from app.rounds.line import show_round_of
from app.rounds.road import PLANS
from app.rounds.rules import flatten, nest
from app.rounds.settings import SETTINGS
from app.rounds.vocabulary import READERS, RoundStatus, StageCode
from app.web.errors import field_sentences
from app.web.locale import pick
from app.web.person import current_actor, require_role
from app.web.shell import notify
from app.web.words import REPORT_TYPES

blueprint = Blueprint("rounds", __name__, template_folder="templates")


@blueprint.app_template_global("stage_name")
def stage_name(code: str) -> str:
    """The full name of a stage."""
    plan = PLANS[StageCode(code)]
    return pick(plan.name_zh, plan.name_en)


@blueprint.app_template_global("report_types")
def report_types(codes: Sequence[str]) -> list[tuple[str, str]]:
    """(code, name) of types of results."""
    return [(code, REPORT_TYPES(code)) for code in codes]


@blueprint.get("/rounds")
@require_role(*READERS)
def index() -> str:
    """All rounds, the newest first."""
    return render_template("rounds/index.html", rounds=showing.list_lines(current_actor()))


@blueprint.get("/rounds/new")
@require_role("manager")
def new() -> str:
    """The form of a new round."""
    return _new_page({"programme": queries.list_programmes()[0].code if queries.list_programmes() else ""}, {})


@blueprint.post("/rounds/new")
@require_role("manager")
def create() -> Response | tuple[str, int]:
    """Creates a round; its set-up is the manager's first item."""
    asked = request.form
    try:
        with transaction():
            made = usecases.create_round(
                programme=asked.get("programme", ""),
                name=asked.get("name", ""),
                starts_on=_day("starts_on", needed=True) or clock.today(),
                period_from=_day("period_from"),
                period_to=_day("period_to"),
                doc_no=asked.get("doc_no", ""),
                actor=current_actor(),
            )
            round_id = made.id
    except InvalidError as error:
        return _new_page(asked, field_sentences(error)), 422
    notify(_("评价周期已创建，请完成配置。"))
    return redirect(url_for("rounds.show", round_id=round_id))


@blueprint.get("/rounds/<int:round_id>")
@require_role(*READERS)
def show(round_id: int) -> str:
    """The page of the present stage."""
    return _stage_page(round_id, None)


@blueprint.get("/rounds/<int:round_id>/stages/<code>")
@require_role(*READERS)
def stage(round_id: int, code: str) -> str:
    """The page of one stage."""
    return _stage_page(round_id, code)


@blueprint.get("/rounds/<int:round_id>/stages/<code>/<any(extend, close):act>")
@require_role("manager")
def ask_move(round_id: int, code: str, act: str) -> str:
    """Asks for the reason, and shows the change notice that will be published."""
    return _move_page(round_id, code, act, {}, {})


@blueprint.post("/rounds/<int:round_id>/stages/<code>/<any(extend, close):act>")
@require_role("manager")
def move(round_id: int, code: str, act: str) -> Response | tuple[str, int]:
    """Extends or closes the stage."""
    reason, actor = request.form.get("reason", ""), current_actor()
    try:
        with transaction():
            if act == "extend":
                until = clock.end_of_day(_day("until", needed=True) or clock.today())
                windows.extend_stage(round_id=round_id, code=code, until=until, reason=reason, actor=actor)
            else:
                windows.close_stage(round_id=round_id, code=code, reason=reason, actor=actor)
    except InvalidError as error:
        return _move_page(round_id, code, act, request.form, field_sentences(error)), 422
    notify(_("阶段时间已调整，变更公告已发布。"))
    return redirect(url_for("rounds.stage", round_id=round_id, code=code))


@blueprint.get("/rounds/<int:round_id>/settings")
@require_role(*READERS)
def settings(round_id: int) -> str:
    """Every number of the rules; to be changed while the round is set up, frozen with a hash afterwards."""
    evaluation_round = queries.get_round(round_id)
    return _settings_page(round_id, flatten(evaluation_round.parameters), {})


@blueprint.post("/rounds/<int:round_id>/settings")
@require_role("manager")
def keep_settings(round_id: int) -> Response | tuple[str, int]:
    """Keeps what was changed."""
    wishes = {key: _setting(key) for key in SETTINGS}
    try:
        with transaction():
            usecases.update_round(round_id=round_id, actor=current_actor(), parameters=nest(wishes))
    except InvalidError as error:
        return _settings_page(round_id, wishes, field_sentences(error)), 422
    notify(_("参数已保存。"))
    return redirect(url_for("rounds.settings", round_id=round_id))


def _new_page(values: Mapping[str, str], errors: dict[str, list[str]]) -> str:
    return render_template(
        "rounds/new.html", programmes=queries.list_programmes(), values=values, errors=errors, today=clock.today()
    )


def _stage_page(round_id: int, code: str | None) -> str:
    show_round_of(round_id, current_actor())
    return render_template("rounds/stage.html", page=showing.show_stage(round_id, code, current_actor()))


def _move_page(
    round_id: int,
    code: str,
    act: str,
    values: Mapping[str, str],
    errors: dict[str, list[str]],
) -> str:
    evaluation_round = queries.get_round(round_id)
    shown = queries.stage_of(round_id, code)
    show_round_of(round_id, current_actor())
    return render_template(
        "rounds/move.html", round=evaluation_round, stage=shown, act=act, values=values, errors=errors
    )


def _settings_page(round_id: int, values: dict[str, Any], errors: dict[str, list[str]]) -> str:
    evaluation_round = queries.get_round(round_id)
    show_round_of(round_id, current_actor())
    may_change = evaluation_round.status == RoundStatus.SETUP and current_actor().has_role("manager")
    return render_template(
        "rounds/settings.html",
        round=evaluation_round,
        groups=showing.group_settings(),
        values=values,
        errors=errors,
        may_change=may_change,
    )


def _day(name: str, *, needed: bool = False) -> date | None:
    text = request.form.get(name, "").strip()
    if not text and not needed:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 -- a day, in Beijing
    except ValueError as error:
        raise field_error(name, "date_invalid" if text else "field_required", label=name) from error


def _setting(key: str) -> Any:  # noqa: ANN401 -- a setting is a number, text, flag or list
    """The posted text of a setting as the kind of value that it is; what cannot be read is refused by the rules."""
    default = SETTINGS[key].default
    if isinstance(default, bool):
        return key in request.form
    if isinstance(default, list):
        return request.form.getlist(key)
    text = request.form.get(key, "").strip()
    if isinstance(default, str):
        return text
    try:
        return int(text) if isinstance(default, int) else float(text)
    except ValueError:
        return text
