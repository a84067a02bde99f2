"""Timers: fired by the worker, in order, once; overdue ones before a late completion."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.inbox.usecases import complete_item
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import ConflictError
from app.kernel.transaction import transaction
from app.processes.models import ProcessInstance, ProcessTimer, WorkItem
from app.processes.operating.incident_models import Incident
from app.processes.usecases import set_stage_deadline
from app.processes.worker import work_off
from tests.processes.conftest import note_call
from tests.support.diagrams import boundary_timer, diagram, end, flows, gateway, service, stage_timer, start, user

LIMITED = diagram(
    "limited",
    start() + user("work") + boundary_timer("late", attached_to="work", text="P3D") + gateway("m") + user("after")
    + end() + flows("begin>work", "work>m", "late>m", "m>after", "after>end"),
)  # fmt: skip


def open_nodes(instance_id):
    return session.scalars(
        select(WorkItem.node)
        .where(WorkItem.instance_id == instance_id, WorkItem.status == "open")
        .order_by(WorkItem.id)
    ).all()


@pytest.mark.usefixtures("upper_rooms")
def test_a_boundary_timer_closes_the_item_and_moves_on(deploy, run):
    deploy(LIMITED)
    instance_id = run("limited")

    with clock.at(clock.now() + timedelta(days=2)):
        work_off()
        before = open_nodes(instance_id)
    with clock.at(clock.now() + timedelta(days=4)):
        work_off()

    assert (before, open_nodes(instance_id)) == (["work"], ["after"])
    assert session.scalars(select(ProcessTimer)).all() == []


@pytest.mark.usefixtures("upper_rooms")
def test_a_completion_after_the_deadline_is_refused_though_no_worker_ran(deploy, run, designer):
    deploy(LIMITED)
    run("limited")
    item_id = session.scalars(select(WorkItem.id)).one()

    with clock.at(clock.now() + timedelta(days=4)), pytest.raises(ConflictError) as refused, transaction():
        complete_item(item_id=item_id, outcome=None, values={}, actor=designer)

    assert refused.value.code == "deadline_passed"


REMINDING = diagram(
    "reminding",
    start() + user("work") + boundary_timer("remind", attached_to="work", text="R3/P1D", interrupting=False)
    + service("tell", "test.tell") + end() + end("told")
    + flows("begin>work", "work>end", "remind>tell", "tell>told"),
)  # fmt: skip


def test_a_repeating_timer_fires_as_often_as_it_says_and_the_item_stays(deploy, run, upper_rooms):
    calls = []
    upper_rooms(operations={"test.tell": note_call(calls)})
    deploy(REMINDING)
    instance_id = run("reminding")
    [item_id] = session.scalars(select(WorkItem.id)).all()
    begun = clock.now()

    fired = []
    for day in range(1, 6):
        with clock.at(begun + timedelta(days=day, minutes=1)):
            work_off()
        fired.append(len(calls))

    assert fired == [1, 2, 3, 3, 3]
    assert open_nodes(instance_id) == ["work"]
    assert session.scalars(select(WorkItem.id)).all() == [item_id]


def test_missed_firings_are_made_up_one_by_one(deploy, run, upper_rooms):
    calls = []
    upper_rooms(operations={"test.tell": note_call(calls)})
    deploy(REMINDING)
    run("reminding")

    with clock.at(clock.now() + timedelta(days=30)):
        work_off()

    assert len(calls) == 3


BEFORE_STAGE_ENDS = diagram(
    "before_stage_ends",
    start() + stage_timer("soon", stage="rating", workdays=-3) + user("hurry") + end()
    + flows("begin>soon", "soon>hurry", "hurry>end"),
)  # fmt: skip


@pytest.mark.usefixtures("upper_rooms")
def test_n1_a_timer_three_working_days_before_a_stages_end_follows_its_extension(deploy, run):
    deploy(BEFORE_STAGE_ENDS)
    ends = clock.end_of_day(date(2026, 6, 26))
    later = clock.end_of_day(date(2026, 7, 3))
    with clock.at(ends - timedelta(days=20)):
        with transaction():
            set_stage_deadline(batch_id=1, stage_code="rating", closes_at=ends)
        instance_id = run("before_stage_ends", batch_id=1)
        first = session.scalars(select(ProcessTimer.due_at)).one()
        with transaction():
            set_stage_deadline(batch_id=1, stage_code="rating", closes_at=later)
        moved = session.scalars(select(ProcessTimer.due_at)).one()
    with clock.at(moved):
        work_off()

    assert first == clock.end_of_day(date(2026, 6, 23))
    assert moved == clock.end_of_day(date(2026, 6, 30))
    assert open_nodes(instance_id) == ["hurry"]


FAILING = diagram(
    "failing",
    start() + user("work") + boundary_timer("late", attached_to="work", text="P1D") + service("tell", "test.tell")
    + gateway("m") + end() + flows("begin>work", "work>m", "late>tell", "tell>m", "m>end"),
)  # fmt: skip


def test_a_timer_whose_step_fails_leaves_an_incident_and_the_instance_where_it_stood(deploy, run, upper_rooms):
    def fail(call):
        raise ZeroDivisionError

    upper_rooms(operations={"test.tell": fail})
    deploy(FAILING)
    instance_id = run("failing")

    with clock.at(clock.now() + timedelta(days=2)):
        work_off()

    incident = session.scalars(select(Incident)).one()
    assert (incident.instance_id, incident.node, incident.cause) == (instance_id, "late", "ZeroDivisionError")
    assert open_nodes(instance_id) == ["work"]
    assert session.get_one(ProcessInstance, instance_id).status == "incident"
