"""A step of the engine beside plain SpiffWorkflow with its spec cached."""

from collections.abc import Iterator

from tests.bench.result import Result
from tests.engine.bench_step import measure

GOAL, CACHED_GOAL = 0.4, 0.02


def run() -> Iterator[Result]:
    """No database takes part in it."""
    taken = measure(rounds=100)
    yield Result("step engine", taken["ours_ms"], "ms", taken["plain_ms"], GOAL, "none")
    yield Result("step from cache", taken["cached_ms"], "ms", taken["plain_ms"], CACHED_GOAL, "none")
