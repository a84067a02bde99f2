"""The way in: everybody's home, and the search over filings and announcements."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.vocabulary import ROLE_NAMES
from app.announcements.queries import search_announcements
from app.dashboard.common import read_present
from app.dashboard.homes.table import build_home, roles_with_home
from app.filings.queries import list_filings
from app.filings.routes import NATIONAL, SCOPED
from app.filings.showing import rows_of
from app.web.locale import pick
from app.web.person import current_actor, optional_actor

blueprint = Blueprint("dashboard", __name__, template_folder="templates")
PORTAL = "portal.home"
LONGEST_QUESTION = 100


@blueprint.get("/")
def home() -> str | Response:
    """The home of the person's first role, or of the one asked for; the public portal for everybody else."""
    actor = optional_actor()
    if actor is None:
        return redirect(url_for(PORTAL if PORTAL in current_app.view_functions else "accounts.sign_in"))
    roles = roles_with_home(actor)
    asked = request.args.get("role", "")
    role = next((one for one in roles if one == asked), roles[0] if roles else None)
    tabs = [
        {"label": pick(*ROLE_NAMES[one]), "href": url_for("dashboard.home", role=one.value), "current": one == role}
        for one in roles
    ]
    page = build_home(role, read_present(actor))
    return render_template("dashboard/home.html", page=page, tabs=tabs if len(tabs) > 1 else [])


@blueprint.get("/search")
def search() -> str:
    """Filings of the person's scope by title, number and organisation, and announcements."""
    actor = current_actor()
    q = request.args.get("q", "").strip()[:LONGEST_QUESTION]
    sees_filings = actor.has_role(*SCOPED, *NATIONAL)
    page = list_filings(actor=actor, q=q, limit=20) if q and sees_filings else None
    return render_template(
        "dashboard/search.html",
        q=q,
        rows=rows_of(page.items) if page else [],
        more_href=url_for("filings.index", q=q) if page and page.next else None,
        sees_filings=sees_filings,
        announcements=search_announcements(q=q) if q else [],
    )
