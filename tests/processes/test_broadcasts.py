"""Messages to round, panel and subject: latched, delivered once, never missed."""

import threading

import pytest
from sqlalchemy import select

from app.inbox.usecases import complete_item
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.doors import Subject
from app.processes.models import ProcessInstance, WorkItem
from app.processes.usecases import join_panel, throw_message
from app.processes.worker import work_off
from tests.support.diagrams import (
    boundary_message,
    catch,
    diagram,
    end,
    flows,
    gateway,
    start,
    throw,
    user,
)

pytestmark = pytest.mark.usefixtures("upper_rooms")

WAITING = diagram(
    "waiting",
    start() + user("prepare") + catch("wait", "go") + user("after") + end()
    + flows("begin>prepare", "prepare>wait", "wait>after", "after>end"),
    messages=("go",),
)  # fmt: skip
THROWING = diagram(
    "throwing",
    start() + user("decide") + throw("announce", "go", "round") + end()
    + flows("begin>decide", "decide>announce", "announce>end"),
    messages=("go",),
)  # fmt: skip


def open_nodes(instance_id):
    return session.scalars(
        select(WorkItem.node)
        .where(WorkItem.instance_id == instance_id, WorkItem.status == "open")
        .order_by(WorkItem.id)
    ).all()


def complete_all(actor, node):
    for item_id in session.scalars(select(WorkItem.id).where(WorkItem.node == node, WorkItem.status == "open")).all():
        with transaction():
            complete_item(item_id=item_id, outcome=None, values={}, actor=actor)


def test_a_broadcast_reaches_everyone_of_the_round_and_nobody_else(deploy, run, designer):
    deploy(WAITING)
    deploy(THROWING)
    here = [run("waiting", batch_id=1) for _ in range(3)]
    elsewhere = run("waiting", batch_id=2)
    complete_all(designer, "prepare")
    run("throwing", batch_id=1)

    complete_all(designer, "decide")
    work_off()

    assert [open_nodes(number) for number in here] == [["after"]] * 3
    assert open_nodes(elsewhere) == []


def test_n5_who_arrives_later_at_a_latched_message_passes_at_once(deploy, run, designer):
    deploy(WAITING)
    late = run("waiting", batch_id=1)
    with transaction():
        throw_message(name="go", batch_id=1)
    work_off()

    complete_all(designer, "prepare")

    assert open_nodes(late) == ["after"]


def test_a_panels_broadcast_reaches_those_who_joined_it(deploy, run, designer):
    deploy(WAITING)
    member = run("waiting", batch_id=1, subject=Subject("candidacy", 11))
    other = run("waiting", batch_id=1, subject=Subject("candidacy", 12))
    complete_all(designer, "prepare")

    with transaction():
        join_panel(batch_id=1, subject_type="candidacy", subject_ids=[11], panel_id=4)
        throw_message(name="go", panel_id=4)
    work_off()

    assert (open_nodes(member), open_nodes(other)) == (["after"], [])


LOOPING = diagram(
    "looping",
    start() + gateway("m") + catch("wait", "go") + user("again", outcomes="more,stop")
    + gateway("g", default="f4_g_end") + end()
    + flows("begin>m", "m>wait", "wait>again", "again>g", "g>end", 'g>m?outcome == "more"'),
    messages=("go",),
)  # fmt: skip


def test_a_message_to_a_subject_is_taken_once_by_each_instance(deploy, run, designer):
    deploy(LOOPING)
    instance_id = run("looping", subject=Subject("candidacy", 5))
    with transaction():
        throw_message(name="go", subject=Subject("candidacy", 5))
    work_off()
    [item_id] = session.scalars(select(WorkItem.id).where(WorkItem.status == "open")).all()

    with transaction():
        complete_item(item_id=item_id, outcome="more", values={}, actor=designer)
    work_off()

    assert open_nodes(instance_id) == []  # waits for a second message of that name


INTERRUPTED = diagram(
    "interrupted",
    start() + user("work") + boundary_message("stop", attached_to="work", message="halt") + end() + end("stopped")
    + flows("begin>work", "work>end", "stop>stopped"),
    messages=("halt",),
)  # fmt: skip


def test_a_boundary_message_closes_the_item_and_takes_its_way(deploy, run):
    deploy(INTERRUPTED)
    instance_id = run("interrupted", subject=Subject("filing", 3))

    with transaction():
        throw_message(name="halt", subject=Subject("filing", 3))
    work_off()

    instance = session.get_one(ProcessInstance, instance_id)
    assert (open_nodes(instance_id), instance.status, instance.end_node) == ([], "completed", "stopped")


def test_a_broadcast_racing_with_late_arrivals_loses_nobody(app, deploy, run, designer):
    deploy(WAITING)
    instances = [run("waiting", batch_id=1) for _ in range(16)]
    items = session.scalars(select(WorkItem.id).where(WorkItem.node == "prepare")).all()
    session.rollback()
    ready = threading.Barrier(17)

    def arrive(item_id):
        with app.app_context():
            ready.wait()
            with transaction():
                complete_item(item_id=item_id, outcome=None, values={}, actor=designer)
            session.remove()

    def announce():
        with app.app_context():
            ready.wait()
            with transaction():
                throw_message(name="go", batch_id=1)
            work_off()
            session.remove()

    threads = [threading.Thread(target=arrive, args=(item_id,)) for item_id in items]
    threads.append(threading.Thread(target=announce))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work_off()

    assert [open_nodes(number) for number in instances] == [["after"]] * 16
