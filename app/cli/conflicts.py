"""`flask conflicts match`."""

import click

from app.cli.output import CommandGroup, print_json
from app.conflicts.rules import match_names
from app.conflicts.vocabulary import MATCH_REASONS


@click.group(cls=CommandGroup)
def conflicts() -> None:
    """Whether somebody may judge something."""


@conflicts.command()
@click.argument("first")
@click.argument("second")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def match(first: str, second: str, *, as_json: bool) -> None:
    """Tell whether two names of organisations are the same, related or different, and why."""
    if not first.strip() or not second.strip():
        raise click.BadParameter("a name is empty", param_hint="FIRST, SECOND")
    found = match_names(first, second)
    zh, en = MATCH_REASONS[found.reason]
    if as_json:
        words = {"reason": found.reason.value, "reason_zh": zh, "reason_en": en}
        print_json({"a": first, "b": second, "verdict": found.verdict.value, **words})
    else:
        click.echo(f"{found.verdict.value}: {en} ({zh})")
