"""The composition root: what each room offers to the doors and to the flows, written out.

A flow reaches upwards only through OPERATIONS, COLLECTIONS and COMPLETIONS (architecture.md, section 3).
"""

from flask import Blueprint, Flask
from flask_migrate import Migrate

from app.accounts import models as accounts_models
from app.accounts import routes as accounts_routes
from app.accounts import usecases as accounts_usecases
from app.candidacies import flow as candidacies_flow
from app.candidacies import models as candidacies_models
from app.domains import models as domains_models
from app.filings import models as filings_models
from app.kernel.actor import Actor
from app.kernel.db import db
from app.processes import models as processes_models
from app.processes.doors import Collection, Completion, Operation, open_doors
from app.rounds import flow as rounds_flow
from app.rounds import models as rounds_models
from app.rounds.vocabulary import StageCode
from app.web import doors, shell
from config import ROOT

TABLES = (
    accounts_models,
    candidacies_models,
    domains_models,
    filings_models,
    processes_models,
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
    "candidacies.hold_candidacy": candidacies_flow.hold_candidacy,
    "candidacies.record_disqualification": candidacies_flow.record_disqualification,
    "candidacies.record_standing": candidacies_flow.record_standing,
    "candidacies.record_withdrawal": candidacies_flow.record_withdrawal,
    "candidacies.run_screening": candidacies_flow.run_screening,
    "rounds.close_attribution": rounds_flow.close_attribution,
    "rounds.freeze_parameters": rounds_flow.freeze_parameters,
}
COLLECTIONS: dict[str, Collection] = {
    "candidacies.willing_filings": candidacies_flow.willing_filings,
}
COMPLETIONS: dict[str, Completion] = {
    "low_sample": candidacies_flow.complete_low_sample,
    "readiness": candidacies_flow.complete_readiness,
    "recheck": candidacies_flow.complete_recheck,
    "recheck_request": candidacies_flow.complete_recheck_request,
    "round": rounds_flow.complete_round_setup,
    "screening": candidacies_flow.complete_screening,
    "unfinished_list": rounds_flow.complete_unfinished_list,
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
