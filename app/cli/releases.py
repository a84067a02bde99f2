"""`flask definitions impact|migrate|undo`: what a version means for running cases, moving them, and the way back."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from app.cli.definitions import FILE, line_of
from app.cli.output import print_json
from app.engine.window import DefinitionRefusedError
from app.kernel.actor import SYSTEM
from app.kernel.errors import DomainError
from app.kernel.transaction import transaction
from app.processes.migration.impact import Choices, Impact
from app.processes.migration.migrating import start_migration, undo_deployment
from app.processes.queries import get_version
from app.processes.states import get_definition
from app.studio.releases.weighing import weigh_release, weigh_version
from app.studio.releases.wording import CHANGES, change_name, obstacle_words
from app.studio.rules import describe_finding
from app.web.errors import problem_of

TARGET = click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="OLD=NEW",
    help="Where cases at a removed node go; OLD= ends a branch.",
)


@click.command()
@click.argument("file", type=FILE)
@TARGET
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def impact(file: Path, targets: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """What deploying a diagram would change and what would become of the running cases; changes nothing."""
    try:
        release = weigh_release(file.read_bytes(), read_targets(targets))
    except DefinitionRefusedError as refused:
        findings = [describe_finding(finding, str(file)) for finding in refused.findings]
        if as_json:
            print_json(findings)
        for finding in findings if not as_json else ():
            click.echo(line_of(finding))
        sys.exit(1)
    if as_json:
        changes = [{"element_id": one.element_id, "change": one.change} for one in release.changes]
        print_json({"key": release.key, "changes": changes, **impact_json(release.impact)})
        return
    for change in release.changes:
        click.echo(f"{CHANGES(change.change, 'en')}: {change_name(change, release.names)} ({change.element_id})")
    echo_impact(release.impact)


@click.command()
@click.argument("key")
@click.argument("version", type=int)
@TARGET
@click.option("--note", default="", help="Why cases move. Without it they are only counted.")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def migrate(key: str, version: int, targets: tuple[str, ...], note: str, as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Let the worker move running cases of other versions to VERSION; without --note only count them."""
    choices = read_targets(targets)
    try:
        weighed = weigh_version(key=key, version=version, choices=choices)
        migration_id = None
        if note.strip():
            with transaction():
                row = get_version(key, version)
                migration_id = start_migration(row=row, choices=choices, note=note.strip(), actor=SYSTEM).id
    except DomainError as error:
        raise click.ClickException(problem_of(error).detail) from error
    if as_json:
        print_json({"migration": migration_id, **impact_json(weighed)})
        return
    echo_impact(weighed)
    if migration_id is not None:
        click.echo(f"Migration {migration_id} is under way.")


@click.command()
@click.argument("key")
@click.option("--reason", required=True, help="Why the active version is taken back.")
@with_appcontext
def undo(key: str, reason: str) -> None:
    """Make the version before the active one active again; cases that were moved go back where they can."""
    try:
        with transaction():
            row, migrations = undo_deployment(key=key, reason=reason, actor=SYSTEM)
            told = (row.version, len(migrations))
    except DomainError as error:
        raise click.ClickException(problem_of(error).detail) from error
    click.echo(f"{key}: version {told[0]} is active again; {told[1]} migrations bring cases back.")


def read_targets(targets: tuple[str, ...]) -> Choices:
    """OLD=NEW of each option."""
    pairs = [target.partition("=") for target in targets]
    if not all(old and sign for old, sign, _new in pairs):
        raise click.UsageError("--target is written OLD=NEW.")
    return Choices({old: new for old, _sign, new in pairs})


def impact_json(weighed: Impact) -> Mapping[str, Any]:
    """The numbers and the states."""
    return {
        "running": weighed.running,
        **{verdict: weighed.count(verdict) for verdict in ("move", "stay", "choice")},
        "states": [
            {
                "version": one.version,
                "nodes": list(one.nodes),
                "count": one.count,
                "verdict": one.verdict,
                "obstacles": [{"code": obstacle.code, "node": obstacle.node} for obstacle in one.obstacles],
            }
            for one in weighed.states
        ],
    }


def echo_impact(weighed: Impact) -> None:
    """The numbers in one line, then where cases stand."""
    counts = ", ".join(f"{weighed.count(verdict)} {verdict}" for verdict in ("move", "stay", "choice"))
    click.echo(f"{weighed.running} running: {counts}")
    for one in weighed.states:
        click.echo(f"  version {one.version} at {', '.join(one.nodes)}: {one.count} {one.verdict}")
        for obstacle in one.obstacles:
            click.echo(f"    {obstacle_words(obstacle, get_definition(one.definition_id).names)[1]}")
