"""Set calls: children as sets, counters, growth, single closing, deadlines."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.vocabulary import Role
from app.inbox.usecases import complete_item
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import ConflictError
from app.kernel.transaction import transaction
from app.processes.doors import Subject
from app.processes.models import ProcessEvent, ProcessInstance, SetCall, WorkItem
from app.processes.usecases import add_sibling, set_stage_deadline
from app.processes.worker import work_off
from tests.factories.accounts import make_actor
from tests.processes.conftest import empty_seeds, seeds
from tests.support.diagrams import (
    boundary_timer,
    diagram,
    end,
    flows,
    gateway,
    service,
    set_call,
    start,
    user,
)

CHILD = diagram(
    "seat",
    start() + user("rate") + end() + flows("begin>rate", "rate>end"),
    lanes={"rater": "rate"},
)
PARENT = diagram(
    "panel",
    start()
    + set_call("seats", called="seat", collection="test.seats")
    + user("after")
    + end()
    + flows("begin>seats", "seats>after", "after>end"),
)


@pytest.fixture
def panel(deploy, run, upper_rooms):
    """Starts a panel of `count` seats; returns the parent's id."""

    def start_panel(count, **more):
        upper_rooms(collections={"test.seats": lambda _call: seeds(count, **more)})
        deploy(CHILD)
        deploy(PARENT)
        return run("panel")

    return start_panel


def open_seats():
    return session.scalars(select(WorkItem.id).where(WorkItem.node == "rate", WorkItem.status == "open")).all()


def parent_items(parent_id):
    return session.scalars(
        select(WorkItem.node).where(WorkItem.instance_id == parent_id, WorkItem.status == "open").order_by(WorkItem.id)
    ).all()


def test_every_row_of_the_collection_becomes_a_child(panel):
    rater = make_actor(Role.RATER)
    parent_id = panel(3, assignees=[rater.id, rater.id, rater.id])

    call = session.scalars(select(SetCall)).one()
    titles = session.scalars(select(WorkItem.title).where(WorkItem.node == "rate").order_by(WorkItem.id)).all()

    assert (call.instance_id, call.total, call.open) == (parent_id, 3, 3)
    assert titles == ["席位1", "席位2", "席位3"]


def test_the_parent_moves_when_the_last_child_has_ended(panel):
    rater = make_actor(Role.RATER)
    parent_id = panel(2, assignees=[rater.id, rater.id])

    first, second = open_seats()
    with transaction():
        complete_item(item_id=first, outcome=None, values={}, actor=rater)
    work_off()
    waiting = parent_items(parent_id)
    with transaction():
        complete_item(item_id=second, outcome=None, values={}, actor=rater)
    work_off()

    assert waiting == []
    assert parent_items(parent_id) == ["after"]


def test_children_are_counted_when_the_collections_query_begins_with_with(deploy, run, upper_rooms):
    upper_rooms(collections={"test.seats": lambda _call: select(seeds(3).cte())})
    deploy(CHILD)
    deploy(PARENT)

    call = session.scalars(select(SetCall).where(SetCall.instance_id == run("panel"))).one()

    assert (call.total, call.open) == (3, 3)


def test_an_empty_collection_is_done_at_once(deploy, run, upper_rooms):
    upper_rooms(collections={"test.seats": lambda _call: empty_seeds()})
    deploy(CHILD)
    deploy(PARENT)

    assert parent_items(run("panel")) == ["after"]


def test_n6_an_open_call_takes_in_another_child(panel):
    rater = make_actor(Role.RATER)
    parent_id = panel(1, assignees=[rater.id])
    child_id = session.scalar(select(ProcessInstance.id).where(ProcessInstance.parent_id == parent_id))

    with transaction():
        grown = add_sibling(
            instance_id=child_id, subject=Subject("seat", 9), title="补席", actor=rater, assignee_id=rater.id
        )
    seats = open_seats()
    for item_id in seats:
        with transaction():
            complete_item(item_id=item_id, outcome=None, values={}, actor=rater)
    work_off()

    assert (grown, len(seats)) == (True, 2)
    assert parent_items(parent_id) == ["after"]


def test_a_closed_call_takes_in_nobody(panel):
    rater = make_actor(Role.RATER)
    parent_id = panel(1, assignees=[rater.id])
    child_id = session.scalar(select(ProcessInstance.id).where(ProcessInstance.parent_id == parent_id))
    [item_id] = open_seats()
    with transaction():
        complete_item(item_id=item_id, outcome=None, values={}, actor=rater)
    work_off()

    with transaction():
        grown = add_sibling(instance_id=child_id, subject=Subject("seat", 9), title="补席", actor=rater)

    assert grown is False


DEADLINE = diagram(
    "deadline",
    start()
    + set_call("seats", called="seat", collection="test.seats")
    + boundary_timer("late", attached_to="seats", text="P3D")
    + gateway("merge")
    + user("after")
    + end()
    + flows("begin>seats", "seats>merge", "late>merge", "merge>after", "after>end"),
)


def test_n7_children_of_an_interrupted_call_expire_with_their_items(deploy, run, upper_rooms):
    rater = make_actor(Role.RATER)
    upper_rooms(collections={"test.seats": lambda _call: seeds(3, assignees=[rater.id] * 3)})
    deploy(CHILD)
    deploy(DEADLINE)
    parent_id = run("deadline")
    first, second, _ = open_seats()
    with transaction():
        complete_item(item_id=first, outcome=None, values={}, actor=rater)

    with clock.at(clock.now() + timedelta(days=4)):
        work_off()

    assert parent_items(parent_id) == ["after"]
    counted = session.execute(
        select(ProcessInstance.status, func.count())
        .where(ProcessInstance.parent_id == parent_id)
        .group_by(ProcessInstance.status)
    ).all()
    assert sorted(map(tuple, counted)) == [("completed", 1), ("expired", 2)]
    with pytest.raises(ConflictError) as refused, transaction():
        complete_item(item_id=second, outcome=None, values={}, actor=rater)
    assert refused.value.code == "deadline_passed"


def test_children_that_move_by_themselves_are_taken_up(deploy, run, upper_rooms):
    calls = []

    def work(call):
        calls.append(call.subject.id)

    child = diagram(
        "seat",
        start()
        + service("prepare", "test.work")
        + user("rate")
        + end()
        + flows("begin>prepare", "prepare>rate", "rate>end"),
    )
    upper_rooms(operations={"test.work": work}, collections={"test.seats": lambda _call: seeds(5)})
    deploy(child)
    deploy(PARENT)
    run("panel")

    work_off()

    assert sorted(calls) == [1, 2, 3, 4, 5]
    assert len(open_seats()) == 5


def test_gateways_of_children_read_their_own_variables(deploy, run, upper_rooms):
    child = diagram(
        "seat",
        start()
        + gateway("g", default="f1_g_rate")
        + user("rate")
        + user("rate_gov")
        + gateway("m")
        + end()
        + flows("begin>g", "g>rate", 'g>rate_gov?seat_role == "GOV"', "rate>m", "rate_gov>m", "m>end"),
    )

    def both(call):
        ent, gov = seeds(2, variables='{"seat_role":"ENT"}'), seeds(1, variables='{"seat_role":"GOV"}')
        return select(ent.union_all(gov).subquery())

    upper_rooms(collections={"test.seats": both})
    deploy(child)
    deploy(PARENT)
    run("panel")

    opened = session.execute(select(WorkItem.node, func.count()).group_by(WorkItem.node)).all()
    assert sorted(map(tuple, opened)) == [("rate", 2), ("rate_gov", 1)]


def test_30_people_complete_30_children_at_the_same_second_without_an_error(app, panel):
    raters = [make_actor(Role.RATER) for _ in range(30)]
    parent_id = panel(30, assignees=[rater.id for rater in raters])
    seats = {
        item.assignee_id: item.id for item in session.scalars(select(WorkItem).where(WorkItem.node == "rate")).all()
    }
    session.rollback()
    ready, results = threading.Barrier(30), []

    def complete_own(rater):
        with app.app_context():
            ready.wait()
            try:
                with transaction():
                    complete_item(item_id=seats[rater.id], outcome=None, values={}, actor=rater)
                results.append("success")
            except Exception as error:
                results.append(repr(error))
            finally:
                session.remove()

    threads = [threading.Thread(target=complete_own, args=(rater,)) for rater in raters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work_off()

    assert results == ["success"] * 30
    assert parent_items(parent_id) == ["after"]
    fired = session.scalar(
        select(func.count())
        .select_from(ProcessEvent)
        .where(ProcessEvent.instance_id == parent_id, ProcessEvent.kind == "children")
    )
    assert fired == 2  # opened once, done once


def test_one_item_completed_by_20_threads_is_one_success_and_19_conflicts(app, panel):
    rater = make_actor(Role.RATER)
    panel(1, assignees=[rater.id])
    [item_id] = open_seats()
    session.rollback()
    ready, results = threading.Barrier(20), []

    def complete_same():
        with app.app_context():
            ready.wait()
            try:
                with transaction():
                    complete_item(item_id=item_id, outcome=None, values={}, actor=rater)
                results.append("success")
            except ConflictError as refused:
                results.append(refused.code)
            finally:
                session.remove()

    threads = [threading.Thread(target=complete_same) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["already_done"] * 19 + ["success"]


def test_extending_a_stage_moves_timers_and_due_dates_as_sets(deploy, run, upper_rooms):
    staged = diagram(
        "staged",
        start()
        + user("rate", attributes='lodestar:stage="rating"')
        + '<bpmn:boundaryEvent id="late" attachedToRef="rate"><bpmn:timerEventDefinition lodestar:stage="rating"/></bpmn:boundaryEvent>'
        + gateway("m")
        + end()
        + flows("begin>rate", "rate>m", "late>m", "m>end"),
    )
    deploy(staged)
    soon = clock.now() + timedelta(hours=1)
    with transaction():
        set_stage_deadline(batch_id=5, stage_code="rating", closes_at=soon)
    instances = [run("staged", batch_id=5) for _ in range(3)]

    with transaction():
        set_stage_deadline(batch_id=5, stage_code="rating", closes_at=soon + timedelta(days=5))
    with clock.at(soon + timedelta(days=1)):
        work_off()
        still_open = len(open_seats())
    with clock.at(soon + timedelta(days=6)):
        work_off()

    due = session.scalars(select(WorkItem.due_at).distinct()).all()
    assert (still_open, len(open_seats())) == (3, 0)
    assert due == [soon + timedelta(days=5)]
    assert {session.get_one(ProcessInstance, number).status for number in instances} == {"completed"}


REFILLED = diagram(
    "refilled",
    start() + gateway("again") + set_call("seats", called="seat", collection="test.seats")
    + service("check", "test.check") + gateway("enough", default="f4_enough_after") + user("after") + end()
    + flows("begin>again", "again>seats", "seats>check", "check>enough", "enough>after", "enough>again?missing > 0",
            "after>end"),
)  # fmt: skip


def test_a_call_that_is_made_again_at_once_keeps_its_new_children(deploy, run, upper_rooms):
    rater, missing = make_actor(Role.RATER), iter((1, 1, 0))
    upper_rooms(
        operations={"test.check": lambda _call: {"missing": next(missing)}},
        collections={"test.seats": lambda _call: seeds(1, assignees=[rater.id])},
    )
    deploy(CHILD)
    deploy(REFILLED)
    parent_id = run("refilled")

    for _ in range(3):
        [item_id] = open_seats()
        with transaction():
            complete_item(item_id=item_id, outcome=None, values={}, actor=rater)
        work_off()

    counts = session.execute(select(SetCall.open, SetCall.done, SetCall.expired).order_by(SetCall.id)).all()
    assert [tuple(row) for row in counts] == [(0, 1, 0)] * 3
    assert parent_items(parent_id) == ["after"]
