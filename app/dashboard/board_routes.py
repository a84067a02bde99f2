"""Boards: the list behind every figure, filings that stand still with reminders, responses, accounts of the province."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import care
from app.accounts.queries import list_regions, locked_users
from app.accounts.vocabulary import Role
from app.dashboard import queries, stuck, usecases
from app.dashboard.common import read_present
from app.dashboard.homes.figures import area_name
from app.dashboard.homes.security import PRIVILEGED, list_holders
from app.dashboard.responses import list_responses, rate_of
from app.dashboard.risks import Risk, list_risk
from app.dashboard.vocabulary import MEASURE_NAMES, NATIONAL, PROVINCIAL, REMINDERS, Measure
from app.filings.showing import rows_of
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.transaction import transaction
from app.notifications.texts import render
from app.ratings.queries import rounds_with_seats
from app.rounds.queries import choose_round, current_round, get_round
from app.web.errors import field_sentences, problem_of
from app.web.incoming import row_id
from app.web.locale import current_locale, pick
from app.web.person import current_actor, require_role
from app.web.shell import notify

blueprint = Blueprint("board", __name__, template_folder="templates", url_prefix="/board")
READERS = (*PROVINCIAL, *NATIONAL)
AT_ONCE = 50


@blueprint.get("/filings/<measure>")
@require_role(*READERS)
def listing(measure: str) -> str:
    """The filings that a figure of the board counts: as many as the figure says."""
    if measure not in tuple(Measure):
        raise NotFoundError
    actor, asked = current_actor(), request.args
    evaluation_round = get_round(asked.get("round", 0, type=row_id)) if asked.get("round") else current_round()
    if evaluation_round is None:
        raise NotFoundError
    province = asked.get("province", "")
    scope = queries.narrow_scope(queries.scope_of(actor), province)
    page, total = queries.list_measured(
        measure=Measure(measure), round_id=evaluation_round.id, scope=scope, cursor=asked.get("cursor") or None
    )
    further: dict[str, Any] = {"round": evaluation_round.id, "province": province or None, "cursor": page.next}
    return render_template(
        "dashboard/listing.html",
        title=MEASURE_NAMES(Measure(measure)),
        area=area_name(scope),
        round=evaluation_round,
        rows=rows_of(page.items),
        total=total,
        next_href=url_for("board.listing", measure=measure, **further) if page.next else None,
    )


@blueprint.get("/stuck", endpoint="stuck")
@require_role(*READERS)
def stuck_filings() -> str:
    """Filings past half of their term, or only the late ones; to be ticked and reminded."""
    actor = current_actor()
    present = read_present(actor)
    province, only_late = request.args.get("province", ""), request.args.get("only") == "late"
    scope = queries.narrow_scope(queries.scope_of(actor), province)
    steps = stuck.list_stuck(round_id=present.round_id, scope=scope)
    regions = list_regions() if scope is None or actor.has_role(*NATIONAL) else []
    return render_template(
        "dashboard/stuck.html",
        steps=[step for step in steps if step.is_late or not only_late],
        counts=(len(steps), sum(step.is_late for step in steps)),
        only_late=only_late,
        area=area_name(scope),
        round_id=present.round_id,
        regions=regions,
        names={region.code: pick(region.name_zh, region.name_en) for region in regions},
        province=province,
        may_remind=actor.has_role(*REMINDERS),
    )


@blueprint.post("/reminders/preview")
@require_role(*REMINDERS)
def preview() -> str | Response:
    """Shows to whom which text would go."""
    chosen = request.form.getlist("items", type=row_id)
    try:
        planned = usecases.plan_reminders(item_ids=chosen, round_id=_round_id(), actor=current_actor())
    except InvalidError as error:
        notify(problem_of(error).detail)
        return redirect(url_for("board.stuck"))
    texts = [render(one.kind, _shown(one.params), current_locale()) for one in planned]
    return render_template(
        "dashboard/preview.html", planned=list(zip(planned, texts, strict=True)), round_id=_round_id()
    )


@blueprint.post("/reminders")
@require_role(*REMINDERS)
def remind() -> Response:
    """Sends what was shown."""
    with transaction():
        sent = usecases.remind_holders(
            item_ids=request.form.getlist("items", type=row_id), round_id=_round_id(), actor=current_actor()
        )
    words = _("已就%(items)s件备案催办，共通知%(people)s人。", items=sent.items, people=sent.people)
    if sent.skipped:
        words += _("%(count)s件未发：今日已催办，或单位尚无账户。", count=sent.skipped)
    notify(words)
    return redirect(url_for("board.stuck"))


@blueprint.get("/risks/<risk>")
@require_role("manager")
def risk(risk: str) -> str:
    """What a figure of the risks counts."""
    if risk not in tuple(Risk):
        raise NotFoundError
    block = list_risk(Risk(risk))
    return render_template(
        "dashboard/table.html", block=block, summary=_("各进行中的评价周期，共%(total)s条。", total=block.count)
    )


@blueprint.get("/roles/<role>")
@require_role("sec_admin")
def holders(role: str) -> str:
    """Who holds a privileged role."""
    if role not in PRIVILEGED:
        raise NotFoundError
    block = list_holders(Role(role))
    summary = _("持有该角色的有效账户，共%(total)s个。", total=block.count)
    return render_template("dashboard/table.html", block=block, summary=summary)


@blueprint.get("/responses")
@require_role("province_contact", "province_leader", "manager", "leader")
def responses() -> str:
    """Organisations asked to rate: how many answered, who is silent, with telephone. Counts only."""
    asked = request.args
    scope = queries.narrow_scope(queries.scope_of(current_actor()), asked.get("province", ""))
    found, rounds = choose_round(asked.get("round", ""), rounds_with_seats())
    lines = list_responses(round_id=found.id, scope=scope) if found else []
    only = asked.get("only", "")
    return render_template(
        "dashboard/responses.html",
        lines=[line for line in lines if line.is_silent or only != "silent"],
        silent=sum(line.is_silent for line in lines),
        rate=rate_of(lines),
        asked=len(lines),
        area=area_name(scope),
        only=only,
        province=asked.get("province") or None,
        round=found,
        rounds=rounds,
    )


@blueprint.get("/organisations")
@require_role("province_contact")
def organisations() -> str:
    """Organisations of the province with their accounts."""
    asked = request.args
    found = care.organisations_in_care(
        provinces=current_actor().scope_codes("province_contact"),
        without_account=asked.get("without") == "1",
        q=asked.get("q", ""),
        after=asked.get("after", 0, type=row_id),
        limit=AT_ONCE,
    )
    further: dict[str, Any] = {
        "without": asked.get("without"),
        "q": asked.get("q"),
        "after": found[AT_ONCE - 1].id if len(found) > AT_ONCE else 0,
    }
    return render_template(
        "dashboard/organisations.html",
        lines=found[:AT_ONCE],
        without=asked.get("without") == "1",
        q=asked.get("q", ""),
        count_without=care.count_without_account(current_actor().scope_codes("province_contact")),
        next_href=url_for("board.organisations", **further) if len(found) > AT_ONCE else None,
    )


@blueprint.get("/organisations/<int:organisation_id>")
@require_role("province_contact")
def organisation(organisation_id: int) -> str:
    """The accounts of one organisation."""
    return _organisation_page(organisation_id, {}, None)


@blueprint.post("/organisations/<int:organisation_id>/accounts")
@require_role("province_contact")
def open_account(organisation_id: int) -> str | tuple[str, int]:
    """The first account of an organisation: its administrator."""
    try:
        with transaction():
            made = care.open_first_account(
                organisation_id=organisation_id,
                name=request.form.get("name", ""),
                username=request.form.get("username", ""),
                actor=current_actor(),
            )
    except InvalidError as error:
        return _organisation_page(organisation_id, field_sentences(error), None), 422
    return _organisation_page(organisation_id, {}, made)


@blueprint.post("/organisations/<int:organisation_id>/accounts/<int:user_id>/password")
@require_role("province_contact")
def reset(organisation_id: int, user_id: int) -> str:
    """A one-time password, shown on this page only."""
    with transaction():
        made = care.reset_password(user_id=user_id, organisation_id=organisation_id, actor=current_actor())
    return _organisation_page(organisation_id, {}, made)


@blueprint.get("/locked")
@require_role("sys_admin")
def locked() -> str:
    """Locked accounts."""
    return render_template("dashboard/locked.html", users=locked_users())


@blueprint.post("/locked/<int:user_id>")
@require_role("sys_admin")
def unlock(user_id: int) -> Response:
    """Lifts a lock."""
    with transaction():
        user = care.unlock_user(user_id=user_id, actor=current_actor())
    notify(_("账户“%(name)s”已解除锁定。", name=user.username))
    return redirect(url_for("board.locked"))


def _organisation_page(organisation_id: int, errors: dict[str, list[str]], made: care.OneTime | None) -> str:
    provinces = current_actor().scope_codes("province_contact")
    return render_template(
        "dashboard/organisation.html",
        organisation=care.get_organisation_in_care(provinces=provinces, organisation_id=organisation_id),
        people=care.people_in_care(provinces=provinces, organisation_id=organisation_id),
        has_account=care.has_account(organisation_id),
        made=made,
        errors=errors,
        posted=request.form,
    )


def _round_id() -> int:
    found = current_round()
    return found.id if found else 0


def _shown(params: Any) -> dict[str, Any]:  # noqa: ANN401 -- a message's parameters
    """Moments as the message stores them."""
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in params.items()}
