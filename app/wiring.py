"""The composition root: what each room offers to the doors and to the flows, written out.

A flow reaches upwards only through OPERATIONS, COLLECTIONS and COMPLETIONS (architecture.md, section 3).
"""

from flask import Flask
from flask_migrate import Migrate

from app.accounts import models as accounts_models
from app.candidacies import models as candidacies_models
from app.domains import models as domains_models
from app.filings import models as filings_models
from app.kernel.db import db
from app.processes import models as processes_models
from app.processes.doors import Collection, Completion, Operation, open_doors
from app.rounds import models as rounds_models
from app.rounds.vocabulary import StageCode
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

OPERATIONS: dict[str, Operation] = {}
COLLECTIONS: dict[str, Collection] = {}
COMPLETIONS: dict[str, Completion] = {}


def plug_in(app: Flask) -> None:
    """Connects the rooms with the application and the flows with the rooms."""
    Migrate(app, db, directory=str(ROOT / "migrations"))
    open_doors(operations=OPERATIONS, collections=COLLECTIONS, completions=COMPLETIONS, stages=frozenset(StageCode))
