"""Reads of the ratings room. What a filer gets are counts and texts without names; raters see their own seats only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select

from app.accounts.models import Organisation
from app.accounts.vocabulary import Role
from app.candidacies.models import Candidacy
from app.filings.models import Filing
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFoundError
from app.processes.models import WorkItem
from app.processes.vocabulary import ItemStatus
from app.ratings.models import Feedback, PushPlan, Rating, RatingAggregate, RatingSeat
from app.ratings.rules import Quorum
from app.ratings.vocabulary import SUBJECT, PlanStatus, SeatRole, SeatState, Validity
from app.rounds.models import Round, Stage
from app.rounds.rules import read_parameter
from app.rounds.vocabulary import StageCode

STAGE_OF_PUSH = {1: StageCode.RATING, 2: StageCode.RATING_SECOND}


def aggregates_of(round_id: int) -> Mapping[int, RatingAggregate]:
    """The last sums of a round by candidacy: votes, enterprises, mean, bayes, parts, composite, quorum."""
    rows = session.scalars(select(RatingAggregate).where(RatingAggregate.round_id == round_id))
    return {row.candidacy_id: row for row in rows}


def find_aggregate(candidacy_id: int) -> RatingAggregate | None:
    """The last sum of one candidacy; None before the first."""
    return session.get(RatingAggregate, candidacy_id)


def quorum_of(evaluation_round: Round) -> Quorum:
    """The quorum settings of a round."""

    def read(key: str) -> int:
        return int(read_parameter(evaluation_round.parameters, f"quorum.{key}"))

    return Quorum(read("default_organisations"), read("default_enterprises"), read("gov_organisations"))


def latest_plan(round_id: int, number: int) -> PushPlan | None:
    """The newest attempt of a push, whatever its status."""
    return session.scalars(
        select(PushPlan)
        .where(PushPlan.round_id == round_id, PushPlan.number == number)
        .order_by(PushPlan.attempt.desc())
        .limit(1)
    ).one_or_none()


def get_seat(seat_id: int) -> RatingSeat:
    """The seat, whoever asks; NotFoundError when there is none."""
    seat = session.get(RatingSeat, seat_id)
    if seat is None:
        raise NotFoundError
    return seat


def get_seat_for(*, seat_id: int, actor: Actor) -> RatingSeat:
    """A seat of the actor's organisation that has been sent; NotFoundError outside it.

    Who of the organisation does it is the work item's business (claim, delegate).
    """
    seat = session.scalars(select(RatingSeat).where(RatingSeat.id == seat_id, *_own_seats(actor))).one_or_none()
    if seat is None:
        raise NotFoundError
    return seat


def _own_seats(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    codes = actor.scope_codes(Role.RATER) | actor.scope_codes(Role.GOV_USER)
    return (
        RatingSeat.organisation_id.in_([int(code) for code in codes]),
        RatingSeat.state != SeatState.PENDING,
    )


def find_rating(seat_id: int) -> Rating | None:
    """The rating of a seat, if it was given."""
    return session.scalars(select(Rating).where(Rating.seat_id == seat_id)).one_or_none()


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A line of a rater's lists."""

    seat: RatingSeat
    title: str
    domain_code: str
    item_id: int | None
    due_at: datetime | None


def list_seats(*, actor: Actor, states: Collection[SeatState], round_id: int | None = None) -> Sequence[SeatLine]:
    """The actor's seats in these states, of one round or of all, in the order in which they were sent."""
    rounds = [] if round_id is None else [RatingSeat.round_id == round_id]
    rows = session.execute(
        select(RatingSeat, Candidacy.title, Candidacy.domain_code, WorkItem.id, WorkItem.due_at)
        .join(Candidacy, Candidacy.id == RatingSeat.candidacy_id)
        .outerjoin(
            WorkItem,
            (WorkItem.subject_type == SUBJECT)
            & (WorkItem.subject_id == RatingSeat.id)
            & (WorkItem.status == ItemStatus.OPEN),
        )
        .where(*_own_seats(actor), *rounds, RatingSeat.state.in_(states))
        .order_by(RatingSeat.id)
    )
    return [SeatLine(*row) for row in rows]


def closing_of(plan: PushPlan) -> datetime | None:
    """When ratings of a plan end: the end of its stage."""
    return session.scalar(
        select(Stage.closes_at).where(Stage.round_id == plan.round_id, Stage.code == STAGE_OF_PUSH[plan.number])
    )


def is_locked(plan: PushPlan) -> bool:
    """Whether ratings of the plan may no longer be given or changed."""
    closes_at = closing_of(plan)
    return plan.locked_at is not None or (closes_at is not None and closes_at <= clock.now())


@dataclass(frozen=True, slots=True)
class Response:
    """How many seats of one candidacy were sent and answered, and how many votes count; no names, no marks."""

    candidacy_id: int
    title: str
    report_type: str
    seats: int
    rated: int
    declined: int
    votes: int
    enterprises: int
    quorum_met: bool


def responses_of(evaluation_round: Round, candidacy_ids: Collection[int] | None = None) -> Sequence[Response]:
    """Counts of each candidacy that was pushed, as they stand now, those below the quorum first."""
    query = (
        select(
            Candidacy.id,
            Candidacy.title,
            Candidacy.report_type,
            func.count(RatingSeat.id),
            func.sum(case((RatingSeat.state == SeatState.RATED, 1), else_=0)),
            func.sum(case((RatingSeat.state == SeatState.DECLINED, 1), else_=0)),
        )
        .join(RatingSeat, RatingSeat.candidacy_id == Candidacy.id)
        .where(RatingSeat.round_id == evaluation_round.id, RatingSeat.state != SeatState.PENDING)
        .group_by(Candidacy.id, Candidacy.title, Candidacy.report_type)
    )
    if candidacy_ids is not None:
        query = query.where(Candidacy.id.in_(list(candidacy_ids)))
    quorum, roles = quorum_of(evaluation_round), roles_of_votes(evaluation_round.id)
    responses = []
    for key, title, kind, seats, rated, declined in session.execute(query):
        votes = roles.get(key, ())
        met = quorum.is_met(kind, votes)
        responses.append(
            Response(key, title, kind, seats, rated, declined, len(votes), votes.count(SeatRole.ENT), quorum_met=met)
        )
    return sorted(responses, key=lambda line: (line.quorum_met, line.votes, line.candidacy_id))


def roles_of_votes(round_id: int) -> Mapping[int, list[str]]:
    """Per candidacy the seat roles of its valid organisation votes."""
    rows = session.execute(
        select(Rating.candidacy_id, Rating.organisation_id, func.min(RatingSeat.seat_role))
        .join(RatingSeat, RatingSeat.id == Rating.seat_id)
        .where(Rating.round_id == round_id, Rating.validity == Validity.VALID)
        .group_by(Rating.candidacy_id, Rating.organisation_id)
    )
    roles: dict[int, list[str]] = {}
    for candidacy_id, _, role in rows:
        roles.setdefault(candidacy_id, []).append(role)
    return roles


def counts_for_filer(*, organisation_ids: Collection[int], round_id: int) -> Mapping[int, tuple[int, int]]:
    """Per candidacy of these filers: (seats sent, ratings received); counts only while rating runs."""
    rows = session.execute(
        select(
            RatingSeat.candidacy_id,
            func.count(RatingSeat.id),
            func.sum(case((RatingSeat.state == SeatState.RATED, 1), else_=0)),
        )
        .join(Candidacy, Candidacy.id == RatingSeat.candidacy_id)
        .where(
            Candidacy.organisation_id.in_(list(organisation_ids)),
            RatingSeat.round_id == round_id,
            RatingSeat.state != SeatState.PENDING,
        )
        .group_by(RatingSeat.candidacy_id)
    )
    return {key: (sent, rated) for key, sent, rated in rows}


def feedback_for(*, actor: Actor, filing_id: int | None = None, limit: int = 50) -> Sequence[tuple[Feedback, str]]:
    """Needs and suggestions about the actor's own results with the result's title, the newest first; no names.

    With a filing: those about it only.
    """
    organisations = [int(code) for code in actor.scope_codes(Role.FILER)]
    rows = session.execute(
        select(Feedback, Candidacy.title)
        .join(Candidacy, Candidacy.id == Feedback.candidacy_id)
        .where(
            Feedback.filer_organisation_id.in_(organisations),
            *([] if filing_id is None else [Candidacy.filing_id == filing_id]),
        )
        .order_by(Feedback.id.desc())
        .limit(limit)
    )
    return list(rows)


@dataclass(frozen=True, slots=True)
class PendingRating:
    """A rating that waits for a person's check; the rater is not named."""

    rating: Rating
    title: str
    organisation_name: str


def pending_ratings(round_id: int) -> Sequence[PendingRating]:
    """Ratings of a round that are neither valid nor excluded yet."""
    rows = session.execute(
        select(Rating, Candidacy.title, Organisation.name)
        .join(Candidacy, Candidacy.id == Rating.candidacy_id)
        .join(Organisation, Organisation.id == Rating.organisation_id)
        .where(Rating.round_id == round_id, Rating.validity == Validity.PENDING)
        .order_by(Rating.id)
    )
    return [PendingRating(*row) for row in rows]


def approved_plan(round_id: int, number: int) -> PushPlan | None:
    """The plan of a push that was approved."""
    return session.scalars(
        select(PushPlan).where(
            PushPlan.round_id == round_id, PushPlan.number == number, PushPlan.status == PlanStatus.APPROVED
        )
    ).one_or_none()


def filing_of(candidacy: Candidacy) -> Filing:
    """The filing behind a candidacy; raters are shown its abstract and rating version only."""
    return session.get_one(Filing, candidacy.filing_id)


def rounds_with_seats() -> set[int]:
    """The rounds whose invitations were sent."""
    return set(session.scalars(select(RatingSeat.round_id).where(RatingSeat.state != SeatState.PENDING).distinct()))
