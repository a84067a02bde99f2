"""Exports from which an outsider recomputes a draw, a pool line or a panel's scores. No names: only numbers."""

from typing import Any

import orjson

from app.kernel.db import session
from app.kernel.errors import ConflictError, NotFoundError
from app.selection.facts import method_of
from app.selection.meeting import valid_sheets
from app.selection.models import DrawRecord, PoolSnapshot
from app.selection.queries import get_panel, list_panel_items


def export_draw(draw: DrawRecord) -> dict[str, Any]:
    """The whole draw; ConflictError `draw_open` before it, since the secret would then decide it."""
    if draw.seed is None:
        raise ConflictError("draw_open")
    return {
        "kind": "draw",
        "panel_id": draw.panel_id,
        "attempt": draw.attempt,
        "algorithm": draw.algorithm,
        "inputs": orjson.loads(draw.inputs),
        "pool_hash": draw.pool_hash,
        "secret": draw.secret,
        "commitment": draw.commitment,
        "committed_at": draw.committed_at.isoformat(),
        "witness_number": draw.witness_number or "",
        "seed": draw.seed,
        "result": draw.result,
        "drawn_at": draw.drawn_at.isoformat() if draw.drawn_at else None,
    }


def export_pool(round_id: int) -> dict[str, Any]:
    """The frozen pool with its hash; NotFoundError before it is frozen."""
    snapshot = session.get(PoolSnapshot, round_id)
    if snapshot is None:
        raise NotFoundError
    content: dict[str, Any] = orjson.loads(snapshot.body)
    return {**content, "sha256": snapshot.sha256}


def export_scores(panel_id: int) -> dict[str, Any]:
    """Every item's totals without the experts, and the score made of them."""
    method = method_of(get_panel(panel_id).round_id)
    sheets = valid_sheets(panel_id)
    return {
        "kind": "scores",
        "panel_id": panel_id,
        "method": {
            "trimmed": method.trimmed,
            "least": method.least,
            "trim_from": method.trim_from,
            "widest": str(method.widest),
            "farthest": str(method.farthest),
        },
        "items": [
            {
                "candidacy_id": item.candidacy_id,
                "totals": sorted(str(sheet.total) for sheet in sheets.get(item.candidacy_id, [])),
                "score": None if item.score is None else str(item.score),
            }
            for item in list_panel_items(panel_id)
        ],
    }
