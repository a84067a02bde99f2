"""Where in a .form file the compiler stands, and typed reading of a component's attributes with refusals in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from app.formdefs.fields import Wording
from app.formdefs.vocabulary import LARGEST_NUMBER, LONGEST_TEXT, REASONS
from app.kernel.errors import InvalidError


class SchemaError(InvalidError):
    """A .form file outside the profile: names the file, the component and, in both languages, the reason."""

    def __init__(self, file: str, component: str, reason: str, **params: object) -> None:
        zh, en = (text.format(**params) for text in REASONS[reason])
        super().__init__("form_refused", file=file, component=component or file, reason_zh=zh, reason_en=en)
        self.file = file
        self.component = component
        self.reason = reason

    def message(self, locale: str = "en") -> str:
        """The whole sentence."""
        where = f"{self.file}#{self.component}" if self.component else self.file
        if locale.startswith("en"):
            return f"{where} {self.params['reason_en']}."
        return f"{where}：{self.params['reason_zh']}。"

    def __str__(self) -> str:
        return self.message()


@dataclass(frozen=True, slots=True)
class Place:
    """One component (or the root, with an empty name) of one file."""

    file: str
    component: str
    attributes: Mapping[str, Any]

    def refuse(self, reason: str, **params: object) -> NoReturn:
        """Raises the SchemaError for this place."""
        raise SchemaError(self.file, self.component, reason, **params)

    def ensure_only(self, allowed: Collection[str]) -> None:
        """Refuses an attribute that would otherwise be ignored in silence."""
        for name in self.attributes:
            if name not in allowed:
                self.refuse("unknown_attribute", value=name)

    def part(self, name: str) -> "Place":
        """The object under `name`, empty when it is not there."""
        value = self.attributes.get(name, {})
        if not isinstance(value, dict):
            self.refuse("unknown_attribute", value=name)
        return Place(self.file, self.component, value)

    def text(self, name: str, default: str = "") -> str:
        """Text under `name`, bounded."""
        value = self.attributes.get(name, default)
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            self.refuse("text", value=name)
        return value.strip()

    def flag(self, name: str) -> bool:
        """True or false; form-js' editor writes custom properties as text."""
        value = self.attributes.get(name, False)
        if value not in (True, False, "true", "false", ""):
            self.refuse("boolean", value=name)
        return value in (True, "true")

    def number(self, name: str) -> Decimal | None:
        """A number, also as text, or None when it is not there."""
        value = self.attributes.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            self.refuse("number", value=name)
        try:
            number = Decimal(str(value))
        except ArithmeticError:
            self.refuse("number", value=name)
        if not number.is_finite() or abs(number) > LARGEST_NUMBER:
            self.refuse("number", value=name)
        return number

    def count(self, name: str, *, most: int) -> int | None:
        """A whole number from 0 to `most`, or None when it is not there."""
        number = self.number(name)
        if number is None:
            return None
        if number != int(number) or not 0 <= number <= most:
            self.refuse("number", value=name)
        return int(number)

    def wording(self, name: str) -> Wording | None:
        """The Chinese text under `name` with its English in the custom properties; None when there is none."""
        zh, en = self.text(name), self.part("properties").text(f"{name}_en")
        if not zh and not en:
            return None
        return Wording(zh or en, en or zh)
