"""Usage: python -m tests.bench [step] [inbox] [open] [http]: all benchmarks, or those named."""

import logging
import sys
from collections.abc import Iterator

import orjson
from rich.console import Console
from rich.table import Table

from config import ROOT
from tests.bench import https, inboxes, sets, steps
from tests.bench.houses import postgres_answers
from tests.bench.result import Result

LATEST = ROOT / "bench" / "latest.json"
PARTS = {"http": https.run, "inbox": inboxes.run, "open": sets.run}


def main() -> None:
    """Measures, prints the table, writes bench/latest.json."""
    logging.disable(logging.WARNING)
    console = Console()
    results = []
    with console.status("measuring") as status:
        for result in _measure(set(sys.argv[1:])):
            results.append(result)
            status.update(f"{result.name}, {result.database}: {result.ratio:.2f}")
    console.print(_table(results))
    LATEST.parent.mkdir(exist_ok=True)
    LATEST.write_bytes(orjson.dumps([result.as_json() for result in results], option=orjson.OPT_INDENT_2))


def _measure(wanted: set[str]) -> Iterator[Result]:
    databases = ["sqlite", *(["postgresql"] if postgres_answers() else [])]
    if not wanted or "step" in wanted:
        yield from steps.run()
    for name, part in PARTS.items():
        if not wanted or name in wanted:
            for database in databases:
                yield from part(database)


def _table(results: list[Result]) -> Table:
    table = Table(title="Benchmarks: value and floor from the same run")
    table.add_column("benchmark")
    table.add_column("database")
    for column in ("value", "floor", "ratio", "goal"):
        table.add_column(column, justify="right")
    for result in results:
        met = "green" if result.ratio <= result.goal else "red"
        table.add_row(
            result.name,
            result.database,
            f"{result.value:.2f} {result.unit}",
            f"{result.floor:.2f} {result.unit}",
            f"[{met}]{result.ratio:.2f}[/]",
            f"≤ {result.goal}",
        )
    return table


if __name__ == "__main__":
    main()
