"""The benchmarks run: in their small size, whose figures mean nothing."""

import pytest

from tests.bench import completions, inboxes, sets
from tests.bench.result import Result
from tests.bench.sizes import SIZES

NAMES = ("step", "http", "inbox", "open", "close")


@pytest.mark.parametrize("part", [completions, inboxes, sets], ids=["completions", "inboxes", "sets"])
def test_a_small_run_measures_value_and_floor(part):
    results = list(part.run("sqlite", SIZES["small"]))

    assert results
    assert all(result.name.startswith(NAMES) and result.ratio > 0 for result in results)


def test_a_goal_may_be_a_ceiling_or_a_floor():
    ceiling = Result("step", 1.0, "ms", 2.0, 0.6, "none")
    floor = Result("step", 1.0, "per second", 2.0, 0.6, "none", at_least=True)

    assert (ceiling.is_met, floor.is_met) == (True, False)
