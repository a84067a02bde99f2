"""For which province and which round a filing counts; shown to the filer before anything is submitted (R-054)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.models import Organisation
from app.accounts.queries import get_organisation
from app.filings import rules
from app.filings.models import Filing
from app.filings.queries import organisations_by_name
from app.filings.reading import FilingFacts
from app.filings.vocabulary import PartyRole
from app.kernel import clock
from app.kernel.db import session
from app.rounds.models import Round
from app.rounds.vocabulary import RoundStatus, StageCode


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where a filing would count if it were submitted now.

    `round_id` is None while the next round has not been created: it adopts the filing later. `round_name` names that
    round all the same. `is_next_round`: the running round has closed its books, so the filer is asked first.
    """

    province_code: str | None
    city_code: str | None
    by: str
    """Which party decided: payer, commissioner, undertaker or stated; '' when nobody's province is known."""
    round_id: int | None
    round_name: str
    year: int
    is_next_round: bool


def find_attribution(*, filing: Filing, facts: FilingFacts) -> Attribution:
    """The province by money, then by commissioner and undertaker; the round by the present moment.

    A filing that was submitted before keeps its round: only the first submission decides (R-054).
    """
    known = organisations_by_name({party.name for party in facts.parties} | ({facts.payer} if facts.payer else set()))
    parties = _organisations(filing, facts, known)
    commissioner, undertaker = parties.get(PartyRole.COMMISSIONER), parties.get(PartyRole.UNDERTAKER)
    payer = known.get(facts.payer) if facts.payer else commissioner
    decided = rules.attribution_province(
        payer=_paying_province(facts, payer),
        commissioner=commissioner.province_code if commissioner else None,
        undertaker=undertaker.province_code if undertaker else None,
        stated=facts.stated_province,
    )
    by, province = decided or ("", None)
    target, name, year, is_next = _round_now() if filing.submitted_at is None else _round_kept(filing)
    city = _city_within(province, commissioner, undertaker)
    return Attribution(province, city, by, target, name, year, is_next)


def round_of(filing: Filing) -> tuple[int | None, int]:
    """The round for which a submitted filing counts, and its year: the first submission has decided (R-054)."""
    target, _, year, _ = _round_kept(filing)
    return target, year


def _paying_province(facts: FilingFacts, payer: Organisation | None) -> str | None:
    """The province of the fiscal money: as the filer states it, else the payer's; None without fiscal money."""
    if facts.fiscal_amount is None or facts.fiscal_amount <= 0:
        return None
    return facts.stated_province or (payer.province_code if payer else None)


def _city_within(province: str | None, *organisations: Organisation | None) -> str | None:
    """The city of the first of these that lies in the attribution province: its auditor looks first."""
    return next((one.city_code for one in organisations if one and one.province_code == province), None)


def _organisations(
    filing: Filing, facts: FilingFacts, known: Mapping[str, Organisation]
) -> Mapping[PartyRole, Organisation | None]:
    """The parties as organisations; the filer's own role is the filer, however the name was typed."""
    parties = {party.role: known.get(party.name) for party in facts.parties}
    parties[PartyRole(facts.filer_role)] = get_organisation(filing.organisation_id)
    return parties


def _round_now() -> tuple[int | None, str, int, bool]:
    """The round that takes a first submission now: id, name, year, and whether it is a later one than today's.

    Of several running rounds the one that began last. A round in preparation takes what comes after the running
    round has closed its books; where none has been created yet, the next year's is named and adopts the filing when
    it starts.
    """
    rounds = session.scalars(
        select(Round)
        .options(selectinload(Round.stages))
        .where(Round.status.in_([RoundStatus.SETUP, RoundStatus.RUNNING]))
        .order_by(Round.starts_on, Round.id)
    ).all()
    for status, candidates in ((RoundStatus.RUNNING, rounds[::-1]), (RoundStatus.SETUP, rounds)):
        for one in candidates:
            if one.status == status and not _is_closed(one):
                is_next = status == RoundStatus.SETUP and any(_is_closed(other) for other in rounds)
                return one.id, one.name, one.period_to.year, is_next
    last = session.scalars(select(Round).order_by(Round.period_from.desc(), Round.id.desc()).limit(1)).first()
    year = last.period_to.year + 1 if last else clock.today().year
    return None, f"{year}年度评价周期", year, last is not None


def _is_closed(one: Round) -> bool:
    """Whether first submissions no longer count for this round; the clock decides even before the timer has fired."""
    ends = next((stage.closes_at for stage in one.stages if stage.code == StageCode.FILING), None)
    return one.attribution_closed_at is not None or (ends is not None and ends <= clock.now())


def _round_kept(filing: Filing) -> tuple[int | None, str, int, bool]:
    if filing.round_id is None:
        target, name, year, _ = _round_now()
        return target, name, year, False
    kept = session.get_one(Round, filing.round_id)
    return kept.id, kept.name, kept.period_to.year, False
