"""A benchmark's outcome: a value beside its floor, both from the same run."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter
from typing import Any


@dataclass(frozen=True, slots=True)
class Result:
    """`value` and `floor` in `unit`; `goal`: the ratio that must not be exceeded, or, `at_least`, be reached."""

    name: str
    value: float
    unit: str
    floor: float
    goal: float
    database: str
    at_least: bool = False

    @property
    def ratio(self) -> float:
        return self.value / self.floor

    @property
    def is_met(self) -> bool:
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal

    def as_json(self) -> dict[str, Any]:
        """The line of bench/latest.json (contract.md)."""
        return {
            **asdict(self),
            "value": round(self.value, 4),
            "floor": round(self.floor, 4),
            "ratio": round(self.ratio, 3),
        }


def seconds_of(act: Callable[[], object]) -> float:
    """How long `act` takes."""
    began = perf_counter()
    act()
    return perf_counter() - began


def alternate(first: Callable[[], float], second: Callable[[], float], *, rounds: int) -> tuple[float, float]:
    """The medians of two measurements taken in turn, so that a busy moment of the machine meets both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        for place in (0, 1) if number % 2 == 0 else (1, 0):
            taken[place].append((first, second)[place]())
    return median(taken[0]), median(taken[1])
