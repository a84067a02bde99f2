"""`flask demo load|play`."""

import time

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import Progress as Bar
from rich.table import Table

from app.cli.output import print_json
from app.demo.load import count_sizes, load_demo, play_round
from app.demo.playing import Progress
from app.demo.preparing import is_empty, set_up
from app.demo.world import SIZES
from app.rounds.vocabulary import STAGES, RoundStatus

PUBLISHED = (RoundStatus.PUBLISHED, RoundStatus.ARCHIVED)
SIZE = click.Choice(list(SIZES))


@click.group()
def demo() -> None:
    """Invented organisations and rounds."""


@demo.command()
@click.option("--size", type=SIZE, default="small", show_default=True)
@click.option("--seed", default=1, show_default=True)
@with_appcontext
def load(size: str, seed: int) -> None:
    """Fill an empty database with the demo."""
    set_up()
    if not is_empty():
        raise click.ClickException("The database is not empty; the demo is loaded into an empty one only.")
    load_demo(size=size, seed=seed, password=current_app.config["SETTINGS"].demo_password)
    click.echo(f"The {size} demo is loaded.")


@demo.command()
@click.option(
    "--until",
    type=click.Choice([stage.code.value for stage in STAGES]),
    help="Stop when this stage is open, before its people begin.",
)
@click.option("--size", type=SIZE, default="small", show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def play(until: str | None, size: str, seed: int, as_json: bool) -> None:  # noqa: FBT001 -- a flag of the command line
    """Play a whole round through the use cases that the web uses, stage by stage."""
    set_up()
    begun = time.monotonic()
    console = Console(stderr=True)
    with Bar(console=console, transient=True, disable=as_json) as bar:
        task = bar.add_task("", total=None)
        round_id, status, stages = play_round(
            size=size,
            seed=seed,
            until=until,
            password=current_app.config["SETTINGS"].demo_password,
            told=lambda stage: bar.update(task, description=f"{stage.stage}: {stage.items}", advance=1),
        )
    rows, sizes = [describe(stage) for stage in stages], count_sizes(round_id)
    if as_json:
        seconds = round(time.monotonic() - begun, 1)
        published = status in PUBLISHED
        print_json(
            {
                "round_id": round_id,
                "status": status,
                "published": published,
                "seconds": seconds,
                "sizes": sizes,
                "stages": rows,
            }
        )
        return
    table = Table("stage", "items", "people", "steps", "seconds")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)
    click.echo(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sizes.items()))
    click.echo(f"Round {round_id} is {status}; {time.monotonic() - begun:.1f} s.")


def describe(stage: Progress) -> dict[str, str | int | float]:
    """A stage's line: code, items completed, people who did, steps of instances, seconds."""
    return {
        "code": stage.stage,
        "items": stage.items,
        "people": len(stage.people),
        "steps": stage.steps,
        "seconds": round(stage.seconds, 2),
    }
