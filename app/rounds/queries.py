"""Reads of the rounds room."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import ConflictError, NotFoundError
from app.processes.models import ProcessEvent
from app.processes.queries import get_instance, tells_of, waiting_nodes
from app.processes.vocabulary import EventKind
from app.rounds.models import Programme, Round, StageChange
from app.rounds.planning import PlannedStage
from app.rounds.road import Position, StageView, is_window_open, view_stages
from app.rounds.rules import read_parameter
from app.rounds.vocabulary import RoundStatus, StageCode, StageStatus

LEAVING = (EventKind.COMPLETED, EventKind.OPERATION, EventKind.TIMER, EventKind.MESSAGE, EventKind.CHILDREN)
"""The lines of a history that tell of a step taken; a claim or an incident does not move the round."""


def get_round(round_id: int) -> Round:
    """The round; NotFoundError when there is none."""
    found = session.get(Round, round_id)
    if found is None:
        raise NotFoundError
    return found


def get_round_with_stages(round_id: int) -> Round:
    """`get_round` with its stages, in one statement."""
    found = session.get(Round, round_id, options=[joinedload(Round.stages)])
    if found is None:
        raise NotFoundError
    return found


def lock_round(round_id: int) -> Round:
    """The round with its row locked, read anew: whoever changes its stages comes one after the other."""
    found = session.get(Round, round_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


def list_rounds() -> Sequence[Round]:
    """All rounds, the newest first."""
    return session.scalars(select(Round).order_by(Round.starts_on.desc(), Round.id.desc())).all()


def current_round() -> Round | None:
    """The latest running round, else the latest of all that were not cancelled; None before the first.

    One statement, its stages included: every page asks.
    """
    is_running = case((Round.status == RoundStatus.RUNNING, 0), else_=1)
    newest = (
        select(Round)
        .options(joinedload(Round.stages))
        .where(Round.status != RoundStatus.CANCELLED)
        .order_by(is_running, Round.starts_on.desc(), Round.id.desc())
        .limit(1)
    )
    return session.scalars(newest).unique().one_or_none()


def choose_round(asked: str, among: Collection[int]) -> tuple[Round | None, Sequence[Round]]:
    """The round that a list shows, and those to choose from: the one asked for, else the newest that has entries."""
    rounds = [one for one in list_rounds() if one.id in among]
    chosen = next((one for one in rounds if str(one.id) == asked), None)
    return chosen or (rounds[0] if rounds else current_round()), rounds


def find_round_by_name(name: str) -> Round | None:
    """The round of this very name, if any."""
    return session.scalars(select(Round).where(Round.name == name)).one_or_none()


def list_programmes() -> Sequence[Programme]:
    """The programmes in order of their codes."""
    return session.scalars(select(Programme).order_by(Programme.code)).all()


def find_programme(code: str) -> Programme | None:
    """The programme of this code, if any."""
    return session.get(Programme, code)


def parameter(evaluation_round: Round, key: str) -> Any:  # noqa: ANN401 -- a setting is a number, text, flag or list
    """A setting of the round under its dotted key, e.g. "quorum.default_organisations"."""
    return read_parameter(evaluation_round.parameters, key)


def planned_stages(evaluation_round: Round) -> tuple[PlannedStage, ...]:
    """The stages of a round as planned, in order."""
    return tuple(
        PlannedStage(StageCode(stage.code), stage.position, stage.opens_at, stage.closes_at)
        for stage in evaluation_round.stages
    )


def position_of(evaluation_round: Round) -> Position:
    """Where the round's process stands, in two statements."""
    if evaluation_round.instance_id is None:
        return Position(frozenset(), {})
    instance = get_instance(evaluation_round.instance_id)
    left = session.execute(
        select(ProcessEvent.node, func.max(ProcessEvent.at))
        .where(tells_of((instance.id,)), ProcessEvent.node.is_not(None), ProcessEvent.kind.in_(LEAVING))
        .group_by(ProcessEvent.node)
    )
    return Position(
        frozenset(waiting_nodes(instance)),
        {node: at for node, at in left if node is not None},
        is_ended=instance.state_id is None,
    )


def stages_of(round_id: int) -> tuple[StageView, ...]:
    """The stages of a round in order, each with its status as the process stands now."""
    return view_round(get_round(round_id))


def view_round(evaluation_round: Round) -> tuple[StageView, ...]:
    """`stages_of` for a round that is at hand."""
    return view_stages(planned_stages(evaluation_round), position_of(evaluation_round), now=clock.now())


def stage_of(round_id: int, code: str) -> StageView:
    """One stage; NotFoundError for a code that no stage has."""
    return find_stage(stages_of(round_id), code)


def find_stage(stages: Sequence[StageView], code: str) -> StageView:
    """The stage of this code among `stages`; NotFoundError when there is none."""
    for stage in stages:
        if stage.code == code:
            return stage
    raise NotFoundError


def ensure_stage_open(*, round_id: int, code: str) -> StageView:
    """The stage, if its window is open now; ConflictError `stage_closed` or `stage_not_open` with the time."""
    stage = stage_of(round_id, code)
    if is_window_open(stage, now=clock.now()):
        return stage
    if stage.status is StageStatus.PLANNED:
        raise ConflictError("stage_not_open", time=stage.opens_at or stage.closes_at)
    raise ConflictError("stage_closed", time=_end_of(stage))


def _end_of(stage: StageView) -> datetime:
    return stage.closed_at or stage.closes_at


def changes_of(round_id: int) -> Sequence[StageChange]:
    """The public change notices of a round, the newest first (E0)."""
    return session.scalars(
        select(StageChange).where(StageChange.round_id == round_id).order_by(StageChange.id.desc())
    ).all()
