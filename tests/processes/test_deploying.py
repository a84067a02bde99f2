"""Shipped files and what designers made of them."""

import pytest
from sqlalchemy import select

from app.inbox.usecases import complete_item
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.deploying import deploy_all
from app.processes.kept import kept
from app.processes.models import WorkItem
from app.processes.queries import get_instance, get_version
from tests.support.diagrams import diagram, end, flows, start, user

SHIPPED = diagram("audit", start() + user("check") + end() + flows("begin>check", "check>end"))
EDITED = diagram(
    "audit", start() + user("check") + user("again") + end() + flows("begin>check", "check>again", "again>end")
)


def deploy_shipped(designer):
    with transaction():
        return deploy_all(diagrams=[SHIPPED], tables=[], note="shipped", actor=designer)


def test_a_restart_leaves_a_designers_version_in_use(deploy, designer, upper_rooms):
    [first] = deploy_shipped(designer)
    second = deploy(EDITED)

    again = deploy_shipped(designer)

    assert (first.version, second.version, again) == (1, 2, [])
    assert get_version("audit").bpmn_xml == EDITED
    assert get_version("audit").status == "active"


@pytest.mark.usefixtures("upper_rooms")
def test_a_step_comes_into_memory_when_it_is_first_taken(deploy, run):
    deploy(EDITED)
    known = [len(kept().transitions)]
    for _ in range(2):
        run("audit")
        known.append(len(kept().transitions))

    assert known == [0, 1, 1]


@pytest.mark.usefixtures("upper_rooms")
def test_an_older_version_never_takes_the_steps_of_a_newer_one(deploy, run, designer):
    deploy(SHIPPED)
    older = run("audit")
    deploy(EDITED)

    item_id = session.scalars(select(WorkItem.id)).one()
    with transaction():
        complete_item(item_id=item_id, outcome=None, values={}, actor=designer)

    assert get_instance(older).status == "completed"
