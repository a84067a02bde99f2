"""An organisation's administrator opens colleagues' accounts (单位管理员)."""

from flask import Blueprint, render_template, request

from app.accounts import care
from app.accounts.vocabulary import ROLE_NAMES, JobRole
from app.kernel.errors import ForbiddenError, InvalidError
from app.kernel.transaction import transaction
from app.web.errors import field_sentences
from app.web.locale import pick
from app.web.person import current_actor

blueprint = Blueprint("colleagues", __name__, template_folder="templates", url_prefix="/colleagues")
JOBS = {
    JobRole.RND: ("研发", "R&D"),
    JobRole.IP: ("知识产权", "Intellectual property"),
    JobRole.MGMT: ("管理", "Management"),
    JobRole.GOV: ("政府部门", "Government"),
    JobRole.UNI: ("高校院所", "University or institute"),
}


@blueprint.get("")
def index() -> str:
    """The colleagues' accounts, and the form for another."""
    return _page({}, None)


@blueprint.post("")
def open_account() -> str | tuple[str, int]:
    """Opens a colleague's account; its one-time password is shown on this page only."""
    asked = request.form
    try:
        with transaction():
            made = care.open_colleague(
                name=asked.get("name", ""),
                username=asked.get("username", ""),
                job_role=asked.get("job_role", ""),
                roles=asked.getlist("roles"),
                email=asked.get("email", ""),
                actor=current_actor(),
            )
    except InvalidError as error:
        return _page(field_sentences(error), None), 422
    return _page({}, made)


@blueprint.post("/<int:user_id>/password")
def reset(user_id: int) -> str:
    """A one-time password for a colleague."""
    actor = current_actor()
    if not care.administers(actor):
        raise ForbiddenError
    with transaction():
        made = care.reset_password(user_id=user_id, actor=actor)
    return _page({}, made)


def _page(errors: dict[str, list[str]], made: care.OneTime | None) -> str:
    actor = current_actor()
    people = care.colleagues_of(actor)
    return render_template(
        "dashboard/colleagues.html",
        people=people,
        roles=[(role.value, pick(*ROLE_NAMES[role])) for role in care.roles_held(actor.organisation_id or 0)],
        role_names={role.value: pick(*names) for role, names in ROLE_NAMES.items()},
        jobs=[(job.value, pick(*words)) for job, words in JOBS.items()],
        job_names={job.value: pick(*words) for job, words in JOBS.items()},
        own_id=actor.id,
        made=made,
        errors=errors,
        posted=request.form if errors else {},
        posted_roles=request.form.getlist("roles") if errors else [],
    )
