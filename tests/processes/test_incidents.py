"""A failing step is rolled back and leaves an incident: cause, place, version; it ends when the token moves on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.inbox.usecases import complete_item
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import ConflictError
from app.kernel.transaction import transaction
from app.processes.models import Job, ProcessEvent, ProcessInstance, ProcessTimer, WorkItem
from app.processes.operating.incident_models import Incident
from app.processes.operating.incidents import StepFailedError
from app.processes.queries import get_instance_history
from app.processes.usecases import throw_message
from app.processes.worker import work_off
from tests.processes.conftest import note_call, seeds
from tests.support.diagrams import (
    boundary_timer,
    catch,
    diagram,
    end,
    flows,
    gateway,
    service,
    set_call,
    start,
    user,
)  # fmt: skip

AFTER_A_PERSON = diagram(
    "after_a_person",
    start() + user("check", outcomes="approve,return") + service("tell", "test.tell") + user("more") + end()
    + flows("begin>check", "check>tell", "tell>more", "more>end"),
)  # fmt: skip


class Broken:
    """An operation that fails until it is repaired."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error or ZeroDivisionError("division by zero")
        self.is_repaired = False
        self.calls = 0

    def __call__(self, call):
        self.calls += 1
        if self.is_repaired:
            return
        self.error.__cause__ = KeyError("price")
        raise self.error


def instance_of(instance_id):
    session.rollback()
    return session.get_one(ProcessInstance, instance_id, populate_existing=True)


def incidents():
    session.rollback()
    return list(session.scalars(select(Incident).order_by(Incident.id).execution_options(populate_existing=True)))


def open_item(instance_id):
    session.rollback()
    query = select(WorkItem).where(WorkItem.instance_id == instance_id, WorkItem.status == "open")
    return session.scalars(query.execution_options(populate_existing=True)).one()


def complete(item, actor, outcome=None, values=None):
    with transaction():
        return complete_item(item_id=item.id, outcome=outcome, values=values or {}, actor=actor)


def test_a_persons_step_that_fails_is_rolled_back_and_written_down(deploy, run, upper_rooms, designer):
    broken = Broken()
    upper_rooms(operations={"test.tell": broken})
    deployed = deploy(AFTER_A_PERSON)
    instance_id = run("after_a_person")

    with pytest.raises(StepFailedError) as failed:
        complete(open_item(instance_id), designer, "approve")

    [incident] = incidents()
    item = open_item(instance_id)
    assert (failed.value.code, failed.value.status, failed.value.params["reference"]) == (
        "step_failed",
        500,
        incident.reference,
    )
    assert (item.node, item.completed_by, instance_of(instance_id).status) == ("check", None, "incident")
    assert (incident.node, incident.element, incident.definition_id) == ("check", "tell", deployed.id)
    assert incident.cause == "ZeroDivisionError: division by zero\nKeyError: 'price'"
    assert (incident.actor_id, incident.outcome, incident.attempts) == (designer.id, "approve", 1)
    assert [line.kind for line in get_instance_history(instance_id)] == ["started", "incident"]


def test_the_incident_ends_when_the_person_submits_again_and_it_works(deploy, run, upper_rooms, designer):
    broken = Broken()
    upper_rooms(operations={"test.tell": broken})
    deploy(AFTER_A_PERSON)
    instance_id = run("after_a_person")
    for _ in range(2):
        with pytest.raises(StepFailedError) as failed:
            complete(open_item(instance_id), designer, "approve")
    twice = incidents()

    broken.is_repaired = True
    complete(open_item(instance_id), designer, "approve")

    [incident] = incidents()
    assert ([one.attempts for one in twice], incident.reference) == ([2], failed.value.params["reference"])
    assert (incident.resolution, incident.resolved_by) == ("moved_on", None)
    assert (instance_of(instance_id).status, open_item(instance_id).node) == ("running", "more")


def test_a_condition_that_fails_names_its_gateway(deploy, run, upper_rooms, designer):
    upper_rooms()
    deploy(
        diagram(
            "reading",
            start()
            + user("check")
            + gateway("cheap", default="f2_cheap_end")
            + user("more")
            + end()
            + flows("begin>check", "check>cheap", "cheap>end", "cheap>more?price &gt; 3", "more>end"),
        )
    )
    instance_id = run("reading")

    with pytest.raises(StepFailedError):
        complete(open_item(instance_id), designer)

    [incident] = incidents()
    assert (incident.node, incident.element) == ("check", "cheap")
    assert incident.cause.startswith("ExpressionError: 'price > 3': the variable 'price' is not set")


FAILING_TIMER = diagram(
    "failing_timer",
    start() + user("work") + boundary_timer("late", attached_to="work", text="P1D") + service("tell", "test.tell")
    + gateway("m") + end() + flows("begin>work", "work>m", "late>tell", "tell>m", "m>end"),
)  # fmt: skip


def test_a_timer_is_tried_again_with_growing_pauses_until_it_works(deploy, run, upper_rooms):
    broken = Broken()
    upper_rooms(operations={"test.tell": broken})
    deploy(FAILING_TIMER)
    instance_id = run("failing_timer")
    begun = clock.now() + timedelta(days=2)

    calls = []
    for second in (0, 1, 3, 4, 8):
        with clock.at(begun + timedelta(seconds=second)):
            work_off()
        calls.append(broken.calls)
    broken.is_repaired = True
    with clock.at(begun + timedelta(seconds=30)):
        work_off()

    [incident] = incidents()
    assert calls == [1, 1, 2, 2, 3]
    assert (incident.node, incident.element, incident.attempts, incident.resolution) == ("late", "tell", 3, "moved_on")
    assert instance_of(instance_id).status == "completed"


def test_a_deadline_holds_although_its_step_failed(deploy, run, upper_rooms, designer):
    upper_rooms(operations={"test.tell": Broken()})
    deploy(FAILING_TIMER)
    instance_id = run("failing_timer")
    item = open_item(instance_id)

    with clock.at(clock.now() + timedelta(days=2)):
        with pytest.raises(StepFailedError):
            complete(item, designer)
        with pytest.raises(ConflictError) as refused:
            complete(item, designer)

    [incident] = incidents()
    assert refused.value.code == "deadline_passed"
    assert (incident.origin, incident.node, session.scalars(select(ProcessTimer.node)).all()) == (
        "timer", "late", ["late"],
    )  # fmt: skip


IN_BACKGROUND = diagram(
    "in_background",
    start() + service("long", "test.tell", attributes='lodestar:job="true"') + end() + flows("begin>long", "long>end"),
)


def test_a_job_leaves_an_incident_at_once_and_is_given_up_after_five_tries(deploy, run, upper_rooms):
    broken = Broken()
    upper_rooms(operations={"test.tell": broken})
    deploy(IN_BACKGROUND)
    instance_id = run("in_background")

    work_off()
    first = [(one.attempts, one.node, one.next_try_at is None) for one in incidents()]
    with clock.at(clock.now() + timedelta(hours=1)):
        for _ in range(6):
            clock.travel(timedelta(minutes=1))
            work_off()

    [incident] = incidents()
    session.rollback()
    assert first == [(1, "long", False)]
    assert (broken.calls, incident.attempts, incident.next_try_at) == (5, 5, None)
    assert (instance_of(instance_id).status, session.scalars(select(Job.status)).all()) == ("incident", ["failed"])


def test_one_failing_case_of_a_broadcast_fails_alone(deploy, run, upper_rooms):
    def fail_for_two(call):
        if call.subject.id == 2 and not repaired:
            raise ValueError("二号材料缺页")

    repaired = []
    upper_rooms(operations={"test.tell": fail_for_two}, collections={"test.seats": lambda _call: seeds(3)})
    deploy(
        diagram(
            "seat",
            start()
            + catch("wait", "go")
            + service("tell", "test.tell")
            + user("rate")
            + end()
            + flows("begin>wait", "wait>tell", "tell>rate", "rate>end"),
            messages=("go",),
        )
    )
    deploy(
        diagram(
            "round_of_seats",
            start()
            + set_call("seats", called="seat", collection="test.seats")
            + end()
            + flows("begin>seats", "seats>end"),
        )
    )
    run("round_of_seats", batch_id=7)
    work_off()

    with transaction():
        throw_message(name="go", batch_id=7)
    work_off()
    session.rollback()
    reached = session.scalars(select(WorkItem.subject_id).order_by(WorkItem.id)).all()
    [incident] = incidents()
    failed = (incident.node, incident.element, incident.cause, instance_of(incident.instance_id).status)
    repaired.append(True)
    with clock.at(clock.now() + timedelta(seconds=10)):
        work_off()

    session.rollback()
    assert reached == [1, 3]
    assert failed == ("tell", "tell", "ValueError: 二号材料缺页", "incident")
    assert session.scalars(select(WorkItem.subject_id).order_by(WorkItem.id)).all() == [1, 3, 2]
    assert [one.resolution for one in incidents()] == ["moved_on"]
    assert instance_of(incident.instance_id).status == "running"


def test_a_schedule_that_cannot_plant_keeps_the_worker_alive(deploy, upper_rooms):
    broken = Broken()
    upper_rooms(operations={"test.tell": broken})
    starts = (
        '<bpmn:startEvent id="begin"><bpmn:timerEventDefinition><bpmn:timeDate>2026-01-01T00:00:00+08:00</bpmn:timeDate>'
        "</bpmn:timerEventDefinition></bpmn:startEvent>"
    )
    deployed = deploy(
        diagram(
            "planted",
            starts + service("tell", "test.tell") + user("more") + end() + flows("begin>tell", "tell>more", "more>end"),
        )
    )

    work_off()
    [incident] = incidents()
    broken.is_repaired = True
    with clock.at(clock.now() + timedelta(minutes=1)):
        work_off()

    assert (incident.origin, incident.instance_id, incident.definition_id) == ("schedule", None, deployed.id)
    assert [one.resolution for one in incidents()] == ["moved_on"]
    assert session.scalars(select(WorkItem.node)).all() == ["more"]


def test_other_branches_go_on_while_one_has_an_incident(deploy, run, upper_rooms, designer):
    broken = Broken()
    upper_rooms(operations={"test.tell": broken})
    deploy(
        diagram(
            "two_ways",
            start()
            + gateway("both", kind="parallel")
            + user("left")
            + user("right")
            + service("tell", "test.tell")
            + gateway("join", kind="parallel")
            + end()
            + flows("begin>both", "both>left", "both>right", "left>tell", "tell>join", "right>join", "join>end"),
        )
    )
    instance_id = run("two_ways")
    session.rollback()
    left, right = session.scalars(select(WorkItem).order_by(WorkItem.node)).all()
    with pytest.raises(StepFailedError):
        complete(left, designer)

    complete(right, designer)
    between = instance_of(instance_id).status
    broken.is_repaired = True
    complete(left, designer)

    assert (between, instance_of(instance_id).status) == ("incident", "completed")
    assert [one.resolution for one in incidents()] == ["moved_on"]


def test_a_refusal_is_no_incident(deploy, run, upper_rooms, designer):
    upper_rooms(operations={"test.tell": Broken(ConflictError("stage_closed"))})
    deploy(AFTER_A_PERSON)
    instance_id = run("after_a_person")

    with pytest.raises(ConflictError):
        complete(open_item(instance_id), designer, "approve")

    assert (incidents(), instance_of(instance_id).status) == ([], "running")


def test_an_operation_that_is_not_there_says_its_name(deploy, run, upper_rooms, designer):
    upper_rooms(operations={"test.tell": note_call([])})
    deploy(AFTER_A_PERSON)
    instance_id = run("after_a_person")
    upper_rooms(operations={})

    with pytest.raises(StepFailedError):
        complete(open_item(instance_id), designer, "approve")

    assert incidents()[0].cause == "LookupError: no operation 'test.tell' behind tell"
    assert session.scalars(select(ProcessEvent.kind).order_by(ProcessEvent.id)).all() == ["started", "incident"]
