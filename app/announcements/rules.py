"""Pure rules of notices and objections: no database, no clock."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.announcements.vocabulary import REPORT_TYPE_ORDER, Decision, ItemDecision
from app.kernel.db import canonical_json

ANONYMOUS_NAMES = frozenset(
    {
        "匿名",
        "匿名者",
        "匿名用户",
        "匿名人士",
        "无名",
        "无",
        "不详",
        "佚名",
        "某人",
        "anonymous",
        "anon",
        "none",
        "n/a",
        "noname",
    }
)
BARE = re.compile(r"[\s\W_]+")


def freeze_list(content: Mapping[str, Any]) -> tuple[str, str]:
    """The canonical JSON of a list and its SHA-256: whoever has the text can recompute the hash."""
    text = canonical_json(content)
    return text, hash_text(text)


def hash_text(text: str) -> str:
    """SHA-256 of the text in UTF-8, as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def list_order(report_type: str, rank: int | None, candidacy_id: int) -> tuple[int, int, int]:
    """Sort key of a published list: by type of result, then by rank; unranked ones last."""
    kind = REPORT_TYPE_ORDER.index(report_type) if report_type in REPORT_TYPE_ORDER else len(REPORT_TYPE_ORDER)
    return kind, rank if rank is not None else 1_000_000, candidacy_id


def is_anonymous(name: str) -> bool:
    """Whether a name is none: empty, a sign, or a word for "nobody". An objection needs a real name (E9)."""
    bare = BARE.sub("", name).casefold()
    return len(bare) < 2 or bare in ANONYMOUS_NAMES


def is_late(received_at: datetime, *, closes_at: datetime, closed_at: datetime | None) -> bool:
    """Whether an objection came after the notice: after its end, or after it was closed (E9)."""
    return received_at > closes_at or (closed_at is not None and received_at >= closed_at)


def decide_item(decisions: Iterable[Decision | None]) -> ItemDecision:
    """What follows for the item from all accepted objections; None is one still open (flows.md 11, step 6).

    Pending while one is open; one upheld removes the item, one upheld in part corrects it.
    """
    found = set(decisions)
    if None in found:
        return ItemDecision.PENDING
    if Decision.UPHOLD in found:
        return ItemDecision.UPHOLD
    return ItemDecision.PART if Decision.UPHOLD_IN_PART in found else ItemDecision.DISMISS


def certificate_number(year: int, round_id: int, position: int) -> str:
    """The number of an award's certificate, told by the round and the line of the notice: DH-2026-3-014."""
    return f"DH-{year}-{round_id}-{position:03d}"


def paragraphs_of(text: str) -> list[str]:
    """A text as paragraphs; blank lines fall away."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def read_units(text: str) -> list[str]:
    """Names of organisations as people list them, in their order and each once."""
    return list(dict.fromkeys(name.strip() for name in re.split(r"[、，,;；\n]", text) if name.strip()))


def completing_units(parties: Sequence[tuple[str, str]], filer: str) -> list[str]:
    """The organisations that completed a result: commissioners and undertakers, else the filer; no service institution.

    `parties`: (role, name) in the order of the filing.
    """
    order = ("UNDERTAKER", "COMMISSIONER")
    named = [name for role in order for of, name in parties if of == role]
    return list(dict.fromkeys(named)) or [filer]
