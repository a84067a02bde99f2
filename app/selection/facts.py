"""What the rooms below know about candidacies, experts and the round, in the shape in which rules ask for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from app.candidacies.models import Candidacy
from app.conflicts.findings import Judge, JudgedItem, Tie, find_item_conflicts
from app.conflicts.index import OrganisationIndex
from app.conflicts.queries import list_declarations, read_index
from app.conflicts.vocabulary import ConflictKind, Decision
from app.experts.queries import ExpertProfile
from app.filings.queries import get_filing, organisation_ids_of, parties_of, valid_proofs
from app.kernel import clock
from app.kernel.db import session
from app.ratings.models import RatingAggregate
from app.rounds.queries import get_round, parameter
from app.selection.aggregation import Method
from app.selection.models import PanelItem
from app.selection.rules import criteria_with, name_matches
from app.selection.vocabulary import Criterion

CANDIDACY = "candidacy"
TIE_ENDS = ("GOV", "ENT")
"""Step 3 of the tie-break counts valid proofs of the government and the enterprise end."""


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item as recusal sees it. `organisations`: all its parties, related ones included."""

    candidacy_id: int
    province: str
    domain: str
    organisations: frozenset[int]
    judged: JudgedItem
    index: OrganisationIndex
    unsuitable: tuple[str, ...]
    """Experts whom the filer named (at most three count, E8)."""
    recused: frozenset[int]
    """Users who declared a conflict with it."""


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
    candidacies = session.scalars(query).all()
    declared = list_declarations(object_type=CANDIDACY, object_ids=[candidacy.id for candidacy in candidacies])
    index = read_index()
    return [
        item_facts(
            candidacy,
            index,
            frozenset(d.actor_id for d in declared if d.object_id == candidacy.id and d.decision == Decision.RECUSED),
        )
        for candidacy in candidacies
    ]


def item_facts(candidacy: Candidacy, index: OrganisationIndex, recused: frozenset[int] = frozenset()) -> ItemFacts:
    """What recusal asks about one candidacy."""
    filing = get_filing(candidacy.filing_id)
    parties = frozenset({candidacy.organisation_id, *organisation_ids_of(filing.id)})
    names = frozenset(party.name for party in parties_of([filing.id])[filing.id])
    return ItemFacts(
        candidacy_id=candidacy.id,
        province=candidacy.province_code,
        domain=candidacy.domain_code,
        organisations=parties | index.families(parties),
        judged=JudgedItem(type=CANDIDACY, id=candidacy.id, organisation_ids=parties, party_names=names),
        index=index,
        unsuitable=tuple((filing.values or {}).get("unsuitable_experts") or ()),
        recused=recused,
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
    """Whether this expert must not judge this item (E8): province, a declared or named recusal, or any conflict
    that the one engine finds (same organisation or group, former employer, recusal list)."""
    if expert.province_code == item.province or expert.user_id in item.recused:
        return True
    return name_matches(expert.name, item.unsuitable) or bool(
        find_item_conflicts(judge=judge_of(expert), item=item.judged, index=item.index, on=clock.today())
    )


def judge_of(expert: ExpertProfile) -> Judge:
    """The expert as the conflict engine sees one; former employers were cut to three years already."""
    return Judge(
        user_id=expert.user_id,
        organisation_ids=frozenset({expert.organisation_id}),
        ties=tuple(Tie(former, ConflictKind.EMPLOYED_3Y) for former in expert.former_organisation_ids),
        recused_from=frozenset(expert.recused_organisation_ids),
    )


def aggregates_of(round_id: int) -> Mapping[int, RatingAggregate]:
    """The ratings as they counted, by candidacy."""
    rows = session.scalars(select(RatingAggregate).where(RatingAggregate.round_id == round_id)).all()
    return {row.candidacy_id: row for row in rows}
