"""Usage: python -m tests.torture [--quick] [--seed N] [kill] [sets] [cut] [disk] [clock] [load] [sqlite] [postgresql]."""

import argparse
import dataclasses
import logging
import sys

import orjson
from rich.console import Console
from rich.table import Table

import config
from app.kernel import clock
from tests.bench.houses import postgres_answers
from tests.torture.trials import TRIALS, Outcome, Trial, run_trial

LATEST = config.ROOT / "bench" / "torture.json"
NAMES = dict(zip(("kill", "sets", "cut", "disk", "clock", "load"), TRIALS, strict=True))
DATABASES = ("sqlite", "postgresql")
QUICK = 10
"""A tenth of the strikes: for a look between two changes."""
SHOWN = 5


def main() -> int:
    """Runs the chosen trials and prints the table; 1 when something was lost, doubled, stuck or left out."""
    wanted = _read_arguments()
    logging.disable(logging.WARNING)
    console = Console(width=None if sys.stdout.isatty() else 140)
    outcomes: list[Outcome] = []
    left_out: list[str] = []
    for name, trial in NAMES.items():
        for database in DATABASES:
            if not ({name, database} <= wanted.chosen):
                continue
            with console.status(f"{trial.name}, {database}"):
                _try(_shortened(trial, wanted.quick), database, wanted.seed, outcomes, left_out)
    console.print(_table(outcomes))
    _explain(outcomes, left_out, console)
    LATEST.parent.mkdir(exist_ok=True)
    LATEST.write_bytes(orjson.dumps([dataclasses.asdict(outcome) for outcome in outcomes], option=orjson.OPT_INDENT_2))
    return 0 if outcomes and not left_out and all(outcome.passed for outcome in outcomes) else 1


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, *DATABASES, []])
    parser.add_argument("--quick", action="store_true", help=f"a {QUICK}th of the strikes")
    parser.add_argument("--seed", type=int, default=20261128)
    wanted = parser.parse_args()
    names = set(wanted.names)
    wanted.chosen = (names & set(NAMES) or set(NAMES)) | (names & set(DATABASES) or set(DATABASES))
    return wanted


def _shortened(trial: Trial, quick: bool) -> Trial:
    return dataclasses.replace(trial, times=max(2, trial.times // QUICK)) if quick else trial


def _try(trial: Trial, database: str, seed: int, outcomes: list[Outcome], left_out: list[str]) -> None:
    if database == "postgresql" and not postgres_answers():
        left_out.append(f"{trial.name}, {database}: it does not answer at TEST_POSTGRES_URL")
        return
    try:
        outcomes.append(run_trial(trial, database=database, seed=seed))
    except PermissionError as error:
        left_out.append(f"{trial.name}, {database}: {error}")


def _table(outcomes: list[Outcome]) -> Table:
    table = Table(title=f"Torture, {clock.today().isoformat()}")
    for name in ("trial", "database"):
        table.add_column(name)
    for name in (
        "strikes",
        "cases",
        "completions",
        "seconds",
        "p50 ms",
        "p95 ms",
        "lost",
        "doubled",
        "stuck",
        "differing",
    ):
        table.add_column(name, justify="right")
    for outcome in outcomes:
        table.add_row(
            outcome.trial, outcome.database, str(outcome.strikes), str(outcome.cases), str(outcome.completions),
            f"{outcome.seconds:.0f}", f"{outcome.p50_ms:.0f}", f"{outcome.p95_ms:.0f}", str(len(outcome.lost)),
            str(len(outcome.doubled)), str(len(outcome.stuck)), str(len(outcome.differing) + len(outcome.faults)),
        )  # fmt: skip
    return table


def _explain(outcomes: list[Outcome], left_out: list[str], console: Console) -> None:
    for outcome in outcomes:
        for kind in ("lost", "doubled", "stuck", "differing", "faults"):
            for line in getattr(outcome, kind)[:SHOWN]:
                console.print(f"{outcome.trial}, {outcome.database}: {kind}: {line}", markup=False)
    for line in left_out:
        console.print(f"left out: {line}", markup=False)


if __name__ == "__main__":
    sys.exit(main())
