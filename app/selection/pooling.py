"""The line of the candidate pool (E7): pure, so that anybody can draw it again from the export."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.selection.vocabulary import PoolReason


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A candidacy before the line: with quorum, or let in by its proofs (E6)."""

    id: int
    report_type: str
    group: str
    """Type and industry: the group in which it is ranked besides the whole."""
    composite: Decimal
    by_proofs: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    id: int
    rank: int
    group_rank: int
    in_pool: bool
    reason: PoolReason


def place_in_pool(standpoints: Sequence[Standpoint], *, quota: int, minimum: Decimal) -> list[Placed]:
    """Ranks (equal composites share a rank) and the line: the quota, whoever ties at it, and one per type.

    A type without anybody above the line gets its best above the minimum, ties included. Those let in by
    their proofs were decided one by one, with a reason; they enter beside the quota.
    """
    ordered = sorted(standpoints, key=lambda s: (-s.composite, s.id))
    reasons = _draw_line([s for s in ordered if not s.by_proofs], quota, minimum)
    reasons |= {s.id: PoolReason.BY_PROOFS for s in ordered if s.by_proofs}
    reasons |= _guarantee_types(ordered, reasons, minimum)
    ranks = _share_ranks(ordered)
    groups: dict[str, list[Standpoint]] = defaultdict(list)
    for standpoint in ordered:
        groups[standpoint.group].append(standpoint)
    group_ranks = {id_: rank for members in groups.values() for id_, rank in _share_ranks(members).items()}
    outside = (PoolReason.BELOW_LINE, PoolReason.BELOW_MINIMUM)
    return [Placed(s.id, ranks[s.id], group_ranks[s.id], reasons[s.id] not in outside, reasons[s.id]) for s in ordered]


def _draw_line(ordered: Sequence[Standpoint], quota: int, minimum: Decimal) -> dict[int, PoolReason]:
    able = [s for s in ordered if s.composite >= minimum]
    line = able[min(quota, len(able)) - 1].composite if able and quota > 0 else None
    reasons = {s.id: PoolReason.BELOW_MINIMUM for s in ordered}
    for place, standpoint in enumerate(able):
        if place < quota:
            reasons[standpoint.id] = PoolReason.QUOTA
        elif standpoint.composite == line:
            reasons[standpoint.id] = PoolReason.TIE
        else:
            reasons[standpoint.id] = PoolReason.BELOW_LINE
    return reasons


def _guarantee_types(
    ordered: Sequence[Standpoint], reasons: dict[int, PoolReason], minimum: Decimal
) -> dict[int, PoolReason]:
    entered = (PoolReason.QUOTA, PoolReason.TIE, PoolReason.BY_PROOFS)
    served = {s.report_type for s in ordered if reasons[s.id] in entered}
    best: dict[str, Decimal] = {}
    for standpoint in ordered:
        if standpoint.report_type not in served and standpoint.composite >= minimum:
            best.setdefault(standpoint.report_type, standpoint.composite)
    return {
        s.id: PoolReason.TYPE_GUARANTEE for s in ordered if s.report_type in best and s.composite == best[s.report_type]
    }


def _share_ranks(ordered: Sequence[Standpoint]) -> dict[int, int]:
    ranks: dict[int, int] = {}
    for place, standpoint in enumerate(ordered):
        same = place > 0 and standpoint.composite == ordered[place - 1].composite
        ranks[standpoint.id] = ranks[ordered[place - 1].id] if same else place + 1
    return ranks
