"""Reads of the experts room."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import selectinload

from app.accounts.models import User
from app.accounts.vocabulary import UserStatus
from app.experts.models import Expert, ExpertDomain
from app.experts.rules import count_rounds_in_a_row, counts_as_employer
from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import NotFoundError
from app.rounds.models import Round


@dataclass(frozen=True, slots=True)
class ExpertProfile:
    """An expert as a draw sees one. `domains`: level-2 codes, the main one first."""

    id: int
    user_id: int
    name: str
    title: str
    domains: tuple[str, ...]
    organisation_id: int
    province_code: str
    former_organisation_ids: tuple[int, ...]
    recused_organisation_ids: tuple[int, ...]
    is_honest: bool
    rounds_in_a_row: int
    capacity: int


def list_experts_for(industries: Iterable[str], *, round_id: int) -> Sequence[ExpertProfile]:
    """The draw pool: active experts with a domain of one of these industries (level 1), in order of id."""
    conditions = [ExpertDomain.domain_code.startswith(f"{industry}.") for industry in sorted(set(industries))]
    if not conditions:
        return ()
    ids = select(ExpertDomain.expert_id).where(or_(*conditions))
    query = _select_active().where(Expert.id.in_(ids))
    return _profiles(query.order_by(Expert.id), round_id)


def list_experts(ids: Iterable[int], *, round_id: int) -> Mapping[int, ExpertProfile]:
    """Profiles by expert id, whether active or not."""
    wanted = set(ids)
    if not wanted:
        return {}
    query = select(Expert, User.name).join(User, User.id == Expert.user_id).where(Expert.id.in_(wanted))
    return {profile.id: profile for profile in _profiles(query, round_id)}


def get_expert_of_user(user_id: int) -> Expert:
    """The expert who signs in with this account; NotFoundError when there is none."""
    expert = session.scalars(select(Expert).where(Expert.user_id == user_id)).one_or_none()
    if expert is None:
        raise NotFoundError
    return expert


def _select_active() -> Select[Expert, str]:
    return (
        select(Expert, User.name)
        .join(User, User.id == Expert.user_id)
        .where(Expert.is_active.is_(True), User.status == UserStatus.ACTIVE)
    )


def _profiles(query: Select[Expert, str], round_id: int) -> list[ExpertProfile]:
    parts = (Expert.domains, Expert.employments, Expert.recusals, Expert.services)
    rows: Sequence[Row[Expert, str]] = session.execute(query.options(*(selectinload(part) for part in parts))).all()
    earlier = _rounds_before(round_id)
    return [_profile(expert, name, earlier) for expert, name in rows]


def _profile(expert: Expert, name: str, earlier: Sequence[int]) -> ExpertProfile:
    today = clock.today()
    former = {e.organisation_id for e in expert.employments if counts_as_employer(e.worked_to, today=today)}
    return ExpertProfile(
        id=expert.id,
        user_id=expert.user_id,
        name=name,
        title=expert.title,
        domains=tuple(domain.domain_code for domain in expert.domains),
        organisation_id=expert.organisation_id,
        province_code=expert.province_code,
        former_organisation_ids=tuple(sorted(former)),
        recused_organisation_ids=tuple(sorted({recusal.organisation_id for recusal in expert.recusals})),
        is_honest=expert.is_honest,
        rounds_in_a_row=count_rounds_in_a_row({s.round_id for s in expert.services}, earlier),
        capacity=expert.capacity,
    )


def _rounds_before(round_id: int) -> Sequence[int]:
    """Earlier rounds, the latest first."""
    start = select(Round.starts_on).where(Round.id == round_id).scalar_subquery()
    return session.scalars(
        select(Round.id).where(Round.starts_on < start).order_by(Round.starts_on.desc(), Round.id.desc())
    ).all()
