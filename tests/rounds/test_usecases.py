"""A round from its creation through its windows, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.vocabulary import Role
from app.audit.models import AuditEntry
from app.inbox.usecases import complete_item
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.kernel.transaction import transaction
from app.processes.models import ProcessTimer, StageDeadline, WorkItem
from app.processes.worker import work_off
from app.rounds import queries
from app.rounds.models import Programme, StageChange
from app.rounds.usecases import create_round, hash_parameters, load_programmes, update_round
from app.rounds.vocabulary import RoundStatus, StageStatus
from app.rounds.windows import close_stage, extend_stage
from tests.factories.accounts import make_actor
from tests.factories.rounds import PROGRAMME, STARTS_ON, make_manager, make_round

BEFORE = datetime(2026, 3, 2, 1, tzinfo=UTC)
IN_FILING = datetime(2026, 4, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def frozen(app):
    with clock.at(BEFORE):
        yield


@pytest.fixture
def manager(frozen):
    return make_manager()


@pytest.fixture
def round_id(manager):
    return make_round(manager=manager)


@pytest.fixture
def running(round_id, manager):
    """A round whose filing has begun."""
    complete(round_id, manager, "submit")
    with clock.at(IN_FILING):
        yield round_id


def complete(round_id, actor, outcome=None, **values):
    [item] = session.scalars(select(WorkItem).where(WorkItem.batch_id == round_id, WorkItem.status == "open"))
    with transaction():
        return complete_item(item_id=item.id, outcome=outcome, values=values, actor=actor)


def statuses(round_id):
    return {stage.code.value: stage.status.value for stage in queries.stages_of(round_id)}


def deadlines(round_id):
    rows = session.execute(
        select(StageDeadline.stage_code, StageDeadline.closes_at).where(StageDeadline.batch_id == round_id)
    )
    return dict(rows.all())


def test_programmes_are_loaded_once(frozen):
    with transaction():
        assert (load_programmes(), load_programmes()) == (1, 0)

    assert [programme.code for programme in queries.list_programmes()] == ["patent_navigation"]
    assert session.get(Programme, "patent_navigation").process_key == "evaluation_round"


def test_a_new_round_has_its_stages_planned_and_its_process_started(round_id):
    made = queries.get_round(round_id)

    assert (made.status, made.period_from, made.period_to) == (
        RoundStatus.SETUP,
        date(2025, 1, 1),
        queries.stage_of(round_id, "filing").closes_at.astimezone(clock.BEIJING).date(),
    )
    assert deadlines(round_id) == {stage.code: stage.closes_at for stage in made.stages}
    assert statuses(round_id) == {**dict.fromkeys(statuses(round_id), "planned"), "setup": "open"}
    assert queries.current_round().id == round_id


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        ({"programme": "nothing"}, "programme", "option_unknown"),
        ({"name": " "}, "name", "field_required"),
        ({"name": "长" * 201}, "name", "text_too_long"),
        ({"starts_on": date(1999, 1, 1)}, "starts_on", "number_range"),
        ({"period_from": date(2030, 1, 1)}, "period_to", "period_reversed"),
        ({"parameters": {"panel": {"size": 6}}}, "panel.size", "panel_size_odd"),
        ({"name": "2026年度评价周期"}, "name", "round_name_taken"),
    ],
)
def test_a_round_that_breaks_a_rule_is_refused_by_field(round_id, manager, wish, field, code):
    given = {"programme": PROGRAMME, "name": "又一个周期", "starts_on": STARTS_ON, **wish}

    with pytest.raises(InvalidError) as refused, transaction():
        create_round(actor=manager, **given)

    assert [error.code for error in refused.value.fields[field]] == [code]


def test_only_a_manager_creates_extends_and_closes(running):
    leader = make_actor(Role.LEADER)

    for act in (
        lambda: create_round(programme=PROGRAMME, name="x", starts_on=STARTS_ON, actor=leader),
        lambda: update_round(round_id=running, name="x", actor=leader),
        lambda: close_stage(round_id=running, code="filing", reason="x", actor=leader),
        lambda: extend_stage(round_id=running, code="filing", until=IN_FILING, reason="x", actor=leader),
    ):
        with pytest.raises(ForbiddenError), transaction():
            act()


def test_set_up_changes_dates_and_parameters_through_its_form(round_id, manager):
    complete(
        round_id,
        manager,
        "submit",
        starts_on="2026-04-01",
        parameters={"awards": {"count": 80}},
        stages={"filing": {"closes_at": "2026-06-30"}},
    )

    changed = queries.get_round(round_id)
    filing = queries.stage_of(round_id, "filing")
    assert (changed.starts_on, queries.parameter(changed, "awards.count")) == (date(2026, 4, 1), 80)
    assert filing.closes_at == clock.end_of_day(date(2026, 6, 30))
    assert deadlines(round_id)["filing"] == filing.closes_at


def test_set_up_refuses_a_stage_window_that_is_none(round_id, manager):
    for stages in ({"filing": {"opens_at": "2026-06-30"}}, {"nothing": {"closes_at": "2026-06-30"}}, {"filing": 3}):
        with pytest.raises(InvalidError) as refused:
            complete(round_id, manager, "submit", stages=stages)
        assert [error.code for error in refused.value.fields["stages"]] == ["stage_window_invalid"]


def test_a_cancelled_round_is_over(round_id, manager):
    complete(round_id, manager, "cancel", reason="通知推迟")

    assert queries.get_round(round_id).status == RoundStatus.CANCELLED
    assert queries.current_round() is None


def test_release_freezes_the_parameters_with_a_hash_that_anybody_can_recompute(running, manager):
    frozen_round = queries.get_round(running)

    assert frozen_round.parameters_hash == hash_parameters(frozen_round.parameters)
    assert frozen_round.status == RoundStatus.RUNNING
    with pytest.raises(ConflictError, match="round_frozen"), transaction():
        update_round(round_id=running, name="改名", actor=manager)


def test_stages_follow_the_process(running, manager):
    assert statuses(running)["setup"] == "closed"
    assert statuses(running)["filing"] == "open"
    with clock.at(queries.stage_of(running, "filing").closes_at):
        work_off()

        assert statuses(running)["filing"] == "closed"
        assert statuses(running)["audit_tail"] == "open"
        assert queries.get_round(running).attribution_closed_at is not None


def test_extending_moves_the_stage_all_later_ones_and_their_timers(running, manager):
    before = {stage.code.value: stage.closes_at for stage in queries.stages_of(running)}
    until = clock.end_of_day(date(2026, 6, 30))

    with transaction():
        change = extend_stage(round_id=running, code="filing", until=until, reason="材料较多", actor=manager)

    after = {stage.code.value: stage.closes_at for stage in queries.stages_of(running)}
    moved = {code for code in after if after[code] > before[code]}
    assert moved == set(after) - {"setup", "annual_form"}
    assert after["filing"] == until
    assert deadlines(running) == after
    assert session.scalars(select(ProcessTimer.due_at).where(ProcessTimer.batch_id == running)).all() == [until]
    assert (change.kind, change.closes_before, change.closes_after) == ("extend", before["filing"], until)
    assert [row.reason for row in queries.changes_of(running)] == ["材料较多"]
    assert "rounds.extend_stage" in set(session.scalars(select(AuditEntry.action)))


def test_a_planned_stage_may_be_extended_before_it_opens(running, manager):
    end = queries.stage_of(running, "rating").closes_at

    with transaction():
        extend_stage(round_id=running, code="rating", until=end + timedelta(days=7), reason="假期", actor=manager)

    assert queries.stage_of(running, "rating").closes_at == end + timedelta(days=7)
    assert queries.stage_of(running, "filing").status is StageStatus.OPEN


def test_e0_dates_move_only_later(running, manager):
    end = queries.stage_of(running, "filing").closes_at

    with pytest.raises(InvalidError) as refused, transaction():
        extend_stage(round_id=running, code="filing", until=end, reason="x", actor=manager)

    assert [error.code for error in refused.value.fields["until"]] == ["date_not_later"]


def test_a_change_needs_its_reason(running, manager):
    with pytest.raises(InvalidError) as refused, transaction():
        close_stage(round_id=running, code="filing", reason=" ", actor=manager)

    assert [error.code for error in refused.value.fields["reason"]] == ["change_reason_required"]
    assert session.scalars(select(StageChange)).all() == []


def test_closing_early_fires_the_timer_and_leaves_later_ends(running, manager):
    later = queries.stage_of(running, "audit_tail").closes_at

    with transaction():
        close_stage(round_id=running, code="filing", reason="已全部备案", actor=manager)
    work_off()

    assert statuses(running)["filing"] == "closed"
    assert statuses(running)["audit_tail"] == "open"
    assert queries.stage_of(running, "audit_tail").closes_at == later
    assert queries.stage_of(running, "filing").closed_at == IN_FILING


@pytest.mark.parametrize(
    ("code", "refusal"),
    [("screening", "stage_not_open"), ("push", "stage_without_timer"), ("setup", "stage_without_timer")],
)
def test_a_stage_that_no_timer_ends_now_cannot_be_closed(running, manager, code, refusal):
    with pytest.raises(ConflictError, match=refusal), transaction():
        close_stage(round_id=running, code=code, reason="x", actor=manager)


def test_a_closed_stage_is_neither_closed_nor_extended_again(running, manager):
    with transaction():
        close_stage(round_id=running, code="filing", reason="x", actor=manager)

    for act in (
        lambda: close_stage(round_id=running, code="filing", reason="x", actor=manager),
        lambda: extend_stage(
            round_id=running, code="filing", until=IN_FILING + timedelta(days=9), reason="x", actor=manager
        ),
    ):
        with pytest.raises(ConflictError, match="stage_closed"), transaction():
            act()


def test_an_unknown_stage_is_not_found(running, manager):
    with pytest.raises(NotFoundError), transaction():
        close_stage(round_id=running, code="nothing", reason="x", actor=manager)


def test_finishing_of_audits_gets_more_time_for_what_is_undecided(running, manager):
    with clock.at(queries.stage_of(running, "audit_tail").closes_at):
        work_off()
        screening = queries.stage_of(running, "screening").closes_at
        until = queries.stage_of(running, "audit_tail").closes_at + timedelta(days=7)

        complete(running, manager, "extend", until=until.astimezone(clock.BEIJING).date().isoformat(), reason="未结")

        assert queries.stage_of(running, "audit_tail").status is StageStatus.OPEN
        assert queries.stage_of(running, "screening").closes_at > screening
        assert session.scalars(select(ProcessTimer.due_at).where(ProcessTimer.batch_id == running)).all() == [
            deadlines(running)["audit_tail"]
        ]


def test_what_comes_after_the_window_is_refused_with_the_time(running):
    assert queries.ensure_stage_open(round_id=running, code="filing").code == "filing"
    with pytest.raises(ConflictError, match="stage_not_open"):
        queries.ensure_stage_open(round_id=running, code="rating")
    with clock.at(queries.stage_of(running, "filing").closes_at), pytest.raises(ConflictError, match="stage_closed"):
        queries.ensure_stage_open(round_id=running, code="filing")


def test_the_running_round_is_the_current_one(running, manager):
    make_round(manager=manager, name="2027年度评价周期", starts_on=date(2027, 3, 1))

    assert queries.current_round().id == running
    assert [found.name for found in queries.list_rounds()] == ["2027年度评价周期", "2026年度评价周期"]


def test_an_unknown_round_is_not_found(app):
    for read in (queries.get_round, queries.stages_of, queries.lock_round):
        with pytest.raises(NotFoundError):
            read(99)
    assert queries.current_round() is None


def test_reading_the_stages_takes_four_statements(running, count_statements):
    queries.stages_of(running)  # definition and marking are in memory from now on
    session.expire_all()

    with count_statements() as counted:
        queries.stages_of(running)

    assert len(counted) == 4
