"""`flask processes stuck|export-log`."""

import sys
from typing import TextIO

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli.output import print_json
from app.kernel.actor import SYSTEM
from app.kernel.transaction import transaction
from app.processes.event_log.exporting import FORMATS, LogFormat, note_export, write_log
from app.processes.event_log.reading import LogFilter
from app.processes.operating.checking import list_findings
from app.processes.worker import look_and_keep


@click.group()
def processes() -> None:
    """Running flows: what stands still, and the event log."""


@processes.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def stuck(as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Check now for what stands still; exit 1 when something does."""
    look_and_keep()
    found = [
        {"reason": one.reason, "instance": one.instance_id, "node": one.node, "count": one.count, "detail": one.detail}
        for one in list_findings()
    ]
    if as_json:
        print_json(found)
    else:
        for one in found:
            click.echo(
                f"{one['reason']}: {one['count']} at {one['node'] or '-'}, first #{one['instance']} {one['detail']}"
            )
        click.echo(f"{len(found)} findings." if found else "Nothing stands still.")
    sys.exit(1 if found else 0)


@processes.command("export-log")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="xes", help="XES or OCEL 2.0 (JSON).")
@click.option("--process", default=None, help="Key of one flow; all by default.")
@click.option("--round", "round_id", type=int, default=None, help="Id of one round; all by default.")
@click.option("--trials", is_flag=True, help="Trials too.")
@click.argument("file", type=click.File("w", encoding="utf-8"), default="-")
@with_appcontext
def export_log(
    format_: LogFormat,
    process: str | None,
    round_id: int | None,
    trials: bool,  # noqa: FBT001 -- a flag of the command line
    file: TextIO,
) -> None:
    """Write the event log to FILE, people as pseudonyms; the export is audited."""
    wanted = LogFilter(process=process, round_id=round_id, trials=trials)
    with transaction():
        note_export(wanted, format_=format_, actor=SYSTEM)
    for piece in write_log(wanted, format_=format_, key=current_app.config["SETTINGS"].secret_key):
        file.write(piece)
