"""The way around: wiring registers entries, base.html shows those of the person's roles."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flask import request, url_for

from app.kernel.actor import Actor
from app.web.locale import pick
from app.web.requests import once

Place = Literal["side", "foot", "account", "public"]


@dataclass(frozen=True, slots=True)
class NavEntry:
    """A page that people go to. No roles: everybody signed in. `count`: how many things wait there for the actor.

    place: the side bar, its foot, the account menu, or the head of the public pages.
    """

    endpoint: str
    label_zh: str
    label_en: str
    icon: str
    roles: tuple[str, ...] = ()
    count: Callable[[Actor], int | str | None] | None = None
    place: Place = "side"
    params: Mapping[str, str] = field(default_factory=dict)
    rank: int = 50
    """Order within its place, low first; the phone's bar shows the first four."""

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.endpoint, self.label_zh, self.place)


@dataclass(frozen=True, slots=True)
class NavLink:
    """An entry as it is drawn for one person on one page."""

    href: str
    label: str
    icon: str
    count: int | str | None
    is_current: bool


_entries: dict[tuple[str, str, str], NavEntry] = {}
_places: dict[str, str] = {}


def register(*entries: NavEntry) -> None:
    """Makes pages known; the same entry twice is one entry."""
    for entry in entries:
        _entries[entry.key] = entry


def register_places(places: Mapping[str, str]) -> None:
    """Page -> the page under which people find it, where that is one of another room: an audit belongs to the inbox."""
    _places.update(places)


def links(place: Place, actor: Actor | None) -> list[NavLink]:
    """The entries of `place` that `actor` may use, in order; the current page is marked. Counted once a page."""
    return once(f"navigation:{place}:{actor.id if actor else None}", lambda: _links(place, actor))


def _links(place: Place, actor: Actor | None) -> list[NavLink]:
    shown = [entry for entry in _of(place) if _may_see(entry, actor)]
    current = _current(shown, whole_room=place in ("side", "public"))
    return [
        NavLink(
            href=url_for(entry.endpoint, **dict[str, Any](entry.params)),
            label=pick(entry.label_zh, entry.label_en),
            icon=entry.icon,
            count=entry.count(actor) if entry.count and actor else None,
            is_current=entry is current,
        )
        for entry in shown
    ]


def _of(place: Place) -> Iterable[NavEntry]:
    return sorted((entry for entry in _entries.values() if entry.place == place), key=lambda entry: entry.rank)


def _may_see(entry: NavEntry, actor: Actor | None) -> bool:
    if entry.place == "public":
        return True
    return actor is not None and (not entry.roles or actor.has_role(*entry.roles))


def _current(shown: list[NavEntry], *, whole_room: bool) -> NavEntry | None:
    """The entry of this very page (with its parameters), else, in the main navigation, the first one of the same room."""
    page = _places.get(request.endpoint or "", request.endpoint or "")
    here = [entry for entry in shown if entry.endpoint == page]
    exact = [
        entry
        for entry in here
        if entry.params and all(request.args.get(name) == value for name, value in entry.params.items())
    ]
    plain = [entry for entry in here if not entry.params]
    room = [entry for entry in shown if whole_room and entry.endpoint.split(".")[0] == page.split(".")[0]]
    return next(iter(exact + plain + room), None)
