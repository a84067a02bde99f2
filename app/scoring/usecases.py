"""Counting the bonus, counting it again, deciding deductions."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import func, select

from app.accounts.queries import list_regions
from app.audit.usecases import record
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import canonical_json, session
from app.kernel.errors import field_error
from app.rounds.queries import get_round, lock_round, parameter
from app.scoring import queries
from app.scoring.models import Bonus, BonusRevision, Deduction, DeductionDecision
from app.scoring.rules import RegionBonus, count_bonuses

MOST_POINTS = Decimal(110)
MAX_REASON = 1000


@dataclass(frozen=True, slots=True)
class DeductionWish:
    """Points to take off a province, with the reason."""

    region_code: str
    points: Decimal
    reason: str


def count_bonus(*, round_id: int, actor: Actor, reason: str = "") -> BonusRevision:
    """Counts the bonus of every province from the awards as they stand and keeps it as a new revision (R-070).

    Counting again without any change gives no new revision: the latest is returned.
    """
    lock_round(round_id)
    before = queries.latest_revision(round_id)
    counted = _count(round_id, before)
    digest = _hash(counted)
    if before is not None and before.sha256 == digest:
        return before
    revision = BonusRevision(
        round_id=round_id,
        revision=1 if before is None else before.revision + 1,
        reason=reason[:MAX_REASON],
        sha256=digest,
        actor_id=actor.id,
        counted_at=clock.now(),
    )
    session.add(revision)
    session.flush()  # the rows name their revision's id
    session.add_all(
        Bonus(revision_id=revision.id, region_code=one.region_code, points=one.points, projects=_projects(one))
        for one in counted
    )
    record(
        action="scoring.count_bonus",
        actor=actor,
        object_type="round",
        object_id=round_id,
        detail={"revision": revision.revision, "sha256": digest, "reason": reason},
    )
    return revision


def revise_bonus(*, round_id: int, actor: Actor, reason: str) -> BonusRevision | None:
    """Counts again after a decision on an objection; nothing before the first counting, old rows stay (E9, E11)."""
    lock_round(round_id)
    if queries.latest_revision(round_id) is None:
        return None
    return count_bonus(round_id=round_id, actor=actor, reason=reason)


def decide_deductions(*, round_id: int, wishes: Sequence[DeductionWish], remark: str, actor: Actor) -> None:
    """The deductions that hold from now on; each names a province, points above 0 and a reason."""
    lock_round(round_id)
    known = {region.code for region in list_regions()}
    for wish in wishes:
        _ensure_sound(wish, known)
    last = session.scalar(select(func.max(DeductionDecision.decision)).where(DeductionDecision.round_id == round_id))
    decision, now = (last or 0) + 1, clock.now()
    session.add(
        DeductionDecision(round_id=round_id, decision=decision, remark=remark.strip(), actor_id=actor.id, at=now)
    )
    session.add_all(
        Deduction(
            round_id=round_id,
            decision=decision,
            region_code=wish.region_code,
            points=wish.points,
            reason=wish.reason.strip(),
            actor_id=actor.id,
            at=now,
        )
        for wish in wishes
    )
    record(
        action="scoring.decide_deductions",
        actor=actor,
        object_type="round",
        object_id=round_id,
        detail={"decision": decision, "provinces": [wish.region_code for wish in wishes]},
    )


def _ensure_sound(wish: DeductionWish, known: Collection[str]) -> None:
    if wish.region_code not in known:
        raise field_error("adjustments", "option_unknown", label="province")
    if not 0 < wish.points <= MOST_POINTS:
        raise field_error("adjustments", "number_range", label="deduction", min=0, max=MOST_POINTS)
    if not wish.reason.strip() or len(wish.reason) > MAX_REASON:
        raise field_error("adjustments", "field_required", label="reason")


def _count(round_id: int, before: BonusRevision | None) -> tuple[RegionBonus, ...]:
    """Every province with an award, and those that had one before: losing the last one is told as 0."""
    this = get_round(round_id)
    earlier = [row.region_code for row in queries.bonuses_of(before.id)] if before else []
    return count_bonuses(
        queries.awarded_projects(round_id),
        each=Fraction(str(parameter(this, "bonus.each"))),
        cap=Fraction(str(parameter(this, "bonus.cap"))),
        regions=earlier,
    )


def _projects(one: RegionBonus) -> list[dict[str, object]]:
    return [
        {"candidacy_id": share.candidacy_id, "title": share.title, "share": str(share.share), "reason": share.reason}
        for share in one.shares
    ]


def _hash(counted: Sequence[RegionBonus]) -> str:
    rows = [{"region": one.region_code, "points": str(one.points), "projects": _projects(one)} for one in counted]
    return hashlib.sha256(canonical_json(rows).encode()).hexdigest()
