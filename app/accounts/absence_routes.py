"""My absence and my substitute (AB角), and for whom I stand in."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import absences
from app.accounts.vocabulary import MOST_ABSENT_DAYS, ROLE_NAMES, Role
from app.kernel import clock
from app.kernel.errors import InvalidError
from app.kernel.transaction import transaction
from app.web.errors import field_sentences
from app.web.incoming import row_id
from app.web.locale import pick
from app.web.person import current_actor
from app.web.shell import notify

blueprint = Blueprint("absences", __name__, template_folder="templates", url_prefix="/account/absence")


@blueprint.get("")
def index() -> str:
    """My absences, the form for another, and the colleagues whose work I do."""
    return _page({})


@blueprint.post("")
def announce() -> Response | tuple[str, int]:
    """I am away from a day to a day, and a colleague does my work."""
    asked = request.form
    try:
        with transaction():
            absence = absences.announce_absence(
                substitute_id=asked.get("substitute", type=row_id),
                starts_on=_day("starts_on"),
                ends_on=_day("ends_on"),
                actor=current_actor(),
            )
    except InvalidError as error:
        return _page(field_sentences(error)), 422
    notify(_("已登记外出，并已通知%(name)s。", name=absence.substitute.name))
    return redirect(url_for("absences.index"))


@blueprint.post("/<int:absence_id>/end")
def end(absence_id: int) -> Response:
    """I am back, or stay after all."""
    with transaction():
        absence = absences.end_absence(absence_id=absence_id, actor=current_actor())
    notify(_("外出安排已结束，%(name)s不再代办您的工作。", name=absence.substitute.name))
    return redirect(url_for("absences.index"))


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None


def _page(errors: dict[str, list[str]]) -> str:
    actor, today = current_actor(), clock.today()
    colleagues = [
        (user.id, f"{user.name} · {', '.join(pick(*ROLE_NAMES[Role(grant.role)]) for grant in user.grants)}")
        for user in absences.colleagues_for(actor)
    ]
    return render_template(
        "accounts/absence.html",
        colleagues=colleagues,
        mine=absences.absences_of(actor),
        others=absences.absences_covered_by(actor),
        today=today,
        most_days=MOST_ABSENT_DAYS,
        errors=errors,
        posted=request.form,
    )
