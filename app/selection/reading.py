"""The JSON values of the room's forms as what they mean; refusals stand at the field they came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.kernel.errors import field_error

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PoolChange:
    candidacy_id: int
    in_pool: bool
    reason: str


@dataclass(frozen=True, slots=True)
class PanelWish:
    """A panel as the secretary composed it; `size` None: that of the round."""

    name: str
    size: int | None
    candidacy_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ListChange:
    candidacy_id: int
    listed: bool
    reason: str


def read_pool_changes(values: Values) -> list[PoolChange]:
    """`changes`: only deviations from the line."""
    return [
        PoolChange(_whole(row, "candidacy_id", "changes"), bool(row.get("in_pool")), _text(row, "reason"))
        for row in _rows(values, "changes")
    ]


def read_panels(values: Values) -> list[PanelWish]:
    """`panels`: left out, the proposed ones stand."""
    return [
        PanelWish(
            _text(row, "name"),
            None if row.get("size") is None else _whole(row, "size", "panels"),
            tuple(_wholes(row.get("candidacy_ids"), "panels")),
        )
        for row in _rows(values, "panels")
    ]


def read_barred(values: Values) -> dict[str, str]:
    """`excluded`: experts kept out by order, each with a reason (国家自然科学基金条例 20)."""
    barred = {}
    for row in _rows(values, "excluded"):
        reason = _text(row, "reason")
        if not reason:
            raise field_error("excluded", "reason_needed", title=row.get("expert_id"))
        barred[str(_whole(row, "expert_id", "excluded"))] = reason
    return barred


def read_present(values: Values) -> list[int]:
    """`present`: user ids of those who signed in."""
    return _wholes(values.get("present") or [], "present")


def read_chair_order(values: Values) -> list[int]:
    """`order`: the chair's order of items that stay tied, as candidacy ids from first to last."""
    return _wholes(values.get("order") or [], "order")


def read_dissents(values: Values) -> dict[int, str]:
    """`dissents`: members' written dissent that the chair puts on record, by user id."""
    return {_whole(row, "user_id", "dissents"): _text(row, "text") for row in _rows(values, "dissents")}


def read_list_changes(values: Values) -> list[ListChange]:
    """`changes`: only deviations from the quota."""
    return [
        ListChange(_whole(row, "candidacy_id", "changes"), bool(row.get("listed")), _text(row, "reason"))
        for row in _rows(values, "changes")
    ]


def read_moment(values: Values, key: str) -> datetime | None:
    """A stored moment (ISO text with offset), or None."""
    text = values.get(key)
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None


def _rows(values: Values, key: str) -> Sequence[Mapping[str, Any]]:
    rows = values.get(key) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise field_error(key, "json_shape", label=key)
    return rows


def _wholes(numbers: object, field: str) -> list[int]:
    if not isinstance(numbers, list):
        raise field_error(field, "json_shape", label=field)
    return [_whole({"id": number}, "id", field) for number in numbers]


def _whole(row: Mapping[str, Any], key: str, field: str) -> int:
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise field_error(field, "json_shape", label=field)
    return value


def _text(row: Mapping[str, Any], key: str) -> str:
    return str(row.get(key) or "").strip()
