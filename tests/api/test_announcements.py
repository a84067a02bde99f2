"""Announcements are public: no token, and no word about who objects."""

import pytest

from app.kernel import clock
from tests.factories.announcements import NOTICE_DAY, SECRET_NAME, make_notice, object_to
from tests.support.api_client import ApiClient, RefusedError


@pytest.fixture
def notice(app):
    with clock.at(NOTICE_DAY):
        yield make_notice()


@pytest.fixture
def public(client):
    return ApiClient(client)


def test_the_list_is_read_by_anybody(notice, public):
    page = public.get("/announcements")

    assert page["next"] is None
    assert [(row["id"], row["kind"], row["round"]) for row in page["items"]] == [
        (notice.announcement_id, "public_notice", notice.round_id)
    ]


def test_a_notice_tells_its_text_and_its_list(notice, public):
    told = public.get(f"/announcements/{notice.announcement_id}")

    assert told["title"]
    assert told["body"]
    assert [item["position"] for item in told["items"]] == [1, 2, 3]
    assert {item["status"] for item in told["items"]} == {"listed"}


@pytest.mark.parametrize(
    ("query", "found"), [({"kind": "public_notice"}, 1), ({"kind": "ranking"}, 0), ({"limit": 1}, 1)]
)
def test_filters(notice, public, query, found):
    assert len(public.get("/announcements", **query)["items"]) == found


@pytest.mark.parametrize("query", [{"kind": "x"}, {"round": "x"}, {"cursor": "WyJ4Il0"}])
def test_a_wrong_query_is_422(notice, public, query):
    with pytest.raises(RefusedError) as caught:
        public.get("/announcements", **query)
    assert caught.value.status == 422


def test_what_is_not_there_is_404(notice, public):
    assert public.send("GET", "/announcements/999").status_code == 404


def test_nothing_tells_who_objects(notice, public):
    object_to(notice.item_ids[0])

    answer = public.send("GET", f"/announcements/{notice.announcement_id}").get_data(as_text=True)

    assert SECRET_NAME not in answer
