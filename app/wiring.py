"""The composition root: what each room offers to the doors and to the flows, written out.

A flow reaches upwards only through OPERATIONS, COLLECTIONS and COMPLETIONS (architecture.md, section 3).
"""

from flask import Blueprint, Flask
from flask_migrate import Migrate

from app.accounts import models as accounts_models
from app.accounts import routes as accounts_routes
from app.accounts import usecases as accounts_usecases
from app.candidacies import models as candidacies_models
from app.conflicts import models as conflicts_models
from app.domains import models as domains_models
from app.filings import models as filings_models
from app.kernel.actor import Actor
from app.kernel.db import db
from app.processes import models as processes_models
from app.processes.doors import Collection, Completion, Operation, open_doors
from app.ratings import flow as ratings_flow
from app.ratings import models as ratings_models
from app.rounds import models as rounds_models
from app.rounds.vocabulary import StageCode
from app.web import doors, shell
from config import ROOT

TABLES = (
    accounts_models,
    candidacies_models,
    conflicts_models,
    domains_models,
    filings_models,
    processes_models,
    ratings_models,
    rounds_models,
)
"""The models of every room: imported here, so that the metadata is whole wherever the application is."""

BLUEPRINTS: tuple[Blueprint, ...] = (accounts_routes.blueprint,)

SHELL_DOORS: dict[doors.Door, str] = {
    "sign_in": "accounts.sign_in",
    "sign_out": "accounts.sign_out",
    "account": "accounts.account",
}
"""Where the links of the shell lead (app/web/doors.py)."""

OPERATIONS: dict[str, Operation] = {
    "ratings.aggregate_round": ratings_flow.aggregate_round,
    "ratings.plan_push": ratings_flow.plan_push,
    "ratings.plan_second_push": ratings_flow.plan_second_push,
    "ratings.read_quorum": ratings_flow.read_quorum,
    "ratings.replace_seat": ratings_flow.replace_seat,
    "ratings.validate_rating": ratings_flow.validate_rating,
}
COLLECTIONS: dict[str, Collection] = {
    "ratings.pushed_seats": ratings_flow.pushed_seats,
    "ratings.second_seats": ratings_flow.second_seats,
}
COMPLETIONS: dict[str, Completion] = {
    "push_plan": ratings_flow.complete_push_plan,
    "rating": ratings_flow.complete_rating,
    "rating_gov": ratings_flow.complete_rating,
}


def plug_in(app: Flask) -> None:
    """Connects the rooms with the application and the flows with the rooms."""
    Migrate(app, db, directory=str(ROOT / "migrations"))
    open_doors(operations=OPERATIONS, collections=COLLECTIONS, completions=COMPLETIONS, stages=frozenset(StageCode))
    shell.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    doors.register_doors(SHELL_DOORS)
    shell.register_context(role_lines=accounts_routes.describe_roles, keep_locale=_keep_locale)


def _keep_locale(actor: Actor, locale: str) -> None:
    accounts_usecases.keep_locale(actor=actor, locale=locale)
