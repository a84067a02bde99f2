"""Plays a round: every item by a person who may do it, every stage closed by a manager, through the doors' use cases."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.models import User
from app.accounts.queries import actor_of, find_active_user, select_users_with_role
from app.accounts.vocabulary import Role
from app.demo.answers import Temper, answer
from app.inbox.usecases import complete_item
from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.models import ProcessTimer, WorkItem
from app.processes.vocabulary import ItemStatus
from app.processes.worker import work_off
from app.rounds.queries import get_round, stages_of
from app.rounds.vocabulary import STAGES, RoundStatus, StageStatus
from app.rounds.windows import close_stage

Told = Callable[["Progress"], None]
Leaves = Callable[[WorkItem], bool]
WHOLE_WINDOWS = frozenset({"push", "pool", "panel", "proposal"})
"""Stages without a timer, whose people act on the last day: the next stage then opens when it was planned to."""
LAST_HOURS = timedelta(hours=8)


def leave_nothing(_item: WorkItem) -> bool:
    """Everything is done."""
    return False


@dataclass(slots=True)
class Progress:
    """What happened in one stage."""

    stage: str
    items: int = 0
    people: set[int] = field(default_factory=set)
    steps: int = 0
    seconds: float = 0.0


class Stuck(RuntimeError):  # noqa: N818 -- a story's end, not an error of the program
    """Nobody has anything to do and no stage can be closed: the round cannot go on by itself."""


@dataclass(slots=True)
class Player:
    """Carries one round. `leaves` names the items that its people leave alone, so that a visitor finds work."""

    round_id: int
    chance: Random
    temper: Temper = field(default_factory=Temper)
    leaves: Leaves = leave_nothing
    in_time: bool = False
    """With a frozen clock: waits for a stage's planned end instead of having a manager end it now."""
    on_open: dict[str, Callable[[], None]] = field(default_factory=dict)
    """Stage code -> what people do once when the stage opens: file results, raise objections."""
    told: Told | None = None
    _returned: set[int] = field(default_factory=set)
    _ignored: set[int] = field(default_factory=set)
    _opened: set[str] = field(default_factory=set)
    _actors: dict[int, Actor] = field(default_factory=dict)
    _people: dict[str, list[Actor]] = field(default_factory=dict)
    _holders: dict[tuple[str, str | int | None], list[Actor]] = field(default_factory=dict)
    progress: list[Progress] = field(default_factory=list)

    def play(self, *, until: str | None = None, untouched: bool = False) -> list[Progress]:
        """Plays until the stage `until` is open and its people are done, or until the round is archived.

        `untouched`: the people of that stage do nothing yet, so that its work waits. Where a round skips the stage,
        the next one ends the play.
        """
        while True:
            stage = self._enter_stage(until)
            steps = work_off()
            current = self.progress[-1]
            current.steps += steps
            is_there = until is not None and POSITIONS[self._current_stage()] >= POSITIONS[until]
            done = 0 if is_there and untouched else self._do_items()
            if done or steps:
                continue
            if self._is_over() or (is_there and (untouched or stage == until)):
                return self.progress
            if not self._close_next_stage():
                raise Stuck(self._describe())

    def _enter_stage(self, until: str | None) -> str:
        """Books what follows on the stage that is open now; lets its people begin."""
        stage = self._current_stage()
        if not self.progress or self.progress[-1].stage != stage:
            self.progress.append(Progress(stage))
        if stage not in self._opened:
            self._opened.add(stage)
            if self.in_time and stage in WHOLE_WINDOWS and stage != until:
                self._wait_for_end(stage, LAST_HOURS)
            if stage in self.on_open:
                self._timed(self.on_open[stage])
        return stage

    def _current_stage(self) -> str:
        views = stages_of(self.round_id)
        session.rollback()
        open_ = [view.code.value for view in views if view.status is StageStatus.OPEN and view.code.value != "scoring"]
        closed = [view.code.value for view in views if view.status is not StageStatus.PLANNED]
        return (open_ or closed or ["setup"])[-1]

    def _timed(self, act: Callable[[], None]) -> None:
        begun = time.monotonic()
        act()
        self.progress[-1].seconds += time.monotonic() - begun

    def _do_items(self) -> int:
        """Completes every open item of the round that somebody wants to complete; returns how many."""
        done = 0
        for item in self._open_items():
            reply = answer(item, chance=self.chance, temper=self._temper_for(item))
            if reply is None or self.leaves(item):
                self._ignored.add(item.id)
                continue
            outcome, values = reply
            if outcome == "return_for_correction":
                self._returned.add(item.instance_id)
            actor = self._actor_for(item)
            self._timed(lambda i=item.id, o=outcome, v=values, a=actor: _complete(i, o, v, a))  # type: ignore[misc]
            current = self.progress[-1]
            current.items, current.steps, done = current.items + 1, current.steps + 1, done + 1
            current.people.add(actor.id or 0)
            if self.told is not None:
                self.told(current)
        return done

    def _temper_for(self, item: WorkItem) -> Temper:
        """Nobody returns the same filing twice."""
        return replace(self.temper, returns=0.0) if item.instance_id in self._returned else self.temper

    def _open_items(self) -> list[WorkItem]:
        rows = session.scalars(
            select(WorkItem)
            .where(WorkItem.batch_id == self.round_id, WorkItem.status == ItemStatus.OPEN)
            .order_by(WorkItem.id)
        ).all()
        for row in rows:
            session.expunge(row)
        session.rollback()
        waiting = [row for row in rows if row.id not in self._ignored]
        return sorted(waiting, key=lambda row: row.form_key == "pool")  # the line is drawn when every doubt is decided

    def _actor_for(self, item: WorkItem) -> Actor:
        if item.assignee_id is not None:
            return self._actor(item.assignee_id)
        for actor in self._holders_of(item):
            if f",{actor.id}," not in (item.not_by or ""):
                return actor
        raise Stuck(f"nobody may complete {item.node} of {item.title} ({item.role})")

    def _actor(self, user_id: int) -> Actor:
        if user_id not in self._actors:
            user = find_active_user(user_id)
            if user is None:
                raise Stuck(f"user {user_id} is gone")
            self._actors[user_id] = actor_of(user)
        return self._actors[user_id]

    def _holders_of(self, item: WorkItem) -> list[Actor]:
        """The people whose grants cover the item, remembered by role and scope."""
        scope = item.organisation_id if item.role in ORGANISATION_ROLES else item.province_code
        key = (item.role, item.city_code if item.role == Role.CITY_AUDITOR else scope)
        if key not in self._holders:
            self._holders[key] = [actor for actor in self._people_of(item.role) if covers(actor, item)]
        return self._holders[key]

    def _people_of(self, role: str) -> list[Actor]:
        if role not in self._people:
            users = select_users_with_role(role).options(selectinload(User.grants), selectinload(User.standing_in))
            self._people[role] = [actor_of(user) for user in session.scalars(users).unique()]
            session.rollback()
        return self._people[role]

    def _close_next_stage(self) -> bool:
        """A manager ends the open stage that the round waits for."""
        waiting = set(
            session.scalars(
                select(ProcessTimer.stage_code).where(
                    ProcessTimer.batch_id == self.round_id, ProcessTimer.stage_code.is_not(None)
                )
            )
        )
        open_ = [view.code.value for view in stages_of(self.round_id) if view.status is StageStatus.OPEN]
        session.rollback()
        for code in open_:
            if code in waiting and self.in_time:
                self._wait_for_end(code)
                return True
            if code in waiting:
                manager = self._people_of(Role.MANAGER)[0]
                with transaction():
                    close_stage(round_id=self.round_id, code=code, reason="演示：提前结束本阶段", actor=manager)
                return True
        return False

    def _wait_for_end(self, code: str, before: timedelta = timedelta(seconds=-1)) -> None:
        ends = next(view.closes_at for view in stages_of(self.round_id) if view.code.value == code)
        session.rollback()
        clock.travel(max(ends - before - clock.now(), timedelta(0)))

    def _is_over(self) -> bool:
        status = get_round(self.round_id).status
        session.rollback()
        return status in (RoundStatus.ARCHIVED, RoundStatus.CANCELLED)

    def _describe(self) -> str:
        views = [f"{view.code.value}={view.status.value}" for view in stages_of(self.round_id)]
        timers = session.execute(
            select(ProcessTimer.node, ProcessTimer.due_at).where(ProcessTimer.batch_id == self.round_id)
        ).all()
        return f"round {self.round_id}: {', '.join(views)}; timers {[tuple(timer) for timer in timers]}; {clock.now()}"


POSITIONS = {plan.code.value: position for position, plan in enumerate(STAGES)}
ORGANISATION_ROLES = (Role.FILER, Role.RATER, Role.GOV_USER)


def _complete(item_id: int, outcome: str | None, values: dict[str, object], actor: Actor) -> None:
    with transaction():
        complete_item(item_id=item_id, outcome=outcome, values=values, actor=actor)


def covers(actor: Actor, item: WorkItem) -> bool:
    """Whether one of the person's grants covers the item."""
    return any(_covers(grant, item) for grant in actor.grants if grant.role == item.role)


def _covers(grant: Grant, item: WorkItem) -> bool:
    codes = {"province": item.province_code, "city": item.city_code, "organisation": str(item.organisation_id)}
    return grant.scope_type == "nation" or codes.get(grant.scope_type) == grant.scope_code
