"""A .form file outside the profile is refused by name, never half understood."""

import orjson
import pytest

from app.formdefs.fields import Paragraph, Wording
from app.formdefs.place import SchemaError
from app.formdefs.schema import compile_form
from app.formdefs.vocabulary import REASONS, FieldType
from tests.factories.formdefs import component, form, options, schema


def refused(text, key="sample"):
    with pytest.raises(SchemaError) as caught:
        compile_form(text, file="sample.form", key=key, version=1)
    return caught.value


TEXTFIELD = component("textfield", "a")


@pytest.mark.parametrize(
    ("components", "reason", "place"),
    [
        ([component("textfield", "Name")], "key", "Name"),
        ([component("textfield", "a" * 65)], "key", "a" * 65),
        ([TEXTFIELD, {**TEXTFIELD, "id": "other"}], "duplicate_key", "a"),
        ([TEXTFIELD, TEXTFIELD], "id", "a"),
        ([{**TEXTFIELD, "id": ""}], "id", "a"),
        ([{**TEXTFIELD, "label": ""}], "label", "a"),
        ([{**TEXTFIELD, "properties": {}}], "label", "a"),
        ([{**TEXTFIELD, "label": 5}], "text", "a"),
        ([component("dynamiclist", "a")], "unknown_type", "a"),
        ([component("textfield", "a", validate={"pattern": "(a+)+$"})], "unknown_attribute", "a"),
        ([component("textfield", "a", validate={"validationType": "url"})], "unknown_attribute", "a"),
        ([component("textfield", "a", validate=[])], "unknown_attribute", "a"),
        ([component("textfield", "a", validate={"maxLength": 20_001})], "number", "a"),
        ([component("textfield", "a", validate={"maxLength": "viele"})], "number", "a"),
        ([component("textfield", "a", validate={"maxLength": [1]})], "number", "a"),
        ([component("textfield", "a", validate={"maxLength": 2, "minLength": 3})], "bounds", "a"),
        ([component("textfield", "a", validate={"required": "ja"})], "boolean", "a"),
        ([component("textfield", "a", disabled=True)], "unknown_attribute", "a"),
        ([component("textfield", "a", properties={"kind": "colour"})], "kind", "a"),
        ([component("textfield", "a", properties={"anchors": "x"})], "unknown_attribute", "a"),
        ([component("textfield", "a", properties={"kind": "file"})], "file_types", "a"),
        ([component("textfield", "a", properties={"kind": "file", "types": "pdf", "max_mb": "0"})], "file_types", "a"),
        ([component("textfield", "a", properties={"kind": "json"}, validate={"required": True})], "json_required", "a"),
        ([component("number", "a", validate={"min": 2, "max": 1})], "bounds", "a"),
        ([component("number", "a", validate={"min": "1e13"})], "number", "a"),
        ([component("number", "a", validate={"min": "NaN"})], "number", "a"),
        ([component("number", "a", decimalDigits=7)], "number", "a"),
        ([component("number", "a", decimalDigits=True)], "number", "a"),
        ([component("datetime", "a")], "subtype", "a"),
        ([component("datetime", "a", subtype="time")], "subtype", "a"),
        ([component("select", "a")], "options", "a"),
        ([component("select", "a", values=[])], "options", "a"),
        ([component("select", "a", values=options("x", "x"))], "options", "a"),
        ([component("select", "a", values=[{"label": "x"}])], "options", "a"),
        ([component("select", "a", values=["x"])], "options", "a"),
        ([component("select", "a", valuesKey="x")], "unknown_attribute", "a"),
        ([component("select", "a", values=options("x"), defaultValue="y")], "default", "a"),
        ([component("textfield", "a", conditional={"hide": "=b"})], "condition", "a"),
        ([component("textfield", "a", conditional={"hide": '=b = "x" or c = 1'})], "condition", "a"),
        ([component("textfield", "a", conditional={"hide": '=b = "x"'})], "condition_field", "a"),
        ([component("textfield", "a", conditional={"hide": '=a = "x"'})], "condition_circle", "a"),
        (
            [component("radio", "a", values=options("3")), component("textfield", "b", conditional={"hide": "=a = 3"})],
            "condition_literal",
            "b",
        ),
        (
            [component("taglist", "a", values=options("3")), component("textfield", "b", conditional={"hide": '=a = "3"'})],
            "condition_field",
            "b",
        ),
        ([{"type": "text", "id": "t"}], "text", "t"),
        ([{"type": "text", "id": "t", "text": "x", "html": "<b>"}], "unknown_attribute", "t"),
        ([{"type": "group", "id": "g", "components": [{"type": "group", "id": "h"}]}], "nesting", "h"),
        ([{"type": "group", "id": "g", "components": {}}], "component", "g"),
        (["text"], "component", ""),
        ([component("checkbox", f"k{n}") for n in range(201)], "no_fields", ""),
    ],
)  # fmt: skip
def test_a_component_outside_the_profile_is_refused_by_name(components, reason, place):
    error = refused(schema(*components))

    assert (error.file, error.component, error.reason) == ("sample.form", place, reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"{", "not_json"),
        (b"[]", "root"),
        (b"x" * 600_000, "too_large"),
        (schema(schemaVersion=19), "root"),
        (schema(type="form"), "root"),
        (schema(components={}), "root"),
        (schema(variables=[]), "unknown_attribute"),
        (schema(properties={"colour": "red"}), "unknown_attribute"),
        (schema(key="other"), "id_is_file_name"),
    ],
)
def test_a_root_outside_the_profile_is_refused(text, reason):
    assert refused(text).reason == reason


def test_a_circle_of_conditions_is_refused():
    a = component("textfield", "a", conditional={"hide": '=b = "x"'})
    b = component("textfield", "b", conditional={"hide": '=a = "x"'})

    assert refused(schema(a, b)).reason == "condition_circle"


def test_a_refusal_is_a_sentence_in_both_languages():
    error = refused(schema(component("slider", "a")))

    assert error.message("zh") == "sample.form#a：组件类型 slider 不受支持。"
    assert str(error) == "sample.form#a has the unsupported component type slider."
    assert all(zh and en for zh, en in REASONS.values())


def test_groups_and_texts_are_kept_for_drawing():
    drawn = form(
        component("textfield", "before"),
        {
            "type": "group",
            "id": "g",
            "label": "基本信息",
            "properties": {"label_en": "Basics"},
            "components": [
                {"type": "text", "id": "t", "text": "请如实填写", "properties": {"text_en": "Be true"}},
                TEXTFIELD,
            ],
        },
        component("textfield", "after"),
    )

    headings = [section.heading for section in drawn.sections]
    assert headings == [None, Wording("基本信息", "Basics"), None]
    assert drawn.sections[1].entries == (Paragraph(Wording("请如实填写", "Be true")), drawn.field("a"))
    assert [field.key for field in drawn.fields] == ["before", "a", "after"]


def test_the_fields_of_a_hidden_group_are_hidden_with_it():
    group = {
        "type": "group",
        "id": "g",
        "label": "更多",
        "conditional": {"hide": "=more != true"},
        "components": [component("textfield", "detail", validate={"required": True})],
    }
    asked = form(component("checkbox", "more"), group)

    assert asked.validate({"detail": "x"}) == {"more": False}


def test_what_the_editor_writes_for_its_own_drawing_is_passed_over():
    layout = {"row": "Row_1", "columns": None}
    drawn = form({**TEXTFIELD, "layout": layout, "appearance": {"prefixAdorner": "x"}})

    assert drawn.fields[0].type == FieldType.TEXT


def test_defaults_are_kept_as_the_field_keeps_values():
    assert form(component("number", "a", decimalDigits=0, defaultValue=5.0)).fields[0].default == 5


def test_a_form_of_greatest_size_compiles():
    many = schema(*(component("textfield", f"k{n}") for n in range(200)))

    assert len(compile_form(orjson.dumps(orjson.loads(many)), file="f", key="sample", version=1).fields) == 200
