"""Ranking with the tie-break of E8, and the list by quota. Every rank says which step parted it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from app.selection.vocabulary import ProposalReason, TieStep

STEPS = (TieStep.SCORE, TieStep.APPLICATION, TieStep.RATING, TieStep.PROOFS, TieStep.VOTE, TieStep.CHAIR)


@dataclass(frozen=True, slots=True)
class Contender:
    """What the steps look at: 1 score, then application effect, online rating, proofs, vote, chair's order.

    `chair` is the place the chair gave to an item that stayed tied (1 is first), or None.
    """

    id: int
    score: Decimal
    application: Decimal
    rating: Decimal
    proofs: int
    vote: Decimal
    """Share of valid sheets that recommend the item."""
    chair: int | None = None

    def key(self) -> tuple[Decimal, ...]:
        """Greater is better at every step."""
        place = Decimal(-self.chair) if self.chair is not None else Decimal(-(10**9))
        return (self.score, self.application, self.rating, Decimal(self.proofs), self.vote, place)


@dataclass(frozen=True, slots=True)
class Ranked:
    """`tie_step`: None when nobody else has the score, else the step that parted; NONE when nothing did."""

    id: int
    rank: int
    tie_step: TieStep | None


@dataclass(frozen=True, slots=True)
class Listed:
    id: int
    listed: bool
    reason: ProposalReason


def rank_contenders(contenders: Sequence[Contender]) -> list[Ranked]:
    """Ranks from 1; whom no step parts share a rank (1-2-2-4), in order of id only on paper."""
    ordered = sorted(contenders, key=lambda c: (tuple(-part for part in c.key()), c.id))
    keys = [contender.key() for contender in ordered]
    ranks: list[Ranked] = []
    for place, contender in enumerate(ordered):
        rank = ranks[-1].rank if place and keys[place] == keys[place - 1] else place + 1
        ranks.append(Ranked(contender.id, rank, _find_step(keys, place)))
    return ranks


def _find_step(keys: Sequence[tuple[Decimal, ...]], place: int) -> TieStep | None:
    """The last step that was needed to part this one from its neighbours of equal score."""
    own = keys[place]
    neighbours = [key for key in keys[max(0, place - 1) : place + 2] if key is not own and key[0] == own[0]]
    if not neighbours:
        return None
    needed = max(_parting(own, key) for key in neighbours)
    return TieStep.NONE if needed == len(STEPS) else STEPS[needed]


def _parting(one: tuple[Decimal, ...], other: tuple[Decimal, ...]) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b), len(STEPS))


def list_by_quota(ranked: Sequence[Ranked], *, quota: int, is_carried: Mapping[int, bool]) -> list[Listed]:
    """The first `quota` of the ranks that the panels carried. A shared rank across the line enters no one silently.

    Those tied at the line are told as `TIED_AT_QUOTA` and not listed: the manager decides, with a reason (E8).
    """
    carried = sorted((r for r in ranked if is_carried[r.id]), key=lambda r: (r.rank, r.id))
    cut = quota
    if 0 < quota < len(carried) and carried[quota - 1].rank == carried[quota].rank:
        cut = next(n for n, r in enumerate(carried) if r.rank == carried[quota].rank)
    tied = {r.id for r in carried if cut < quota and r.rank == carried[quota].rank}
    inside = {r.id for r in carried[:cut]}
    return [Listed(r.id, r.id in inside, _reason(r.id, inside, tied, is_carried)) for r in ranked]


def _reason(item: int, inside: set[int], tied: set[int], is_carried: Mapping[int, bool]) -> ProposalReason:
    if item in inside:
        return ProposalReason.QUOTA
    if item in tied:
        return ProposalReason.TIED_AT_QUOTA
    return ProposalReason.BELOW_QUOTA if is_carried[item] else ProposalReason.NOT_RECOMMENDED


def is_rank_order(ranked: Sequence[Ranked]) -> bool:
    """Whether ranks never fall along the list."""
    return all(one.rank <= other.rank for one, other in pairwise(ranked))
