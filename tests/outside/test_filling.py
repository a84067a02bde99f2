"""A form filled from its schema is valid by it; a leak is found."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.outside.client import Heard
from tests.outside.filling import KNOWN_TYPES, fill_form, find_faults
from tests.outside.leaks import find_leaks

TODAY = date(2027, 3, 1)


def _upload(field: dict[str, Any]) -> int:
    return len(field["key"])


def _describe(key: str, kind: str, *, required: bool, **more: object) -> dict[str, Any]:
    bounds = {"min": None, "max": None, "max_length": None, "options": []}
    return {"key": key, "type": kind, "label": f"说明{key}", "required": required} | bounds | more


@st.composite
def _fields(draw: st.DrawFn, key: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(KNOWN_TYPES))
    more: dict[str, Any] = {}
    if kind in ("text", "textarea"):
        more["min_length"] = draw(st.none() | st.integers(0, 300))
        more["max_length"] = draw(st.none() | st.integers(max(1, more["min_length"] or 0), 600))
    elif kind in ("integer", "decimal"):
        low = draw(st.none() | st.integers(-1000, 1000))
        more |= {"min": low, "max": draw(st.none() | st.integers(low or 0, 2000))}
        more |= {"digits": draw(st.none() | st.integers(0, 3))} if kind == "decimal" else {}
    elif kind in ("select", "multiselect"):
        values = draw(st.lists(st.sampled_from("甲乙丙丁AB1"), min_size=1, unique=True))
        more["options"] = [{"value": value, "label": value} for value in values]
    return _describe(key, kind, required=draw(st.booleans()), **more)


@st.composite
def _forms(draw: st.DrawFn) -> list[dict[str, Any]]:
    keys = draw(st.lists(st.sampled_from("abcdefgh"), max_size=8, unique=True))
    return [draw(_fields(key)) for key in keys]


@given(_forms())
def test_a_filled_form_is_valid_by_its_schema(fields):
    values = fill_form(fields, given={}, upload=_upload, today=TODAY)
    assert find_faults(fields, values) == {}


@given(_forms())
def test_a_form_filled_to_the_last_field_is_valid_too(fields):
    also = [field["key"] for field in fields]
    values = fill_form(fields, given={}, also=also, upload=_upload, today=TODAY)
    assert set(values) == set(also)
    assert find_faults(fields, values) == {}


def test_a_field_that_the_form_lacks_is_not_guessed():
    with pytest.raises(KeyError, match="remark"):
        fill_form([], given={"remark": "…"}, upload=_upload, today=TODAY)


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        (_describe("a", "text", required=True), "", "missing"),
        (_describe("a", "text", required=False, max_length=3), "abcd", "length"),
        (_describe("a", "integer", required=False, min=1), 0, "too small"),
        (_describe("a", "decimal", required=False, max=1, digits=1), 0.25, "digits"),
        (_describe("a", "select", required=False, options=[{"value": "x", "label": "x"}]), "y", "no select"),
        (_describe("a", "checkbox", required=True), False, "no checkbox"),
        (_describe("a", "date", required=False), "2027/03/01", "no date"),
    ],
)
def test_a_wrong_value_is_found(field, value, fault):
    assert find_faults([field], {"a": value}) == {"a": fault}


def test_a_name_that_the_reader_may_not_know_is_found():
    judges = {"rater_5": "甲某某", "expert_2": "乙某某"}
    heard = [
        Heard("filer", "filer", "GET /filings/1", '{"by": "甲某某"}', "rating"),
        Heard("rater_5", "rater", "GET /me", '{"name": "甲某某"}', "rating"),
        Heard("manager", "manager", "GET /rounds/1", '{"by": "甲某某"}', "rating"),
        Heard("", "public", "GET /announcements", '{"by": "乙某某"}', "panel"),
        Heard("", "public", "GET /announcements/1", '{"by": "乙某某"}', "decision"),
        Heard("", "public", "GET /announcements/2", '{"by": "甲某某"}', "decision"),
    ]
    assert find_leaks(heard, judges=judges, published_in="decision") == [
        "GET /announcements names expert_2 to the public (panel)",
        "GET /announcements/2 names rater_5 to the public (decision)",
        "GET /filings/1 names rater_5 to filer (rating)",
    ]
