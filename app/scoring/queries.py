"""Reads of the scoring room."""

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import func, select

from app.accounts.models import Organisation, Region
from app.candidacies.models import Candidacy
from app.candidacies.queries import candidacies_in
from app.candidacies.vocabulary import Standing
from app.filings.models import FilingParty
from app.filings.queries import organisations_by_name, parties_of
from app.filings.vocabulary import PartyRole
from app.kernel.db import session
from app.rounds.queries import get_round, parameter
from app.scoring.models import Bonus, BonusRevision, Deduction, DeductionDecision
from app.scoring.rules import AwardedProject, RankedRegion, rank_regions

NAMES_APART = re.compile(r"[、，,;；]")
"""A joint project names its commissioners in one field."""


def awarded_projects(round_id: int) -> Sequence[AwardedProject]:
    """The awarded candidacies of a round with the provinces that commissioned them."""
    awarded = candidacies_in(round_id, [Standing.AWARDED])
    commissioners = _commissioners(awarded)
    known = _organisations(commissioners.values())
    return [
        AwardedProject(
            candidacy_id=one.id,
            title=one.title,
            province=one.province_code,
            commissioning=frozenset(
                province
                for name in commissioners[one.filing_id]
                if (found := known.get(name)) is not None and (province := found.province_code) is not None
            ),
        )
        for one in awarded
    ]


def _commissioners(awarded: Sequence[Candidacy]) -> Mapping[int, Sequence[str]]:
    parties = parties_of([one.filing_id for one in awarded])
    return {filing_id: [name for party in found for name in _names(party)] for filing_id, found in parties.items()}


def _names(party: FilingParty) -> list[str]:
    if party.role != PartyRole.COMMISSIONER:
        return []
    return [party.name, *(name.strip() for name in NAMES_APART.split(party.name))]


def _organisations(names: Collection[Sequence[str]]) -> Mapping[str, Organisation]:
    return organisations_by_name({name for several in names for name in several if name})


def latest_revision(round_id: int) -> BonusRevision | None:
    """The counting that holds now; None before the first."""
    return session.scalars(
        select(BonusRevision).where(BonusRevision.round_id == round_id).order_by(BonusRevision.revision.desc()).limit(1)
    ).one_or_none()


def list_revisions(round_id: int) -> Sequence[BonusRevision]:
    """All countings of a round, the first first."""
    return session.scalars(
        select(BonusRevision).where(BonusRevision.round_id == round_id).order_by(BonusRevision.revision)
    ).all()


def bonuses_of(revision_id: int) -> Sequence[Bonus]:
    """The provinces' rows of one counting, by region code."""
    return session.scalars(select(Bonus).where(Bonus.revision_id == revision_id).order_by(Bonus.region_code)).all()


def deductions_of(round_id: int) -> Sequence[Deduction]:
    """The deductions of the latest decision, by region code."""
    latest = select(func.max(DeductionDecision.decision)).where(DeductionDecision.round_id == round_id)
    return session.scalars(
        select(Deduction)
        .where(Deduction.round_id == round_id, Deduction.decision == latest.scalar_subquery())
        .order_by(Deduction.region_code)
    ).all()


def result_of(round_id: int) -> Sequence[RankedRegion]:
    """The result as it stands: every province's bonus of the latest counting minus its deductions (E11)."""
    this = get_round(round_id)
    revision = latest_revision(round_id)
    bonuses = dict.fromkeys(session.scalars(select(Region.code)).all(), Decimal(0))
    if revision is not None:
        bonuses |= {row.region_code: row.points for row in bonuses_of(revision.id)}
    deductions: dict[str, Decimal] = {}
    for row in deductions_of(round_id):
        deductions[row.region_code] = deductions.get(row.region_code, Decimal(0)) + row.points
    return rank_regions(
        bonuses,
        deductions,
        floor=Decimal(str(parameter(this, "composite.floor"))),
        cap=Decimal(str(parameter(this, "composite.cap"))),
    )
