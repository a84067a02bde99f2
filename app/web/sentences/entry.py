"""One refusal in both languages."""

from dataclasses import dataclass
from string import Formatter

from app.web.locale import Locale


@dataclass(frozen=True, slots=True)
class Sentence:
    """One refusal in both languages; both name the same parameters."""

    zh: str
    en: str

    @property
    def params(self) -> frozenset[str]:
        """The names in braces."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.zh) if name)

    def text(self, locale: Locale) -> str:
        return self.en if locale == "en" else self.zh
