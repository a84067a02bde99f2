"""Sets and people at the same moment: nobody moves twice, nobody is lost, everybody gets an answer."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.vocabulary import Role
from app.inbox.usecases import complete_item
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import ConflictError
from app.kernel.transaction import transaction
from app.processes import jobs
from app.processes.doors import Subject
from app.processes.models import ProcessEvent, ProcessInstance, ProcessTimer, SetCall, WorkItem
from app.processes.operating.cancelling import cancel_instances
from app.processes.operating.incident_models import Incident
from app.processes.queries import get_instance_history
from app.processes.usecases import set_stage_deadline, throw_message
from app.processes.worker import work_off
from tests.factories.accounts import make_actor
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
)
from tests.support.invariants import broken_invariants

COUNT = 60
RATED = diagram(
    "rated",
    start() + user("rate") + boundary_message("halted", attached_to="rate", message="halt") + gateway("m")
    + user("after") + end() + flows("begin>rate", "rate>m", "halted>m", "m>after", "after>end"),
    messages=("halt",),
)  # fmt: skip


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(jobs, "CHUNK", 7)


def run_together(app, *acts):
    """Runs each act in a thread of its own, all from the same moment."""
    session.rollback()
    ready = threading.Barrier(len(acts))

    def run(act):
        with app.app_context():
            ready.wait()
            try:
                act()
            finally:
                session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def halt():
    with transaction():
        throw_message(name="halt", batch_id=1)
    work_off()


def completer(item_ids, actor, answers):
    def complete():
        for item_id in item_ids:
            try:
                with transaction():
                    complete_item(item_id=item_id, outcome=None, values={}, actor=actor)
                answers.append("done")
            except ConflictError as refused:
                answers.append(refused.code)

    return complete


@pytest.mark.usefixtures("upper_rooms")
def test_people_who_complete_while_a_set_moves_win_or_are_told(app, deploy, run, designer):
    deploy(RATED)
    for _ in range(COUNT):
        run("rated", batch_id=1)
    ids, answers = list(session.scalars(select(WorkItem.id).order_by(WorkItem.id.desc()))), []

    run_together(app, *(completer(ids[part::3], designer, answers) for part in range(3)), halt)
    work_off()

    statuses = Counter(session.scalars(select(WorkItem.status).where(WorkItem.node == "rate")))
    told = Counter(answers)
    assert (told["done"], told["deadline_passed"]) == (statuses["done"], statuses["expired"])
    assert sum(statuses.values()) == COUNT
    assert session.scalar(select(func.count()).where(WorkItem.node == "after", WorkItem.status == "open")) == COUNT
    assert broken_invariants() == []


@pytest.mark.usefixtures("upper_rooms")
def test_a_set_move_is_one_line_of_history_which_each_timeline_shows(deploy, run, designer):
    deploy(RATED)
    instances = [run("rated", batch_id=1) for _ in range(9)]
    work_off()

    halt()

    shared = session.scalars(select(ProcessEvent).where(ProcessEvent.instance_id.is_(None))).all()
    assert [(line.kind, line.node) for line in shared] == [("message", "halted")]
    for number in instances:
        assert [(line.kind, line.node) for line in get_instance_history(number)] == [
            ("started", None),
            ("message", "halted"),
        ]


ENDING = diagram(
    "ending",
    start() + user("rate") + boundary_message("halted", attached_to="rate", message="halt") + end("stopped") + end()
    + flows("begin>rate", "rate>end", "halted>stopped"),
    messages=("halt",),
)  # fmt: skip


@pytest.mark.usefixtures("upper_rooms")
def test_the_shared_line_of_a_move_that_ends_its_instances_says_so(deploy, run):
    deploy(ENDING)
    instances = [run("ending", batch_id=1) for _ in range(3)]
    work_off()

    halt()

    [*_, stopped, finished] = get_instance_history(instances[1])
    assert (stopped.kind, stopped.node, stopped.detail) == ("message", "halted", None)
    assert (finished.kind, finished.detail) == ("finished", {"end": "stopped"})


CAUGHT = diagram(
    "caught",
    start() + catch("wait", "halt") + service("note", "test.note") + catch("again", "halt") + user("after") + end()
    + flows("begin>wait", "wait>note", "note>again", "again>after", "after>end"),
    messages=("halt",),
)  # fmt: skip


def test_operations_behind_a_set_move_follow_one_by_one(deploy, run, upper_rooms):
    calls = []
    upper_rooms(operations={"test.note": note_call(calls)})
    deploy(CAUGHT)
    instances = [run("caught", batch_id=1) for _ in range(20)]

    halt()
    nodes_after_one = session.scalars(select(WorkItem.node)).all()
    halt()

    assert sorted(call.instance_id for call in calls) == instances
    assert (nodes_after_one, session.scalar(select(func.count()).select_from(WorkItem))) == ([], 20)
    assert [line.kind for line in get_instance_history(instances[3])] == ["started", "message", "operation", "message"]


def test_one_whose_operation_fails_hinders_nobody(deploy, run, upper_rooms):
    calls = []

    def fail_for_the_third(call):
        if call.subject.id == 3:
            raise ZeroDivisionError
        calls.append(call.subject.id)

    upper_rooms(operations={"test.note": fail_for_the_third})
    deploy(CAUGHT)
    for number in range(1, 9):
        run("caught", batch_id=1, subject=Subject("case", number))

    halt()
    for minutes in (1, 2, 4, 8, 16, 32):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            work_off()

    assert sorted(calls) == [1, 2, 4, 5, 6, 7, 8]
    assert session.scalars(select(Incident.cause)).all() == ["ZeroDivisionError"]


def stage_end(node: str, *, attached_to: str) -> str:
    """A boundary timer at the end of the stage 'rating'."""
    timer = '<bpmn:timerEventDefinition lodestar:stage="rating"/>'
    return f'<bpmn:boundaryEvent id="{node}" attachedToRef="{attached_to}">{timer}</bpmn:boundaryEvent>'


STAGED = diagram(
    "staged",
    start() + user("rate") + stage_end("soon", attached_to="rate")
    + user("check", attributes='lodestar:notBy="rate"') + gateway("m") + end()
    + flows("begin>rate", "rate>m", "soon>check", "check>m", "m>end"),
)  # fmt: skip


@pytest.mark.usefixtures("upper_rooms")
def test_the_end_of_a_stage_fires_the_timers_of_all_as_a_set(deploy, run, designer):
    deploy(STAGED)
    ends = clock.now() + timedelta(days=1)
    with transaction():
        set_stage_deadline(batch_id=1, stage_code="rating", closes_at=ends)
    for _ in range(COUNT):
        run("staged", batch_id=1)

    with clock.at(ends):
        work_off()

    shared = session.scalars(select(ProcessEvent.kind).where(ProcessEvent.instance_id.is_(None))).all()
    opened = session.scalars(select(WorkItem.opened_by_event).where(WorkItem.node == "check")).all()
    assert shared == ["timer"]
    assert (len(opened), len(set(opened))) == (COUNT, 1)
    assert session.scalar(select(func.count()).select_from(ProcessTimer)) == 0
    assert broken_invariants() == []


SEAT = diagram("seat", start() + user("rate") + end() + flows("begin>rate", "rate>end"), lanes={"rater": "rate"})
PANEL = diagram(
    "panel",
    start() + set_call("seats", called="seat", collection="test.seats")
    + boundary_timer("late", attached_to="seats", text="P3D") + gateway("merge") + user("after") + end()
    + flows("begin>seats", "seats>merge", "late>merge", "merge>after", "after>end"),
)  # fmt: skip


@pytest.fixture
def panel(deploy, run, upper_rooms):
    """A panel of 60 seats, and its rater."""
    rater = make_actor(Role.RATER)
    upper_rooms(collections={"test.seats": lambda _call: seeds(COUNT, assignees=[rater.id] * COUNT)})
    deploy(SEAT)
    deploy(PANEL)
    return run("panel"), rater


def test_children_of_a_closed_call_end_in_chunks_while_people_complete(app, panel):
    _, rater = panel
    ids, answers = list(session.scalars(select(WorkItem.id).where(WorkItem.node == "rate"))), []
    late = clock.now() + timedelta(days=4)

    def close():
        with clock.at(late):
            work_off()

    run_together(app, *(completer(ids[part::3], rater, answers) for part in range(3)), close)
    with clock.at(late):
        work_off()

        statuses = Counter(session.scalars(select(WorkItem.status).where(WorkItem.node == "rate")))
        call = session.scalars(select(SetCall)).one()
        assert (call.done, call.expired, call.open) == (statuses["done"], statuses["expired"], 0)
        assert Counter(answers)["done"] == statuses["done"]
        assert broken_invariants() == []


def test_nobody_completes_a_child_between_its_calls_end_and_its_own(panel, designer):
    parent_id, rater = panel
    item_id = session.scalars(select(WorkItem.id).where(WorkItem.node == "rate").limit(1)).one()
    with transaction():
        cancel_instances(ids=[parent_id], reason="test", actor=designer)

    with pytest.raises(ConflictError) as refused, transaction():
        complete_item(item_id=item_id, outcome=None, values={}, actor=rater)
    work_off()

    assert refused.value.code == "deadline_passed"
    assert set(session.scalars(select(ProcessInstance.status))) == {"cancelled"}
    assert broken_invariants() == []
