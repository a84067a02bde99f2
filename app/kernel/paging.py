"""Keyset paging: a cursor is the sort key of the last row, so that page 10,000 costs what page 1 costs."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import orjson

from app.kernel.errors import field_error

Row = TypeVar("Row")
MAX_LIMIT = 200
DEFAULT_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page and the cursor of the next, or None at the end."""

    items: Sequence[Row]
    next: str | None


def encode_cursor(key: Sequence[object]) -> str:
    """An opaque text for a sort key of JSON values (moments included)."""
    return base64.urlsafe_b64encode(orjson.dumps(list(key))).decode().rstrip("=")


def decode_cursor(cursor: str, *, size: int) -> list[object]:
    """The sort key behind `cursor`; InvalidError at field 'cursor' when it is none of ours."""
    try:
        key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise field_error("cursor", "cursor_invalid") from error
    if not isinstance(key, list) or len(key) != size or not all(map(_is_key_part, key)):
        raise field_error("cursor", "cursor_invalid")
    return key


def _is_key_part(part: object) -> bool:
    """Whether a database can compare it with a key: a text, or a whole number of 64 bits."""
    if isinstance(part, bool):
        return False
    return isinstance(part, str) or (isinstance(part, int) and abs(part) < 2**63)


def slice_page(
    rows: Sequence[Row], *, limit: int, cursor: str | None, key: Callable[[Row], Sequence[object]]
) -> Page[Row]:
    """A page of a list that is short by nature and at hand whole; `key` tells its rows apart."""
    start = 0
    if cursor:
        keys = [list(key(row)) for row in rows]
        after = decode_cursor(cursor, size=len(keys[0]) if keys else 1)
        if after not in keys:
            raise field_error("cursor", "cursor_invalid")
        start = keys.index(after) + 1
    return cut_page(rows[start : start + limit + 1], limit=limit, key=key)


def cut_page(rows: Sequence[Row], *, limit: int, key: Callable[[Row], Sequence[object]]) -> Page[Row]:
    """A page from `limit` + 1 rows fetched; the surplus row only tells that there is more."""
    items = rows[:limit]
    return Page(items, encode_cursor(key(items[-1])) if len(rows) > limit else None)
