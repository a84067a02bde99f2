"""Reads of the candidacies room."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, not_, or_, select
from sqlalchemy.orm import aliased

from app.candidacies.models import Candidacy, ScreeningDecision, ScreeningResult
from app.candidacies.vocabulary import ENDED, LISTED, UNTOLD, DecisionStep, Standing
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFoundError

NATIONAL_ROLES = ("manager", "leader", "national_auditor", "secretary", "supervisor", "objection_handler")
PROVINCE_ROLES = ("province_contact", "province_auditor", "province_leader")


def get_candidacy(candidacy_id: int) -> Candidacy:
    """The candidacy; NotFoundError when there is none."""
    candidacy = session.get(Candidacy, candidacy_id)
    if candidacy is None:
        raise NotFoundError
    return candidacy


def get_candidacy_for(*, candidacy_id: int, actor: Actor) -> Candidacy:
    """The candidacy, when it lies in one of the person's scopes; NotFoundError otherwise."""
    candidacy = session.scalars(select(Candidacy).where(Candidacy.id == candidacy_id, visible_to(actor))).one_or_none()
    if candidacy is None:
        raise NotFoundError
    return candidacy


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Which candidacies a person may see: the nation's roles all, a province's its own, a filer its organisation's."""
    if actor.has_role(*NATIONAL_ROLES):
        return Candidacy.id.is_not(None)
    provinces = {code for role in PROVINCE_ROLES for code in actor.scope_codes(role)}
    organisations = {int(code) for code in actor.scope_codes("filer") if code.isdigit()}
    return or_(Candidacy.province_code.in_(provinces), Candidacy.organisation_id.in_(organisations))


def candidacies_of(*, filing_id: int, actor: Actor) -> Sequence[Candidacy]:
    """The candidacies of a filing that the person may see, the latest first."""
    query = select(Candidacy).where(Candidacy.filing_id == filing_id, visible_to(actor))
    return session.scalars(query.order_by(Candidacy.id.desc())).all()


def may_withdraw(candidacy: Candidacy, *, told: str, actor: Actor) -> bool:
    """Whether the person files for its organisation, and it has not ended as far as the person is told."""
    return str(candidacy.organisation_id) in actor.scope_codes("filer") and told not in ENDED


def told_standing(actor: Actor) -> ColumnElement[str]:
    """Where a candidacy stands, as SQL, as far as this reader is told.

    Its filer learns what became of it with the list (flows.md, section 14), and no sooner whether it is in the pool.
    """
    if actor.has_role(*NATIONAL_ROLES, *PROVINCE_ROLES):
        return Candidacy.standing.expression
    other = aliased(Candidacy)
    is_listed = exists().where(other.round_id == Candidacy.round_id, other.standing.in_(LISTED))
    untold = and_(Candidacy.standing.in_(UNTOLD), not_(is_listed))
    return case((untold, literal(Standing.IN_RATING.value)), else_=Candidacy.standing)


def standings_told(candidacies: Iterable[Candidacy], actor: Actor) -> Mapping[int, str]:
    """`told_standing` of these candidacies by id, in one statement."""
    ids = [candidacy.id for candidacy in candidacies]
    rows = session.execute(select(Candidacy.id, told_standing(actor)).where(Candidacy.id.in_(ids)))
    return dict(rows.all())


def lock_candidacy(candidacy_id: int) -> Candidacy:
    """The candidacy with its row locked, read anew; NotFoundError when there is none."""
    candidacy = session.get(Candidacy, candidacy_id, with_for_update=True, populate_existing=True)
    if candidacy is None:
        raise NotFoundError
    return candidacy


def candidacies_in(round_id: int, standings: Iterable[str] | None = None) -> Sequence[Candidacy]:
    """The candidacies of a round, those with one of the standings only when these are given; in order of id."""
    return session.scalars(select_candidacies(round_id, standings).order_by(Candidacy.id)).all()


def select_candidacies(round_id: int, standings: Iterable[str] | None = None) -> Select[Candidacy]:
    """`candidacies_in` as a statement to build on."""
    statement = select(Candidacy).where(Candidacy.round_id == round_id)
    return statement if standings is None else statement.where(Candidacy.standing.in_(list(standings)))


def list_candidacies(
    *, round_id: int, actor: Actor, standing: str = "", province: str = "", q: str = "", after: int = 0, limit: int = 50
) -> Sequence[Candidacy]:
    """A page of the candidacies that the person may see, one more than `limit` where there are more."""
    statement = select_candidacies(round_id).where(visible_to(actor), Candidacy.id > after)
    if standing:
        statement = statement.where(told_standing(actor) == standing)
    if province:
        statement = statement.where(Candidacy.province_code == province)
    if q.strip():
        statement = statement.where(Candidacy.title.contains(q.strip(), autoescape=True))
    return session.scalars(statement.order_by(Candidacy.id).limit(limit + 1)).all()


def rounds_with_candidacies(actor: Actor) -> set[int]:
    """The rounds in which the person may see candidacies."""
    return set(session.scalars(select(Candidacy.round_id).where(visible_to(actor)).distinct()))


def count_by_standing(round_id: int) -> Mapping[str, int]:
    """How many candidacies of a round stand where."""
    return dict(
        session.execute(
            select(Candidacy.standing, func.count()).where(Candidacy.round_id == round_id).group_by(Candidacy.standing)
        ).all()
    )


def count_by_province(round_id: int) -> Mapping[str, Mapping[str, int]]:
    """How many candidacies of each province stand where."""
    rows = session.execute(
        select(Candidacy.province_code, Candidacy.standing, func.count())
        .where(Candidacy.round_id == round_id)
        .group_by(Candidacy.province_code, Candidacy.standing)
    )
    counts: dict[str, dict[str, int]] = {}
    for province, standing, count in rows:
        counts.setdefault(province, {})[standing] = count
    return counts


def results_of(candidacy_id: int) -> Sequence[ScreeningResult]:
    """What every rule found in the latest run, in the order of the rules."""
    latest = select(func.max(ScreeningResult.run)).where(ScreeningResult.candidacy_id == candidacy_id)
    return session.scalars(
        select(ScreeningResult)
        .where(ScreeningResult.candidacy_id == candidacy_id, ScreeningResult.run == latest.scalar_subquery())
        .order_by(ScreeningResult.position)
    ).all()


def count_runs(candidacy_id: int) -> int:
    """How often the rules have been run for a candidacy."""
    runs = select(func.max(ScreeningResult.run)).where(ScreeningResult.candidacy_id == candidacy_id)
    return session.scalar(runs) or 0


def decisions_of(candidacy_id: int) -> Sequence[ScreeningDecision]:
    """What people decided or asked for, in order."""
    return session.scalars(
        select(ScreeningDecision).where(ScreeningDecision.candidacy_id == candidacy_id).order_by(ScreeningDecision.id)
    ).all()


def find_decision(candidacy_id: int, step: DecisionStep) -> ScreeningDecision | None:
    """The newest decision of this step, if any."""
    return session.scalars(
        select(ScreeningDecision)
        .where(ScreeningDecision.candidacy_id == candidacy_id, ScreeningDecision.step == step)
        .order_by(ScreeningDecision.id.desc())
        .limit(1)
    ).one_or_none()
