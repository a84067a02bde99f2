"""Sums up the ratings of a round: votes, quorum, Bayesian mean, composite (E6)."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from app.candidacies.models import Candidacy
from app.filings.models import ApplicationProof
from app.kernel import clock
from app.kernel.db import session
from app.ratings.models import PushPlan, Rating, RatingAggregate, RatingSeat
from app.ratings.planning import CHUNK, ratable_candidacies
from app.ratings.queries import quorum_of, roles_of_votes
from app.ratings.rules import bayes_mean, compose, organisation_votes, points_of_mean, proof_part, round_half_up
from app.ratings.vocabulary import PlanStatus, SeatRole, SeatState, Validity
from app.rounds.models import Round
from app.rounds.rules import read_parameter

PARTS = ("rating", "interaction", "proofs")


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted of every candidacy of a round, by candidacy id."""

    votes: Mapping[int, Sequence[Decimal]]
    roles: Mapping[int, Sequence[str]]
    seats: Mapping[int, int]
    pending: Mapping[int, int]
    proofs: Mapping[int, Sequence[str]]
    """By filing id."""


def sum_up_round(evaluation_round: Round) -> int:
    """Locks the pushes so far, sums up every candidacy that is being rated, and returns how many miss the quorum.

    Running it again on the same ratings gives the same numbers.
    """
    now = clock.now()
    session.execute(
        update(PushPlan)
        .where(
            PushPlan.round_id == evaluation_round.id,
            PushPlan.status == PlanStatus.APPROVED,
            PushPlan.locked_at.is_(None),
        )
        .values(locked_at=now)
    )
    candidacies = ratable_candidacies(evaluation_round.id)
    counts = _count(evaluation_round.id, candidacies)
    rows = [{**_sum_up(evaluation_round, candidacy, counts), "computed_at": now} for candidacy in candidacies]
    session.execute(delete(RatingAggregate).where(RatingAggregate.round_id == evaluation_round.id))
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(RatingAggregate), rows[start : start + CHUNK])
    for row, candidacy in zip(rows, candidacies, strict=True):
        candidacy.quorum_met = row["quorum_met"]
    return sum(not row["quorum_met"] for row in rows)


def _count(round_id: int, candidacies: Sequence[Candidacy]) -> Counts:
    marks: defaultdict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    rows = session.execute(
        select(Rating.candidacy_id, Rating.organisation_id, Rating.overall)
        .where(Rating.round_id == round_id, Rating.validity == Validity.VALID)
        .order_by(Rating.id)
    )
    for candidacy_id, organisation_id, overall in rows:
        marks[candidacy_id].append((organisation_id, overall))
    return Counts(
        votes={key: list(organisation_votes(given).values()) for key, given in marks.items()},
        roles=roles_of_votes(round_id),
        seats=_counter(
            select(RatingSeat.candidacy_id, func.count())
            .where(RatingSeat.round_id == round_id, RatingSeat.state != SeatState.PENDING)
            .group_by(RatingSeat.candidacy_id)
        ),
        pending=_counter(
            select(Rating.candidacy_id, func.count())
            .where(Rating.round_id == round_id, Rating.validity == Validity.PENDING)
            .group_by(Rating.candidacy_id)
        ),
        proofs=_read_proofs([candidacy.filing_id for candidacy in candidacies]),
    )


def _counter(query: Any) -> Counter[int]:  # noqa: ANN401 -- a SELECT of (key, count)
    return Counter(dict(session.execute(query).all()))


def _read_proofs(filing_ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """Levels of the valid proofs of each filing."""
    levels: defaultdict[int, list[str]] = defaultdict(list)
    for start in range(0, len(filing_ids), CHUNK):
        query = select(ApplicationProof.filing_id, ApplicationProof.level).where(
            ApplicationProof.filing_id.in_(filing_ids[start : start + CHUNK]), ApplicationProof.is_valid
        )
        for filing_id, level in session.execute(query):
            levels[filing_id].append(level)
    return levels


def _sum_up(evaluation_round: Round, candidacy: Candidacy, counts: Counts) -> dict[str, Any]:
    def read(key: str) -> Decimal:
        return Decimal(str(read_parameter(evaluation_round.parameters, key)))

    votes, roles = counts.votes.get(candidacy.id, ()), counts.roles.get(candidacy.id, ())
    bayes = bayes_mean(votes, prior_weight=read("bayes.prior_weight"), prior_mean=read("bayes.prior_mean"))
    parts = {
        "rating": round_half_up(points_of_mean(bayes, Decimal(100))),
        "interaction": None,  # no room counts clicks, likes and downloads yet
        "proofs": proof_part(counts.proofs.get(candidacy.filing_id, ())),
    }
    composite, weights = compose(parts, {part: read(f"pool.weights.{part}") for part in PARTS})
    return {
        "candidacy_id": candidacy.id,
        "round_id": candidacy.round_id,
        "title": candidacy.title,
        "votes": len(votes),
        "enterprises": sum(role == SeatRole.ENT for role in roles),
        "seats": counts.seats.get(candidacy.id, 0),
        "pending": counts.pending.get(candidacy.id, 0),
        "mean": round_half_up(sum(votes, Decimal(0)) / len(votes)) if votes else None,
        "bayes": bayes,
        "parts": {key: None if value is None else float(value) for key, value in parts.items()},
        "weights": {key: float(value) for key, value in weights.items()},
        "composite": composite,
        "quorum_met": quorum_of(evaluation_round).is_met(candidacy.report_type, list(roles)),
    }
