"""The compiler: form-js JSON of our restricted profile becomes a CompiledForm, or is refused by name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import orjson

from app.formdefs.compiled import CompiledForm
from app.formdefs.condition import inherit, order_for_judging, read_condition
from app.formdefs.fields import Condition, Field, Option, Paragraph, Section, Wording
from app.formdefs.place import Place, SchemaError
from app.formdefs.rules import RefusedValueError, clean_value
from app.formdefs.vocabulary import (
    DECIMAL_DIGITS,
    LONGEST_TEXT,
    MAX_FIELDS,
    MAX_OPTIONS,
    SCHEMA_BYTES,
    SCHEMA_VERSION,
    TEXT_LENGTH,
    TEXTAREA_LENGTH,
    FieldType,
)

KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
FILE_TYPES: Final = re.compile(r"[a-z0-9]{1,8}(\s*,\s*[a-z0-9]{1,8})*")
LARGEST_FILE_MB: Final = 2_000
ROOT: Final = (
    "schemaVersion",
    "type",
    "id",
    "properties",
    "components",
    "exporter",
    "executionPlatform",
    "executionPlatformVersion",
)
LOOKS: Final = ("layout", "appearance", "showOutline", "verticalAlignment", "searchable")
"""Attributes that the form-js editor writes for its own drawing; they mean nothing to us."""
SHARED: Final = (
    "id",
    "type",
    "key",
    "label",
    "description",
    "properties",
    "defaultValue",
    "validate",
    "conditional",
    *LOOKS,
)
PROPERTIES: Final = ("label_en", "description_en", "variable", "text_en")
OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("decimalDigits", "increment", "serializeToString"),
    "datetime": ("subtype", "dateLabel", "timeLabel", "use24h", "timeSerializingFormat", "timeInterval"),
    "select": ("values",),
    "radio": ("values",),
    "checklist": ("values",),
    "taglist": ("values",),
}
CHECKS: Final[Mapping[str, tuple[str, ...]]] = {
    "textfield": ("required", "minLength", "maxLength", "validationType"),
    "textarea": ("required", "minLength", "maxLength"),
    "number": ("required", "min", "max"),
}
TYPES: Final = {
    "textfield": FieldType.TEXT,
    "textarea": FieldType.TEXTAREA,
    "number": FieldType.DECIMAL,
    "datetime": FieldType.DATETIME,
    "select": FieldType.SELECT,
    "radio": FieldType.SELECT,
    "checklist": FieldType.MULTISELECT,
    "taglist": FieldType.MULTISELECT,
    "checkbox": FieldType.CHECKBOX,
}


def compile_form(text: bytes | str, *, file: str, key: str, version: int) -> CompiledForm:
    """The form in `text`, which `file` and a SchemaError name; `key` must be the form's own id."""
    root = _read_root(text, file, key)
    title = root.part("properties")
    sections = tuple(_sections(root))
    fields = tuple(entry for section in sections for entry in section.entries if isinstance(entry, Field))
    if len(fields) > MAX_FIELDS:
        root.refuse("no_fields")
    keys: set[str] = set()
    for field in fields:
        if field.key in keys:
            raise SchemaError(file, field.key, "duplicate_key", value=field.key)
        keys.add(field.key)
    judged = order_for_judging(fields, file)
    name = title.text("title") or key
    return CompiledForm(key, version, Wording(name, title.text("title_en") or name), fields, sections, judged)


def _read_root(text: bytes | str, file: str, key: str) -> Place:
    if len(text) > SCHEMA_BYTES:
        raise SchemaError(file, "", "too_large")
    try:
        schema = orjson.loads(text)
    except ValueError as error:
        raise SchemaError(file, "", "not_json") from error
    root = Place(file, "", schema if isinstance(schema, dict) else {})
    version, components = root.attributes.get("schemaVersion"), root.attributes.get("components")
    if root.attributes.get("type") != "default" or version != SCHEMA_VERSION or not isinstance(components, list):
        root.refuse("root")
    root.ensure_only(ROOT)
    root.part("properties").ensure_only(("title", "title_en"))
    if root.text("id") != key:
        root.refuse("id_is_file_name")
    return root


def _sections(root: Place) -> Iterator[Section]:
    """Groups as they stand; what lies between them is a section without heading."""
    loose: list[Field | Paragraph] = []
    ids: set[str] = set()
    for place in _components(root, ids):
        if place.attributes.get("type") != "group":
            loose.append(_entry(place, None))
            continue
        if loose:
            yield Section(None, tuple(loose))
            loose = []
        place.ensure_only(("id", "type", "label", "components", "properties", "conditional", "path", *LOOKS))
        condition = read_condition(place)
        inner = tuple(_entry(part, condition) for part in _components(place, ids))
        yield Section(place.wording("label"), inner)
    if loose:
        yield Section(None, tuple(loose))


def _components(parent: Place, ids: set[str]) -> Iterator[Place]:
    components = parent.attributes.get("components", [])
    if not isinstance(components, list):
        parent.refuse("component")
    for component in components:
        if not isinstance(component, dict):
            parent.refuse("component")
        name = component.get("key") or component.get("id")
        place = Place(parent.file, str(name or parent.component), component)
        component_id = place.text("id")
        if not component_id or component_id in ids:
            place.refuse("id")
        ids.add(component_id)
        yield place


def _entry(place: Place, condition: Condition | None) -> Field | Paragraph:
    kind = place.attributes.get("type")
    if kind == "group":
        place.refuse("nesting")
    if kind == "text":
        place.ensure_only(("id", "type", "text", "properties", *LOOKS))
        words = place.wording("text")
        if words is None:
            place.refuse("text", value="text")
        return Paragraph(words)
    if kind not in TYPES:
        place.refuse("unknown_type", value=kind)
    field = inherit(_field(place, kind), condition)
    return _with_default(place, field)


def _field(place: Place, kind: str) -> Field:
    place.ensure_only((*SHARED, *OWN.get(kind, ())))
    checks = place.part("validate")
    checks.ensure_only(CHECKS.get(kind, ("required",)))
    key, label = place.text("key"), place.wording("label")
    if not KEY.fullmatch(key):
        place.refuse("key")
    properties = place.part("properties")
    if label is None or not place.text("label") or not properties.text("label_en"):
        place.refuse("label")
    field = Field(
        key,
        TYPES[kind],
        label,
        hint=place.wording("description"),
        required=checks.flag("required"),
        variable=properties.flag("variable"),
        condition=read_condition(place),
    )
    if kind == "textfield":
        return _textfield(place, field)
    properties.ensure_only(PROPERTIES)
    return {FieldType.TEXTAREA: _textarea, FieldType.DECIMAL: _number, FieldType.DATETIME: _moment}.get(
        field.type, _choice if "values" in OWN.get(kind, ()) else _plain
    )(place, field)


def _plain(place: Place, field: Field) -> Field:  # noqa: ARG001 -- one signature for all kinds
    return field


def _textfield(place: Place, field: Field) -> Field:
    properties = place.part("properties")
    kind = properties.text("kind")
    if kind == "file":
        properties.ensure_only((*PROPERTIES, "kind", "types", "max_mb"))
        types, max_mb = properties.text("types"), properties.count("max_mb", most=LARGEST_FILE_MB)
        if not FILE_TYPES.fullmatch(types) or max_mb == 0:
            place.refuse("file_types")
        extensions = tuple(one.strip() for one in types.split(","))
        return replace(field, type=FieldType.FILE, kind=kind, types=extensions, max_mb=max_mb)
    if kind == "json":
        properties.ensure_only((*PROPERTIES, "kind", "shape"))
        if field.required:
            place.refuse("json_required")
        return replace(field, type=FieldType.TEXTAREA, kind=kind, shape=properties.text("shape"))
    if kind:
        place.refuse("kind", value=kind)
    properties.ensure_only(PROPERTIES)
    form = place.part("validate").text("validationType")
    if form not in ("", "custom", "email", "phone"):
        place.refuse("unknown_attribute", value=f"validationType {form}")
    return replace(_lengths(place, field, TEXT_LENGTH), format="" if form == "custom" else form)


def _textarea(place: Place, field: Field) -> Field:
    return _lengths(place, field, TEXTAREA_LENGTH)


def _lengths(place: Place, field: Field, default: int) -> Field:
    checks = place.part("validate")
    longest = checks.count("maxLength", most=LONGEST_TEXT) or default
    shortest = checks.count("minLength", most=LONGEST_TEXT) or 0
    if shortest > longest:
        place.refuse("bounds")
    return replace(field, min_length=shortest, max_length=longest)


def _number(place: Place, field: Field) -> Field:
    checks, digits = place.part("validate"), place.count("decimalDigits", most=DECIMAL_DIGITS)
    low, high = checks.number("min"), checks.number("max")
    if low is not None and high is not None and low > high:
        place.refuse("bounds")
    kind = FieldType.INTEGER if digits == 0 else FieldType.DECIMAL
    return replace(field, type=kind, min=low, max=high, digits=DECIMAL_DIGITS if digits is None else digits)


def _moment(place: Place, field: Field) -> Field:
    subtype = place.text("subtype")
    if subtype not in ("date", "datetime"):
        place.refuse("subtype")
    return replace(field, type=FieldType(subtype))


def _choice(place: Place, field: Field) -> Field:
    values = place.attributes.get("values")
    if not isinstance(values, list) or not 0 < len(values) <= MAX_OPTIONS:
        place.refuse("options")
    options = tuple(_option(place, value) for value in values)
    chosen = frozenset(option.value for option in options)
    if len(chosen) < len(options):
        place.refuse("options")
    return replace(field, options=options, choice_values=chosen)


def _option(place: Place, value: Any) -> Option:  # noqa: ANN401 -- a piece of the administrator's JSON
    if not isinstance(value, dict) or not set(value) <= {"label", "value", "label_en"}:
        place.refuse("options")
    texts = Place(place.file, place.component, value)
    label, code, english = texts.text("label"), texts.text("value"), texts.text("label_en")
    if not label or not code:
        place.refuse("options")
    return Option(code, Wording(label, english or label))


def _with_default(place: Place, field: Field) -> Field:
    default = place.attributes.get("defaultValue")
    if default is None or default == "":
        return field
    try:
        return replace(field, default=clean_value(field, default))
    except RefusedValueError as error:
        raise SchemaError(place.file, place.component, "default") from error
