"""What operators do to instances: suspend, resume, cancel, move; what the tables and the people see of it."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.engine import places
from app.inbox.usecases import complete_item
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import ConflictError, DomainError, InvalidError
from app.kernel.transaction import transaction
from app.processes.models import ProcessInstance, ProcessTimer, SetCall, WorkItem
from app.processes.operating.cancelling import cancel_instances
from app.processes.operating.placing import list_moves, move_instance
from app.processes.operating.suspending import resume_instances, suspend_instances
from app.processes.queries import get_instance, get_instance_history
from app.processes.usecases import throw_message
from app.processes.worker import work_off
from tests.processes.conftest import note_call, seeds
from tests.support.diagrams import (
    boundary_message,
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
from tests.support.invariants import broken_invariants

TIMED = diagram(
    "timed",
    start() + user("work") + boundary_timer("late", attached_to="work", text="P3D") + gateway("m") + user("after")
    + end() + flows("begin>work", "work>m", "late>m", "m>after", "after>end"),
)  # fmt: skip
LATCHED = diagram(
    "latched",
    start() + catch("wait", "go") + user("after") + end() + flows("begin>wait", "wait>after", "after>end"),
    messages=("go",),
)


def open_items(instance_id):
    session.rollback()
    query = select(WorkItem).where(WorkItem.instance_id == instance_id, WorkItem.status == "open")
    return session.scalars(query.order_by(WorkItem.node).execution_options(populate_existing=True)).all()


def open_nodes(instance_id):
    return [item.node for item in open_items(instance_id)]


def status_of(instance_id):
    session.rollback()
    return session.get_one(ProcessInstance, instance_id, populate_existing=True).status


def suspend(actor, *ids, **more):
    with transaction():
        return suspend_instances(ids=ids, reason="核对材料", actor=actor, **more)


def resume(actor, *ids, **more):
    with transaction():
        return resume_instances(ids=ids, reason="核对完毕", actor=actor, **more)


def codes(results):
    return [(one.id, one.error.code if one.error else "done") for one in results]


@pytest.mark.usefixtures("upper_rooms")
def test_a_suspended_case_takes_no_step_and_makes_up_for_it_when_resumed(deploy, run, designer):
    deploy(TIMED)
    instance_id = run("timed")
    item_id = open_items(instance_id)[0].id
    suspend(designer, instance_id)

    with pytest.raises(ConflictError) as refused, transaction():
        complete_item(item_id=item_id, outcome=None, values={}, actor=designer)
    with clock.at(clock.now() + timedelta(days=5)):
        work_off()
        meanwhile = open_nodes(instance_id)
        resume(designer, instance_id)
        work_off()

    assert (refused.value.code, meanwhile, open_nodes(instance_id)) == ("instance_suspended", ["work"], ["after"])
    lines = get_instance_history(instance_id)
    assert [line.kind for line in lines] == ["started", "suspended", "resumed", "timer"]
    assert lines[1].detail == {"reason": "核对材料", "children": 0}
    assert broken_invariants() == []


@pytest.mark.usefixtures("upper_rooms")
def test_a_broadcast_reaches_a_suspended_case_after_it_resumes(deploy, run, designer):
    deploy(LATCHED)
    instance_id = run("latched", batch_id=7)
    work_off()
    suspend(designer, instance_id)

    with transaction():
        throw_message(name="go", batch_id=7)
    work_off()
    meanwhile = open_nodes(instance_id)
    resume(designer, instance_id)
    work_off()

    assert (meanwhile, open_nodes(instance_id)) == ([], ["after"])


CALLING = diagram(
    "calling",
    start() + set_call("seats", called="seat", collection="test.seats") + user("sum_up") + end()
    + flows("begin>seats", "seats>sum_up", "sum_up>end"),
)  # fmt: skip
SEAT = diagram("seat", start() + user("rate") + end() + flows("begin>rate", "rate>end"))


@pytest.fixture
def calling(deploy, run, upper_rooms):
    """A case whose set call has three open children."""
    upper_rooms(collections={"test.seats": lambda _call: seeds(3)})
    deploy(SEAT)
    deploy(CALLING)
    return run("calling")


def children_of(instance_id):
    session.rollback()
    query = select(ProcessInstance.id).where(ProcessInstance.parent_id == instance_id).order_by(ProcessInstance.id)
    return session.scalars(query).all()


def test_children_that_end_while_their_parent_is_suspended_are_noticed(calling, designer):
    suspend(designer, calling)
    for child in children_of(calling):
        with transaction():
            complete_item(item_id=open_items(child)[0].id, outcome=None, values={}, actor=designer)
    work_off()
    meanwhile = open_nodes(calling)

    resume(designer, calling)
    work_off()

    assert (meanwhile, open_nodes(calling)) == ([], ["sum_up"])


def test_suspending_with_children_stops_them_too_and_resuming_lets_them_go_on(calling, designer):
    suspend(designer, calling, with_children=True)
    stopped = [status_of(child) for child in children_of(calling)]

    resume(designer, calling, with_children=True)

    assert stopped == ["suspended"] * 3
    assert [status_of(child) for child in children_of(calling)] == ["running"] * 3


def test_cancelling_closes_everything_below_and_says_so_to_who_comes_late(calling, designer):
    child = children_of(calling)[0]
    item_id = open_items(child)[0].id

    with transaction():
        results = cancel_instances(ids=[calling], reason="重复立项", actor=designer)
    work_off()

    with pytest.raises(ConflictError) as refused, transaction():
        complete_item(item_id=item_id, outcome=None, values={}, actor=designer)
    session.rollback()
    call = session.scalars(select(SetCall)).one()
    assert codes(results) == [(calling, "done")]
    assert refused.value.code == "item_closed"
    assert [status_of(one) for one in (calling, *children_of(calling))] == ["cancelled"] * 4
    assert (call.total, call.open, call.expired, call.closed_at is None) == (3, 0, 3, False)
    assert get_instance_history(calling)[-1].detail == {"reason": "重复立项"}


def test_a_cancelled_child_counts_for_its_parent(calling, designer):
    with transaction():
        cancel_instances(ids=children_of(calling), reason="评价人均已谢绝", actor=designer)
    work_off()

    assert open_nodes(calling) == ["sum_up"]


@pytest.mark.usefixtures("upper_rooms")
def test_each_row_of_a_batch_has_its_result_and_one_that_fails_fails_alone(deploy, run, designer):
    deploy(TIMED)
    first, second, third = (run("timed") for _ in range(3))
    suspend(designer, second)
    with transaction():
        cancel_instances(ids=[third], reason="试运行结束", actor=designer)

    results = suspend(designer, third, second, first, 99)

    assert codes(results) == [
        (first, "done"),
        (second, "already_suspended"),
        (third, "instance_ended"),
        (99, "not_found"),
    ]
    session.rollback()
    audited = session.execute(
        select(AuditEntry.action, AuditEntry.object_id)
        .where(AuditEntry.action.startswith("processes."))
        .order_by(AuditEntry.id)
    ).all()
    assert audited == [
        ("processes.suspend_instance", str(second)),
        ("processes.cancel_instance", str(third)),
        ("processes.suspend_instance", str(first)),
    ]


@pytest.mark.parametrize("act", [suspend_instances, resume_instances, cancel_instances])
def test_an_act_without_reason_is_refused(app, designer, act):
    with pytest.raises(InvalidError) as refused, transaction():
        act(ids=[1], reason="  ", actor=designer)

    assert refused.value.code == "act_reason_required"


@pytest.mark.usefixtures("upper_rooms")
@pytest.mark.parametrize("act", [suspend_instances, cancel_instances])
def test_a_batch_of_twelve_takes_as_many_statements_as_one_of_two(deploy, run, designer, count_statements, act):
    deploy(TIMED)
    counted = []
    for size in (2, 12):
        ids = [run("timed") for _ in range(size)]
        with count_statements() as statements, transaction():
            act(ids=ids, reason="核对", actor=designer)
        counted.append(len(statements))

    assert counted[0] == counted[1] <= 12


AUDIT = diagram(
    "auditing",
    start() + user("fill") + service("check", "test.check") + user("audit") + boundary_timer(
        "late", attached_to="audit", text="P9D", interrupting=False) + gateway("fork", kind="parallel")
    + user("left") + user("right") + gateway("join", kind="parallel") + user("remind") + end("told") + end()
    + flows("begin>fill", "fill>check", "check>audit", "audit>fork", "fork>left", "fork>right", "left>join",
            "right>join", "join>end", "late>remind", "remind>told"),
)  # fmt: skip


def move(actor, instance_id, *to, leaving=()):
    with transaction():
        return move_instance(instance_id=instance_id, to=to, leaving=leaving, reason="资料已线下核实", actor=actor)


@pytest.fixture
def checks(deploy, upper_rooms):
    calls = []
    upper_rooms(operations={"test.check": note_call(calls)})
    deploy(AUDIT)
    return calls


def test_a_case_moves_forward_and_its_items_and_timers_follow(checks, run, designer):
    instance_id = run("auditing")

    move(designer, instance_id, "audit")

    session.rollback()
    assert open_nodes(instance_id) == ["audit"]
    assert session.scalars(select(ProcessTimer.node)).all() == ["late"]
    assert session.scalars(select(WorkItem.status).where(WorkItem.node == "fill")).all() == ["cancelled"]
    line = get_instance_history(instance_id)[-1]
    assert (line.kind, line.node, line.detail) == (
        "placed", "audit", {"reason": "资料已线下核实", "from": ["fill"], "to": ["audit"]},
    )  # fmt: skip
    assert broken_invariants() == []


def test_a_case_moves_back_out_of_a_parallel_block(checks, run, designer):
    instance_id = run("auditing")
    move(designer, instance_id, "left", "right")
    both = open_nodes(instance_id)

    move(designer, instance_id, "fill", leaving=("left", "right"))

    assert (both, open_nodes(instance_id)) == (["left", "right"], ["fill"])
    assert broken_invariants() == []


def test_moving_to_a_service_task_runs_its_operation(checks, run, designer):
    instance_id = run("auditing")
    move(designer, instance_id, "left", "right")

    move(designer, instance_id, "check", leaving=("left", "right"))

    assert ([call.node for call in checks], open_nodes(instance_id)) == (["check"], ["audit"])


def test_a_state_that_was_never_proven_is_refused(checks, run, designer):
    instance_id = run("auditing")

    with pytest.raises(InvalidError) as refused:
        move(designer, instance_id, "left")
    move(designer, instance_id, "left", "right")
    with pytest.raises(InvalidError) as which:
        move(designer, instance_id, "fill")

    assert (refused.value.code, which.value.code) == ("move_not_proven", "move_from_required")
    assert open_nodes(instance_id) == ["left", "right"]


def test_every_move_on_offer_can_be_taken_and_leaves_sound_tables(checks, run, designer):
    first = run("auditing")
    offered = [(sorted(one.leaves), sorted(one.enters)) for one in list_moves(get_instance(first))]

    for leaves, enters in offered:
        instance_id = run("auditing")
        move(designer, instance_id, *enters, leaving=leaves)

    assert (["fill"], ["audit"]) in offered
    assert (["fill"], ["left", "right"]) in offered
    assert broken_invariants() == []


def test_of_states_with_the_same_places_the_one_that_changes_least_is_taken():
    now = '{"b":{"a":["late"]},"t":["x"]}'
    proven = [
        '{"b":{"a":[]},"t":["y"]}',
        '{"b":{"a":["late"]},"j":{"g":["x"]},"t":["y"]}',
        '{"b":{"a":["late"]},"t":["y"]}',
    ]

    [only] = places.possible_moves(now, proven)

    assert only.state == proven[2]  # the one before counts x as arrived, which nobody brought about


@pytest.mark.usefixtures("upper_rooms")
def test_moving_out_of_a_call_closes_its_children(calling, designer):
    move(designer, calling, "sum_up")
    work_off()

    assert [status_of(child) for child in children_of(calling)] == ["expired"] * 3
    assert open_nodes(calling) == ["sum_up"]
    assert broken_invariants() == []


WITHDRAWABLE = diagram(
    "withdrawable",
    start() + '<bpmn:subProcess id="inner" name="inner">' + start("in_begin") + user("first") + user("second")
    + end("in_end") + flows("in_begin>first", "first>second", "second>in_end") + "</bpmn:subProcess>"
    + boundary_message("gone", attached_to="inner", message="leave") + user("later") + end() + end("left")
    + flows("begin>inner", "inner>later", "later>end", "gone>left"),
    messages=("leave",),
)  # fmt: skip


@pytest.mark.usefixtures("upper_rooms")
def test_a_case_moves_within_out_of_and_back_into_a_sub_process(deploy, run, designer):
    deploy(WITHDRAWABLE.replace(b'id="f0_in', b'id="g0_in').replace(b'id="f1_first', b'id="g1_first').replace(
        b'id="f2_second', b'id="g2_second'))  # fmt: skip
    instance_id = run("withdrawable")

    seen = []
    for target in ("second", "later", "first"):
        move(designer, instance_id, target)
        seen.append(open_nodes(instance_id))

    work_off()
    assert seen == [["second"], ["later"], ["first"]]
    assert broken_invariants() == []


def _in_thread(app: Flask, act, results: list, barrier: threading.Barrier):
    def run_it() -> None:
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    act()
                results.append("done")
            except DomainError as error:
                results.append(error.code)
            finally:
                session.remove()

    return threading.Thread(target=run_it)


@pytest.mark.usefixtures("upper_rooms")
@pytest.mark.parametrize("act", ["suspend", "cancel", "move"])
def test_an_act_and_a_completion_at_once_give_one_of_two_whole_outcomes(app, deploy, run, designer, act):
    deploy(TIMED)
    for _ in range(4):
        instance_id = run("timed")
        item_id = open_items(instance_id)[0].id
        acts = {
            "suspend": lambda one=instance_id: suspend_instances(ids=[one], reason="核对", actor=designer),
            "cancel": lambda one=instance_id: cancel_instances(ids=[one], reason="核对", actor=designer),
            "move": lambda one=instance_id: move_instance(instance_id=one, to=["after"], reason="核对", actor=designer),
        }
        results, barrier = [], threading.Barrier(2)
        threads = [
            _in_thread(app, acts[act], results, barrier),
            _in_thread(
                app,
                lambda one=item_id: complete_item(item_id=one, outcome=None, values={}, actor=designer),
                results,
                barrier,
            ),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert set(results) <= {"done", "instance_suspended", "item_closed", "already_done", "move_not_proven"}
        assert broken_invariants() == []
    session.rollback()
    doubled = select(WorkItem.instance_id).where(WorkItem.node == "after").group_by(WorkItem.instance_id)
    assert session.scalars(doubled.having(func.count() > 1)).all() == []


@pytest.mark.usefixtures("upper_rooms")
def test_a_move_and_a_due_timer_at_once_fire_it_at_most_once(app, deploy, run, designer):
    deploy(TIMED)
    instance_id = run("timed")
    with transaction():
        session.scalars(select(ProcessTimer)).one().due_at = clock.now() - timedelta(minutes=1)
    results, barrier = [], threading.Barrier(2)

    def work() -> None:
        with app.app_context():
            barrier.wait()
            work_off()
            session.remove()

    mover = _in_thread(
        app,
        lambda: move_instance(instance_id=instance_id, to=["after"], reason="核对", actor=designer),
        results,
        barrier,
    )
    worker = threading.Thread(target=work)
    for thread in (mover, worker):
        thread.start()
    for thread in (mover, worker):
        thread.join()

    assert results in (["done"], ["move_not_proven"])
    assert open_nodes(instance_id) == ["after"]
    assert broken_invariants() == []
