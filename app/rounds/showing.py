"""What the pages of the rounds show, put together for one reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.accounts.queries import list_regions
from app.accounts.vocabulary import REGION_LETTERS
from app.kernel import clock
from app.kernel.actor import Actor
from app.rounds import board, queries
from app.rounds.line import days_of, line_of
from app.rounds.models import Round, StageChange
from app.rounds.road import StageView, is_window_open
from app.rounds.settings import GROUPS, SETTINGS, Setting
from app.rounds.vocabulary import StageStatus
from app.web.locale import pick
from app.web.round_line import RoundLine
from app.workdays.calendar import workdays_between


@dataclass(frozen=True, slots=True)
class StagePage:
    """Everything on the manager's page of a stage."""

    round: Round
    line: RoundLine
    stage: StageView
    steps: int
    days: tuple[int, int] | None
    may_move: bool
    load: board.Load
    decisions: Sequence[board.Waiting]
    checks: Sequence[board.Waiting]
    late: Sequence[board.Waiting]
    others: Sequence[board.Contribution]
    tiles: Sequence[Mapping[str, Any]]
    provinces: Mapping[str, Any]
    loads: Mapping[str | None, board.Load]
    changes: Sequence[StageChange]
    today: Any

    @property
    def forecast(self) -> str:
        """The first sentence that a room has for this stage."""
        return next((other.forecast for other in self.others if other.forecast), "")

    @property
    def next_step(self) -> Mapping[str, Any] | None:
        return next((other.next_step for other in self.others if other.next_step), None)

    @property
    def tiles_of_room(self) -> board.Contribution | None:
        return next((other for other in self.others if other.tiles), None)

    def workdays_left(self, waiting: board.Waiting) -> int | None:
        """Working days until the item is due, negative when late."""
        return None if waiting.due_at is None else workdays_between(clock.now(), waiting.due_at)


def show_stage(round_id: int, code: str | None, actor: Actor) -> StagePage:
    """The page of a stage; of the present one without a code."""
    evaluation_round = queries.get_round(round_id)
    stages = queries.view_round(evaluation_round)
    stage = queries.find_stage(stages, code) if code else _present(stages)
    loads = board.load_by_province(round_id)
    role = "leader" if actor.has_role("leader") else "manager"
    waiting = board.decisions(role, actor, round_id=round_id) if actor.has_role("manager", "leader") else ()
    others = board.contributions(evaluation_round, stage.code, actor)
    regions = list_regions()
    return StagePage(
        round=evaluation_round,
        line=line_of(evaluation_round, stages, actor),
        stage=stage,
        steps=sum(each.code != "scoring" for each in stages),
        days=days_of(stage),
        may_move=actor.has_role("manager") and stage.plan.has_timer and _can_move(stage),
        load=board.total_load(loads),
        decisions=[each for each in waiting if not each.checks_others],
        checks=[each for each in waiting if each.checks_others and not each.is_barred],
        late=board.late_items(round_id, actor),
        others=others,
        tiles=[_tile(region, loads.get(region.code, board.Load()), others) for region in regions],
        provinces={region.code: region for region in regions},
        loads=loads,
        changes=queries.changes_of(round_id),
        today=clock.now(),
    )


def _present(stages: Sequence[StageView]) -> StageView:
    reached = [stage for stage in stages if stage.status is StageStatus.CLOSED]
    return next((stage for stage in stages if stage.is_now), reached[-1] if reached else stages[0])


def _can_move(stage: StageView) -> bool:
    return stage.status is StageStatus.PLANNED or is_window_open(stage, now=clock.now())


def _tile(region: Any, load: board.Load, others: Sequence[board.Contribution]) -> dict[str, Any]:  # noqa: ANN401 -- a row of accounts
    """The area's tile: a room's figure for this stage where one speaks, else the items in hand."""
    tile = {
        "short": pick(region.short_zh, REGION_LETTERS[region.code]),
        "name_zh": region.name_zh,
        "name_en": region.name_en,
        "row": region.tile_row,
        "column": region.tile_col,
        "code": region.code,
    }
    told = next((other.tiles.get(region.code) for other in others if other.tiles), None)
    if told is not None:
        return {**tile, **told}
    return {**tile, "value": load.open, "level": _level(load.open), "late": load.late, "href": None}


def _level(count: int) -> int:
    """1 to 5 by how much is in hand."""
    return 1 + sum(count >= bound for bound in (1, 10, 30, 100))


def list_lines(actor: Actor) -> list[tuple[Round, RoundLine]]:
    """Every round with its line."""
    return [(each, line_of(each, queries.view_round(each), actor)) for each in queries.list_rounds()]


def group_settings() -> list[tuple[tuple[str, str], list[Setting]]]:
    """The settings by group, in the order in which they are shown."""
    return [
        (names, [setting for setting in SETTINGS.values() if setting.group == group]) for group, names in GROUPS.items()
    ]
