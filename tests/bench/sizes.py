"""How large the benchmarks are: the real sizes, or small ones that show within seconds that they run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """`calls` set calls of `children` each, closed in `deadlines` parts; `open_items` in the large inbox."""

    calls: int
    children: int
    deadlines: int
    open_items: int
    few_items: int
    rounds: int
    completions: int


SIZES = {
    "full": Size(
        calls=200,
        children=5_000,
        deadlines=2,
        open_items=5_000_000,
        few_items=5_000,
        rounds=15,
        completions=200,
    ),
    "medium": Size(
        calls=120, children=500, deadlines=2, open_items=100_000, few_items=1_000, rounds=15, completions=100
    ),
    "small": Size(calls=4, children=100, deadlines=2, open_items=2_000, few_items=200, rounds=3, completions=5),
}
