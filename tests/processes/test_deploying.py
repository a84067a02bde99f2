"""Shipped files and what designers made of them."""

from app.kernel.transaction import transaction
from app.processes.deploying import deploy_all
from app.processes.queries import get_version
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
