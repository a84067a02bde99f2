"""The exact assignment against known optima and against brute force (E8; M7)."""

from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.selection.assignment import match_bids, match_reviewers

DATA = Path(__file__).parent / "data"


def read_bids(name: str) -> list[list[float]]:
    lines = (DATA / name).read_text().splitlines()
    items = int(lines[0].split()[0])
    return [[float(bid) for bid in line.split()] for line in lines[1 : items + 1]]


@pytest.mark.parametrize(
    ("name", "cap", "total", "worst"),
    [("preflib1.in", 6, 124.25, 0.75), ("preflib2.in", 7, 141.5, 1.0), ("aamas2015.in", 10, 1368.0, 0.75)],
)
def test_bid_matrices_reach_their_known_optimum(name, cap, total, worst):
    result = match_bids(read_bids(name), per_item=3, cap=cap)

    assert result is not None
    assert (result.total, result.worst) == (total, worst)
    assert all(len(set(chosen)) == 3 for chosen in result.chosen)


def test_bids_without_full_assignment_give_none():
    assert match_bids([[1.0, -1.0], [1.0, 1.0]], per_item=2, cap=2) is None


cases = st.integers(1, 3).flatmap(
    lambda items: st.integers(1, 4).flatmap(
        lambda reviewers: st.tuples(
            st.just(items),
            st.just(reviewers),
            st.integers(1, 3),
            st.lists(st.integers(0, 3), min_size=reviewers, max_size=reviewers),
            st.sets(st.tuples(st.integers(0, items - 1), st.integers(0, reviewers - 1))),
            st.lists(st.integers(0, 9), min_size=items * reviewers, max_size=items * reviewers),
        )
    )
)


def brute_force(*, items, reviewers, per_item, capacity, forbidden, fit):
    """(filled places, least squares of loads, best fit) over all assignments."""
    allowed = [[r for r in range(reviewers) if (i, r) not in forbidden] for i in range(items)]
    choices = [
        [chosen for n in range(min(per_item, len(each)) + 1) for chosen in combinations(each, n)] for each in allowed
    ]
    best = None
    for picks in product(*choices):
        loads = [sum(r in pick for pick in picks) for r in range(reviewers)]
        if any(load > cap for load, cap in zip(loads, capacity, strict=True)):
            continue
        value = (
            sum(loads),
            -sum(load * load for load in loads),
            sum(fit[i * reviewers + r] for i, pick in enumerate(picks) for r in pick),
        )
        best = value if best is None else max(best, value)
    return best


@given(cases)
def test_assignment_equals_brute_force_in_coverage_then_balance_then_fit(case):
    items, reviewers, per_item, capacity, forbidden, fit = case

    matching = match_reviewers(
        items=range(items),
        reviewers=range(reviewers),
        per_item=per_item,
        capacity=dict(enumerate(capacity)),
        forbidden=forbidden,
        affinity={(i, r): fit[i * reviewers + r] for i in range(items) for r in range(reviewers)},
    )

    loads = [sum(r in got for got in matching.reviewers.values()) for r in range(reviewers)]
    found = (
        sum(loads),
        -sum(load * load for load in loads),
        sum(fit[i * reviewers + r] for i, got in matching.reviewers.items() for r in got),
    )
    assert found == brute_force(
        items=items, reviewers=reviewers, per_item=per_item, capacity=capacity, forbidden=forbidden, fit=fit
    )
    assert not {(i, r) for i, got in matching.reviewers.items() for r in got} & forbidden
    assert matching.short == {i: per_item - len(got) for i, got in matching.reviewers.items() if len(got) < per_item}
