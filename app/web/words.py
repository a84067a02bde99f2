"""Codes in words: one table for each kind of code, Chinese and English side by side, and one way to read it."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.web.locale import Locale, current_locale


@dataclass(frozen=True, slots=True)
class Words:
    """What the codes of one kind are called: code -> (Chinese, English)."""

    table: Mapping[str, tuple[str, str]]

    def __call__(self, code: str | None, locale: Locale | None = None) -> str:
        """The code in the reader's language, or in the one given; nothing for no code.

        A code without words is shown as it is: it comes from a form or a diagram that somebody has changed since.
        """
        if not code:
            return ""
        zh, en = self.table.get(code, (code, code))
        return en if (locale or current_locale()) == "en" else zh

    def choices(self, locale: Locale | None = None) -> list[tuple[str, str]]:
        """Every code with its words, in the table's order, to choose from."""
        return [(code, self(code, locale)) for code in self.table]


REPORT_TYPES = Words(
    {
        "REGION": ("区域规划类", "Regional planning"),
        "INDUSTRY": ("产业规划类", "Industrial planning"),
        "ENTERPRISE": ("企业经营类", "Business operation"),
        "RND": ("研发活动类", "R&D activity"),
        "TALENT": ("人才管理类", "Talent management"),
    }
)
"""GB/T 39551 parts 2 to 6, the types of reports that every room names."""

SUBJECTS = Words(
    {
        "round": ("评价周期", "Round"),
        "filing": ("成果备案", "Filing"),
        "candidacy": ("参评成果", "Candidate"),
        "rating_seat": ("评价席位", "Rating seat"),
        "panel": ("评审组", "Panel"),
        "panel_seat": ("评审组席位", "Panel seat"),
        "review_seat": ("评审席位", "Review seat"),
        "trial": ("试运行", "Trial"),
    }
)
"""What a process is about, by its `subject_type`."""
