"""What a form takes in, field by field: the same judge stands behind the HTML and the JSON door."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.formdefs.posted import posted_values
from app.kernel.errors import FieldError, InvalidError
from tests.factories.formdefs import component, form, options

ONE_OF_EACH = form(
    component("textfield", "name", validate={"required": True, "minLength": 2, "maxLength": 5}),
    component("textarea", "opinion"),
    component("number", "count", decimalDigits=0, validate={"min": 0, "max": 100}),
    component("number", "share", decimalDigits=2, validate={"min": "0.5"}),
    component("number", "debt", validate={"max": 10}),
    component("datetime", "day", subtype="date"),
    component("datetime", "moment", subtype="datetime"),
    component("select", "kind", values=options("a", "b")),
    component("checklist", "tags", values=options("x", "y", "z")),
    component("checkbox", "agreed"),
    component("textfield", "scan", properties={"kind": "file", "types": "pdf, png", "max_mb": "20"}),
    component("textfield", "lines", properties={"kind": "json", "shape": '[{"id": 1}]'}),
    component("textfield", "mail", validate={"validationType": "email"}),
    component("textfield", "phone", validate={"validationType": "phone"}),
)


def refusal(values, form_=ONE_OF_EACH, **more):
    with pytest.raises(InvalidError) as caught:
        form_.validate(values, **more)
    return caught.value


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("name", "  甲乙 ", "甲乙"),
        ("opinion", "一\r\n二", "一\n二"),
        ("count", 5, 5),
        ("count", 5.0, 5),
        ("share", 0.75, 0.75),
        ("share", 3, 3),
        ("debt", -12.5, -12.5),
        ("day", "2026-03-05", "2026-03-05"),
        ("moment", "2026-03-05T09:30", "2026-03-05T09:30:00+08:00"),
        ("moment", "2026-03-05T09:30:00Z", "2026-03-05T17:30:00+08:00"),
        ("kind", "a", "a"),
        ("tags", ["z", "x"], ["x", "z"]),
        ("agreed", True, True),
        ("scan", 17, 17),
        ("scan", "17", 17),
        ("lines", [{"id": 1}], [{"id": 1}]),
        ("lines", '[{"id": 1}]', [{"id": 1}]),
        ("lines", {"a": "0"}, {"a": "0"}),
        ("mail", "li@example.org", "li@example.org"),
        ("phone", "+86 10 6208-3114", "+86 10 6208-3114"),
    ],
)
def test_right_values_are_kept_as_json(key, value, kept):
    cleaned = ONE_OF_EACH.validate({"name": "甲乙", key: value})

    assert cleaned == {"name": "甲乙", "agreed": False} | {key: kept}


@pytest.mark.parametrize(
    ("key", "value", "code", "params"),
    [
        ("name", None, "field_required", {}),
        ("name", "   ", "field_required", {}),
        ("name", "甲", "text_too_short", {"min": 2}),
        ("name", "甲乙丙丁戊己", "text_too_long", {"max": 5}),
        ("name", "甲\n乙", "type_invalid", {}),
        ("name", 12, "type_invalid", {}),
        ("name", "甲\x00乙", "type_invalid", {}),
        ("name", "甲\ud800", "type_invalid", {}),
        ("opinion", "字" * 4_001, "text_too_long", {"max": 4_000}),
        ("opinion", ["一"], "type_invalid", {}),
        ("count", "5", "type_invalid", {}),
        ("count", True, "type_invalid", {}),
        ("count", 5.5, "type_invalid", {}),
        ("count", -1, "number_range", {"min": "0", "max": "100"}),
        ("count", 101, "number_range", {"min": "0", "max": "100"}),
        ("count", 10**400, "number_range", {"min": "0", "max": "100"}),
        ("count", float("nan"), "type_invalid", {}),
        ("count", float("inf"), "type_invalid", {}),
        ("share", float("inf"), "type_invalid", {}),
        ("share", float("nan"), "type_invalid", {}),
        ("share", "0.6", "type_invalid", {}),
        ("share", 0.4, "number_too_small", {"min": "0.5"}),
        ("share", 0.755, "number_digits", {"digits": 2}),
        ("share", 1e13, "number_range", {"min": "0.5", "max": "1000000000000"}),
        ("share", 10**400, "number_range", {"min": "0.5", "max": "1000000000000"}),
        ("debt", 11, "number_too_large", {"max": "10"}),
        ("day", "2026-02-30", "date_invalid", {}),
        ("day", "20260305", "date_invalid", {}),
        ("day", 20260305, "type_invalid", {}),
        ("moment", "morgen", "date_invalid", {}),
        ("moment", "0001-01-01T00:00:00+14:00", "date_invalid", {}),
        ("moment", 5, "type_invalid", {}),
        ("kind", "c", "choice_invalid", {}),
        ("kind", ["a"], "type_invalid", {}),
        ("tags", ["x", "x"], "choice_invalid", {}),
        ("tags", ["w"], "choice_invalid", {}),
        ("tags", "x", "type_invalid", {}),
        ("tags", [1], "type_invalid", {}),
        ("agreed", "true", "type_invalid", {}),
        ("agreed", 1, "type_invalid", {}),
        ("scan", True, "type_invalid", {}),
        ("scan", -1, "type_invalid", {}),
        ("scan", 0, "type_invalid", {}),
        ("scan", "../etc", "type_invalid", {}),
        ("scan", 10**30, "type_invalid", {}),
        ("lines", "[1", "json_invalid", {}),
        ("lines", "0", "json_invalid", {}),
        ("lines", '"[1]"', "json_invalid", {}),
        ("lines", 7, "json_invalid", {}),
        ("lines", {"a": "\ud800"}, "json_invalid", {}),
        ("lines", {"a": 10**40}, "json_invalid", {}),
        ("lines", "[" * 9 + "]" * 9, "json_too_deep", {"max": 8}),
        ("lines", "[" * 90_000, "json_invalid", {}),
        ("lines", ["字" * 80_000], "json_too_large", {"max_kb": 200}),
        ("lines", "字" * 300_000, "json_too_large", {"max_kb": 200}),
        ("mail", "li@", "email_invalid", {}),
        ("phone", "call me", "phone_invalid", {}),
    ],
)
def test_wrong_values_are_refused_by_code(key, value, code, params):
    error = refusal({"name": "甲乙", key: value})

    assert error.fields == {key: [FieldError(code, label=f"字段{key}", **params)]}
    assert error.code == code


def test_a_list_nested_without_end_is_refused_and_does_not_exhaust_the_stack():
    value = []
    for _ in range(100_000):
        value = [value]

    assert refusal({"name": "甲乙", "lines": value}).code == "json_too_deep"


def test_every_wrong_field_is_named_at_once_in_the_readers_language():
    error = refusal({"count": 200, "foreign": 1}, locale="en")

    assert error.code == "invalid"
    assert error.fields == {
        "foreign": [FieldError("field_unknown", label="foreign")],
        "name": [FieldError("field_required", label="The name")],
        "count": [FieldError("number_range", label="The count", min="0", max="100")],
    }


def test_more_values_than_any_form_has_are_refused_unread():
    assert refusal({f"k{n}": n for n in range(401)}).code == "too_many_values"


def test_a_field_that_the_outcome_requires_must_be_filled():
    reasons = form(component("checklist", "reasons", values=options("a")), component("textarea", "opinion"))

    assert reasons.validate({}) == {}
    assert refusal({"reasons": [], "opinion": "好"}, reasons, outcome_requires=["reasons", "opinion"]).fields == {
        "reasons": [FieldError("field_required", label="字段reasons")]
    }
    assert reasons.validate({"reasons": ["a"]}, outcome_requires=["reasons"]) == {"reasons": ["a"]}


def test_an_outcome_that_requires_a_field_the_form_lacks_is_a_fault_of_ours():
    with pytest.raises(ValueError, match="foreign"):
        ONE_OF_EACH.validate({"name": "甲乙"}, outcome_requires=["foreign"])


def test_an_empty_json_value_does_not_meet_a_requirement():
    assert refusal({"name": "甲乙", "lines": "[]"}, outcome_requires=["lines"]).code == "field_required"


def test_a_required_box_must_be_ticked():
    pledge = form(component("checkbox", "agreed", validate={"required": True}))

    assert refusal({}, pledge).code == "field_required"
    assert refusal({"agreed": False}, pledge).code == "field_required"
    assert pledge.validate({"agreed": True}) == {"agreed": True}


def test_a_draft_may_lack_anything_but_holds_nothing_wrong():
    assert ONE_OF_EACH.validate({}, draft=True) == {}
    assert refusal({"count": -1}, draft=True).code == "number_range"


@pytest.mark.parametrize(
    ("hide", "other", "values", "is_hidden"),
    [
        ('=kind != "a"', "select", {"kind": "a"}, False),
        ('=kind != "a"', "select", {"kind": "b"}, True),
        ('=kind != "a"', "select", {}, True),
        ('=kind = "a"', "select", {}, False),
        ('=kind = "a"', "select", {"kind": "a"}, True),
        ("=kind = null", "select", {}, True),
        ("=kind > 3", "number", {"kind": 4}, True),
        ("=kind > 3", "number", {"kind": 3}, False),
        ("=kind <= 3", "number", {}, False),
        ("=kind != true", "checkbox", {"kind": False}, True),
        ("=kind != true", "checkbox", {"kind": True}, False),
        ("=kind = false", "checkbox", {}, True),
    ],
)
def test_a_hidden_field_is_neither_judged_nor_kept(hide, other, values, is_hidden):
    more = {"select": {"values": options("a", "b")}}.get(other, {})
    dependent = component("textfield", "reason", conditional={"hide": hide}, validate={"required": True})
    asked = form(dependent, component(other, "kind", **more))  # the condition looks at a later field

    if is_hidden:
        assert "reason" not in asked.validate({**values, "reason": "\x00"})
    else:
        assert refusal(values, asked).code == "field_required"


def test_a_field_behind_a_hidden_field_sees_nothing_there():
    chain = form(
        component("checkbox", "first"),
        component("textfield", "second", conditional={"hide": "=first != true"}),
        component("textfield", "third", conditional={"hide": '=second != "x"'}),
    )

    assert chain.validate({"second": "x", "third": "y"}) == {"first": False}
    assert chain.validate({"first": True, "second": "x", "third": "y"}) == {
        "first": True,
        "second": "x",
        "third": "y",
    }


def test_marked_fields_become_process_variables():
    marked = form(
        component("checkbox", "sampled", properties={"variable": "true"}),
        component("datetime", "until", subtype="datetime", properties={"variable": "true"}),
        component("textfield", "remark"),
    )

    cleaned = marked.validate({"sampled": True, "remark": "好"})

    assert marked.variables(cleaned) == {"sampled": True, "until": None}


def test_fields_are_described_as_the_contract_lists_them():
    assert ONE_OF_EACH.describe("en")[2] == {
        "key": "count",
        "type": "integer",
        "label": "The count",
        "required": False,
        "min": 0.0,
        "max": 100.0,
        "max_length": None,
        "options": [],
    }
    assert ONE_OF_EACH.describe("zh")[7]["options"] == [
        {"value": "a", "label": "选项a"},
        {"value": "b", "label": "选项b"},
    ]
    assert [field["type"] for field in ONE_OF_EACH.describe()] == [
        "text", "textarea", "integer", "decimal", "decimal", "date", "datetime", "select", "multiselect", "checkbox",
        "file", "textarea", "text", "text",
    ]  # fmt: skip


def test_both_doors_agree_on_what_was_meant():
    posted = MultiDict(
        [
            ("csrf_token", "t"), ("name", "甲乙"), ("count", " 1,0 "), ("share", "０.75"), ("day", "2026-03-05"),
            ("moment", "2026-03-05T09:30"), ("kind", "a"), ("tags", "x"), ("tags", "z"), ("agreed", "true"),
            ("scan", "17"), ("lines", "[1]"), ("mail", ""), ("phone", " "),
        ]
    )  # fmt: skip
    typed = {
        "name": "甲乙", "count": 10, "share": 0.75, "day": "2026-03-05", "moment": "2026-03-05T09:30", "kind": "a",
        "tags": ["x", "z"], "agreed": True, "scan": 17, "lines": [1],
    }  # fmt: skip

    assert ONE_OF_EACH.validate(posted_values(ONE_OF_EACH, posted)) == ONE_OF_EACH.validate(typed)


@pytest.mark.parametrize("text", ["zwölf", "1_000", "1e400", "nan", "5.5", "٣"])
def test_what_is_no_whole_number_is_refused_at_the_html_door_too(text):
    posted = MultiDict([("name", "甲乙"), ("count", text)])

    assert refusal(posted_values(ONE_OF_EACH, posted)).code == "type_invalid"


TEXT = st.text(alphabet='a0-:T.[]{}",\\ \n\x00北', max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from([field.key for field in ONE_OF_EACH.fields])


@given(st.dictionaries(KEYS, JSON, max_size=6))
def test_any_json_is_kept_or_refused_and_what_was_kept_is_kept_again(values):
    with suppress(InvalidError):
        cleaned = ONE_OF_EACH.validate(values)
        assert ONE_OF_EACH.validate(cleaned) == cleaned
