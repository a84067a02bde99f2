"""What stands still is found with its reason, and what only waits is not."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from app.accounts.models import User
from app.accounts.vocabulary import Role
from app.inbox.usecases import complete_item
from app.kernel import clock
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.models import Job, ProcessTimer, SetCall, WorkItem
from app.processes.operating.checking import last_check, list_findings
from app.processes.operating.stuck import find_stuck
from app.processes.worker import run_ticks, work_off
from tests.factories.accounts import make_actor
from tests.processes.conftest import seeds
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
    throw,
    user,
)  # fmt: skip

WORK = diagram(
    "work_case",
    start() + user("work") + boundary_timer("late", attached_to="work", text="P3D") + gateway("m") + end()
    + flows("begin>work", "work>m", "late>m", "m>end"),
)  # fmt: skip


def found():
    session.rollback()
    return [(one.reason.value, one.instance_id, one.node, one.count) for one in find_stuck()]


@pytest.mark.usefixtures("upper_rooms")
def test_a_case_that_waits_for_a_person_is_not_stuck(deploy, run):
    deploy(WORK)
    run("work_case")

    assert found() == []


@pytest.mark.usefixtures("upper_rooms")
@pytest.mark.parametrize(
    ("model", "node", "reason"), [(WorkItem, "work", "lost_item"), (ProcessTimer, "late", "lost_timer")]
)
def test_a_token_whose_row_is_gone_is_found(deploy, run, model, node, reason):
    deploy(WORK)
    first, _second = run("work_case"), run("work_case")
    with transaction():
        session.execute(delete(model).where(model.node == node))

    assert found() == [(reason, first, node, 2)]


@pytest.mark.usefixtures("upper_rooms")
def test_a_timer_that_the_worker_missed_is_found(deploy, run):
    deploy(WORK)
    instance_id = run("work_case")

    with clock.at(clock.now() + timedelta(days=3, minutes=10)):
        assert found() == [("late_timer", instance_id, "late", 1)]


def test_a_job_that_was_given_up_is_found(deploy, run, upper_rooms):
    def fail(call):
        raise ZeroDivisionError

    upper_rooms(operations={"test.long": fail})
    deploy(
        diagram(
            "long_case",
            start()
            + service("long", "test.long", attributes='lodestar:job="true"')
            + end()
            + flows("begin>long", "long>end"),
        )
    )
    instance_id = run("long_case")
    with clock.at(clock.now() + timedelta(hours=1)):
        for _ in range(5):
            clock.travel(timedelta(minutes=1))
            work_off()
        failed = found()
    with transaction():
        session.execute(delete(Job))

    assert failed == [("failed_job", instance_id, "long", 1)]
    assert found() == [("lost_job", instance_id, "long", 1)]


def test_an_item_whose_role_nobody_holds_in_its_scope_is_found(deploy, run, upper_rooms):
    upper_rooms()
    deploy(
        diagram(
            "auditing",
            start() + user("audit") + end() + flows("begin>audit", "audit>end"),
            lanes={"province_auditor": "audit"},
        )
    )
    run("auditing", province_code="370000")
    without = run("auditing", province_code="440000")
    make_actor(Role.PROVINCE_AUDITOR, scope_code="370000")

    assert found() == [("nobody_in_scope", without, "audit", 1)]


@pytest.mark.usefixtures("upper_rooms")
def test_an_item_in_the_hands_of_a_closed_account_is_found(deploy, run, designer):
    deploy(WORK)
    gone = make_actor(Role.DESIGNER)
    instance_id = run("work_case", assignee_id=gone.id)
    with transaction():
        session.execute(update(User).where(User.id == gone.id).values(status="locked"))

    assert found() == [("holder_gone", instance_id, "work", 1)]


def test_counters_that_differ_from_the_children_are_found(deploy, run, upper_rooms):
    upper_rooms(collections={"test.seats": lambda _call: seeds(3)})
    deploy(diagram("seat", start() + user("rate") + end() + flows("begin>rate", "rate>end")))
    deploy(
        diagram(
            "calling",
            start()
            + set_call("seats", called="seat", collection="test.seats")
            + end()
            + flows("begin>seats", "seats>end"),
        )
    )
    instance_id = run("calling")
    before = found()
    with transaction():
        session.execute(update(SetCall).values(open=SetCall.open - 1))

    assert (before, found()) == ([], [("miscounted_call", instance_id, "seats", 1)])


WAITING = diagram(
    "waiting",
    start() + catch("wait", "closed") + end() + flows("begin>wait", "wait>end"),
    messages=("closed",),
)
CLOSING = diagram(
    "closing",
    start() + user("close") + throw("say", "closed", "round") + user("file") + end()
    + flows("begin>close", "close>say", "say>file", "file>end"),
    messages=("closed",),
)  # fmt: skip


@pytest.mark.usefixtures("upper_rooms")
def test_a_catch_that_nobody_in_the_round_can_throw_to_any_more_is_found(deploy, run, designer):
    deploy(WAITING)
    deploy(CLOSING)
    closing = run("closing", batch_id=7)
    elsewhere = run("waiting", batch_id=8)
    with_hope = run("waiting", batch_id=7)
    work_off()
    before = found()
    with transaction():
        item = session.scalars(select(WorkItem.id).where(WorkItem.instance_id == closing)).one()
        complete_item(item_id=item, outcome=None, values={}, actor=designer)
    work_off()

    assert before == [("nobody_throws", elsewhere, "wait", 1)]
    assert with_hope not in [one[1] for one in found()]


@pytest.mark.usefixtures("upper_rooms")
def test_a_flow_that_will_be_called_may_still_throw(deploy, run):
    deploy(WAITING)
    deploy(CLOSING)
    deploy(
        diagram(
            "outer",
            start()
            + user("prepare")
            + '<bpmn:callActivity id="call" calledElement="closing"/>'
            + end()
            + flows("begin>prepare", "prepare>call", "call>end"),
        )
    )
    run("outer", batch_id=7)
    run("waiting", batch_id=7)
    work_off()

    assert found() == []


@pytest.mark.usefixtures("upper_rooms")
def test_a_message_that_rooms_throw_is_never_held_impossible(deploy, run):
    deploy(WAITING)
    run("waiting", batch_id=7)
    work_off()

    assert found() == []


@pytest.mark.usefixtures("upper_rooms")
def test_the_worker_looks_every_five_minutes_and_keeps_what_it_found(deploy, run):
    deploy(WORK)
    run("work_case")
    with transaction():
        session.execute(delete(WorkItem))
    run_ticks()
    session.rollback()
    first = last_check()
    kept = [(one.reason, one.node, one.detail) for one in list_findings()]
    with clock.at(clock.now() + timedelta(minutes=4)):
        run_ticks()
        early = last_check()
    with clock.at(clock.now() + timedelta(minutes=6)):
        run_ticks()
        later = last_check()

    assert kept == [("lost_item", "work", {"process": "work_case"})]
    assert (early == first, later > first) == (True, True)
