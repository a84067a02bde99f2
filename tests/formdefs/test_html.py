from werkzeug.datastructures import MultiDict

from app.formdefs.html import build_wtform
from tests.factories.formdefs import component, form, options

FORM = form(
    component(
        "textfield", "name", description="全称", properties={"description_en": "In full"}, validate={"required": True}
    ),
    component("number", "count", decimalDigits=0),
    component("datetime", "moment", subtype="datetime"),
    component("radio", "kind", values=options("a", "b"), defaultValue="b"),
    component("select", "many", values=options(*"abcdefg")),
    component("checklist", "tags", values=options("x", "y")),
    component("checkbox", "agreed"),
    component("textfield", "scan", properties={"kind": "file", "types": "pdf,png"}),
    component("textfield", "lines", properties={"kind": "json"}),
)


def test_stored_values_are_drawn_in_the_readers_language():
    values = {"name": "甲", "moment": "2026-03-05T01:30:00+00:00", "tags": ["y"], "agreed": True, "lines": [1]}

    drawn = build_wtform(FORM, None, "en", values=values)

    assert drawn["name"].data == "甲"
    assert drawn["name"].label.text == "The name"
    assert drawn["name"].description == "In full"
    assert drawn["name"].flags.required is True
    assert drawn["count"].flags.required is None
    assert drawn["moment"].data == "2026-03-05T09:30"
    assert drawn["kind"].data == "b"
    assert drawn["tags"].data == ["y"]
    assert drawn["agreed"].data is True
    assert drawn["lines"].data == "[\n  1\n]"
    assert [field.type for field in drawn] == [
        "StringField", "StringField", "DateTimeLocalField", "RadioField", "SelectField", "SelectMultipleField",
        "BooleanField", "FileField", "TextAreaField",
    ]  # fmt: skip


def test_what_was_typed_is_shown_again_with_its_refusals():
    posted = MultiDict([("name", "<b>"), ("count", "zwölf"), ("kind", "zzz")])

    drawn = build_wtform(FORM, posted, "zh", errors={"count": ["“数量”格式不正确。"], "gone": ["x"]})

    assert drawn["count"]._value() == "zwölf"
    assert drawn["count"].errors == ["“数量”格式不正确。"]
    assert drawn["name"]() == '<input id="name" maxlength="200" name="name" required type="text" value="&lt;b&gt;">'
