"""Public pages: no sign-in, everything works without script."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from app.announcements import queries, usecases
from app.attachments.usecases import store_file
from app.formdefs.posted import posted_values
from app.formdefs.queries import get_form
from app.formdefs.vocabulary import FieldType
from app.kernel.errors import DomainError, InvalidError, NotFoundError
from app.kernel.transaction import transaction
from app.portal import showing
from app.rounds.queries import current_round
from app.web.errors import field_sentences, problem_of
from app.web.limits import limiter
from app.web.locale import current_locale

blueprint = Blueprint("portal", __name__, url_prefix="/public", template_folder="templates")
OBJECTIONS = "20/hour"
LOOKUPS = "60/hour"
MAX_MB = 50
SUPPLEMENT_TYPES = ("pdf", "png", "jpg", "zip")


@blueprint.get("/")
def home() -> str:
    """The open notice with its days left, what was published lately, the round, whom to ask."""
    notices = [showing.show_announcement(one.id) for one in queries.open_notices()]
    this = current_round()
    return render_template(
        "portal/home.html",
        notices=notices,
        newest=showing.show_newest(),
        contacts=queries.contacts_of(this.id) if this else [],
    )


@blueprint.get("/announcements")
def announcements() -> str:
    """Everything that was published, the newest first."""
    page = queries.list_announcements(cursor=request.args.get("cursor"))
    next_href = url_for("portal.announcements", cursor=page.next) if page.next else None
    rows = [showing.announcement_row(one) for one in page.items]
    return render_template("portal/announcements.html", rows=rows, next_href=next_href)


@blueprint.get("/announcements/<int:announcement_id>")
def announcement(announcement_id: int) -> str:
    """One announcement as an official document."""
    return render_template("portal/announcement.html", page=showing.show_announcement(announcement_id))


@blueprint.get("/announcements/<int:announcement_id>/list.json")
def frozen_list(announcement_id: int) -> Response:
    """The frozen list byte for byte: its SHA-256 is the one that the announcement prints."""
    text = _list_of(announcement_id).list_json or ""
    return _file(text.encode(), "application/json", f"list-{announcement_id}.json")


@blueprint.get("/announcements/<int:announcement_id>/list.csv")
def list_csv(announcement_id: int) -> Response:
    """The frozen list for spreadsheets."""
    return _file(showing.write_csv(_list_of(announcement_id)), "text/csv", f"list-{announcement_id}.csv")


@blueprint.get("/round")
def round_page() -> str:
    """The round: its stages with their windows, and every change of them (E0)."""
    this = current_round()
    return render_template(
        "portal/round.html",
        round=this,
        stages=showing.stage_rows(this) if this else [],
        changes=showing.changes(this) if this else [],
        contacts=queries.contacts_of(this.id) if this else [],
    )


@blueprint.get("/items/<int:item_id>/objection")
def objection_form(item_id: int) -> str:
    """The form for an objection to one line."""
    return _form_page(item_id, {}, {})


@blueprint.post("/items/<int:item_id>/objection")
@limiter.limit(OBJECTIONS)
def object_to_item(item_id: int) -> tuple[str, int]:
    """Takes the objection in; the receipt with its code is shown this once."""
    try:
        with transaction():
            receipt = usecases.submit_objection(item_id=item_id, values=_posted())
    except InvalidError as error:
        errors = field_sentences(error) or {"": [problem_of(error).detail]}
        return _form_page(item_id, request.form.to_dict(), errors), HTTPStatus.UNPROCESSABLE_ENTITY
    page = render_template("portal/receipt.html", receipt=receipt, item=queries.get_item(item_id))
    return page, HTTPStatus.CREATED


@blueprint.get("/objections")
def objection_lookup() -> str:
    """Asks for receipt number and code."""
    return render_template("portal/lookup.html", number=request.args.get("number", ""), fault="")


@blueprint.post("/objections")
@limiter.limit(LOOKUPS)
def objection_status() -> tuple[str, int]:
    """How far the objection has come, for the bearer of its receipt; nothing is kept in the address."""
    try:
        found = queries.objection_by_receipt(receipt_number=_text("number"), code=_text("code"))
    except NotFoundError:
        fault = _("回执编号或查询码不正确。")
        return render_template("portal/lookup.html", number=_text("number"), fault=fault), HTTPStatus.NOT_FOUND
    return _status_page(found, {}), HTTPStatus.OK


@blueprint.post("/objections/supplement")
@limiter.limit(OBJECTIONS)
def supplement() -> tuple[str, int]:
    """Adds what the handler asked for."""
    number, code = _text("number"), _text("code")
    try:
        with transaction():
            done = usecases.supplement_objection(
                receipt_number=number, code=code, text=_text("text"), file_ids=_supplement_files()
            )
    except InvalidError as error:
        return _refused(error)
    return _status_page(done, {}, _("补充材料已收到。")), HTTPStatus.OK


@blueprint.post("/objections/withdraw")
@limiter.limit(OBJECTIONS)
def withdraw() -> tuple[str, int]:
    """Withdraws the objection."""
    try:
        with transaction():
            done = usecases.withdraw_objection(
                receipt_number=_text("number"), code=_text("code"), reason=_text("reason")
            )
    except InvalidError as error:
        return _refused(error)
    return _status_page(done, {}, _("撤回申请已收到。")), HTTPStatus.OK


def _refused(error: DomainError) -> tuple[str, int]:
    errors = field_sentences(error) if isinstance(error, InvalidError) else {}
    found = queries.objection_by_receipt(receipt_number=_text("number"), code=_text("code"))
    return _status_page(found, errors or {"": [problem_of(error).detail]}), HTTPStatus.UNPROCESSABLE_ENTITY


def _status_page(found: Any, errors: dict[str, list[str]], said: str = "") -> str:  # noqa: ANN401 -- an objection; doors name no tables
    page = showing.show_objection(found)
    return render_template("portal/status.html", page=page, code=_text("code"), errors=errors, said=said)


def _form_page(item_id: int, values: dict[str, Any], errors: dict[str, list[str]]) -> str:
    item = usecases.find_objectionable(item_id)
    notice = showing.show_announcement(item.announcement_id)
    fields = {field["key"]: field for field in get_form(usecases.FORM).describe(current_locale()) if field.get("key")}
    return render_template(
        "portal/objection.html", item=item, notice=notice, fields=fields, values=values, errors=errors
    )


def _posted() -> dict[str, Any]:
    """The form's values; its files are stored in this very transaction, ids from outside are not believed."""
    form = get_form(usecases.FORM)
    values = posted_values(form, request.form)
    for field in form.fields:
        if field.type == FieldType.FILE:
            values[field.key] = _stored(field.key, field.types, field.max_mb or MAX_MB)
    return values


def _supplement_files() -> list[int]:
    kept = _stored("file", SUPPLEMENT_TYPES, MAX_MB)
    return [kept] if kept else []


def _stored(name: str, types: tuple[str, ...], limit_mb: int) -> int | None:
    part = request.files.get(name)
    if part is None or not part.filename:
        return None
    return store_file(stream=part.stream, name=part.filename, actor=usecases.PUBLIC, limit_mb=limit_mb, types=types).id


def _list_of(announcement_id: int) -> Any:  # noqa: ANN401 -- an announcement; doors name no tables
    found = queries.get_announcement(announcement_id)
    if found.list_json is None:
        raise NotFoundError
    return found


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _text(name: str) -> str:
    return request.form.get(name, "").strip()
