"""Plans from the database: who is found, excluded, asked again; drafts, approval, replacement, sums (E5, E6)."""

from datetime import date

import pytest
from sqlalchemy import select

from app.accounts.models import Organisation
from app.accounts.vocabulary import Role
from app.audit.models import AuditEntry
from app.candidacies.models import Candidacy
from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.db import session
from app.kernel.errors import ConflictError
from app.kernel.transaction import transaction
from app.ratings.aggregation import sum_up_round
from app.ratings.models import PushItem, PushPlan, RatingSeat
from app.ratings.planning import read_targets
from app.ratings.pushing import approve_plan, draw_plan, draw_second_plan, send_back_plan
from app.ratings.queries import aggregates_of, latest_plan
from app.ratings.vocabulary import Exclusion, PlanStatus, SeatState
from tests.factories.ratings import RATING_DAY, add_candidacy, add_target, hand_in, make_field
from tests.support.seats import seats_of_organisations


def draw(field):
    with transaction():
        return draw_plan(round_id=field.round_id, actor=SYSTEM)


def exclusions_of(field):
    row = session.scalars(select(PushItem).where(PushItem.candidacy_id == field.candidacy_ids[0])).one()
    return dict(row.exclusions)


def test_a_plan_is_a_draft_with_seed_and_hash_until_it_is_approved(field):
    plan = draw(field)

    states = {seat.state for seat in seats_of_organisations(field.candidacy_ids[0])}
    assert (plan.status, plan.attempt, len(plan.plan_hash), states) == (PlanStatus.DRAFT, 1, 64, {SeatState.PENDING})


def test_the_same_round_draws_the_same_plan_again_from_its_seed(field):
    first_hash = draw(field).plan_hash
    asked = [seat.organisation_id for seat in seats_of_organisations(field.candidacy_ids[0])]
    with transaction():
        session.execute(RatingSeat.__table__.delete())
        session.execute(PushItem.__table__.delete())
        session.execute(PushPlan.__table__.delete())

    again = draw(field)

    assert again.plan_hash == first_hash
    assert [seat.organisation_id for seat in seats_of_organisations(field.candidacy_ids[0])] == asked


def test_e5_titles_have_to_be_valid_on_the_day(field):
    with transaction():
        late = add_target(field, name="晚霞膜业有限公司", kind="ENTERPRISE", number=1)
        late_id = late.id
        ended = add_target(field, name="旧港膜业有限公司", kind="ENTERPRISE", number=2, honour="DEMO")
        ended.honours[0].valid_to = date(2026, 9, 14)
        ended_id = ended.id

    found = {target.organisation_id for target in read_targets(clock.today())}

    assert not {late_id, ended_id} & found


def test_e5_own_party_related_and_near_names_are_left_out_with_reasons(field):
    with transaction():
        filer = session.get(Organisation, field.filer_id)
        filer.group_code = "G1"
        sister = add_target(field, name="白鹭传感有限公司", kind="ENTERPRISE", honour="ADV", group_code="G1")
        party = add_target(field, name="澜湾精工股份有限公司", kind="ENTERPRISE", honour="ADV")
        near = add_target(field, name="澜湾动力有限公司", kind="ENTERPRISE", honour="ADV")
        dishonest = add_target(field, name="雾岛膜业有限公司", kind="ENTERPRISE", honour="ADV")
        dishonest.is_dishonest = True
        ids = sister.id, party.id, near.id, dishonest.id
        field.candidacy_ids[:] = [add_candidacy(field, number=9, party="澜湾精工股份有限公司").id]

    draw(field)

    asked = {seat.organisation_id for seat in seats_of_organisations(field.candidacy_ids[0])}
    assert not set(ids) & asked
    found = exclusions_of(field)
    assert [found.get(key) for key in ids] == [Exclusion.RELATED, Exclusion.PARTY, Exclusion.NAME_RELATED, None]


def test_r024_regions_are_rated_by_invited_departments_and_institutes(app):
    with clock.at(RATING_DAY):
        field = make_field(enterprises=4, institutes=2, report_type="REGION")
        with transaction():
            invited = add_target(
                field, name="山东省某厅", kind="PROV_DEPT", role=Role.GOV_USER, province_code="330000"
            ).id
            add_target(field, name="江苏省某厅", kind="PROV_DEPT", role=Role.RATER, number=1)

        draw(field)

    seats = seats_of_organisations(field.candidacy_ids[0])
    assert sorted(seat.seat_role for seat in seats) == ["GOV", "UNI", "UNI"]
    assert [seat.organisation_id for seat in seats if seat.seat_role == "GOV"] == [invited]


def test_replan_takes_the_managers_wishes_and_keeps_the_first_attempt(field):
    draw(field)
    with transaction():
        send_back_plan(round_id=field.round_id, wishes={"targets_per_item": 6}, reason="范围过宽", actor=SYSTEM)

    plan = draw(field)

    assert (plan.attempt, plan.parameters["targets_per_item"]) == (2, 6)
    first = session.scalars(select(PushPlan).where(PushPlan.attempt == 1)).one()
    assert (first.status, first.reason) == (PlanStatus.REPLACED, "范围过宽")
    seats = session.scalars(select(RatingSeat).where(RatingSeat.plan_id == plan.id)).all()
    assert len(seats) == 6


def test_a_plan_is_decided_once(pushed):
    with pytest.raises(ConflictError), transaction():
        approve_plan(round_id=pushed.round_id, actor=SYSTEM)


def test_acts_on_plans_are_recorded_with_seed_and_hash(pushed):
    plan = latest_plan(pushed.round_id, 1)

    entries = session.execute(select(AuditEntry.action, AuditEntry.detail).order_by(AuditEntry.id)).all()

    detail = {"number": 1, "attempt": 1, "seed": plan.seed, "hash": plan.plan_hash}
    assert [tuple(entry) for entry in entries] == [("ratings.draw_plan", detail), ("ratings.approve_plan", detail)]


def rate_all(field, roles=("ENT", "UNI"), limit=99):
    for seat in list(seats_of_organisations(field.candidacy_ids[0]))[:limit]:
        if seat.seat_role in roles:
            with transaction():
                hand_in(seat, field.raters[seat.organisation_id])


def sum_up(field):
    with transaction():
        return sum_up_round(field.round)


def test_e6_sums_of_a_round(pushed):
    rate_all(pushed)

    short = sum_up(pushed)

    row = aggregates_of(pushed.round_id)[pushed.candidacy_ids[0]]
    # s = (10 * 3.8 + 15 * 3.75) / 25 = 3.77; rating part = 100 * 2.77 / 4; no proofs; 0.7 and 0.15 over 0.85
    assert (short, row.votes, row.enterprises, float(row.mean), float(row.bayes)) == (0, 15, 12, 3.75, 3.77)
    assert row.parts == {"rating": 69.25, "interaction": None, "proofs": 0.0}
    assert row.weights == {"rating": 0.8235, "proofs": 0.1765}
    assert float(row.composite) == 57.0294
    assert session.get(Candidacy, pushed.candidacy_ids[0]).quorum_met


def test_summing_up_again_gives_the_same(pushed):
    rate_all(pushed)
    sum_up(pushed)
    first = {key: (row.composite, row.votes) for key, row in aggregates_of(pushed.round_id).items()}

    sum_up(pushed)

    assert {key: (row.composite, row.votes) for key, row in aggregates_of(pushed.round_id).items()} == first


def test_summing_up_locks_the_ratings(pushed):
    sum_up(pushed)
    seat = seats_of_organisations(pushed.candidacy_ids[0])[0]

    with pytest.raises(ConflictError) as refused, transaction():
        hand_in(seat, pushed.raters[seat.organisation_id])

    assert refused.value.code == "rating_closed"


def test_second_push_asks_others_about_short_items_only(app):
    with clock.at(RATING_DAY):
        field = make_field(enterprises=40, institutes=5, candidacies=2)
        draw(field)
        with transaction():
            approve_plan(round_id=field.round_id, actor=SYSTEM)
        rate_all(field)
        short = sum_up(field)
        with transaction():
            plan = draw_second_plan(round_id=field.round_id, actor=SYSTEM)

    seats = session.scalars(select(RatingSeat).where(RatingSeat.plan_id == plan.id)).all()
    before = {
        seat.organisation_id for seat in seats_of_organisations(field.candidacy_ids[1]) if seat.plan_id != plan.id
    }
    assert (short, plan.status) == (1, PlanStatus.APPROVED)
    assert {seat.candidacy_id for seat in seats} == {field.candidacy_ids[1]}
    assert {seat.state for seat in seats} == {SeatState.SENT}
    assert not before & {seat.organisation_id for seat in seats}
    assert len(before | {seat.organisation_id for seat in seats}) == 45
