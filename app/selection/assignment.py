"""Who reviews what: an exact assignment, coverage first, then balanced load, then fit to the domain (E8)."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from app.selection.flow_network import FlowNetwork

AFFINITY_UNIT = 10_000
"""Affinities are compared to four decimals."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Reviewers by item, and the items that could not get as many as asked for."""

    reviewers: Mapping[int, tuple[int, ...]]
    short: Mapping[int, int]
    """Item -> reviewers it lacks."""


@dataclass(frozen=True, slots=True)
class BidResult:
    """The best assignment of a bid matrix: its greatest total, and the sum of the worst-off item."""

    chosen: Sequence[tuple[int, ...]]
    total: float
    worst: float


def match_reviewers(
    *,
    items: Sequence[int],
    reviewers: Sequence[int],
    per_item: int,
    capacity: Mapping[int, int],
    forbidden: Set[tuple[int, int]],
    affinity: Mapping[tuple[int, int], int],
) -> Matching:
    """Gives every item up to `per_item` reviewers who may judge it.

    `forbidden` holds (item, reviewer); `affinity` 0 … 9, more is better. As many places as possible are
    filled; among those fillings the sum of squared loads is least, then the fit best. Equal inputs give equal
    answers: nothing depends on chance.
    """
    network = FlowNetwork(2 + len(reviewers) + len(items))
    at_reviewer = {reviewer: 2 + n for n, reviewer in enumerate(reviewers)}
    at_item = {item: 2 + len(reviewers) + n for n, item in enumerate(items)}
    weight = 10 * len(items) * per_item + 1
    for reviewer in reviewers:
        for load in range(min(capacity[reviewer], len(items))):
            network.add_arc(0, at_reviewer[reviewer], 1, (2 * load + 1) * weight)
    arcs = {
        (item, reviewer): network.add_arc(
            at_reviewer[reviewer], at_item[item], 1, 9 - affinity.get((item, reviewer), 0)
        )
        for item in items
        for reviewer in reviewers
        if (item, reviewer) not in forbidden
    }
    for item in items:
        network.add_arc(at_item[item], 1, per_item)
    network.send_all(0, 1)
    chosen = {
        item: tuple(r for r in reviewers if (item, r) in arcs and network.flow_on(arcs[item, r])) for item in items
    }
    return Matching(chosen, {item: per_item - len(got) for item, got in chosen.items() if len(got) < per_item})


def match_bids(bids: Sequence[Sequence[float]], *, per_item: int, cap: int) -> BidResult | None:
    """The assignment of greatest total affinity; None when no full one exists. A negative bid is a conflict."""
    raters = len(bids[0])
    best = max(max(row) for row in bids)
    network = FlowNetwork(2 + raters + len(bids))
    for rater in range(raters):
        network.add_arc(0, 2 + rater, cap)
    arcs: list[list[int | None]] = []
    for item, row in enumerate(bids):
        network.add_arc(2 + raters + item, 1, per_item)
        arcs.append(
            [
                None
                if bid < 0
                else network.add_arc(2 + rater, 2 + raters + item, 1, round((best - bid) * AFFINITY_UNIT))
                for rater, bid in enumerate(row)
            ]
        )
    if network.send_all(0, 1) < per_item * len(bids):
        return None
    chosen = [tuple(rater for rater, arc in enumerate(row) if arc is not None and network.flow_on(arc)) for row in arcs]
    sums = [sum(bids[item][rater] for rater in got) for item, got in enumerate(chosen)]
    return BidResult(chosen, round(sum(sums), 4), round(min(sums), 4))
