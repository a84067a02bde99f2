"""Running instances move to another version, with everything that hangs on their tokens, and back."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.accounts.vocabulary import Role
from app.audit.models import AuditEntry
from app.inbox.usecases import complete_item
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import ConflictError
from app.kernel.transaction import transaction
from app.processes.items import claim_item, keep_draft
from app.processes.migration.impact import Choices, target_of_version, weigh_impact
from app.processes.migration.migrating import start_migration, undo_deployment
from app.processes.migration.models import MovedInstance, ProcessMigration
from app.processes.models import Job, ProcessEvent, ProcessInstance, ProcessTimer, SetCall, WorkItem
from app.processes.queries import get_version
from app.processes.usecases import set_person, throw_message
from app.processes.vocabulary import FormChoice, TimerChoice
from app.processes.worker import work_off
from tests.factories.accounts import make_actor
from tests.processes.conftest import seeds
from tests.support.diagrams import (
    boundary_message,
    boundary_timer,
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
from tests.support.statements import watch_statements

LINE = diagram("case", start() + user("a") + user("b") + end() + flows("begin>a", "a>b", "b>end"))
LONGER = diagram(
    "case", start() + user("a") + user("more") + user("b") + end() + flows("begin>a", "a>more", "more>b", "b>end")
)
TIMED = diagram(
    "case",
    start() + user("a") + boundary_timer("late", attached_to="a", text="P3D") + user("b") + gateway("m") + end()
    + flows("begin>a", "a>b", "b>m", "late>m", "m>end"),
)  # fmt: skip


@pytest.fixture
def migrate(deploy, designer, upper_rooms):
    """Deploys a version and moves what runs to it; returns the migration, done."""

    def move(xml, choices=None, **more):
        deployed = deploy(xml)
        with transaction():
            migration_id = start_migration(
                row=get_version(deployed.key), choices=choices or Choices(), note="改", actor=designer, **more
            ).id
        work_off()
        return session.get_one(ProcessMigration, migration_id, populate_existing=True)

    return move


@pytest.fixture
def undo(designer):
    def go_back(key="case"):
        with transaction():
            undo_deployment(key=key, reason="有误", actor=designer)
        work_off()
        session.expire_all()

    return go_back


def open_items(node=None):
    query = select(WorkItem).where(WorkItem.status == "open").order_by(WorkItem.id)
    session.expire_all()
    return session.scalars(query if node is None else query.where(WorkItem.node == node)).all()


def finish(actor, *, limit=20):
    """Everything that is open is completed, one after the other."""
    for _ in range(limit):
        items = open_items()
        if not items:
            return
        with transaction():
            complete_item(item_id=items[0].id, outcome=None, values={}, actor=actor)
        work_off()


def versions_of(*instances):
    session.expire_all()
    return [session.get_one(ProcessInstance, number).definition_id for number in instances]


def statuses():
    session.expire_all()
    return sorted(session.scalars(select(ProcessInstance.status)).all())


def test_an_instance_moves_with_draft_claim_and_due_date_and_takes_the_new_step(deploy, run, migrate, designer):
    deploy(LINE.replace(b'id="a" name="a"', b'id="a" name="a" lodestar:dueIn="P3D"'))
    instance_id = run("case")
    [item] = open_items()
    with transaction():
        claim_item(item_id=item.id, actor=designer)
        keep_draft(item_id=item.id, values={"opinion": "半"}, actor=designer)
    before = (item.id, item.due_at, item.opened_at)

    migration = migrate(LONGER.replace(b'name="a"', 'name="初审"'.encode()))

    [item] = open_items()
    assert (migration.status, migration.moved) == ("done", 1)
    assert versions_of(instance_id) == [get_version("case", 2).id]
    assert (item.id, item.due_at, item.opened_at) == before
    assert (item.assignee_id, item.draft, item.node_name) == (designer.id, {"opinion": "半"}, "初审")
    with transaction():
        complete_item(item_id=item.id, outcome=None, values={}, actor=designer)
    assert [one.node for one in open_items()] == ["more"]
    finish(designer)
    assert statuses() == ["completed"]
    assert broken_invariants() == []


def test_history_and_audit_tell_of_it(deploy, run, migrate):
    deploy(LINE)
    instance_id = run("case")

    migration = migrate(LONGER)

    line = session.scalars(select(ProcessEvent).where(ProcessEvent.kind == "migrated")).one()
    assert (line.instance_id, line.detail) == (instance_id, {"from": 1, "to": 2, "migration": migration.id})
    entries = session.scalars(
        select(AuditEntry.action).where(AuditEntry.object_type == "process_migration").order_by(AuditEntry.id)
    ).all()
    assert entries == ["processes.start_migration", "processes.finish_migration"]
    assert session.get_one(ProcessInstance, instance_id).last_job_id == migration.job_id


def test_a_removed_step_under_a_token_stays_until_somebody_chooses(deploy, run, migrate, designer):
    deploy(LONGER)
    instances = [run("case"), run("case")]
    with transaction():
        complete_item(item_id=open_items()[1].id, outcome=None, values={}, actor=designer)

    first = migrate(LINE)
    row = get_version("case", 2)
    impact = weigh_impact(key="case", target=target_of_version(row), choices=Choices())
    second = migrate(LINE.replace(b"</bpmn:definitions>", b" </bpmn:definitions>"), Choices({"more": "b"}))

    assert first.moved == 1
    assert [(one.nodes, one.verdict, one.obstacles[0].node, one.count) for one in impact.states] == [
        (("more",), "choice", "more", 1)
    ]
    assert second.moved == 2
    assert versions_of(*instances) == [get_version("case", 3).id] * 2
    assert [item.node for item in open_items()] == ["a", "b"]
    assert broken_invariants() == []


def test_an_impact_counts_what_moves_stays_and_needs_a_choice(deploy, run, designer, upper_rooms):
    deploy(LONGER)
    for _ in range(3):
        run("case")
    with transaction():
        complete_item(item_id=open_items()[0].id, outcome=None, values={}, actor=designer)
    deploy(LINE)

    impact = weigh_impact(key="case", target=target_of_version(get_version("case")), choices=Choices())

    assert (impact.running, impact.count("move"), impact.count("choice"), impact.count("stay")) == (3, 2, 1, 0)
    assert [(one.names, one.version, one.count) for one in impact.states] == [(("a",), 1, 2), (("more",), 1, 1)]


def test_a_changed_timer_counts_from_when_it_was_armed(deploy, run, migrate):
    armed_at = clock.now()
    deploy(TIMED)
    with clock.at(armed_at):
        run("case")

    with clock.at(armed_at + timedelta(days=1)):
        migrate(TIMED.replace(b"P3D", b"P10D"))

    assert session.scalars(select(ProcessTimer.due_at)).one() == armed_at + timedelta(days=10)


def test_a_timer_of_which_nobody_noted_when_it_was_armed_is_counted_back(deploy, run, migrate):
    armed_at = clock.now()
    deploy(TIMED)
    with clock.at(armed_at):
        run("case")
    with transaction():
        session.execute(update(ProcessTimer).values(armed_at=None))

    with clock.at(armed_at + timedelta(days=1)):
        migrate(TIMED.replace(b"P3D", b"P10D"))

    assert session.scalars(select(ProcessTimer.due_at)).one() == armed_at + timedelta(days=10)


@pytest.mark.parametrize(("choice", "days"), [(TimerChoice.RESTART, 11), (TimerChoice.LEAVE, 3)])
def test_a_changed_timer_starts_again_or_is_left_alone_when_chosen(deploy, run, migrate, choice, days):
    armed_at = clock.now()
    deploy(TIMED)
    with clock.at(armed_at):
        run("case")

    with clock.at(armed_at + timedelta(days=1)):
        migrate(TIMED.replace(b"P3D", b"P10D"), Choices(timers={"late": choice}))

    assert session.scalars(select(ProcessTimer.due_at)).one() == armed_at + timedelta(days=days)


def test_a_repeating_timer_keeps_the_firings_it_has_had(deploy, run, migrate):
    def repeating(text):
        return diagram(
            "case",
            start() + user("a") + boundary_timer("late", attached_to="a", text=text, interrupting=False) + end("told")
            + end() + flows("begin>a", "a>end", "late>told"),
        )  # fmt: skip

    armed_at = clock.now()
    deploy(repeating("R3/P1D"))
    with clock.at(armed_at):
        run("case")
    with clock.at(armed_at + timedelta(days=1, hours=1)):
        work_off()
        migrate(repeating("R5/P1D"))

    assert session.scalars(select(ProcessTimer.remaining)).one() == 4
    assert broken_invariants() == []


def test_a_new_boundary_timer_is_armed_and_a_removed_one_disarmed_and_back_again(deploy, run, migrate, undo):
    plain = TIMED.replace(
        boundary_timer("late", attached_to="a", text="P3D").encode(), b""
    ).replace(flows("begin>a", "a>b", "b>m", "late>m")[-len(flows("x>x")):].encode(), b"")  # fmt: skip
    plain = diagram(
        "case", start() + user("a") + user("b") + gateway("m") + end() + flows("begin>a", "a>b", "b>m", "m>end")
    )
    armed_at = clock.now()
    deploy(TIMED)
    with clock.at(armed_at):
        run("case")

    migrate(plain)
    disarmed = session.scalars(select(ProcessTimer)).all()
    with clock.at(armed_at + timedelta(days=1)):
        undo()
    [timer] = session.scalars(select(ProcessTimer)).all()
    assert (disarmed, timer.node, timer.due_at, timer.armed_at) == ([], "late", armed_at + timedelta(days=3), armed_at)

    with clock.at(armed_at + timedelta(days=2)):
        with transaction():
            undone = session.scalar(select(func.count()).select_from(ProcessMigration))
        migrate(TIMED.replace(b'id="late"', b'id="later"').replace(b'"late"', b'"later"'))
    [timer] = session.scalars(select(ProcessTimer)).all()
    assert (undone, timer.node, timer.due_at) == (2, "later", armed_at + timedelta(days=5))
    assert broken_invariants() == []


def test_undo_makes_the_old_version_active_and_moves_back_what_stands_where_it_was_put(
    deploy, run, migrate, undo, designer
):
    deploy(LINE)
    stays, goes_on = run("case"), run("case")
    migrate(LONGER)
    new = run("case")
    [_, item, _] = open_items()
    with transaction():
        complete_item(item_id=item.id, outcome=None, values={}, actor=designer)  # goes_on stands at `more` now

    undo()

    first, second = get_version("case", 1), get_version("case", 2)
    assert (first.status, second.status) == ("active", "superseded")
    assert versions_of(stays, goes_on, new) == [first.id, second.id, second.id]
    assert versions_of(run("case")) == [first.id]
    finish(designer)
    assert set(statuses()) == {"completed"}
    assert broken_invariants() == []


def test_an_instance_that_went_on_moves_back_where_the_old_version_knows_the_place(
    deploy, run, migrate, undo, designer
):
    deploy(LINE)
    instance_id = run("case")
    migrate(LONGER)
    for _ in range(2):
        with transaction():
            complete_item(item_id=open_items()[0].id, outcome=None, values={}, actor=designer)

    undo()

    assert versions_of(instance_id) == [get_version("case", 1).id]
    assert [item.node for item in open_items()] == ["b"]
    assert broken_invariants() == []


def test_an_item_that_a_choice_closed_is_open_again_after_undo_with_its_draft(deploy, run, migrate, undo, designer):
    split = gateway("g", kind="parallel") + gateway("j", kind="parallel")
    deploy(
        diagram(
            "case",
            start() + split + user("a") + user("b") + end()
            + flows("begin>g", "g>a", "g>b", "a>j", "b>j", "j>end"),
        )
    )  # fmt: skip
    run("case")
    item_id = open_items("b")[0].id
    with transaction():
        claim_item(item_id=item_id, actor=designer)
        keep_draft(item_id=item_id, values={"x": 1}, actor=designer)

    migrate(diagram("case", start() + user("a") + end() + flows("begin>a", "a>end")), Choices({"b": ""}))
    left = [item.node for item in open_items()]
    undo()

    assert left == ["a"]
    [_, item] = open_items()
    assert (item.id, item.node, item.assignee_id, item.draft) == (item_id, "b", designer.id, {"x": 1})
    assert broken_invariants() == []


def test_undo_of_a_first_version_is_refused(deploy, undo, upper_rooms):
    deploy(LINE)

    with pytest.raises(ConflictError, match="undo_nothing"):
        undo()


def test_one_migration_of_a_process_at_a_time(deploy, run, designer, upper_rooms):
    deploy(LINE)
    run("case")
    row = get_version(deploy(LONGER).key)
    with transaction():
        start_migration(row=row, choices=Choices(), note="一", actor=designer)

    with pytest.raises(ConflictError, match="migration_running"), transaction():
        start_migration(row=row, choices=Choices(), note="二", actor=designer)
    with pytest.raises(ConflictError, match="migration_running"), transaction():
        undo_deployment(key="case", reason="早", actor=designer)


CHILD = diagram("seat", start() + user("rate") + end() + flows("begin>rate", "rate>end"), lanes={"rater": "rate"})


def calling(*, condition="", call="seats", after="after"):
    return diagram(
        "panel",
        start() + set_call(call, called="seat", collection="test.seats", completion=condition) + user(after) + end()
        + flows(f"begin>{call}", f"{call}>{after}", f"{after}>end"),
    )  # fmt: skip


@pytest.fixture
def panel(deploy, run, upper_rooms):
    """A panel of three open seats, all of one rater."""
    rater = make_actor(Role.RATER)
    upper_rooms(collections={"test.seats": lambda _call: seeds(3, assignees=[rater.id] * 3)})
    deploy(CHILD)
    deploy(calling())
    return run("panel"), rater


def complete_seats(rater, count=3):
    for item in open_items("rate")[:count]:
        with transaction():
            complete_item(item_id=item.id, outcome=None, values={}, actor=rater)
        work_off()


def test_a_parent_moves_while_its_call_is_open(panel, migrate):
    parent_id, rater = panel
    before = session.scalars(select(SetCall.id)).one()
    complete_seats(rater, 1)

    migrate(calling(after="sign"))
    complete_seats(rater)

    call = session.scalars(select(SetCall)).one()
    assert (call.id, call.instance_id, call.total, call.done) == (before, parent_id, 3, 3)
    assert [(item.instance_id, item.node) for item in open_items()] == [(parent_id, "sign")]
    assert broken_invariants() == []


def test_children_move_while_their_call_is_open(panel, migrate):
    parent_id, rater = panel
    complete_seats(rater, 1)

    moved = migrate(CHILD.replace(b'name="rate"', 'name="评分"'.encode())).moved
    names = {item.node_name for item in open_items("rate")}
    complete_seats(rater)

    assert (moved, names) == (2, {"评分"})
    assert [(item.instance_id, item.node) for item in open_items()] == [(parent_id, "after")]
    assert broken_invariants() == []


def test_a_call_goes_on_under_another_id_and_a_condition_that_is_met_ends_it(panel, migrate):
    parent_id, rater = panel
    complete_seats(rater, 1)

    migrate(calling(call="ratings", condition="done == 1"), Choices({"seats": "ratings"}))

    assert [(item.instance_id, item.node) for item in open_items() if item.node != "rate"] == [(parent_id, "after")]
    assert open_items("rate") == []


def test_a_call_that_a_choice_ends_closes_its_children_for_good(panel, migrate, undo):
    parent_id, _rater = panel

    migrate(
        diagram("panel", start() + user("after") + end() + flows("begin>after", "after>end")),
        Choices({"seats": "after"}),
    )

    assert [(item.instance_id, item.node) for item in open_items()] == [(parent_id, "after")]
    undo("panel")
    assert versions_of(parent_id) == [get_version("panel", 2).id]  # nobody calls the children back
    assert broken_invariants() == []


def test_children_that_have_not_taken_their_first_step_stay(deploy, run, upper_rooms, designer):
    child = diagram(
        "seat",
        start()
        + service("prepare", "test.work")
        + user("rate")
        + end()
        + flows("begin>prepare", "prepare>rate", "rate>end"),
    )
    upper_rooms(operations={"test.work": lambda _call: None}, collections={"test.seats": lambda _call: seeds(2)})
    deploy(child)
    deploy(calling())
    run("panel")  # the job that takes the children up has not run yet
    row = get_version(deploy(child.replace(b'name="rate"', b'name="rating"')).key)

    impact = weigh_impact(key="seat", target=target_of_version(row), choices=Choices())

    assert [(one.verdict, one.obstacles[0].code, one.count) for one in impact.states] == [("stay", "starting", 2)]
    work_off()
    assert weigh_impact(key="seat", target=target_of_version(row), choices=Choices()).count("move") == 2


def test_a_message_thrown_before_reaches_a_catch_that_the_move_adds(deploy, run, migrate):
    late = diagram(
        "case",
        start() + user("a") + boundary_message("gone", attached_to="a", message="withdrawn") + end("out") + user("b")
        + end() + flows("begin>a", "a>b", "b>end", "gone>out"),
        messages=("withdrawn",),
    )  # fmt: skip
    deploy(LINE)
    run("case", batch_id=7)
    with transaction():
        throw_message(name="withdrawn", batch_id=7)

    migrate(late)

    assert statuses() == ["completed"]
    assert broken_invariants() == []


def test_a_step_given_to_another_role_goes_to_its_people(deploy, run, migrate, designer):
    chair = make_actor(Role.CHAIR)
    deploy(LINE)
    run("case")
    instance_id = run("case")
    with transaction():
        set_person(instance_id=instance_id, role="chair", user_id=chair.id)
        claim_item(item_id=open_items()[0].id, actor=designer)

    migrate(LINE.replace(b'isExecutable="true">', b'isExecutable="true"><bpmn:laneSet id="l"><bpmn:lane id="chair" name="c"><bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>'))  # fmt: skip

    assert [(item.role, item.assignee_id) for item in open_items()] == [("chair", designer.id), ("chair", chair.id)]


def test_four_eyes_of_the_new_version_hold_for_open_items(deploy, run, migrate, designer):
    deploy(LINE)
    run("case")
    with transaction():
        complete_item(item_id=open_items()[0].id, outcome=None, values={}, actor=designer)

    migrate(LINE.replace(b'name="b"', b'name="b" lodestar:notBy="a"'))

    assert [item.not_by for item in open_items()] == [f",{designer.id},"]


def test_an_open_item_keeps_its_form_until_the_choice_says_otherwise(deploy, run, migrate):
    deploy(LINE)
    run("case")
    with transaction():
        session.execute(update(WorkItem).values(form_key="old_form", form_version=1, draft={"x": 1}))

    migrate(LONGER)
    kept = [(item.form_key, item.form_version, item.draft) for item in open_items()]
    migrate(LINE, Choices(forms={"a": FormChoice.NEW}))

    assert kept == [("old_form", 1, {"x": 1})]
    assert [(item.form_key, item.form_version) for item in open_items()] == [(None, None)]


def test_only_the_versions_named_are_moved(deploy, run, migrate):
    deploy(LINE)
    first = run("case")
    deploy(LONGER)
    second = run("case")

    migrate(LINE.replace(b'name="a"', b'name="x"'), versions=[2])

    assert versions_of(first, second) == [get_version("case", 1).id, get_version("case", 3).id]


def test_a_repeated_chunk_moves_nobody_twice(deploy, run, migrate):
    deploy(LINE)
    run("case")
    migration = migrate(LONGER)
    revision = session.scalars(select(ProcessInstance.revision)).one()

    with transaction():
        session.execute(update(ProcessMigration).values(status="running", ended_at=None))
        payload = {"migration_id": migration.id, "after": 0, "waits_for_locks": False}
        session.execute(update(Job).where(Job.id == migration.job_id).values(status="waiting", payload=payload))
    work_off()

    session.expire_all()
    assert session.scalars(select(ProcessInstance.revision)).one() == revision
    assert session.scalar(select(func.count()).select_from(MovedInstance)) == 1


def test_a_chunk_of_any_size_takes_the_same_number_of_statements(deploy, run, designer, engine, upper_rooms):
    deploy(TIMED)
    counts = []
    for size, xml in ((1, TIMED.replace(b"P3D", b"P4D")), (40, TIMED.replace(b"P3D", b"P5D"))):
        for _ in range(size):
            run("case")
        row = get_version(deploy(xml).key)
        with transaction():
            start_migration(row=row, choices=Choices(), note="n", actor=designer)
        with watch_statements(engine) as seen:
            work_off()
        counts.append(len(seen))

    assert counts[0] == counts[1]
