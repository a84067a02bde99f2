"""`flask audit verify`."""

import sys

import click
from flask.cli import with_appcontext

from app.audit.sealing import verify as verify_seals
from app.cli.output import CommandGroup


@click.group(cls=CommandGroup)
def audit() -> None:
    """The record of who did what."""


@audit.command()
@with_appcontext
def verify() -> None:
    """Recompute every seal; exit 1 when an entry was changed, removed or added."""
    faults = verify_seals()
    for fault in faults:
        click.echo(str(fault))
    click.echo("The audit record is whole." if not faults else f"{len(faults)} faults.")
    sys.exit(1 if faults else 0)
