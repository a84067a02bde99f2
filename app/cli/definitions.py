"""`flask definitions check|deploy|export`."""

import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from app.cli.output import CommandGroup, print_json
from app.engine.window import DefinitionRefusedError
from app.kernel.actor import SYSTEM
from app.kernel.transaction import transaction
from app.processes.deploying import check_files, deploy_definition
from app.processes.queries import get_version
from app.studio.rules import describe_finding
from config import ROOT

MOST_VERSIONS = 2**31 - 1
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=CommandGroup)
def definitions() -> None:
    """Process definitions: check, deploy, export."""


@definitions.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@with_appcontext
def check(files: tuple[Path, ...], as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Prove diagrams without deploying them; exit 1 when any finding is an error."""
    checked = check_files(
        {str(path): path.read_bytes() for path in files}, forms=ROOT / "forms", workflows=ROOT / "workflows"
    )
    findings = [describe_finding(finding, file) for file, found in checked.items() for finding in found]
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            click.echo(line_of(finding))
        click.echo(f"{len(files)} files, {len(findings)} findings.")
    sys.exit(1 if any(finding["severity"] == "error" for finding in findings) else 0)


@definitions.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--note", required=True, help="What changed and why.")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def deploy(files: tuple[Path, ...], note: str, as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Deploy diagrams as new versions; exit 1 and change nothing when one is refused."""
    if not note.strip():
        raise click.BadParameter("say what changed and why", param_hint="--note")
    deployed: list[dict[str, Any]] = []
    path = files[0]
    try:
        with transaction():
            for path in files:
                version = deploy_definition(xml=path.read_bytes(), note=note, actor=SYSTEM)
                deployed.append({"key": version.key, "version": version.version, "proof": dict(version.proof)})
    except DefinitionRefusedError as refused:
        findings = [describe_finding(finding, str(path)) for finding in refused.findings]
        if as_json:
            print_json(findings)
        else:
            for finding in findings:
                click.echo(line_of(finding))
        sys.exit(1)
    if as_json:
        print_json(deployed)
    for version_ in deployed if not as_json else ():
        click.echo(f"{version_['key']} version {version_['version']}: {version_['proof']['states']} states proven")


@definitions.command()
@click.argument("key")
@click.option("--version", type=click.IntRange(1, MOST_VERSIONS), help="The newest when left out.")
@with_appcontext
def export(key: str, version: int | None) -> None:
    """Print a version's BPMN XML."""
    click.echo(get_version(key, version).bpmn_xml.decode(), nl=False)


def line_of(finding: dict[str, Any]) -> str:
    """A finding as one line."""
    path = f"  [{' → '.join(finding['path'])}]" if finding["path"] else ""
    return f"{finding['file']}: {finding['severity']} {finding['rule']} {finding['element_id']}: {finding['message_zh']} {finding['message_en']}{path}"
