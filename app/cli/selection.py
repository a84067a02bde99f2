"""`flask selection assign|verify`: the exact assignment of a bid matrix, and draws and rankings recomputed."""

import math
import sys
import time
from pathlib import Path

import click
import orjson

from app.cli.output import CommandGroup, print_json
from app.selection.assignment import match_bids
from app.selection.verification import verify_export

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=CommandGroup)
def selection() -> None:
    """Assignment, draws and rankings."""


@selection.command()
@click.argument("file", type=FILE)
@click.option("--per-item", type=click.IntRange(min=1), required=True, help="Raters per item.")
@click.option("--cap", type=click.IntRange(min=1), required=True, help="Items per rater, at most.")
@click.option("--json", "as_json", is_flag=True)
def assign(file: Path, per_item: int, cap: int, *, as_json: bool) -> None:
    """Assign raters to the items of a bid matrix at the greatest total affinity; exit 1 when no full one exists."""
    bids = _read_bids(file)
    begun = time.perf_counter()
    result = match_bids(bids, per_item=per_item, cap=cap)
    seconds = round(time.perf_counter() - begun, 3)
    if result is None:
        click.echo("No assignment gives every item its raters.", err=True)
        sys.exit(1)
    if as_json:
        print_json({"total": result.total, "worst_item": result.worst, "seconds": seconds})
    else:
        click.echo(f"total {result.total}  worst item {result.worst}  {seconds} s")


@selection.command()
@click.argument("file", type=FILE)
def verify(file: Path) -> None:
    """Recompute a draw, a pool line or a panel's scores from its export; exit 1 when something differs."""
    try:
        export = orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError as error:
        raise click.BadParameter("not a JSON document", param_hint="FILE") from error
    faults = verify_export(export if isinstance(export, dict) else {})
    for fault in faults:
        click.echo(fault)
    click.echo("The export verifies." if not faults else f"{len(faults)} faults.")
    sys.exit(1 if faults else 0)


def _read_bids(file: Path) -> list[list[float]]:
    """First line: items raters; then one line of affinities per item."""
    try:
        rows = [[float(word) for word in line.split()] for line in file.read_text().splitlines() if line.strip()]
        items, raters = (int(number) for number in rows[0])
    except (ValueError, IndexError) as error:
        raise click.BadParameter("not a bid matrix", param_hint="FILE") from error
    bids = rows[1:]
    if not all(math.isfinite(bid) for row in bids for bid in row):
        raise click.BadParameter("an affinity is no number", param_hint="FILE")
    if len(bids) != items or any(len(row) != raters for row in bids) or not bids or not raters:
        raise click.BadParameter(f"expected {items} lines of {raters} affinities", param_hint="FILE")
    return bids
