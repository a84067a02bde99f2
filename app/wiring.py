"""The composition root: what each room offers to the doors and to the flows, written out.

A flow reaches upwards only through OPERATIONS, COLLECTIONS and COMPLETIONS (architecture.md, section 3).
"""

from flask import Flask
from flask_migrate import Migrate

from app.kernel.db import db
from app.processes.doors import Collection, Completion, Operation, open_doors
from config import ROOT

OPERATIONS: dict[str, Operation] = {}
COLLECTIONS: dict[str, Collection] = {}
COMPLETIONS: dict[str, Completion] = {}


def plug_in(app: Flask) -> None:
    """Connects the rooms with the application and the flows with the rooms."""
    Migrate(app, db, directory=str(ROOT / "migrations"))
    open_doors(operations=OPERATIONS, collections=COLLECTIONS, completions=COMPLETIONS)
