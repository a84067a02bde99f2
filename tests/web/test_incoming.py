"""What no row can have and no database keeps is refused before any page looks at it."""

import pytest
from werkzeug.datastructures import MultiDict

from app.kernel.errors import ConflictError
from app.web.incoming import MAX_ID, row_id, seen_revision


@pytest.mark.parametrize("text", ["0", "17", str(MAX_ID)])
def test_an_id_that_a_row_can_have_is_read(text):
    assert row_id(text) == int(text)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "x", str(MAX_ID + 1), "9" * 5000])
def test_an_id_that_no_row_can_have_is_as_good_as_none(text):
    assert MultiDict({"id": text}).get("id", type=row_id) is None


@pytest.mark.parametrize("text", ["", "abc", "-1", "9" * 5000])
def test_a_revision_that_cannot_be_read_is_another_one(text):
    with pytest.raises(ConflictError, match="edit_conflict"):
        seen_revision(text)


@pytest.mark.parametrize("digits", ["9223372036854775808", "9" * 5000])
def test_an_address_with_such_an_id_leads_nowhere(client, digits):
    answer = client.get(f"/public/announcements/{digits}")

    assert answer.status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_character_that_no_database_keeps_is_refused_with_a_sentence(client, method):
    where = {"get": "query_string", "post": "data"}[method]

    answer = getattr(client, method)("/public/objections", **{where: {"number": "a\x00b"}})

    assert answer.status_code == 422
    assert "U+0000" in answer.get_data(as_text=True)


def test_such_a_character_in_an_address_leads_nowhere(client):
    assert client.get("/language/%00").status_code == 404
