"""The rating process from the push to the sums, run by the runner: seats, answers, replacement, deadline."""

import pytest
from sqlalchemy import func, select

from app.accounts.vocabulary import Role
from app.formdefs.queries import forget_forms
from app.formdefs.usecases import deploy_form
from app.inbox.usecases import complete_item
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.errors import InvalidError
from app.kernel.transaction import transaction
from app.processes.deploying import deploy_definition
from app.processes.doors import OperationCall, Subject, doors
from app.processes.models import ProcessInstance, WorkItem
from app.processes.starting import start_instance
from app.processes.worker import work_off
from app.ratings import flow
from app.ratings.models import RatingSeat
from app.ratings.queries import find_rating
from app.ratings.vocabulary import SUBJECT, SeatState
from config import ROOT
from tests.factories.accounts import make_actor
from tests.factories.ratings import GOOD, add_target
from tests.ratings.conftest import push
from tests.support.diagrams import diagram, end, flows, set_call, start, user
from tests.support.seats import seats_of_organisations

PARENT = diagram(
    "one_candidacy",
    start()
    + set_call("ratings", called="rating", collection="ratings.pushed_seats")
    + user("after")
    + end()
    + flows("begin>ratings", "ratings>after", "after>end"),
)


@pytest.fixture
def running(field):
    """The rating process of every seat of the candidacy runs."""
    forget_forms()
    designer = make_actor(Role.DESIGNER)
    with transaction():
        for key in ("rating", "rating_gov"):
            deploy_form(key=key, schema=(ROOT / "forms" / f"{key}.form").read_bytes(), actor=SYSTEM)
        deploy_definition(xml=(ROOT / "workflows" / "rating.bpmn").read_bytes(), note="test", actor=designer)
    with transaction():
        deploy_definition(xml=PARENT, note="test", actor=designer)
    push(field)
    with transaction():
        start_instance(
            process="one_candidacy",
            subject=Subject("candidacy", field.candidacy_ids[0]),
            title="海水淡化膜",
            actor=SYSTEM,
            batch_id=field.round_id,
        )
    work_off()
    return field


def answer(field, number, outcome, **values):
    seat = seats_of_organisations(field.candidacy_ids[0])[number]
    item_id = session.scalars(
        select(WorkItem.id).where(WorkItem.subject_type == SUBJECT, WorkItem.subject_id == seat.id)
    ).one()
    with transaction():
        complete_item(item_id=item_id, outcome=outcome, values=values, actor=field.raters[seat.organisation_id])
    work_off()
    return seat


def ends():
    return dict(
        session.execute(
            select(ProcessInstance.end_node, func.count())
            .where(ProcessInstance.subject_type == SUBJECT)
            .group_by(ProcessInstance.end_node)
        ).all()
    )


def call_of(field):
    return OperationCall(
        instance_id=1,
        process="evaluation_round",
        node="aggregate",
        subject=Subject("round", field.round_id),
        batch_id=field.round_id,
        variables={},
        actor=SYSTEM,
    )


def test_every_seat_opens_an_item_in_its_organisations_scope(running):
    items = session.execute(
        select(WorkItem.node, WorkItem.role, WorkItem.organisation_id, WorkItem.assignee_id).where(
            WorkItem.subject_type == SUBJECT
        )
    ).all()
    seats = seats_of_organisations(running.candidacy_ids[0])

    assert {tuple(item) for item in items} == {("rate", "rater", seat.organisation_id, None) for seat in seats}


def test_a_submitted_rating_ends_its_seat(running):
    seat = answer(running, 0, "submit", **GOOD)

    assert find_rating(seat.id).validity == "valid"
    assert ends() == {"rated": 1, None: 14}


def test_a_mark_left_out_is_refused_at_its_field(running):
    with pytest.raises(InvalidError) as refused:
        answer(running, 0, "submit", **{**GOOD, "useful": None})

    assert list(refused.value.fields) == ["useful"]


def test_n6_a_declined_seat_is_filled_by_the_plans_rules(running):
    with transaction():
        spare = add_target(running, name="后备膜业有限公司", kind="ENTERPRISE", number=1, honour="ADV")
        spare_id = spare.id

    declined = answer(running, 0, "decline", decline_reason="no_time")

    added = session.scalars(select(RatingSeat).where(RatingSeat.replaces_id == declined.id)).one()
    assert (added.organisation_id, added.state) == (spare_id, SeatState.SENT)
    assert added.reasons["purpose"] == "replacement"
    assert ends() == {"declined": 1, None: 15}


def test_nobody_left_to_ask_leaves_one_seat_fewer(running):
    answer(running, 0, "decline", decline_reason="wrong_domain")

    assert session.scalar(select(func.count(RatingSeat.id))) == 15
    assert ends() == {"declined": 1, None: 14}


def test_sums_and_quorum_reach_the_gateways(running):
    for number in range(15):
        answer(running, number, "submit", **GOOD)
    with transaction():
        summed = flow.aggregate_round(call_of(running))
    about = OperationCall(**{**_fields(call_of(running)), "subject": Subject("candidacy", running.candidacy_ids[0])})

    assert (summed, flow.read_quorum(about)) == ({"short_items": 0}, {"quorum_met": True})
    assert session.scalar(select(ProcessInstance.id).where(ProcessInstance.end_node.is_(None))) is not None


def test_an_item_that_was_never_summed_up_has_no_quorum(field):
    about = OperationCall(**{**_fields(call_of(field)), "subject": Subject("candidacy", 404)})

    assert flow.read_quorum(about) == {"quorum_met": False}


def _fields(call):
    return {name: getattr(call, name) for name in call.__dataclass_fields__}


def test_the_rooms_side_of_the_diagrams_is_wired(app):
    known = {*doors().operations, *doors().collections, *doors().completions}

    assert {
        "ratings.aggregate_round",
        "ratings.plan_push",
        "ratings.plan_second_push",
        "ratings.read_quorum",
        "ratings.replace_seat",
        "ratings.validate_rating",
        "ratings.pushed_seats",
        "ratings.second_seats",
        "push_plan",
        "rating",
        "rating_gov",
    } <= known
