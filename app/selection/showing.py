"""What the pages of the room show, put together for one reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.accounts.queries import get_organisation
from app.candidacies.queries import get_candidacy
from app.filings.queries import get_filing
from app.filings.vocabulary import ProofEnd
from app.filings.wording import ENDS, LEVELS, PROOF_TYPES
from app.kernel.actor import Actor
from app.kernel.db import session
from app.selection.facts import aggregates_of, candidacies_by_id, criteria_of, setting
from app.selection.meeting import valid_sheets
from app.selection.models import Panel, PoolEntry, PoolSnapshot, ReviewSeat, ScoreSheet
from app.selection.queries import get_panel, list_pool
from app.selection.rules import may_open_material
from app.selection.views import RankLine, list_own_reviews, list_rank_lines
from app.selection.vocabulary import Criterion, ReviewStatus
from app.web.locale import pick


def show_sheet(seat: ReviewSeat, actor: Actor) -> dict[str, Any]:
    """What stands beside one's own score sheet; the material only after the declaration."""
    panel = get_panel(seat.panel_id)
    own = list_own_reviews(actor, panel.id)
    is_open = may_open_material(seat.status)
    candidacy = get_candidacy(seat.candidacy_id)
    return {
        "seat": seat,
        "panel": panel,
        "candidacy": candidacy,
        "owner": owner_of(seat),
        "filing": get_filing(candidacy.filing_id) if is_open else None,
        "proofs": _proofs(candidacy.filing_id) if is_open else [],
        "ratings": aggregates_of(panel.round_id).get(candidacy.id) if is_open else None,
        "criteria": criteria_of(panel.round_id),
        "least": setting(panel.round_id, "sheet.min_opinion_chars"),
        "place": next((n for n, one in enumerate(own, start=1) if one.seat.id == seat.id), 0),
        "total": len(own),
        "done": sum(one.seat.status == ReviewStatus.SCORED for one in own),
    }


def _proofs(filing_id: int) -> list[dict[str, Any]]:
    """The valid proofs of application in words, the government's first, each with its scan."""
    proofs = [one for one in get_filing(filing_id).proofs if one.is_valid]
    return [
        {
            "issuer": one.issuer,
            "kind": pick("，", ", ").join((ENDS(one.end), LEVELS(one.level), PROOF_TYPES(one.type))),
            "file_id": one.file_id,
        }
        for one in sorted(proofs, key=lambda one: (one.end != ProofEnd.GOV, one.id))
    ]


def owner_of(seat: ReviewSeat) -> str:
    """The filer's name of the item."""
    return get_organisation(get_candidacy(seat.candidacy_id).organisation_id).name


@dataclass(frozen=True, slots=True)
class SheetsOfItem:
    """An item with its valid sheets, the highest total first: no sheet says whose it is."""

    line: RankLine
    sheets: Sequence[ScoreSheet]


def show_sheets(panel: Panel) -> tuple[Sequence[SheetsOfItem], Sequence[Criterion]]:
    """The single sheets of a panel by item, and the criteria that they mark; ask views.may_see_sheets first."""
    found = valid_sheets(panel.id)
    lines = [
        SheetsOfItem(line, sorted(found.get(line.item.candidacy_id, ()), key=lambda one: (-one.total, one.id)))
        for line in list_rank_lines(panel.id)
    ]
    return lines, criteria_of(panel.round_id)


@dataclass(frozen=True, slots=True)
class FrozenPool:
    """The pool as it was kept: the snapshot and its entries by rank, each with its title."""

    snapshot: PoolSnapshot
    entries: Sequence[tuple[PoolEntry, str]]

    @property
    def pooled(self) -> int:
        return sum(entry.in_pool for entry, _ in self.entries)


def show_pool(round_id: int) -> FrozenPool | None:
    """The frozen pool; None before it is frozen."""
    snapshot = session.get(PoolSnapshot, round_id)
    if snapshot is None:
        return None
    entries = list_pool(round_id)
    titles: Mapping[int, Any] = candidacies_by_id([entry.candidacy_id for entry in entries])
    return FrozenPool(snapshot, [(entry, titles[entry.candidacy_id].title) for entry in entries])
