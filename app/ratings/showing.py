"""What the pages of raters show: the rating version only, the form's words, what has been filled in so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.accounts.queries import names_of_organisations
from app.attachments.models import Attachment
from app.attachments.queries import attachments_by_id
from app.candidacies.queries import get_candidacy
from app.domains.models import Domain
from app.filings.models import Filing
from app.formdefs.queries import get_form
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import session
from app.processes.models import WorkItem
from app.processes.vocabulary import ItemStatus
from app.ratings.models import PushPlan, Rating, RatingSeat
from app.ratings.queries import SeatLine, closing_of, find_rating, get_seat_for, is_locked, list_seats
from app.ratings.vocabulary import REPORT_DIMENSIONS, SUBJECT, SeatRole, SeatState, Validity
from app.rounds.queries import current_round
from app.web.requests import once
from app.workdays.calendar import workdays_between

OPEN = (SeatState.SENT, SeatState.READ)


@dataclass(frozen=True, slots=True)
class Scale:
    """One dimension as the page draws it, with five anchors."""

    key: str
    label: str
    hint: str | None
    anchors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RatingPage:
    """Everything that the rating page shows. There is no way from here to the full report."""

    seat: RatingSeat
    title: str
    domain: tuple[str, str]
    parties: tuple[str, ...]
    abstract: str
    material: Attachment | None
    proofs: Sequence[Any]
    scales: Sequence[Scale]
    usages: Sequence[tuple[str, str]]
    decline_reasons: Sequence[tuple[str, str]]
    rating: Rating | None
    closes_at: datetime | None
    workdays: int | None
    is_locked: bool
    others: Sequence[SeatLine]

    @property
    def place(self) -> int:
        """Which of the person's open items this is, from 1; 0 when it is none of them."""
        ids = [line.seat.id for line in self.others if line.seat.state in OPEN]
        return ids.index(self.seat.id) + 1 if self.seat.id in ids else 0

    @property
    def open_count(self) -> int:
        return sum(line.seat.state in OPEN for line in self.others)


def show_rating(*, seat_id: int, actor: Actor, locale: str) -> RatingPage:
    """The page of a seat; NotFoundError outside the actor's organisation."""
    seat = get_seat_for(seat_id=seat_id, actor=actor)
    candidacy = get_candidacy(seat.candidacy_id)
    filing = session.get_one(Filing, candidacy.filing_id)
    plan = session.get_one(PushPlan, seat.plan_id)
    closes_at = closing_of(plan)
    form = get_form("rating_gov" if seat.seat_role == SeatRole.GOV else "rating", None)
    fields = {field.key: field for field in form.fields}

    def options(key: str) -> list[tuple[str, str]]:
        return [(option.value, option.label.pick(locale)) for option in fields[key].options]

    return RatingPage(
        seat=seat,
        title=candidacy.title,
        domain=domain_names(candidacy.domain_code),
        parties=party_names(filing),
        abstract=filing.abstract,
        material=find_material(filing),
        proofs=[proof for proof in filing.proofs if proof.is_valid],
        scales=[_scale(fields[key], options(key), locale) for key in REPORT_DIMENSIONS],
        usages=options("usage"),
        decline_reasons=options("decline_reason"),
        rating=find_rating(seat.id),
        closes_at=closes_at,
        workdays=None if closes_at is None else workdays_between(clock.now(), closes_at),
        is_locked=is_locked(plan),
        others=list_seats(actor=actor, round_id=seat.round_id, states=(*OPEN, SeatState.RATED)),
    )


def _scale(field: Any, options: Sequence[tuple[str, str]], locale: str) -> Scale:  # noqa: ANN401 -- a compiled field
    anchors = tuple(text.removeprefix(value).strip() for value, text in options)
    return Scale(field.key, field.label.pick(locale), field.hint.pick(locale) if field.hint else None, anchors)


def domain_names(code: str) -> tuple[str, str]:
    """(zh, en) of a domain; its code where it is unknown."""
    domain = session.get(Domain, code)
    return (domain.name_zh, domain.name_en) if domain else (code, code)


def party_names(filing: Filing) -> tuple[str, ...]:
    """Who made the result: filer and parties, so that a rater can say whether there is an interest."""
    filer = names_of_organisations([filing.organisation_id]).values()
    return tuple(dict.fromkeys([*filer, *(party.name for party in filing.parties)]))


def find_material(filing: Filing) -> Attachment | None:
    """The rating version released by the filer (public file), never the report."""
    if filing.public_file_id is None:
        return None
    return attachments_by_id([filing.public_file_id]).get(filing.public_file_id)


def values_of(page: RatingPage, draft: Mapping[str, Any] | None, posted: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the page is filled with: what was just sent, else the draft, else the rating that was given."""
    if posted is not None:
        return dict(posted)
    if draft is not None:
        return dict(draft)
    rating = page.rating
    if rating is None:
        return {}
    texts = {"comment": rating.comment, "need": rating.need, "suggestion": rating.suggestion}
    return {**rating.dims, **texts, "usage": rating.usage, "no_interest": True}


def count_marks(values: Mapping[str, Any]) -> tuple[int, int]:
    """How many dimensions have a mark, and how many have none yet."""
    done = sum(bool(values.get(key)) for key in REPORT_DIMENSIONS)
    return done, len(REPORT_DIMENSIONS) - done


def count_open_seats(actor: Actor) -> int:
    """How many seats wait for the actor's organisation and may still be rated; for the navigation."""
    codes = [
        int(grant.scope_code) for grant in actor.grants if grant.role in ("rater", "gov_user") and grant.scope_code
    ]
    if not codes:
        return 0
    return len(
        session.scalars(
            select(RatingSeat.id)
            .join(WorkItem, (WorkItem.subject_type == SUBJECT) & (WorkItem.subject_id == RatingSeat.id))
            .where(
                RatingSeat.organisation_id.in_(codes),
                RatingSeat.state.in_(OPEN),
                WorkItem.status == ItemStatus.OPEN,
            )
            .limit(100)
        ).all()
    )


def count_doubted(actor: Actor) -> int | None:  # noqa: ARG001 -- the signature of navigation; the entry is the auditors'
    """How many ratings of the current round wait for a person's check; for the navigation."""
    evaluation_round = once("current_round", current_round)
    if evaluation_round is None:
        return None
    query = select(func.count()).where(Rating.round_id == evaluation_round.id, Rating.validity == Validity.PENDING)
    return session.scalar(query) or None
