"""Field types of contract.md, the bounds of a form, and the words for what is wrong with a .form file."""

from enum import StrEnum
from typing import Final


class FieldType(StrEnum):
    """What a field takes, as contract.md names it."""

    TEXT = "text"
    TEXTAREA = "textarea"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    DATETIME = "datetime"
    SELECT = "select"
    MULTISELECT = "multiselect"
    CHECKBOX = "checkbox"
    FILE = "file"


class FormStatus(StrEnum):
    """The version that new work items take, or one that only older items still use."""

    ACTIVE = "active"
    SUPERSEDED = "superseded"


SCHEMA_VERSION: Final = 18
TEXT_LENGTH: Final = 200
TEXTAREA_LENGTH: Final = 4_000
LONGEST_TEXT: Final = 20_000
LARGEST_NUMBER: Final = 10**12
DECIMAL_DIGITS: Final = 6
JSON_BYTES: Final = 200 * 1024
JSON_DEPTH: Final = 8
MAX_FIELDS: Final = 200
MAX_OPTIONS: Final = 1_000
MAX_VALUES: Final = 400
SCHEMA_BYTES: Final = 500 * 1024

REASONS: Final = {
    "not_json": ("不是有效的 JSON", "is no valid JSON"),
    "too_large": ("超过允许的大小", "is larger than allowed"),
    "root": (
        "根元素不符合约定（schemaVersion、type、id）",
        "has a root that breaks the profile (schemaVersion, type, id)",
    ),
    "id_is_file_name": ("id 应与文件名一致", "has an id that differs from the file's name"),
    "component": ("组件应为对象", "has a component that is no object"),
    "unknown_type": ("组件类型 {value} 不受支持", "has the unsupported component type {value}"),
    "unknown_attribute": ("属性 {value} 不受支持", "has the unsupported attribute {value}"),
    "id": ("缺少 id，或 id 重复", "lacks an id, or repeats one"),
    "key": ("key 应为小写字母、数字和下划线", "has a key that is not snake_case"),
    "duplicate_key": ("key {value} 重复", "repeats the key {value}"),
    "label": ("缺少名称 label 或 label_en", "lacks its label or label_en"),
    "text": ("属性 {value} 应为文字", "needs text in {value}"),
    "number": ("属性 {value} 应为允许范围内的数字", "needs a number within bounds in {value}"),
    "boolean": ("属性 {value} 应为 true 或 false", "needs true or false in {value}"),
    "bounds": ("下限大于上限", "has a lower bound above the upper"),
    "options": ("选项应为不重复的静态列表 values", "needs a static list of different values"),
    "kind": ("properties.kind {value} 不受支持", "has the unsupported properties.kind {value}"),
    "file_types": ("properties.types 或 max_mb 不正确", "has wrong properties.types or max_mb"),
    "subtype": ("subtype 应为 date 或 datetime", "needs the subtype date or datetime"),
    "nesting": ("分组只能有一层", "has a group inside a group"),
    "condition": ("显示条件只能是一个比较", "has a condition that is not one comparison"),
    "condition_field": (
        "显示条件引用的字段 {value} 不存在或不可比较",
        "has a condition on {value}, which is not there or cannot be compared",
    ),
    "condition_literal": (
        "显示条件的值与字段 {value} 的类型或选项不符",
        "compares {value} with a value that it can never hold",
    ),
    "condition_circle": ("显示条件互相依赖", "has conditions that depend on each other"),
    "default": ("默认值不符合字段要求", "has a default that the field itself refuses"),
    "json_required": ("JSON 字段不得设为必填", "makes a JSON field required"),
    "no_fields": ("字段过多", "has too many fields"),
}
"""Reason -> (zh, en), each completing "<file>, <component> …"."""
