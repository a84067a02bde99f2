"""Usage: python -m tests.bench [--size full|medium|small] [step] [http] [inbox] [open] [close]: all, or those named.

Medium takes minutes; full opens and closes a million ratings beside five million open items, and takes far longer.
"""

import argparse
import logging
from collections.abc import Iterator

import orjson
from rich.console import Console
from rich.table import Table

from config import ROOT
from tests.bench import completions, https, inboxes, sets, steps
from tests.bench.houses import postgres_answers
from tests.bench.result import Result
from tests.bench.sizes import SIZES, Size

LATEST = ROOT / "bench" / "latest.json"
PARTS = {
    "step": completions.run,
    "http": https.run,
    "inbox": inboxes.run,
    "open": sets.run,
}
"""Closing is measured on what opening left: "close" runs both."""


def main() -> None:
    """Measures, prints the table, writes bench/latest.json."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench")
    asked.add_argument("parts", nargs="*", choices=[*PARTS, "close"], default=[])
    asked.add_argument("--size", choices=SIZES, default="medium")
    asked.add_argument("--database", choices=["sqlite", "postgresql"])
    given = asked.parse_args()
    logging.disable(logging.WARNING)
    console = Console()
    results: list[Result] = []
    LATEST.parent.mkdir(exist_ok=True)
    wanted = {"open" if part == "close" else part for part in given.parts} or set(PARTS)
    for result in _measure(wanted, SIZES[given.size], given.database):
        results.append(result)  # told and kept at once: a long run may be stopped without losing what it measured
        console.print(f"{result.name}, {result.database}: {result.ratio:.2f}", highlight=False)
        LATEST.write_bytes(orjson.dumps([result.as_json() for result in results], option=orjson.OPT_INDENT_2))
    console.print(_table(results))


def _measure(wanted: set[str], size: Size, database: str | None) -> Iterator[Result]:
    both = ["sqlite", *(["postgresql"] if postgres_answers() else [])]
    if "step" in wanted:
        yield from steps.run()
    for name, part in PARTS.items():
        if name in wanted:
            for one in [database] if database else both:
                yield from part(one, size)


def _table(results: list[Result]) -> Table:
    table = Table(title="Benchmarks: value and floor from the same run")
    table.add_column("benchmark")
    table.add_column("database")
    for column in ("value", "floor", "ratio", "goal"):
        table.add_column(column, justify="right")
    for result in results:
        met = "green" if result.is_met else "red"
        table.add_row(
            result.name,
            result.database,
            f"{result.value:.2f} {result.unit}",
            f"{result.floor:.2f} {result.unit}",
            f"[{met}]{result.ratio:.2f}[/]",
            f"{'≥' if result.at_least else '≤'} {result.goal}",
        )
    return table


if __name__ == "__main__":
    main()
