"""Planning of a round's stages in working days. Pure: working days are counted by a function that is handed in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from app.kernel.clock import BEIJING
from app.rounds.vocabulary import STAGES, StageCode

AddWorkdays = Callable[[date | datetime, int], datetime]

FOLLOWS: dict[StageCode, StageCode] = {
    StageCode.FILING: StageCode.SETUP,
    StageCode.ANNUAL_FORM: StageCode.SETUP,
    StageCode.AUDIT_TAIL: StageCode.FILING,
    StageCode.SCREENING: StageCode.AUDIT_TAIL,
    StageCode.PUSH: StageCode.SCREENING,
    StageCode.RATING: StageCode.PUSH,
    StageCode.RATING_SECOND: StageCode.RATING,
    StageCode.POOL: StageCode.RATING_SECOND,
    StageCode.EXPERT_REVIEW: StageCode.POOL,
    StageCode.PANEL: StageCode.EXPERT_REVIEW,
    StageCode.PROPOSAL: StageCode.PANEL,
    StageCode.PUBLIC_NOTICE: StageCode.PROPOSAL,
    StageCode.RESULTS: StageCode.PUBLIC_NOTICE,
    StageCode.SCORING: StageCode.AUDIT_TAIL,
    StageCode.DECISION: StageCode.RESULTS,
    StageCode.ARCHIVED: StageCode.DECISION,
}
"""Each stage opens when this one closes. Annual form and scoring run beside the main line."""
ENDS_WITH: dict[StageCode, StageCode] = {StageCode.SCORING: StageCode.RESULTS}
"""A parallel stage has no window of its own: it has to be ready when this one closes."""
ARCHIVE_WORKDAYS = 1


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """A stage with its planned window; setup has been open since the round was created."""

    code: StageCode
    position: int
    opens_at: datetime | None
    closes_at: datetime


def plan_stages(starts_on: date, *, workdays: Mapping[str, int], add_workdays: AddWorkdays) -> tuple[PlannedStage, ...]:
    """All stages of a round whose filing opens on `starts_on`, each as long as `workdays` says.

    A window of n working days counts n of them after the end of the stage before; set-up ends on the last working
    day before `starts_on`.
    """
    closes = {StageCode.SETUP: add_workdays(starts_on, -1)}
    for code, before in FOLLOWS.items():
        if code not in ENDS_WITH:
            closes[code] = add_workdays(closes[before], workdays.get(code, ARCHIVE_WORKDAYS))
    first_day = datetime.combine(starts_on, time.min, BEIJING)
    opens = {code: first_day if before is StageCode.SETUP else closes[before] for code, before in FOLLOWS.items()}
    return _in_order(opens, closes | {code: closes[end] for code, end in ENDS_WITH.items()})


def windows_to_end_on(
    starts_on: date,
    *,
    workdays: Mapping[str, int],
    ends: Mapping[str, date],
    add_workdays: AddWorkdays,
    workdays_between: Callable[[datetime, date], int],
) -> dict[str, int]:
    """`workdays` changed so that the stages of `ends` close on these days (the last working day not after them).

    A stage given a day before the end of the one before gets a window below 1, which no round accepts.
    """
    windows = dict(workdays)
    for code, before in FOLLOWS.items():
        if code in ends:
            planned = plan_stages(starts_on, workdays=windows, add_workdays=add_workdays)
            opens_at = next(stage.closes_at for stage in planned if stage.code is before)
            windows[code] = workdays_between(opens_at, ends[code])
    return windows


def move_end(
    stages: Sequence[PlannedStage], code: StageCode, closes_at: datetime, *, shift: int, add_workdays: AddWorkdays
) -> tuple[PlannedStage, ...]:
    """The stages after the end of `code` was moved to `closes_at`.

    Every stage that comes after it moves by `shift` working days; with 0 (closed early) the later ones keep their
    ends and only open earlier.
    """
    later = stages_after(code) if shift else frozenset()
    closes = {
        stage.code: add_workdays(stage.closes_at, shift) if stage.code in later else stage.closes_at for stage in stages
    }
    closes[code] = closes_at
    closes |= {code: closes[end] for code, end in ENDS_WITH.items()}
    opens = {
        stage.code: stage.opens_at
        if FOLLOWS.get(stage.code, StageCode.SETUP) is StageCode.SETUP
        else closes[FOLLOWS[stage.code]]
        for stage in stages
    }
    return tuple(replace(stage, opens_at=opens[stage.code], closes_at=closes[stage.code]) for stage in stages)


def stages_after(code: StageCode) -> frozenset[StageCode]:
    """The stages that wait, directly or not, for the end of `code`."""
    after: set[StageCode] = set()
    for later, before in FOLLOWS.items():
        if before is code or before in after:
            after.add(later)
    return frozenset(after)


def _in_order(opens: Mapping[StageCode, datetime], closes: Mapping[StageCode, datetime]) -> tuple[PlannedStage, ...]:
    return tuple(
        PlannedStage(plan.code, position, opens.get(plan.code), closes[plan.code])
        for position, plan in enumerate(STAGES, start=1)
    )
