"""Doors for the command line (contract.md, "Commands")."""

from flask import Flask

from app.cli.accounts import users
from app.cli.audit import audit
from app.cli.conflicts import conflicts
from app.cli.definitions import definitions
from app.cli.demo import demo
from app.cli.operations import processes
from app.cli.releases import impact, migrate, undo
from app.cli.selection import selection
from app.cli.serving import serve, work


def register(app: Flask) -> None:
    """Adds the commands to `flask --app app`."""
    for command in (impact, migrate, undo):
        definitions.add_command(command)
    for command in (audit, conflicts, definitions, demo, processes, selection, serve, users, work):
        app.cli.add_command(command)
