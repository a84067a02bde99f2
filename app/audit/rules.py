"""Hashes of entries and seals. Everyone can compute them again from an export."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from app.kernel.db import canonical_json

GENESIS = "0" * 64
"""What the first seal stands on."""


def entry_hash(
    *,
    at: datetime,
    actor_id: int | None,
    actor_name: str,
    action: str,
    object_type: str,
    object_id: str,
    detail: Mapping[str, Any],
    request_id: str,
) -> str:
    """SHA-256 of an entry's content in canonical JSON."""
    content = {
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": actor_id,
        "actor_name": actor_name,
        "action": action,
        "object_type": object_type,
        "object_id": object_id,
        "detail": detail,
        "request_id": request_id,
    }
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def seal_hash(previous_hash: str, entries: Iterable[tuple[int, str]]) -> str:
    """SHA-256 over the seal before and the (id, hash) of every entry of the batch, in order of id."""
    digest = hashlib.sha256(previous_hash.encode())
    for entry_id, hash_ in entries:
        digest.update(f"\n{entry_id}:{hash_}".encode())
    return digest.hexdigest()
