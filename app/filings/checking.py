"""Gathers what the automatic checks compare a filing with."""

from collections.abc import Sequence

from app.accounts.models import Organisation
from app.filings.attribution import find_attribution
from app.filings.checks import Check, CheckContext, run_checks
from app.filings.models import Filing
from app.filings.queries import suspicions_of
from app.filings.reading import read_facts
from app.kernel.db import session
from app.rounds.models import Round


def check_filing(filing: Filing) -> Sequence[Check]:
    """The automatic checks of a filing as it stands, those that need attention first."""
    facts = read_facts(filing.kind, filing.values)
    attribution = find_attribution(filing=filing, facts=facts)
    of_round = session.get(Round, filing.round_id) if filing.round_id is not None else None
    context = CheckContext(
        kind=filing.kind,
        province_code=filing.province_code,
        money_province=attribution.province_code,
        decided_by=attribution.by,
        period_from=of_round.period_from if of_round else None,
        period_to=of_round.period_to if of_round else None,
        similar=tuple(
            (other.filing.title, suspicion.similarity)
            for suspicion, other in suspicions_of(filing.id)
            if suspicion.verdict is None
        ),
        dishonest=_dishonest_parties(filing),
        is_city_unaudited=filing.is_city_unaudited,
        has_acceptance_file=bool(filing.values.get("acceptance_file")),
        has_commitment_file=bool(filing.values.get("commitment_file")),
    )
    return run_checks(facts, context)


def _dishonest_parties(filing: Filing) -> tuple[str, ...]:
    known = (session.get(Organisation, one.organisation_id) for one in filing.parties if one.organisation_id)
    return tuple(one.name for one in known if one is not None and one.is_dishonest)
