"""The answers that contract.md promises, and where an answer differs from them."""

import re
from typing import Any

from tests.outside.filling import KNOWN_TYPES

LINE = {"items", "next"}
ITEM = {
    "id", "title", "process", "definition_version", "node", "role", "subject", "status", "assignee", "due_at",
    "priority", "form", "outcomes",
}  # fmt: skip
FILING = {"id", "number", "status", "round", "province", "values", "revision"}
STAGE = {"code", "name", "status", "opens_at", "closes_at", "counts"}
FIELD = {"key", "type", "label", "required", "min", "max", "max_length", "options"}
PROBLEM = {"status", "code", "title", "detail", "errors"}
PROMISED: list[tuple[str, set[str]]] = [
    (r"POST /tokens", {"token", "expires_at"}),
    (r"GET /me", {"user", "organisation", "grants"}),
    (r"GET /work-items(\?.*)?", LINE),
    (r"GET /work-items/count", {"open", "open_is_floor", "overdue", "by_process"}),
    (r"GET /work-items/\d+", ITEM),
    (r"POST /work-items/\d+/(claim|release|delegate)", ITEM),
    (r"POST /work-items/\d+/complete", {"item", "opened", "instance"}),
    (r"(POST|PATCH) /filings(/\d+(/submit|/withdraw)?)?", FILING),
    (r"GET /filings/\d+", FILING),
    (r"GET /filings(\?.*)?", LINE),
    (r"GET /filings/\d+/history.*", LINE),
    (r"POST /attachments", {"id", "name", "size", "sha256"}),
    (r"GET /rounds(\?.*)?", LINE),
    (r"GET /rounds/\d+/stages", {"stages"}),
    (r"POST /rounds/\d+/stages/.*", set()),
    (r"GET /processes/instances/\d+", {"status", "definition", "open_items", "timers", "history", "variables"}),
    (r"GET /announcements(\?.*)?", LINE),
]
CODES = {
    "already_done", "bad_credentials", "comment_too_short", "conflict_of_interest", "deadline_passed",
    "definition_refused", "duplicate_file", "duplicate_suspected", "edit_conflict", "field_required",
    "file_too_large", "file_type", "forbidden", "four_eyes", "instance_suspended", "internal_error",
    "next_round", "not_found", "number_range", "objection_formal", "outcome_required", "own_material",
    "rate_limited", "rating_closed", "reason_required", "returns_used_up", "secrecy_unconfirmed",
    "session_expired", "stage_closed", "uscc_invalid",
}  # fmt: skip
"""Codes of refusals (flows.md section 15)."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
PROBLEM_KIND = "application/problem+json"


def find_differences(call: str, *, status: int, kind: str, answered: Any) -> list[str]:
    """Sentences that say where an answer is not what contract.md promises of the call."""
    shown = without_numbers(call)
    if status >= 400:
        missing = PROBLEM - set(answered)
        wrong_kind = [f"{shown}: {status} is answered as {kind}"] if kind != PROBLEM_KIND else []
        code = answered.get("code")
        unlisted = [f"code {code} is not in flows.md section 15"] if code not in CODES else []
        return wrong_kind + unlisted + [f"{shown}: the problem document lacks {key}" for key in sorted(missing)]
    promised = next((keys for pattern, keys in PROMISED if re.fullmatch(pattern, call)), set())
    found = [f"{shown}: the answer lacks {key}" for key in sorted(promised - set(answered))]
    return found + sorted(set(_look_inside(answered)))


def _look_inside(answered: Any, name: str = "") -> list[str]:
    """Differences at any depth: moments without offset, fields that lack a key or have an unknown type."""
    if isinstance(answered, list):
        return [difference for one in answered for difference in _look_inside(one, name)]
    if not isinstance(answered, dict):
        is_moment = name.endswith("_at") and isinstance(answered, str)
        return [f"{name} is no moment with offset"] if is_moment and not MOMENT.fullmatch(answered) else []
    found = [difference for key, value in answered.items() for difference in _look_inside(value, key)]
    if {"key", "type", "label"} <= set(answered):
        found += _look_at_field(answered)
    return found


def _look_at_field(field: dict[str, Any]) -> list[str]:
    found = [f"a field lacks {key}" for key in FIELD - set(field)]
    found += [f"fields say {key}, of which contract.md is silent" for key in set(field) - FIELD]
    return found + ([f"field type {field['type']} is unknown"] if field["type"] not in KNOWN_TYPES else [])


def without_numbers(call: str) -> str:
    """The call with `{id}` for every id and without its query."""
    return re.sub(r"/\d+", "/{id}", call.split("?", maxsplit=1)[0])
