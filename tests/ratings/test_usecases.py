"""What raters may do with their seats (E6)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import Organisation
from app.accounts.vocabulary import Role
from app.conflicts.queries import list_declarations
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from app.kernel.transaction import transaction
from app.ratings.models import Feedback, Rating, RatingRevision, RatingSeat
from app.ratings.queries import counts_for_filer, feedback_for, find_rating, list_seats, pending_ratings, responses_of
from app.ratings.usecases import decline_seat, judge_rating, open_material, open_seat, revise_rating, submit_rating
from app.ratings.vocabulary import DeclineReason, Doubt, SeatState, Validity
from tests.factories.accounts import make_actor
from tests.factories.ratings import GOOD, RATING_ENDS
from tests.support.seats import seats_of_organisations

LONG = "数据来源清楚，检索式可以复现，对本单位下一步布局有直接帮助。"


def first_seat(field):
    seat = seats_of_organisations(field.candidacy_ids[0])[0]
    return seat, field.raters[seat.organisation_id]


def test_rating_is_taken_with_its_mean_and_counts(pushed, rate):
    seat = rate(0, need="希望提供数据接口", suggestion="补充检索式")

    rating = find_rating(seat.id)

    assert (float(rating.overall), rating.usage, rating.validity) == (3.75, "intends", Validity.VALID)
    assert session.get(RatingSeat, seat.id).state == SeatState.RATED


def test_r026_needs_reach_the_filer_without_names(pushed, rate):
    rate(0, need="希望提供数据接口", suggestion="补充检索式")

    found = [(row.kind, row.text, title) for row, title in feedback_for(actor=pushed.filer)]

    title = "海水淡化膜材料0产业规划专利导航"
    assert found == [("suggestion", "补充检索式", title), ("need", "希望提供数据接口", title)]
    assert not {"rater_id", "organisation_id", "user_id", "name"} & {
        column.name for column in Feedback.__table__.columns
    }
    assert feedback_for(actor=next(iter(pushed.raters.values()))) == []


def test_filer_gets_counts_only(pushed, rate):
    rate(0)
    rate(1)

    counts = counts_for_filer(organisation_ids=[pushed.filer_id], round_id=pushed.round_id)

    assert counts == {pushed.candidacy_ids[0]: (15, 2)}


def test_foreign_seat_is_not_there(pushed):
    seat, _ = first_seat(pushed)
    other = next(actor for key, actor in pushed.raters.items() if key != seat.organisation_id)

    with transaction(), pytest.raises(NotFoundError):
        submit_rating(seat_id=seat.id, values=GOOD, actor=other)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"no_interest": False}, "declaration_required"),
        ({"useful": None}, "mark_required"),
        ({"data": "6"}, "mark_required"),
        ({"useful": "5"}, "comment_too_short"),
        ({"useful": "1", "comment": "太短"}, "comment_too_short"),
    ],
)
def test_e6_incomplete_rating_is_refused(pushed, change, code):
    seat, own = first_seat(pushed)

    with pytest.raises(DomainError) as refused, transaction():
        submit_rating(seat_id=seat.id, values={**GOOD, **change}, actor=own)

    assert (refused.value.code, session.scalar(select(func.count(Rating.id)))) == (code, 0)


def test_extreme_marks_with_words_are_taken(pushed, rate):
    assert find_rating(rate(0, useful="5", comment=LONG).id).validity == Validity.VALID


def test_e6_organisation_that_joined_the_filers_group_is_refused(pushed):
    seat, own = first_seat(pushed)
    with transaction():
        session.get(Organisation, pushed.filer_id).group_code = "G"
        session.get(Organisation, seat.organisation_id).group_code = "G"

    with pytest.raises(ForbiddenError) as refused, transaction():
        submit_rating(seat_id=seat.id, values=GOOD, actor=own)

    assert refused.value.code == "conflict_of_interest"


def test_revision_keeps_what_was_said_before(pushed, rate):
    seat = rate(0, need="甲")
    own = pushed.raters[seat.organisation_id]

    with transaction():
        revise_rating(seat_id=seat.id, values={**GOOD, "useful": "2", "suggestion": "乙"}, actor=own)

    history = session.execute(
        select(RatingRevision.revision, RatingRevision.values).order_by(RatingRevision.revision)
    ).all()
    assert [(number, values["useful"]) for number, values in history] == [(1, 4), (2, 2)]
    assert (find_rating(seat.id).revision, float(find_rating(seat.id).overall)) == (2, 3.25)
    assert session.scalars(select(Feedback.kind)).all() == ["suggestion"]


def test_only_the_person_who_rated_revises(pushed, rate):
    seat = rate(0)
    colleague = make_actor(Role.RATER, scope_code=str(seat.organisation_id), organisation_id=seat.organisation_id)

    with transaction(), pytest.raises(ForbiddenError):
        revise_rating(seat_id=seat.id, values=GOOD, actor=colleague)


def test_after_the_deadline_ratings_are_closed(pushed, rate):
    seat = rate(0)
    other = seats_of_organisations(pushed.candidacy_ids[0])[1]

    with clock.at(RATING_ENDS + timedelta(seconds=1)):
        for act, number in ((revise_rating, seat), (submit_rating, other)):
            with pytest.raises(ConflictError) as refused, transaction():
                act(seat_id=number.id, values=GOOD, actor=pushed.raters[number.organisation_id])
            assert refused.value.code == "rating_closed"


def test_declining_for_interest_is_a_declaration(pushed):
    seat, own = first_seat(pushed)

    with transaction():
        decline_seat(seat_id=seat.id, reason=DeclineReason.COMPETING, actor=own)

    (row,) = list_declarations(object_type="candidacy", object_ids=pushed.candidacy_ids)
    assert (row.kind, row.decision, session.get(RatingSeat, seat.id).state) == ("COMPETING", "recused", "DECLINED")


def test_a_declined_seat_is_not_rated_and_a_rated_one_not_declined(pushed, rate):
    rated = rate(0)
    declined = seats_of_organisations(pushed.candidacy_ids[0])[1]
    with transaction():
        decline_seat(seat_id=declined.id, reason=DeclineReason.NO_TIME, actor=pushed.raters[declined.organisation_id])

    with pytest.raises(ConflictError), transaction():
        submit_rating(seat_id=declined.id, values=GOOD, actor=pushed.raters[declined.organisation_id])
    with pytest.raises(ConflictError), transaction():
        decline_seat(seat_id=rated.id, reason=DeclineReason.NO_TIME, actor=pushed.raters[rated.organisation_id])


def test_e6_neither_opened_nor_read_long_enough_waits_for_a_person(pushed, rate):
    seat, own = first_seat(pushed)
    with transaction():
        open_seat(seat_id=seat.id, actor=own)
    clock.travel(timedelta(seconds=59))

    rate(0)

    assert (find_rating(seat.id).validity, find_rating(seat.id).doubts) == (Validity.PENDING, [Doubt.NOT_READ])


@pytest.mark.parametrize("opens", [True, False])
def test_e6_opened_material_or_sixty_seconds_suffice(pushed, rate, opens):
    seat, own = first_seat(pushed)
    with transaction():
        (open_material if opens else open_seat)(seat_id=seat.id, actor=own)
    clock.travel(timedelta(seconds=1 if opens else 60))

    rate(0)

    assert find_rating(seat.id).validity == Validity.VALID


def test_e6_the_same_words_from_two_organisations_are_doubted(pushed, rate):
    first, second = rate(0, comment=LONG), rate(1, comment=LONG.replace("，", " "))

    assert find_rating(first.id).doubts == []
    assert find_rating(second.id).doubts == [Doubt.COPIED_TEXT]


def test_judged_rating_counts_or_not_and_is_judged_once(pushed, rate):
    rate(0, comment=LONG)
    rate(1, comment=LONG)
    (pending,) = pending_ratings(pushed.round_id)
    auditor = make_actor(Role.NATIONAL_AUDITOR)

    with transaction():
        judge_rating(rating_id=pending.rating.id, validity=Validity.INVALID, reason="两单位意见雷同", actor=auditor)
    with pytest.raises(ConflictError), transaction():
        judge_rating(rating_id=pending.rating.id, validity=Validity.VALID, reason="再看", actor=auditor)

    assert [line.votes for line in responses_of(pushed.round)] == [1]


def test_rater_sees_own_seats_only(pushed):
    seat, own = first_seat(pushed)

    lines = list_seats(actor=own, round_id=pushed.round_id, states=[SeatState.SENT])

    assert [line.seat.organisation_id for line in lines] == [seat.organisation_id]


def test_e6_what_no_step_has_checked_waits_for_a_person(pushed):
    seat = seats_of_organisations(pushed.candidacy_ids[0])[0]

    with transaction():
        rating = submit_rating(seat_id=seat.id, values=GOOD, actor=pushed.raters[seat.organisation_id])

    assert rating.validity == Validity.PENDING
