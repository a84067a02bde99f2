"""The candidate pool: ranking, manual changes, freezing (E7)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.audit.usecases import record
from app.candidacies.models import Candidacy
from app.candidacies.queries import candidacies_in
from app.candidacies.usecases import set_standing
from app.candidacies.vocabulary import Standing
from app.domains.queries import parent_of
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import canonical_json, session
from app.kernel.errors import ConflictError, field_error
from app.ratings.models import RatingAggregate
from app.selection.facts import aggregates_of, setting
from app.selection.lottery import fingerprint
from app.selection.models import PoolEntry, PoolSnapshot
from app.selection.pooling import Placed, Standpoint, place_in_pool
from app.selection.queries import get_pool_entry, list_pool
from app.selection.reading import PoolChange
from app.selection.telling import tell_supervisors

SIX_PLACES = Decimal("0.000001")


def rank_pool(*, round_id: int) -> int:
    """Ranks every candidacy that has its quorum, or was let in by its proofs; returns how many stand above the line.

    Ranking again keeps manual changes whose reason still says something else than the line.
    """
    ensure_not_frozen(round_id)
    candidacies = {c.id: c for c in candidacies_in(round_id, [Standing.IN_RATING]) if c.quorum_met or c.by_proofs}
    aggregates = aggregates_of(round_id)
    standpoints = [_standpoint(c, aggregates.get(c.id)) for c in candidacies.values()]
    placed = place_in_pool(standpoints, quota=pool_quota(round_id), minimum=_minimum(round_id))
    entries = {entry.candidacy_id: entry for entry in list_pool(round_id)}
    for gone in entries.keys() - candidacies.keys():
        session.delete(entries[gone])
    for place in placed:
        entry = entries.get(place.id) or PoolEntry(candidacy_id=place.id, round_id=round_id, manual_reason="")
        _write(entry, place, candidacies[place.id], aggregates.get(place.id))
        session.add(entry)
    return sum(place.in_pool for place in placed)


def pool_quota(round_id: int) -> int:
    """Entries by quota: a multiple of the awards (E7, default 3 times)."""
    return int(setting(round_id, "pool.factor")) * int(setting(round_id, "awards.count"))


def decide_pool(*, round_id: int, changes: Sequence[PoolChange], actor: Actor) -> int:
    """The manager's line: ranks anew, then takes manual changes, each with a reason and told to supervision (E7).

    ConflictError `low_sample_open` while an item with too few ratings is undecided.
    """
    ensure_low_samples_decided(round_id)
    rank_pool(round_id=round_id)
    session.flush()  # the entries just ranked are changed below by their ids
    for entry in list_pool(round_id):
        entry.in_pool, entry.manual_reason, entry.changed_by = entry.by_line, "", None
    changed = [change for change in changes if _apply(round_id, change, actor)]
    if changed:
        tell_supervisors("pool_changed", round_id=round_id, count=len(changed))
    return sum(entry.in_pool for entry in list_pool(round_id))


def _apply(round_id: int, change: PoolChange, actor: Actor) -> bool:
    entry = get_pool_entry(round_id, change.candidacy_id)
    if entry.by_line == change.in_pool:
        return False
    if not change.reason.strip():
        raise field_error("changes", "reason_needed", title=change.candidacy_id)
    entry.in_pool, entry.manual_reason, entry.changed_by = change.in_pool, change.reason.strip(), actor.id
    record(
        action="selection.change_pool",
        actor=actor,
        object_type="candidacy",
        object_id=change.candidacy_id,
        detail={"in_pool": change.in_pool, "reason": entry.manual_reason},
    )
    return True


def freeze_pool(*, round_id: int, actor: Actor) -> PoolSnapshot:
    """Keeps the decided pool as canonical JSON with its hash; from now on nothing in it changes (E7)."""
    ensure_not_frozen(round_id)
    body = pool_content(round_id)
    snapshot = PoolSnapshot(
        round_id=round_id,
        sha256=fingerprint(body),
        body=canonical_json(body),
        frozen_at=clock.now(),
        frozen_by=actor.id,
    )
    session.add(snapshot)
    record(
        action="selection.freeze_pool",
        actor=actor,
        object_type="round",
        object_id=round_id,
        detail={"sha256": snapshot.sha256, "entries": sum(entry["in_pool"] for entry in body["entries"])},
    )
    return snapshot


def pool_content(round_id: int) -> dict[str, Any]:
    """The pool as an export: enough to draw the line again."""
    return {
        "kind": "pool",
        "round_id": round_id,
        "quota": pool_quota(round_id),
        "minimum": str(_minimum(round_id)),
        "entries": [
            {
                "candidacy_id": entry.candidacy_id,
                "report_type": entry.report_type,
                "group": group_of(entry.report_type, entry.domain_code),
                "composite": str(entry.composite),
                "by_proofs": entry.by_proofs,
                "rank": entry.rank,
                "group_rank": entry.group_rank,
                "by_line": entry.by_line,
                "in_pool": entry.in_pool,
                "reason": entry.reason,
                "manual_reason": entry.manual_reason,
            }
            for entry in list_pool(round_id)
        ],
    }


def read_pool_decision(*, candidacy_id: int) -> bool:
    """Whether the frozen pool holds this candidacy; its standing follows."""
    entry = session.get(PoolEntry, candidacy_id)
    in_pool = entry is not None and entry.in_pool
    set_standing(candidacy_ids=[candidacy_id], standing=Standing.IN_POOL if in_pool else Standing.NOT_POOLED)
    return in_pool


def ensure_not_frozen(round_id: int) -> None:
    """ConflictError `pool_frozen` once the pool is kept."""
    if session.get(PoolSnapshot, round_id) is not None:
        raise ConflictError("pool_frozen")


def ensure_low_samples_decided(round_id: int) -> None:
    """ConflictError `low_sample_open` while an item without quorum waits for its decision."""
    undecided = session.scalar(
        select(func.count())
        .select_from(Candidacy)
        .where(
            Candidacy.round_id == round_id,
            Candidacy.standing == Standing.IN_RATING,
            Candidacy.quorum_met.is_(False),
            Candidacy.by_proofs.is_(False),
        )
    )
    if undecided:
        raise ConflictError("low_sample_open", n=undecided)


def group_of(report_type: str, domain_code: str) -> str:
    """Type and industry."""
    return f"{report_type}:{parent_of(domain_code)}"


def _minimum(round_id: int) -> Decimal:
    return Decimal(str(setting(round_id, "pool.min_score")))


def _standpoint(candidacy: Candidacy, aggregate: RatingAggregate | None) -> Standpoint:
    return Standpoint(
        id=candidacy.id,
        report_type=candidacy.report_type,
        group=group_of(candidacy.report_type, candidacy.domain_code),
        composite=_six_places(aggregate.composite if aggregate else 0),
        by_proofs=candidacy.by_proofs and not candidacy.quorum_met,
    )


def _write(entry: PoolEntry, place: Placed, candidacy: Candidacy, aggregate: RatingAggregate | None) -> None:
    values: Mapping[str, object] = {
        "report_type": candidacy.report_type,
        "domain_code": candidacy.domain_code,
        "rank": place.rank,
        "group_rank": place.group_rank,
        "composite": _six_places(aggregate.composite if aggregate else 0),
        "rating": _six_places(aggregate.bayes if aggregate else 0),
        "votes": aggregate.votes if aggregate else 0,
        "enterprises": aggregate.enterprises if aggregate else 0,
        "by_proofs": candidacy.by_proofs and not candidacy.quorum_met,
        "by_line": place.in_pool,
        "reason": place.reason,
    }
    for name, value in values.items():
        setattr(entry, name, value)
    if not entry.manual_reason or entry.in_pool == place.in_pool:
        entry.in_pool, entry.manual_reason = place.in_pool, ""


def _six_places(value: object) -> Decimal:
    return Decimal(str(value)).quantize(SIX_PLACES)
