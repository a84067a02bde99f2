"""The cockpit: who sees and does what; results row by row; retries that look; what stands still; the log."""

import pytest
from sqlalchemy import select

from app.accounts.vocabulary import Role
from app.audit.models import AuditEntry
from app.inbox.usecases import complete_item
from app.kernel.db import session
from app.kernel.transaction import transaction
from app.processes import doors as doors_module
from app.processes.deploying import deploy_definition
from app.processes.doors import Subject, doors, open_doors
from app.processes.models import ProcessInstance, WorkItem
from app.processes.operating.incident_models import Incident
from app.processes.operating.incidents import StepFailedError
from app.processes.starting import start_instance
from app.processes.worker import work_off
from app.studio.cockpit.operating import Act, act_on
from tests.factories.accounts import make_actor
from tests.support.browser import sign_in
from tests.support.diagrams import boundary_timer, diagram, end, flows, gateway, service, start, user

TELLING = diagram(
    "telling",
    start() + user("check", outcomes="approve,return") + service("tell", "test.tell") + user("more") + end()
    + flows("begin>check", "check>tell", "tell>more", "more>end"),
)  # fmt: skip
LONG = diagram(
    "long_case",
    start() + service("long", "test.tell", attributes='lodestar:job="true"') + user("after") + end()
    + flows("begin>long", "long>after", "after>end"),
)  # fmt: skip
LATE = diagram(
    "late_case",
    start() + user("work") + boundary_timer("late", attached_to="work", text="PT0S") + service("tell", "test.tell")
    + gateway("m") + user("after") + end()
    + flows("begin>work", "work>m", "late>tell", "tell>m", "m>after", "after>end"),
)  # fmt: skip


class Switch:
    """An operation that fails while it is off."""

    def __init__(self):
        self.is_on = False
        self.calls = 0

    def __call__(self, call):
        self.calls += 1
        if not self.is_on:
            raise LookupError("专家库未连接")


@pytest.fixture
def switch(app):
    before, made = doors(), Switch()
    open_doors(operations={"test.tell": made}, collections={}, completions={}, stages=frozenset())
    yield made
    doors_module._doors = before


@pytest.fixture
def chief(switch):
    actor = make_actor(Role.DESIGNER)
    with transaction():
        for xml in (TELLING, LONG, LATE):
            deploy_definition(xml=xml, note="test", actor=actor)
    return actor


def begin(actor, process="telling", **more):
    with transaction():
        return start_instance(process=process, subject=Subject("case", 1), title="海洋装备导航", actor=actor, **more)


def item_of(instance_id):
    session.rollback()
    query = select(WorkItem).where(WorkItem.instance_id == instance_id, WorkItem.status == "open")
    return session.scalars(query.execution_options(populate_existing=True)).one()


def status_of(instance_id):
    session.rollback()
    return session.get_one(ProcessInstance, instance_id, populate_existing=True).status


def resolutions():
    session.rollback()
    rows = session.execute(select(Incident.resolution, Incident.attempts, Incident.resolved_by).order_by(Incident.id))
    return [tuple(row) for row in rows]


def act(actor, name, *ids, **more):
    return [
        (one.id, one.error.code if one.error else "done") for one in act_on(Act(name, ids, "核对", **more), actor=actor)
    ]


def fail_completion(actor, instance_id):
    with pytest.raises(StepFailedError), transaction():
        complete_item(item_id=item_of(instance_id).id, outcome="approve", values={}, actor=actor)


def test_a_retry_of_a_job_runs_it_now_and_fails_again_until_it_is_repaired(chief, switch):
    instance_id = begin(chief, "long_case")
    work_off()

    again = act(chief, "retry", instance_id)
    between = resolutions()
    switch.is_on = True
    at_last = act(chief, "retry", instance_id)

    assert (again, between) == ([(instance_id, "retry_failed")], [(None, 2, None)])
    assert (at_last, resolutions()) == ([(instance_id, "done")], [("retried", 2, chief.id)])
    assert (status_of(instance_id), item_of(instance_id).node) == ("running", "after")
    work_off()
    assert item_of(instance_id).node == "after"


def test_a_retry_of_a_timer_fires_it(chief, switch):
    instance_id = begin(chief, "late_case")
    work_off()
    switch.is_on = True

    assert act(chief, "retry", instance_id) == [(instance_id, "done")]
    assert (item_of(instance_id).node, resolutions()) == ("after", [("retried", 1, chief.id)])


def test_a_persons_step_is_only_rehearsed_and_stays_with_the_person(chief, switch):
    instance_id = begin(chief)
    fail_completion(chief, instance_id)

    again = act(chief, "retry", instance_id)
    failed = resolutions()
    switch.is_on = True
    rehearsed = act(chief, "retry", instance_id)

    assert (again, failed) == ([(instance_id, "retry_failed")], [(None, 2, None)])
    assert (rehearsed, resolutions()) == ([(instance_id, "done")], [("rehearsed", 2, chief.id)])
    assert (status_of(instance_id), item_of(instance_id).node) == ("running", "check")


def test_an_incident_is_settled_by_hand_with_a_reason(chief, switch):
    instance_id = begin(chief, "long_case")
    work_off()

    done = act(chief, "resolve", instance_id)

    session.rollback()
    assert (done, status_of(instance_id)) == ([(instance_id, "done")], "running")
    assert session.scalars(select(Incident.reason)).all() == ["核对"]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "processes.end_incident")).one()
    assert entry.detail["how"] == "by_hand"


def test_retrying_what_has_no_incident_says_so(chief):
    instance_id = begin(chief)

    assert act(chief, "retry", instance_id, 99) == [(instance_id, "incident_over"), (99, "not_found")]


def test_a_move_that_fails_fails_alone(chief, switch):
    first, second = begin(chief), begin(chief)
    with transaction():
        session.get_one(ProcessInstance, second).subject_id = 2

    results = act(chief, "move", first, second, to=["tell"])
    switch.is_on = True
    repaired = act(chief, "move", first, second, to=["tell"])

    assert results == [(first, "act_failed"), (second, "act_failed")]
    assert repaired == [(first, "done"), (second, "done")]
    assert item_of(first).node == "more"


def test_managers_reach_cases_of_rounds_and_system_administrators_repair_without_moving(chief):
    manager, admin = make_actor(Role.MANAGER), make_actor(Role.SYS_ADMIN)
    of_round, other = begin(chief, batch_id=7), begin(chief)

    assert act(manager, "cancel", of_round, other) == [(of_round, "done"), (other, "not_found")]
    assert act(admin, "suspend", other) == [(other, "done")]
    for actor, name in ((admin, "cancel"), (admin, "move"), (manager, "retry"), (make_actor(Role.FILER), "suspend")):
        with pytest.raises(Exception, match="forbidden"):
            act(actor, name, other)


def page(app, actor, path):
    answer = sign_in(app.test_client(), actor.id).get(path)
    return answer.status_code, answer.get_data(as_text=True)


def test_the_list_filters_and_hides_titles_from_system_administrators(app, chief):
    first = begin(chief)
    begin(chief, "late_case")

    status, html = page(app, chief, "/cockpit?process=telling&node=check")
    _status, hidden = page(app, make_actor(Role.SYS_ADMIN), "/cockpit")

    assert (status, "海洋装备导航" in html, f"#{first}" in html, "late_case" in html.split("<tbody")[1]) == (
        200, True, True, False,
    )  # fmt: skip
    assert ("海洋装备导航" in hidden, f"#{first}" in hidden) == (False, True)
    assert page(app, make_actor(Role.FILER), "/cockpit")[0] == 403


def test_the_page_of_an_instance_shows_the_incident_and_what_can_be_done(app, chief):
    instance_id = begin(chief)
    fail_completion(chief, instance_id)

    status, html = page(app, chief, f"/cockpit/instances/{instance_id}")
    _status, hidden = page(app, make_actor(Role.SYS_ADMIN), f"/cockpit/instances/{instance_id}")

    assert status == 200
    assert "“tell”未能执行：LookupError: 专家库未连接" in html
    for value in ("suspend", "retry", "resolve", "move", "cancel"):
        assert f'name="act" value="{value}"' in html
    assert ("海洋装备导航" in hidden, 'value="move"' in hidden) == (False, False)


def test_acting_over_the_page_shows_a_result_for_each(app, chief):
    first, second = begin(chief), begin(chief)
    act(chief, "suspend", second)
    browser = sign_in(app.test_client(), chief.id)

    answer = browser.post("/cockpit/act", data={"act": "suspend", "instance": [first, second], "reason": "核对"})
    refused = browser.post("/cockpit/act", data={"act": "suspend", "instance": [first], "reason": ""})

    html = answer.get_data(as_text=True)
    assert ("已处理1件，未处理1件" in html, "该流程已处于中止状态。" in html) == (True, True)
    assert (refused.status_code, "请填写原因" in refused.get_data(as_text=True)) == (422, True)


def test_moving_over_the_page(app, chief):
    instance_id = begin(chief)
    browser = sign_in(app.test_client(), chief.id)

    browser.post(
        "/cockpit/act",
        data={"act": "move", "instance": instance_id, "reason": "线下已办", "move": "check>more", "one": "1"},
    )

    assert item_of(instance_id).node == "more"


def test_what_stands_still_is_looked_for_on_demand(app, chief):
    begin(chief, "late_case", province_code="370000")
    browser = sign_in(app.test_client(), chief.id)

    answer = browser.post("/cockpit/stuck", follow_redirects=True)

    assert (answer.status_code, "没有停滞的流程" in answer.get_data(as_text=True)) == (200, True)


def test_the_log_is_exported_and_the_export_is_audited(app, chief):
    begin(chief)
    browser = sign_in(app.test_client(), chief.id)

    answer = browser.post("/cockpit/event-log", data={"format": "xes", "process": "telling"})

    assert answer.headers["Content-Disposition"] == "attachment; filename=event-log-telling.xes"
    assert answer.get_data(as_text=True).count("<trace>") == 1
    session.rollback()
    assert session.scalars(select(AuditEntry.action).where(AuditEntry.object_type == "event_log")).all() == [
        "processes.export_log"
    ]
    assert page(app, make_actor(Role.SYS_ADMIN), "/cockpit/event-log")[0] == 403
