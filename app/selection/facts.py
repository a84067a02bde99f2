"""What the rooms below know about candidacies, experts and the round, in the shape in which rules ask for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from app.candidacies.models import Candidacy
from app.conflicts.queries import related_organisations
from app.experts.queries import ExpertProfile
from app.filings.queries import get_filing, organisation_ids_of, valid_proofs
from app.kernel.db import session
from app.rounds.queries import get_round, parameter
from app.selection.aggregation import Method
from app.selection.models import PanelItem
from app.selection.rules import criteria_with
from app.selection.vocabulary import Criterion

TIE_ENDS = ("GOV", "ENT")
"""Step 3 of the tie-break counts valid proofs of the government and the enterprise end."""


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item as recusal sees it: every organisation that is party to it, related ones included."""

    candidacy_id: int
    province: str
    domain: str
    organisations: frozenset[int]
    unsuitable: tuple[str, ...]
    """Experts whom the filer named (E8)."""


def setting(round_id: int, key: str) -> Any:  # noqa: ANN401 -- a setting is a number, text, flag or list
    """A parameter of the round under its dotted key."""
    return parameter(get_round(round_id), key)


def criteria_of(round_id: int) -> tuple[Criterion, ...]:
    """The six criteria with the weights of the round."""
    return criteria_with(setting(round_id, "sheet.weights"))


def method_of(round_id: int) -> Method:
    """The round's method of aggregation."""
    chosen: Mapping[str, Any] = setting(round_id, "aggregation")
    return Method(
        trimmed=chosen["trimmed"],
        least=chosen["min_sheets"],
        trim_from=chosen["trim_from"],
        widest=Decimal(str(chosen["max_range"])),
        farthest=Decimal(str(chosen["max_from_median"])),
    )


def share_setting(round_id: int, key: str) -> Fraction:
    """A share such as "2/3"."""
    return Fraction(setting(round_id, key))


def candidacies_by_id(ids: Iterable[int]) -> Mapping[int, Candidacy]:
    """Candidacies by id, in one statement."""
    wanted = set(ids)
    rows = session.scalars(select(Candidacy).where(Candidacy.id.in_(wanted)).order_by(Candidacy.id)).all()
    return {candidacy.id: candidacy for candidacy in rows}


def items_of(panel_id: int) -> Sequence[ItemFacts]:
    """The items of a panel with everyone who is party to them, in order of id."""
    query = (
        select(Candidacy)
        .join(PanelItem, PanelItem.candidacy_id == Candidacy.id)
        .where(PanelItem.panel_id == panel_id)
        .order_by(Candidacy.id)
    )
    return [item_facts(candidacy) for candidacy in session.scalars(query).all()]


def item_facts(candidacy: Candidacy) -> ItemFacts:
    """What recusal asks about one candidacy."""
    parties = {candidacy.organisation_id, *organisation_ids_of(candidacy.filing_id)}
    named = (get_filing(candidacy.filing_id).values or {}).get("unsuitable_experts") or ()
    return ItemFacts(
        candidacy_id=candidacy.id,
        province=candidacy.province_code,
        domain=candidacy.domain_code,
        organisations=frozenset(parties | set(related_organisations(parties))),
        unsuitable=tuple(str(name) for name in named),
    )


def proofs_of(candidacies: Iterable[Candidacy]) -> Mapping[int, int]:
    """Valid government and enterprise proofs by candidacy."""
    by_filing = {candidacy.filing_id: candidacy.id for candidacy in candidacies}
    counts = valid_proofs(list(by_filing))
    return {
        candidacy_id: sum(n for (end, _level), n in counts.get(filing_id, {}).items() if end in TIE_ENDS)
        for filing_id, candidacy_id in by_filing.items()
    }


def bars(expert: ExpertProfile, item: ItemFacts) -> bool:
    """Whether this expert must not judge this item: organisation, former employer, province, recusal, named (E8)."""
    own = {expert.organisation_id, *expert.former_organisation_ids, *expert.recused_organisation_ids}
    return (
        not item.organisations.isdisjoint(own)
        or expert.province_code == item.province
        or expert.name in item.unsuitable[:3]
    )
