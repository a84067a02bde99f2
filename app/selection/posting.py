"""Posted tables of this room's pages as the JSON values of its forms; without any script."""

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from app.web.incoming import row_id

Posted = MultiDict[str, str]
PANEL_OF = re.compile(r"panel-\d{1,18}")


def read_rows(posted: Posted, *, flag: str, standing: Mapping[int, bool]) -> list[dict[str, Any]]:
    """Rows whose tick differs from `standing`, each with its reason: ticks `in`, reasons `reason-<id>`."""
    ticked = set(posted.getlist("in", type=row_id))
    return [
        {"candidacy_id": id_, flag: id_ in ticked, "reason": posted.get(f"reason-{id_}", "").strip()}
        for id_, stands in standing.items()
        if (id_ in ticked) != stands
    ]


def read_ids(posted: Posted, name: str) -> list[int]:
    """Whole numbers posted under one name."""
    return posted.getlist(name, type=row_id)


def read_order(posted: Posted, tied: list[int]) -> list[int]:
    """The chair's order of tied items: places `place-<id>`; left out where none was given."""
    places = {id_: posted.get(f"place-{id_}", type=row_id) for id_ in tied}
    given = {id_: place for id_, place in places.items() if place is not None}
    return sorted(given, key=lambda id_: (given[id_], id_))


def read_panel_rows(posted: Posted, proposed: Mapping[int, str], sizes: Mapping[int, int]) -> list[dict[str, Any]]:
    """Panels by number: `name-<n>`, `size-<n>`, and for every item its panel `panel-<candidacy>`."""
    rows = []
    for number, name in proposed.items():
        members = [
            int(key.removeprefix("panel-"))
            for key, value in posted.items()
            if value == str(number) and PANEL_OF.fullmatch(key)
        ]
        if members:
            rows.append(
                {
                    "name": posted.get(f"name-{number}", "").strip() or name,
                    "size": posted.get(f"size-{number}", sizes[number], type=row_id),
                    "candidacy_ids": sorted(members),
                }
            )
    return rows


def plain(posted: Posted, *names: str) -> dict[str, Any]:
    """Simple fields that were filled in."""
    return {name: posted[name].strip() for name in names if posted.get(name, "").strip()}
