"""People complete items while a migration runs: each completion is of the old or the new version, none is lost."""

import threading
from functools import partial

import pytest
from sqlalchemy import func, select

from app.inbox.usecases import complete_item
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.migration.impact import Choices
from app.processes.migration.migrating import start_migration
from app.processes.models import ProcessEvent, ProcessInstance, WorkItem
from app.processes.queries import get_version
from app.processes.worker import work_off
from tests.support.diagrams import diagram, end, flows, gateway, start, user
from tests.support.invariants import broken_invariants

SPLIT = gateway("g", kind="parallel") + gateway("j", kind="parallel")
OLD = diagram(
    "case",
    start() + SPLIT + user("a") + user("b") + end() + flows("begin>g", "g>a", "g>b", "a>j", "b>j", "j>end"),
)
NEW = diagram(
    "case",
    start() + SPLIT + user("a") + user("b") + user("sign") + end()
    + flows("begin>g", "g>a", "g>b", "a>j", "b>j", "j>sign", "sign>end"),
)  # fmt: skip
CASES, PEOPLE = 24, 3


@pytest.fixture
def items(deploy, run, designer, upper_rooms, monkeypatch):
    """The open items of cases whose migration is about to run, in chunks of four."""
    monkeypatch.setattr("app.processes.migration.migrating.chunk_size", lambda: 4)
    deploy(OLD)
    for _ in range(CASES):
        run("case")
    row = get_version(deploy(NEW).key)
    with transaction():
        start_migration(row=row, choices=Choices(), note="n", actor=designer)
    found = session.scalars(select(WorkItem.id).order_by(WorkItem.id.desc())).all()
    session.rollback()
    return found


def run_together(app, acts):
    """Runs the acts in threads that begin at the same moment; returns what went wrong in them."""
    ready, troubles = threading.Barrier(len(acts)), []

    def beside(act):
        with app.app_context():
            ready.wait()
            try:
                act()
            except Exception as error:
                troubles.append(repr(error))
            finally:
                session.remove()

    threads = [threading.Thread(target=beside, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return troubles


def complete_all(items, actor):
    for item_id in items:
        with transaction():
            complete_item(item_id=item_id, outcome=None, values={}, actor=actor)


def test_completions_beside_a_migration_are_never_lost(app, items, designer):
    people = [partial(complete_all, items[number::PEOPLE], designer) for number in range(PEOPLE)]

    troubles = run_together(app, [*people, work_off])
    work_off()

    assert troubles == []
    moved = session.scalar(select(func.count()).where(ProcessEvent.kind == "migrated"))
    signs = session.scalar(select(func.count()).where(WorkItem.node == "sign", WorkItem.status == "open"))
    ended = session.scalar(select(func.count()).where(ProcessInstance.status == "completed"))
    assert (signs, ended) == (moved, CASES - moved)
    assert session.scalar(select(func.count()).where(WorkItem.status == "done")) == len(items)
    assert broken_invariants() == []
