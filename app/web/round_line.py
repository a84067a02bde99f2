"""The round as every page shows it: the sixteen stages on one line, today's stage, the next date."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

StageState = Literal["done", "now", "also", "future", "parallel"]


@dataclass(frozen=True, slots=True)
class RoadStage:
    """A stage on the road. `short`: at most four characters; `note` says in words what a parallel line is doing."""

    code: str
    name: str
    short: str
    closes_at: datetime | None
    state: StageState
    note: str = ""


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in one line. `now`: "第13个工作日，共20个，10月12日截止"; `also` and `then` are sentences or empty."""

    name: str
    stage_name: str
    now: str
    also: str
    then: str
    stages: tuple[RoadStage, ...]
    href: str | None = None

    @property
    def steps(self) -> tuple[RoadStage, ...]:
        return tuple(stage for stage in self.stages if stage.state != "parallel")

    @property
    def position(self) -> int:
        """The number of today's stage, counted from 1; 0 before the round begins."""
        return next((number for number, stage in enumerate(self.steps, 1) if stage.state == "now"), 0)
