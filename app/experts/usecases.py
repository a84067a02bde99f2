"""Writes of the experts room."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from app.accounts.queries import get_organisation
from app.domains.queries import ensure_domains
from app.experts.models import Expert, ExpertDomain, ExpertService, Recusal
from app.experts.vocabulary import DEFAULT_CAPACITY
from app.kernel.db import session
from app.kernel.errors import field_error


def add_expert(
    *,
    user_id: int,
    title: str,
    domains: Sequence[str],
    years: int,
    organisation_id: int,
    capacity: int = DEFAULT_CAPACITY,
    recused_organisation_ids: Iterable[int] = (),
    is_demo: bool = False,
) -> Expert:
    """Takes a person into the bank; `domains` are level-2 codes, the main one first.

    The province is that of the organisation, so that both limits of a panel look at the same place.
    """
    province = get_organisation(organisation_id).province_code
    if province is None:
        raise field_error("organisation_id", "choice_unknown")
    ensure_domains(domains)
    expert = Expert(
        user_id=user_id,
        title=title,
        years=years,
        organisation_id=organisation_id,
        province_code=province,
        capacity=capacity,
        is_demo=is_demo,
        domains=[ExpertDomain(domain_code=code, position=n) for n, code in enumerate(domains, start=1)],
        recusals=[Recusal(organisation_id=id_, reason="") for id_ in recused_organisation_ids],
    )
    session.add(expert)
    session.flush()  # the id is asked for by the caller
    return expert


def record_service(*, expert_ids: Iterable[int], round_id: int) -> None:
    """Notes that these experts sit on a panel of this round; noting it twice changes nothing."""
    wanted = set(expert_ids)
    known = session.scalars(
        select(ExpertService.expert_id).where(ExpertService.round_id == round_id, ExpertService.expert_id.in_(wanted))
    ).all()
    session.add_all(
        ExpertService(expert_id=expert_id, round_id=round_id) for expert_id in sorted(wanted.difference(known))
    )
