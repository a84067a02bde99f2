"""The round in one line, in the reader's language: what the shell shows on every page."""

from collections.abc import Sequence
from datetime import timedelta

from flask import url_for

from app.kernel import clock
from app.kernel.actor import Actor
from app.rounds.models import Round
from app.rounds.queries import current_round, get_round_with_stages, view_round
from app.rounds.road import StageView
from app.rounds.vocabulary import READERS, RoundStatus, StageCode, StageStatus
from app.web.dates import short_date
from app.web.locale import current_locale, pick
from app.web.requests import once
from app.web.round_line import RoadStage, RoundLine, StageState
from app.workdays.calendar import workdays_between


def round_line(actor: Actor | None) -> RoundLine | None:
    """The current round for the shell; None before the first one."""
    evaluation_round = once("current_round", current_round)
    return None if evaluation_round is None else line_of(evaluation_round, view_round(evaluation_round), actor)


def show_round_of(round_id: int | None, actor: Actor) -> None:
    """The shell of this page speaks of the round that its subject belongs to; call it before the page is drawn."""
    if round_id is not None:
        evaluation_round = get_round_with_stages(round_id)
        once("round_line", lambda: line_of(evaluation_round, view_round(evaluation_round), actor))


def line_of(evaluation_round: Round, stages: Sequence[StageView], actor: Actor | None) -> RoundLine:
    """A round as a line; those who read rounds get a link to its page."""
    present = next((stage for stage in stages if stage.is_now), None)
    shown = present or _last_reached(stages)
    return RoundLine(
        name=evaluation_round.name,
        stage_name=name_of(shown),
        now=_now_words(present) if present else _ended_words(evaluation_round),
        also=_also_words(stages),
        then=_then_words(stages, present),
        stages=tuple(_road_stage(stage) for stage in stages),
        href=url_for("rounds.show", round_id=evaluation_round.id) if actor and actor.has_role(*READERS) else None,
    )


def name_of(stage: StageView) -> str:
    """The stage's full name."""
    return pick(stage.plan.name_zh, stage.plan.name_en)


def days_of(stage: StageView) -> tuple[int, int] | None:
    """(which working day of its window today is, how many it has); None where a stage has no window."""
    if stage.opens_at is None:
        return None
    before = stage.opens_at - timedelta(seconds=1)  # a window that opens at midnight counts that very day
    return workdays_between(before, clock.now()), workdays_between(before, stage.closes_at)


def _last_reached(stages: Sequence[StageView]) -> StageView:
    reached = [stage for stage in stages if stage.status is StageStatus.CLOSED]
    return reached[-1] if reached else stages[0]


def _now_words(stage: StageView) -> str:
    end = short_date(stage.closes_at, current_locale())
    days = days_of(stage)
    if stage.closes_at <= clock.now():
        late = workdays_between(stage.closes_at, clock.now())
        if not late:
            return pick(f"计划{end}完成", f"Planned until {end}")
        return pick(f"计划{end}完成，已超过{late}个工作日", f"Planned until {end}, {late} working days late")
    if days is None or days[0] < 1:
        return pick(f"{end}截止", f"Until {end}")
    return pick(f"第{days[0]}个工作日，共{days[1]}个，{end}截止", f"Working day {days[0]} of {days[1]}, until {end}")


def _ended_words(evaluation_round: Round) -> str:
    words = {
        RoundStatus.ARCHIVED: ("本周期已归档", "This round is archived"),
        RoundStatus.PUBLISHED: ("结果已公布", "Results are published"),
        RoundStatus.CANCELLED: ("本周期已取消", "This round was cancelled"),
    }
    found = words.get(RoundStatus(evaluation_round.status))
    return pick(*found) if found else ""


def _also_words(stages: Sequence[StageView]) -> str:
    beside = [
        stage
        for stage in stages
        if stage.status is StageStatus.OPEN and not stage.is_now and stage.code is not StageCode.SCORING
    ]
    if not beside:
        return ""
    end = short_date(beside[0].closes_at, current_locale())
    name = name_of(beside[0])
    return pick(f"同时进行：{name}，{end}截止", f"At the same time: {name}, until {end}")


def _then_words(stages: Sequence[StageView], present: StageView | None) -> str:
    position = present.position if present else 0
    following = next(
        (
            stage
            for stage in stages
            if present
            and stage.position > position
            and stage.status is StageStatus.PLANNED
            and stage.code not in (StageCode.SCORING, StageCode.ANNUAL_FORM)
        ),
        None,
    )
    if following is None:
        return ""
    if following.code is StageCode.RATING_SECOND:
        return pick("下一阶段：补充评价，有不足项时自动开始", "Next: second rating, only if items have too few ratings")
    end, name = short_date(following.closes_at, current_locale()), name_of(following)
    return pick(f"下一阶段：{name}，计划{end}截止", f"Next: {name}, planned until {end}")


def _road_stage(stage: StageView) -> RoadStage:
    return RoadStage(
        code=stage.code,
        name=name_of(stage),
        short=pick(stage.plan.short_zh, stage.plan.short_en),
        closes_at=stage.shown_end,
        state=_road_state(stage),
        note=_scoring_words(stage) if stage.code is StageCode.SCORING else "",
    )


def _road_state(stage: StageView) -> StageState:
    if stage.code is StageCode.SCORING:
        return "parallel"
    if stage.is_now:
        return "now"
    states: dict[StageStatus, StageState] = {
        StageStatus.OPEN: "also",
        StageStatus.CLOSED: "done",
        StageStatus.SKIPPED: "done",
        StageStatus.PLANNED: "future",
    }
    return states[stage.status]


def _scoring_words(stage: StageView) -> str:
    words = {
        StageStatus.OPEN: ("指标评分与上述阶段并行，进行中", "Indicator scoring runs beside these stages: under way"),
        StageStatus.PLANNED: (
            "指标评分与上述阶段并行，审核收尾结束后开始",
            "Indicator scoring runs beside these stages, from the end of the audits",
        ),
        StageStatus.CLOSED: ("指标评分已完成", "Indicator scoring is finished"),
        StageStatus.SKIPPED: ("本周期按评优加分计入，不另行指标评分", "This round counts the award bonus only"),
    }
    return pick(*words[stage.status])
