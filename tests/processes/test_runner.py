"""One instance: started, completed step by step, ended; what stands in the tables after each step."""

import pytest
from sqlalchemy import select

from app.accounts.vocabulary import Role
from app.inbox.usecases import claim_item, complete_item
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.kernel.transaction import transaction
from app.processes.doors import BpmnError
from app.processes.models import ProcessEvent, ProcessInstance, WorkItem
from app.processes.operating.cancelling import cancel_instances
from app.processes.queries import get_instance_history, open_items
from app.processes.usecases import set_person
from tests.factories.accounts import make_actor
from tests.processes.conftest import note_call
from tests.support.diagrams import diagram, end, flows, gateway, service, start, user

REVIEW = diagram(
    "review",
    start()
    + user("check", outcomes="approve,return")
    + gateway("decided", default="f2_decided_end")
    + end()
    + flows("begin>check", "check>decided", "decided>end", 'decided>check?outcome == "return"'),
)


def items_of(instance_id: int, status: str = "open") -> list[WorkItem]:
    return list(
        session.scalars(
            select(WorkItem).where(WorkItem.instance_id == instance_id, WorkItem.status == status).order_by(WorkItem.id)
        )
    )


def complete(item: WorkItem, actor: Actor, outcome: str | None = None):
    with transaction():
        return complete_item(item_id=item.id, outcome=outcome, values={}, actor=actor)


@pytest.mark.usefixtures("upper_rooms")
def test_an_item_without_lane_goes_to_the_designer_and_ends_the_instance(deploy, run, designer):
    deploy(REVIEW)
    instance_id = run("review")

    [item] = items_of(instance_id)
    done = complete(item, designer, "approve")

    assert (item.role, done.instance.status, done.opened) == ("designer", "completed", [])
    assert items_of(instance_id) == []
    assert [line.kind for line in get_instance_history(instance_id)] == ["started", "completed", "finished"]


@pytest.mark.usefixtures("upper_rooms")
def test_a_return_opens_the_same_node_anew(deploy, run, designer):
    deploy(REVIEW)
    instance_id = run("review")

    [first] = items_of(instance_id)
    done = complete(first, designer, "return")

    [second] = items_of(instance_id)
    assert second.id != first.id
    assert [item.id for item in done.opened] == [second.id]
    assert open_items(subject_type="case", subject_ids=[1])[1][0].id == second.id


@pytest.mark.usefixtures("upper_rooms")
def test_several_outcomes_need_a_choice_and_unknown_ones_are_refused(deploy, run, designer):
    deploy(REVIEW)
    [item] = items_of(run("review"))

    with pytest.raises(InvalidError) as no_outcome, transaction():
        complete_item(item_id=item.id, outcome=None, values={}, actor=designer)
    with pytest.raises(InvalidError) as unknown, transaction():
        complete_item(item_id=item.id, outcome="burn", values={}, actor=designer)

    assert (no_outcome.value.code, unknown.value.code) == ("outcome_required", "choice_invalid")


@pytest.mark.usefixtures("upper_rooms")
def test_a_second_completion_is_a_conflict(deploy, run, designer):
    deploy(REVIEW)
    [item] = items_of(run("review"))
    complete(item, designer, "approve")

    with pytest.raises(ConflictError) as refused:
        complete(item, designer, "approve")

    assert refused.value.code == "already_done"


@pytest.mark.usefixtures("upper_rooms")
def test_an_item_of_another_role_is_not_found(deploy, run):
    deploy(REVIEW)
    [item] = items_of(run("review"))

    with pytest.raises(NotFoundError):
        complete(item, make_actor(Role.MANAGER), "approve")


@pytest.mark.usefixtures("upper_rooms")
def test_a_claimed_item_is_in_one_persons_hands(deploy, run, designer):
    deploy(REVIEW)
    [item] = items_of(run("review"))
    with transaction():
        claim_item(item_id=item.id, actor=designer)

    with pytest.raises(ConflictError) as refused:
        complete(item, make_actor(Role.DESIGNER), "approve")

    assert refused.value.code == "claimed_by_other"


FOUR_EYES = diagram(
    "four_eyes",
    start()
    + user("first")
    + user("second", attributes='lodestar:notBy="first"')
    + end()
    + flows("begin>first", "first>second", "second>end"),
)


@pytest.mark.usefixtures("upper_rooms")
def test_four_eyes_who_did_the_first_step_may_not_check_it(deploy, run, designer):
    deploy(FOUR_EYES)
    instance_id = run("four_eyes")
    [first] = items_of(instance_id)
    complete(first, designer)

    [second] = items_of(instance_id)
    with pytest.raises(ForbiddenError) as refused:
        complete(second, designer)
    complete(second, make_actor(Role.DESIGNER))

    assert refused.value.code == "four_eyes"
    assert session.get_one(ProcessInstance, instance_id).status == "completed"


WITH_SERVICE = diagram(
    "with_service",
    start()
    + service("work", "test.do_work")
    + gateway("g", default="f2_g_end")
    + user("more")
    + end()
    + flows("begin>work", "work>g", "g>end", "g>more?count > 1", "more>end"),
)


def test_an_operations_values_are_read_by_the_gateway(deploy, run, upper_rooms):
    calls = []
    upper_rooms(operations={"test.do_work": note_call(calls, {"count": 2})})
    deploy(WITH_SERVICE)

    instance_id = run("with_service", variables={"count": 0}, batch_id=7)

    assert [item.node for item in items_of(instance_id)] == ["more"]
    assert [(call.node, call.batch_id, call.subject.type) for call in calls] == [("work", 7, "case")]


def test_a_failing_operation_leaves_nothing_behind(deploy, run, upper_rooms):
    def fail(call):
        raise ZeroDivisionError

    upper_rooms(operations={"test.do_work": fail})
    deploy(WITH_SERVICE)

    with pytest.raises(ZeroDivisionError):
        run("with_service", variables={"count": 0})

    assert session.scalars(select(ProcessInstance)).all() == []
    assert session.scalars(select(ProcessEvent)).all() == []


ERROR_BOUNDARY = diagram(
    "error_boundary",
    start()
    + service("work", "test.do_work")
    + '<bpmn:boundaryEvent id="failed" attachedToRef="work"><bpmn:errorEventDefinition errorRef="e"/></bpmn:boundaryEvent>'
    + user("repair")
    + end()
    + end("repaired")
    + flows("begin>work", "work>end", "failed>repair", "repair>repaired"),
).replace(b"<bpmn:process", b'<bpmn:error id="e" errorCode="broken"/><bpmn:process', 1)


def test_a_bpmn_error_takes_the_boundary(deploy, run, upper_rooms):
    def fail(call):
        raise BpmnError("broken")

    upper_rooms(operations={"test.do_work": fail})
    deploy(ERROR_BOUNDARY)

    assert [item.node for item in items_of(run("error_boundary"))] == ["repair"]


@pytest.mark.usefixtures("upper_rooms")
def test_items_of_a_role_can_belong_to_one_person(deploy, run, designer):
    deploy(FOUR_EYES)
    instance_id = run("four_eyes")
    colleague = make_actor(Role.DESIGNER)

    with transaction():
        set_person(instance_id=instance_id, role="designer", user_id=colleague.id)
    [first] = items_of(instance_id)
    complete(first, colleague)

    [second] = items_of(instance_id)
    assert (first.assignee_id, second.assignee_id) == (colleague.id, colleague.id)


@pytest.mark.usefixtures("upper_rooms")
def test_a_cancelled_instance_closes_its_items(deploy, run, designer):
    deploy(REVIEW)
    instance_id = run("review")

    with transaction():
        cancel_instances(ids=[instance_id], reason="试运行结束", actor=designer)

    assert items_of(instance_id) == []
    assert session.get_one(ProcessInstance, instance_id).status == "cancelled"
