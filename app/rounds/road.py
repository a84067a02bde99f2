"""Where a round stands, derived from its process. Pure: nothing is booked beside the process, so nothing can lie."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from app.rounds.planning import PlannedStage
from app.rounds.vocabulary import STAGES, StageCode, StagePlan, StageStatus

NODES: dict[StageCode, tuple[str, ...]] = {
    StageCode.SETUP: ("setup", "setup_check", "release", "freeze", "announce_start"),
    StageCode.FILING: ("filing_ends", "cut"),
    StageCode.ANNUAL_FORM: ("forms",),
    StageCode.AUDIT_TAIL: ("audit_tail_ends", "unfinished", "tail", "move", "ready", "open_candidacies"),
    StageCode.SCREENING: ("screening_ends", "screening_closed"),
    StageCode.PUSH: ("plan", "approve_push", "push_approved"),
    StageCode.RATING: ("rating_ends", "aggregate", "rating_closed"),
    StageCode.RATING_SECOND: ("plan_second", "second_push", "second_ends", "aggregate_second", "second_closed"),
    StageCode.POOL: ("clear", "rank", "pool_line", "pool_check", "freeze_pool", "pool_decided"),
    StageCode.EXPERT_REVIEW: ("form_panels", "panels"),
    StageCode.PANEL: ("panels",),
    StageCode.PROPOSAL: ("compile", "proposal", "proposal_check", "proposal_sign"),
    StageCode.PUBLIC_NOTICE: ("notice", "notice_opened", "notice_ends", "close_notice", "notice_closed"),
    StageCode.RESULTS: ("draft", "sign", "issue", "publish", "results_published"),
    StageCode.SCORING: (
        "snapshot",
        "score",
        "verify",
        "verify_check",
        "marks",
        "preview",
        "rechecks",
        "freeze_base",
    ),
    StageCode.DECISION: ("bonus", "final", "final_sign", "publish_date"),
    StageCode.ARCHIVED: ("publish_final", "archive"),
}
"""The nodes of the evaluation_round process that belong to each stage; the candidacies' call spans many, so to none."""
BESIDE = frozenset({StageCode.ANNUAL_FORM, StageCode.SCORING})
"""Stages beside the main line: being open they never are "now"."""
PLANS: dict[StageCode, StagePlan] = {plan.code: plan for plan in STAGES}


@dataclass(frozen=True, slots=True)
class Position:
    """Where the round's process stands: its open nodes, and when each node was last left."""

    open_nodes: Set[str]
    left_at: Mapping[str, datetime]
    is_ended: bool = False


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage as everybody sees it. `closed_at`: when the process left it; None while it has not."""

    code: StageCode
    position: int
    status: StageStatus
    opens_at: datetime | None
    closes_at: datetime
    closed_at: datetime | None
    is_now: bool

    @property
    def plan(self) -> StagePlan:
        return PLANS[self.code]

    @property
    def shown_end(self) -> datetime | None:
        """When it closed, else when it will; nothing for a skipped stage."""
        return None if self.status is StageStatus.SKIPPED else self.closed_at or self.closes_at


def view_stages(planned: Sequence[PlannedStage], position: Position, *, now: datetime) -> tuple[StageView, ...]:
    """The stages with their status: open, closed, skipped (passed without a step taken in it) or planned."""
    opened = {stage.code for stage in planned if _is_open(stage, planned, position, now)}
    touched = opened | {stage.code for stage in planned if _left_at(stage.code, position) is not None}
    furthest = max((stage.position for stage in planned if stage.code in touched - BESIDE), default=0)
    main = [stage.code for stage in planned if stage.code in opened - BESIDE]
    current = main[-1] if main else None
    views = []
    for stage in planned:
        status = _status(
            stage,
            is_open=stage.code in opened,
            is_touched=stage.code in touched,
            furthest=furthest,
            position=position,
        )
        closed_at = _closed_at(stage, position) if status is StageStatus.CLOSED else None
        views.append(
            StageView(
                stage.code, stage.position, status, stage.opens_at, stage.closes_at, closed_at, stage.code is current
            )
        )
    return tuple(views)


def _is_open(stage: PlannedStage, planned: Sequence[PlannedStage], position: Position, now: datetime) -> bool:
    if position.open_nodes.isdisjoint(NODES[stage.code]):
        return False
    if stage.code not in (StageCode.EXPERT_REVIEW, StageCode.PANEL) or "panels" not in position.open_nodes:
        return True
    # One call carries expert review and meetings: it is review until the review's window ends, meeting from then on.
    ends = next(other.closes_at for other in planned if other.code is StageCode.EXPERT_REVIEW)
    return (stage.code is StageCode.EXPERT_REVIEW) == (now < ends)


def _closed_at(stage: PlannedStage, position: Position) -> datetime | None:
    """A window that a timer ends closed at its end, whenever the work behind it was done; other stages when left."""
    if PLANS[stage.code].has_timer and stage.code is not StageCode.AUDIT_TAIL:
        return stage.closes_at
    return _left_at(stage.code, position)


def _left_at(code: StageCode, position: Position) -> datetime | None:
    # A call that is open has written into the history already, when its children began: that is no leaving.
    left = [position.left_at[node] for node in NODES[code] if node in position.left_at.keys() - position.open_nodes]
    return max(left, default=None)


def _status(stage: PlannedStage, *, is_open: bool, is_touched: bool, furthest: int, position: Position) -> StageStatus:
    if is_open:
        return StageStatus.OPEN
    if is_touched:
        return StageStatus.CLOSED
    passed = position.is_ended or stage.position < furthest
    return StageStatus.SKIPPED if passed else StageStatus.PLANNED


def is_window_open(stage: StageView, *, now: datetime) -> bool:
    """Whether something may still be handed in: a stage that a timer ends closes on time, even if the timer is late."""
    return stage.status is StageStatus.OPEN and (not stage.plan.has_timer or now < stage.closes_at)
