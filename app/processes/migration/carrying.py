"""Rows that go on in another version although what the diagram says of them changed: timers, calls, who may act."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, select, update

from app.engine import evaluate
from app.engine.window import Node, TimerSpec, Variables
from app.kernel import clock
from app.kernel.db import session, table_of
from app.processes.deadlines import Arming, arm_timer, read_duration, read_timer_text
from app.processes.effects import role_of
from app.processes.jobs import add_jobs
from app.processes.migration.impact import Choices
from app.processes.models import ProcessInstance, ProcessTimer, SetCall, WorkItem
from app.processes.vocabulary import ItemStatus, TimerChoice

TIMERS = table_of(ProcessTimer)
ITEMS = table_of(WorkItem)
Pairs = Sequence[tuple[Node, Node]]
FEW = 20
SET_TIMER = (
    update(TIMERS)
    .where(TIMERS.c.id == bindparam("timer_id"))
    .values({one.name: bindparam(f"new_{one.name}") for one in fields(Arming)})
)


def carry_timers(ids: Sequence[int], kept: Pairs, choices: Choices) -> None:
    """Timers whose definition changed are counted anew from when they were armed, unless it was chosen otherwise."""
    for before, after in kept:
        here = (TIMERS.c.instance_id.in_(ids), TIMERS.c.node == before.id)
        choice = choices.timers.get(after.id, TimerChoice.KEEP)
        is_due_anew = choice is TimerChoice.RESTART or (choice is TimerChoice.KEEP and before.timer != after.timer)
        if is_due_anew and before.timer and after.timer:
            _count_anew(here, before.timer, after.timer, from_now=choice is TimerChoice.RESTART)
        if before.id != after.id:
            session.execute(update(TIMERS).where(*here).values(node=after.id))


def _count_anew(here: tuple[Any, ...], before: TimerSpec, after: TimerSpec, *, from_now: bool) -> None:
    rows = session.execute(
        select(
            TIMERS.c.id, TIMERS.c.armed_at, TIMERS.c.due_at, TIMERS.c.remaining, TIMERS.c.batch_id,
            ProcessInstance.variables,
        )
        .join(ProcessInstance, ProcessInstance.id == TIMERS.c.instance_id)
        .where(*here)
    ).all()  # fmt: skip
    counted = Counting(before, after)
    changes = defaultdict(list)
    for row in rows:
        variables = row.variables or {}
        armed_at = clock.now() if from_now else row.armed_at or counted.armed_at(row.due_at, variables)
        if armed_at is not None:
            arming = counted.arming(armed_at, row.batch_id, variables)
            left = arming.remaining if from_now else counted.remaining(row.remaining, arming.remaining, variables)
            changes[replace(arming, remaining=left)].append(row.id)
    _set_timers(changes)


def _set_timers(changes: Mapping[Arming, Sequence[int]]) -> None:
    """Timers that were armed as a set change as a set; those of many moments one after the other, in one statement."""
    if len(changes) <= FEW:
        for arming, ids in changes.items():
            session.execute(update(TIMERS).where(TIMERS.c.id.in_(ids)).values(asdict(arming)))
        return
    session.execute(
        SET_TIMER,
        [
            {"timer_id": id_, **{f"new_{name}": value for name, value in asdict(arming).items()}}
            for arming, ids in changes.items()
            for id_ in ids
        ],
    )


class Counting:
    """When timers fall due by their new definition; equal questions are answered once."""

    def __init__(self, before: TimerSpec, after: TimerSpec) -> None:
        self._before, self._after = before, after
        self._known: dict[tuple[Any, ...], Arming] = {}

    def arming(self, armed_at: datetime, batch_id: int | None, variables: Variables) -> Arming:
        """As if it had been armed by the new definition then."""
        is_read = (self._after.text or "").startswith("=")
        key = (armed_at, batch_id if self._after.stage else None, orjson.dumps(variables) if is_read else b"")
        if key not in self._known:
            with clock.at(armed_at):
                self._known[key] = arm_timer(self._after, variables=variables, batch_id=batch_id)
        return self._known[key]

    def armed_at(self, due_at: datetime, variables: Variables) -> datetime | None:
        """When a timer of which nobody noted it was armed: only a duration can be counted back."""
        if self._before.kind != "duration":
            return None
        return due_at - read_duration(read_timer_text(self._before.text or "", variables))

    def remaining(self, left: int | None, new: int | None, variables: Variables) -> int | None:
        """How often a repeating timer still fires, those firings taken off that it has had."""
        if new is None or left is None or self._before.kind != "cycle":
            return new
        count, _, _ = read_timer_text(self._before.text or "", variables).partition("/")
        fired = int(count.removeprefix("R") or left) - left
        return max(new - fired, 1)


def carry_calls(ids: Sequence[int], kept: Pairs) -> None:
    """Open calls keep their row and children; a changed completion condition holds from now on."""
    for before, after in kept:
        if (before.id, before.completion) == (after.id, after.completion):
            continue
        here = (SetCall.instance_id.in_(ids), SetCall.node == before.id, SetCall.closed_at.is_(None))
        met: Sequence[int] = ()
        if after.completion and before.completion != after.completion:
            columns = (SetCall.id, SetCall.total, SetCall.open, SetCall.done, SetCall.expired)
            counts = session.execute(select(*columns).where(*here)).mappings().all()
            met = [row["id"] for row in counts if evaluate(after.completion, {**row})]
        session.execute(
            update(SetCall)
            .where(*here)
            .values(node=after.id, condition=after.completion)
            .execution_options(synchronize_session=False)
        )
        _finish_calls(met)


def _finish_calls(call_ids: Sequence[int]) -> None:
    add_jobs("call_done", [{"call_id": call_id} for call_id in call_ids])


def assign_people(ids: Sequence[int], node: Node) -> None:
    """Unassigned items at a node go to the person who takes its role in the instance, where one was named."""
    named = select(ProcessInstance.id, ProcessInstance.people).where(
        ProcessInstance.id.in_(ids), ProcessInstance.people.is_not(None)
    )
    takers = [
        {"at_instance": id_, "taker": people[role_of(node)]}
        for id_, people in session.execute(named)
        if role_of(node) in people
    ]
    if takers:
        session.execute(
            update(ITEMS)
            .where(
                ITEMS.c.instance_id == bindparam("at_instance"),
                ITEMS.c.node == node.id,
                ITEMS.c.status == ItemStatus.OPEN,
                ITEMS.c.assignee_id.is_(None),
            )
            .values(assignee_id=bindparam("taker")),
            takers,
        )


def bar_again(ids: Sequence[int], node: Node) -> None:
    """Four eyes by the new definition: who completed the steps that the item checks may not complete it."""
    done = (
        select(WorkItem.instance_id, WorkItem.node, WorkItem.completed_by)
        .where(WorkItem.instance_id.in_(ids), WorkItem.status == ItemStatus.DONE, WorkItem.node.in_(node.not_by))
        .order_by(WorkItem.id)
    )
    last: dict[int, dict[str, int]] = {id_: {} for id_ in ids}
    for instance_id, step, person in session.execute(done):
        if person is not None:
            last[instance_id][step] = person
    session.execute(
        update(ITEMS)
        .where(
            ITEMS.c.instance_id == bindparam("at_instance"),
            ITEMS.c.node == node.id,
            ITEMS.c.status == ItemStatus.OPEN,
        )
        .values(not_by=bindparam("barred")),
        [{"at_instance": id_, "barred": _barred(people)} for id_, people in last.items()],
    )


def _barred(people: Mapping[str, int]) -> str | None:
    return f",{','.join(map(str, sorted(set(people.values()))))}," if people else None
