"""The checker that the kill tests trust sees what is wrong."""

import pytest
from sqlalchemy import delete, select, update

from app.inbox.usecases import complete_item
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.models import Job, ProcessInstance, ProcessTimer, WorkItem
from tests.support.diagrams import boundary_timer, diagram, end, flows, start, user
from tests.support.invariants import broken_invariants

CASE = diagram(
    "case",
    start() + user("first") + user("second") + boundary_timer("late", attached_to="second", text="P3D") + end("gone")
    + end() + flows("begin>first", "first>second", "second>end", "late>gone"),
)  # fmt: skip


@pytest.fixture
def case(deploy, run, designer, upper_rooms):
    """An instance whose first step is done."""
    deploy(CASE)
    run("case")
    with transaction():
        complete_item(item_id=session.scalars(select(WorkItem.id)).one(), outcome=None, values={}, actor=designer)


def test_a_sound_house_breaks_no_rule(case):
    assert broken_invariants() == []


@pytest.mark.parametrize(
    "harm",
    [
        update(WorkItem).where(WorkItem.node == "second").values(status="done", completed_by=1),
        update(WorkItem).where(WorkItem.node == "first").values(status="open", completed_by=None),
        delete(WorkItem).where(WorkItem.node == "second"),
        delete(ProcessTimer),
        update(ProcessInstance).values(state_id=None, ended_at=ProcessInstance.started_at),
    ],
    ids=["done twice", "undone", "item lost", "timer lost", "ended with rows"],
)
def test_harm_is_seen(case, harm):
    with transaction():
        session.execute(harm.execution_options(synchronize_session=False))

    assert broken_invariants()


def test_a_job_that_was_given_up_is_seen(case):
    with transaction():
        moment = session.scalars(select(ProcessInstance.started_at)).one()
        session.add(Job(kind="recheck", payload={}, status="failed", created_at=moment))

    assert len(broken_invariants()) == 1
