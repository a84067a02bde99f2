"""Pages that other rooms have for work items of a form, and for subjects: wiring hands the tables down once at start."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.kernel.actor import Actor
from app.processes.models import WorkItem


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a person should know about a subject before deciding; `href` opens the record behind it."""

    label_zh: str
    label_en: str
    value: Any
    href: str | None = None


FactsOf = Callable[[WorkItem, Actor], list[Fact]]


@dataclass(slots=True)
class Pages:
    """items: form key -> endpoint that takes `item_id`; subjects: subject type -> (endpoint, its parameter);
    facts: subject type -> what the generic page tells about the subject."""

    items: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, tuple[str, str]] = field(default_factory=dict)
    facts: dict[str, FactsOf] = field(default_factory=dict)


_pages = Pages()


def open_pages(
    *, items: Mapping[str, str], subjects: Mapping[str, tuple[str, str]], facts: Mapping[str, FactsOf]
) -> None:
    """Hands the tables of app/wiring down; called once by the factory."""
    _pages.items, _pages.subjects, _pages.facts = dict(items), dict(subjects), dict(facts)


def page_of_form(form_key: str | None) -> str | None:
    """The endpoint of a form's own page, or None: the generic page serves."""
    return _pages.items.get(form_key or "")


def page_of_subject(subject_type: str) -> tuple[str, str] | None:
    """The endpoint of a subject's page and the name of its parameter."""
    return _pages.subjects.get(subject_type)


def facts_of(item: WorkItem, actor: Actor) -> list[Fact]:
    """What the subject's room tells about it; nothing where no room speaks."""
    tell = _pages.facts.get(item.subject_type)
    return tell(item, actor) if tell else []
