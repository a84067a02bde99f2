"""Posted tables of this room's pages as the JSON values of its forms; without any script."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

Posted = MultiDict[str, str]


def read_rows(posted: Posted, *, flag: str, standing: Mapping[int, bool]) -> list[dict[str, Any]]:
    """Rows whose tick differs from `standing`, each with its reason: ticks `in`, reasons `reason-<id>`."""
    ticked = {int(value) for value in posted.getlist("in") if value.isdecimal()}
    return [
        {"candidacy_id": id_, flag: id_ in ticked, "reason": posted.get(f"reason-{id_}", "").strip()}
        for id_, stands in standing.items()
        if (id_ in ticked) != stands
    ]


def read_ids(posted: Posted, name: str) -> list[int]:
    """Whole numbers posted under one name."""
    return [int(value) for value in posted.getlist(name) if value.isdecimal()]


def read_order(posted: Posted, tied: list[int]) -> list[int]:
    """The chair's order of tied items: places `place-<id>`; left out where none was given."""
    places = {id_: posted.get(f"place-{id_}", "").strip() for id_ in tied}
    given = {id_: int(place) for id_, place in places.items() if place.isdecimal()}
    return sorted(given, key=lambda id_: (given[id_], id_))


def read_panel_rows(posted: Posted, proposed: Mapping[int, str], sizes: Mapping[int, int]) -> list[dict[str, Any]]:
    """Panels by number: `name-<n>`, `size-<n>`, and for every item its panel `panel-<candidacy>`."""
    rows = []
    for number, name in proposed.items():
        members = [
            int(key.removeprefix("panel-"))
            for key, value in posted.items()
            if key.startswith("panel-") and key.removeprefix("panel-").isdecimal() and value == str(number)
        ]
        size = posted.get(f"size-{number}", "")
        if members:
            rows.append(
                {
                    "name": posted.get(f"name-{number}", "").strip() or name,
                    "size": int(size) if size.isdecimal() else sizes[number],
                    "candidacy_ids": sorted(members),
                }
            )
    return rows


def plain(posted: Posted, *names: str) -> dict[str, Any]:
    """Simple fields that were filled in."""
    return {name: posted[name].strip() for name in names if posted.get(name, "").strip()}
