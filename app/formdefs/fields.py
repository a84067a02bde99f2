"""A compiled field: values only, no behaviour beyond picking words and judging a condition."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from app.formdefs.vocabulary import FieldType

OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = MappingProxyType(
    {"=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A text of a form in both languages."""

    zh: str
    en: str

    def pick(self, locale: str) -> str:
        """The text in the reader's language; Chinese for any language but English."""
        return self.en if locale.startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select or multiselect."""

    value: str
    label: Wording


@dataclass(frozen=True, slots=True)
class Condition:
    """When the field is hidden: another field compared with a literal. An absent field counts as null."""

    key: str
    comparison: str
    literal: str | int | float | bool | None

    def hides(self, values: Mapping[str, Any]) -> bool:
        """Whether the comparison holds for `values`; kinds that have no order do not compare as less or greater."""
        value = values.get(self.key)
        if self.comparison in ("=", "!="):
            same = type_of(value) == type_of(self.literal) and value == self.literal
            return same == (self.comparison == "=")
        if type_of(value) != "number" or type_of(self.literal) != "number":
            return False
        return OPERATORS[self.comparison](value, self.literal)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `max_mb` and `types` (extensions) speak of a file, `shape` of a JSON text."""

    key: str
    type: FieldType
    label: Wording
    hint: Wording | None = None
    required: bool = False
    min: Decimal | None = None
    max: Decimal | None = None
    digits: int = 0
    min_length: int = 0
    max_length: int | None = None
    options: tuple[Option, ...] = ()
    variable: bool = False
    kind: str = ""
    format: str = ""
    types: tuple[str, ...] = ()
    max_mb: int | None = None
    shape: str = ""
    default: Any = None
    condition: Condition | None = None
    choice_values: frozenset[str] = field(default=frozenset())

    @property
    def is_json(self) -> bool:
        """Whether the field takes any JSON value, or its text."""
        return self.kind == "json"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain text between fields."""

    text: Wording


@dataclass(frozen=True, slots=True)
class Section:
    """Fields and paragraphs in their order, under a heading or none."""

    heading: Wording | None
    entries: tuple[Field | Paragraph, ...]


def type_of(value: object) -> str:
    """The kind of a JSON value as a condition sees it: true is no number."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "text" if isinstance(value, str) else "other"
