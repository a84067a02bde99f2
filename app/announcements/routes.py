"""Pages for those who handle objections, draft the commendation and decide the result."""

from flask import Blueprint, Response, render_template, request

from app.accounts.queries import list_regions
from app.accounts.vocabulary import Role
from app.announcements import queries, results, showing
from app.announcements.publishing import path_of
from app.announcements.vocabulary import OPEN, ObjectionStatus
from app.kernel.errors import NotFoundError
from app.rounds.line import show_round_of
from app.rounds.queries import get_round
from app.scoring.queries import bonuses_of, latest_revision, result_of
from app.web.person import current_actor, require_role

blueprint = Blueprint("announcements", __name__, template_folder="templates")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HANDLERS = (Role.OBJECTION_HANDLER,)
OFFICE = (Role.MANAGER, Role.LEADER)


@blueprint.get("/objections")
@require_role(*HANDLERS)
def objections() -> str:
    """The objections in hand, the oldest first; the closed ones behind a tab."""
    closed = request.args.get("view") == "closed"
    wanted = [status for status in ObjectionStatus if (status not in OPEN) == closed]
    rows = [showing.objection_row(one) for one in queries.list_objections(actor=current_actor(), statuses=wanted)]
    return render_template("announcements/objections.html", rows=rows, closed=closed)


@blueprint.get("/objections/<int:objection_id>")
def objection(objection_id: int) -> str:
    """The dossier with the objector's identity: handlers only, for anybody else it is not there (E9)."""
    found = queries.objection_for(objection_id=objection_id, actor=current_actor())
    return render_template("announcements/objection.html", page=showing.show_dossier(found))


@blueprint.get("/rounds/<int:round_id>/commendation")
@require_role(*OFFICE)
def commendation(round_id: int) -> str:
    """The commendation: as it would be published now, and once it is out as it was published."""
    show_round_of(round_id, current_actor())
    return render_template(
        "announcements/commendation.html",
        round=get_round(round_id),
        commendation=results.read_commendation(round_id),
        path_of=path_of,
        provinces=showing.province_names(),
    )


@blueprint.get("/rounds/<int:round_id>/commendation.docx")
@require_role(*OFFICE)
def commendation_docx(round_id: int) -> Response:
    """The same for the office's document system."""
    written = results.read_commendation(round_id)
    from app.announcements.documents import write_docx  # noqa: PLC0415 -- python-docx is slow to import

    content = write_docx(
        title=written.title,
        paragraphs=written.paragraphs,
        lines=written.lines,
        provinces={region.code: region.name_zh for region in list_regions()},
        document_number=written.document_number,
        issued_on=written.issued_on,
    )
    response = Response(content, content_type=DOCX)
    response.headers["Content-Disposition"] = f'attachment; filename="commendation-{round_id}.docx"'
    return response


@blueprint.get("/rounds/<int:round_id>/result")
@require_role(*OFFICE)
def result(round_id: int) -> str:
    """The result as computed: bonus with the projects behind it, deductions, score, rank."""
    revision = latest_revision(round_id)
    if revision is None:
        raise NotFoundError
    rows = {row.region_code: row.projects for row in bonuses_of(revision.id)}
    return render_template(
        "announcements/result.html",
        round=get_round(round_id),
        revision=revision,
        ranked=result_of(round_id),
        projects=rows,
        provinces=showing.province_names(),
    )
