"""One step is one commit and few statements (architecture.md, section 4)."""

from sqlalchemy import select

from app.inbox.usecases import complete_item
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes.commands import begin_command, end_command
from app.processes.models import WorkItem
from tests.support.diagrams import boundary_timer, diagram, end, flows, gateway, start, user
from tests.support.statements import watch_statements

AUDIT = diagram(
    "audit",
    start() + user("check", outcomes="approve,return") + gateway("decided", default="f2_decided_next")
    + user("next", attributes='lodestar:notBy="check" lodestar:dueWorkdays="10"')
    + boundary_timer("late", attached_to="next", text="P10D", interrupting=False) + end("told") + end()
    + flows(
        "begin>check", "check>decided", "decided>next", 'decided>check?outcome == "return"', "next>end", "late>told",
    ),
)  # fmt: skip


def test_a_completion_is_one_commit_and_at_most_16_statements(deploy, run, designer, engine, upper_rooms):
    deploy(AUDIT)
    run("audit")
    item_id = session.scalars(select(WorkItem.id)).one()
    session.rollback()

    with watch_statements(engine) as seen, transaction():
        begin_command(key="k1", actor=designer, request={"outcome": "approve"})
        complete_item(item_id=item_id, outcome="approve", values={}, actor=designer)
        end_command(key="k1", actor=designer, status=200, answer={})

    assert seen.commits == 1
    assert len(seen) <= 16, seen.sent
