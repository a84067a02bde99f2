"""Pages of raters and of those who watch: what they show, what they never show, who gets in."""

import pytest
from sqlalchemy import select

from app.accounts.vocabulary import Role
from app.kernel.db import session
from app.processes.models import WorkItem
from app.ratings.models import RatingSeat
from app.ratings.queries import find_rating, latest_plan
from app.ratings.vocabulary import SUBJECT
from app.web.locale import COOKIE
from tests.factories.accounts import make_actor
from tests.factories.ratings import GOOD
from tests.ratings.test_flow import running  # noqa: F401 -- the fixture
from tests.support.browser import sign_in
from tests.support.seats import seats_of_organisations


@pytest.fixture
def rater(running, client):  # noqa: F811 -- the fixture
    """The first asked rater, signed in, with the seat and its work item."""
    seat = seats_of_organisations(running.candidacy_ids[0])[0]
    item_id = session.scalars(
        select(WorkItem.id).where(WorkItem.subject_type == SUBJECT, WorkItem.subject_id == seat.id)
    ).one()
    sign_in(client, running.raters[seat.organisation_id].id)
    return seat.id, item_id


def test_rating_page_asks_for_interests_first_and_counts_what_is_left(rater, client):
    _, item_id = rater

    page = client.get(f"/work-items/{item_id}/rating")
    text = page.get_data(as_text=True)

    assert page.status_code == 200
    assert text.index("利益关系或竞争关系") < text.index("1．实用价值") < text.index("评价意见")
    assert "已评0个方面，还有4个" in text
    assert "易用性" not in text


def test_opening_the_page_is_noted_once(rater, client):
    seat_id, item_id = rater
    client.get(f"/work-items/{item_id}/rating")
    first = session.get(RatingSeat, seat_id).read_at
    client.get(f"/work-items/{item_id}/rating")
    session.expire_all()

    assert (session.get(RatingSeat, seat_id).read_at, session.get(RatingSeat, seat_id).state) == (first, "READ")


def test_draft_is_kept_and_shown_again(rater, client):
    _, item_id = rater

    kept = client.post(f"/work-items/{item_id}/rating-draft", data={"useful": "4", "comment": "半截的话"})

    assert "已评1个方面，还有3个" in kept.get_data(as_text=True)
    assert "半截的话" in client.get(f"/work-items/{item_id}/rating").get_data(as_text=True)


def test_rating_is_submitted_and_changed_until_the_deadline(rater, client):
    seat_id, item_id = rater
    values = {**GOOD, "no_interest": "true", "outcome": "submit"}
    assert client.post(f"/work-items/{item_id}/complete", data=values).status_code == 302

    assert client.get(f"/rating-seats/{seat_id}").status_code == 200
    client.post(f"/rating-seats/{seat_id}", data={**values, "useful": "2"})
    session.expire_all()

    assert (find_rating(seat_id).revision, find_rating(seat_id).dims["useful"]) == (2, 2)


def test_refused_rating_comes_back_with_what_was_written(rater, client):
    _, item_id = rater
    values = {**GOOD, "no_interest": "true", "outcome": "submit", "useful": "5", "comment": "太短"}

    page = client.post(f"/work-items/{item_id}/complete", data=values)

    assert page.status_code == 422
    assert "请填写不少于20字的评价意见" in page.get_data(as_text=True)
    assert "太短" in page.get_data(as_text=True)


def test_lists_of_waiting_and_rated(rater, client):
    assert "有1项成果待贵单位评价" in client.get("/ratings").get_data(as_text=True)
    assert "届时在此列出" in client.get("/ratings?show=rated").get_data(as_text=True)


def test_seat_of_another_organisation_is_not_there(running, rater, client):  # noqa: F811 -- the fixture
    other = seats_of_organisations(running.candidacy_ids[0])[1]

    assert client.get(f"/rating-seats/{other.id}").status_code == 404
    assert client.get(f"/rating-seats/{other.id}/material").status_code == 404


def test_plan_pages_explain_every_choice_to_managers_only(pushed, client):
    plan = latest_plan(pushed.round_id, 1)
    pages = (
        f"/rounds/{pushed.round_id}/push-plans",
        f"/push-plans/{plan.id}/items/{pushed.candidacy_ids[0]}",
        f"/rounds/{pushed.round_id}/responses",
    )
    sign_in(client, make_actor(Role.MANAGER).id)
    texts = [client.get(page).get_data(as_text=True) for page in pages]
    sign_in(client, next(iter(pushed.raters.values())).id)

    assert plan.seed in texts[0]
    assert "领域相同" in texts[1]
    assert "有效评价尚未达到要求" in texts[2]
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]


def test_doubted_rating_is_judged_on_its_page_without_the_raters_name(pushed, rate, client):
    comment = "数据来源清楚，检索式可以复现，对本单位下一步布局有直接帮助。"
    rate(0, comment=comment)
    seat = rate(1, comment=comment)
    sign_in(client, make_actor(Role.NATIONAL_AUDITOR).id)

    text = client.get(f"/rounds/{pushed.round_id}/doubted-ratings").get_data(as_text=True)
    rating_id = find_rating(seat.id).id
    client.post(f"/ratings/{rating_id}/judge", data={"validity": "valid", "reason": "经核实为独立意见"})
    session.expire_all()

    assert "意见与其他评价雷同" in text
    assert pushed.raters[seat.organisation_id].name not in text
    assert find_rating(seat.id).validity == "valid"


def test_pages_speak_english(pushed, client):
    sign_in(client, make_actor(Role.MANAGER).id)
    client.set_cookie(COOKIE, "en")

    text = client.get(f"/rounds/{pushed.round_id}/push-plans").get_data(as_text=True)

    assert "Push plan" in text
