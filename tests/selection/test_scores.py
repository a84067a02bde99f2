"""Aggregation, tie-break, quota and pool line (E7, E8)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.selection.aggregation import Method, aggregate, is_divergent
from app.selection.grouping import group_items
from app.selection.pooling import Standpoint, place_in_pool
from app.selection.ranking import Contender, Ranked, list_by_quota, rank_contenders
from app.selection.rules import criteria_with, find_sheet_faults, is_carried, is_quorate, least_present
from app.selection.vocabulary import PoolReason, ProposalReason, TieStep

totals = st.lists(st.integers(0, 10000).map(lambda n: Decimal(n) / 100), max_size=9)


def decimals(*numbers):
    return [Decimal(str(number)) for number in numbers]


def test_b3_worked_example_drops_62_and_91():
    result = aggregate(decimals(78, 85, 88, 90, 62, 91, 84))

    assert (result.score, result.sheets, result.dropped) == (Decimal("85.00"), 7, 2)


def test_b3_plain_mean_where_the_round_says_so():
    assert aggregate(decimals(78, 85, 88, 90, 62, 91, 84), Method(trimmed=False)).score == Decimal("82.57")


def test_e8_three_or_four_sheets_make_a_plain_mean_and_fewer_none():
    assert aggregate(decimals(60, 70, 95)).score == Decimal("75.00")
    assert aggregate(decimals(60, 70, 80, 95)).score == Decimal("76.25")
    assert aggregate(decimals(60, 70)) is None


@given(totals)
def test_e8_a_score_lies_between_its_sheets_and_ignores_their_order(sheets):
    result = aggregate(sheets)

    assert (result is None) == (len(sheets) < 3)
    if result is not None:
        assert min(sheets) <= result.score <= max(sheets)
        assert result == aggregate(sheets[::-1])
        assert result.dropped == (2 if len(sheets) >= 5 else 0)


@pytest.mark.parametrize(
    ("sheets", "diverges"),
    [((60, 70, 85), False), ((60, 70, 86), True), ((50, 71, 72), True), ((52, 72, 73), False), ((80,), False)],
)
def test_e8_divergence_is_a_range_over_25_or_more_than_20_from_the_median(sheets, diverges):
    assert is_divergent(decimals(*sheets)) is diverges


def contender(id_, *, score=80, application=20, rating=4, proofs=1, vote=1, chair=None):
    values = decimals(score, application, rating)
    return Contender(id_, *values, proofs, Decimal(vote), chair)


@pytest.mark.parametrize(
    ("better", "step"),
    [
        ({"application": 25}, TieStep.APPLICATION),
        ({"rating": 4.5}, TieStep.RATING),
        ({"proofs": 2}, TieStep.PROOFS),
        ({"vote": 2}, TieStep.VOTE),
        ({"chair": 1}, TieStep.CHAIR),
    ],
)
def test_e8_each_step_of_the_tie_break_parts_in_its_order_and_is_told(better, step):
    ranked = rank_contenders([contender(1), contender(2, **better)])

    assert ranked == [Ranked(2, 1, step), Ranked(1, 2, step)]


def test_e8_whom_nothing_parts_share_a_rank_and_the_next_is_skipped():
    ranked = rank_contenders([contender(3), contender(1), contender(2, score=90), contender(4, score=70)])

    assert [(r.id, r.rank, r.tie_step) for r in ranked] == [
        (2, 1, None),
        (1, 2, TieStep.NONE),
        (3, 2, TieStep.NONE),
        (4, 4, None),
    ]


def test_e8_quota_lists_the_first_that_the_panels_carried():
    ranked = [Ranked(n, n, None) for n in range(1, 5)]

    listed = list_by_quota(ranked, quota=2, is_carried={1: True, 2: False, 3: True, 4: True})

    assert [(place.id, place.reason) for place in listed] == [
        (1, ProposalReason.QUOTA),
        (2, ProposalReason.NOT_RECOMMENDED),
        (3, ProposalReason.QUOTA),
        (4, ProposalReason.BELOW_QUOTA),
    ]


def test_e8_a_tie_across_the_quota_is_never_cut_silently():
    ranked = [Ranked(1, 1, None), Ranked(2, 2, TieStep.NONE), Ranked(3, 2, TieStep.NONE)]

    listed = list_by_quota(ranked, quota=2, is_carried={1: True, 2: True, 3: True})

    assert [(p.listed, p.reason) for p in listed] == [
        (True, ProposalReason.QUOTA),
        (False, ProposalReason.TIED_AT_QUOTA),
        (False, ProposalReason.TIED_AT_QUOTA),
    ]


standpoints = st.lists(
    st.tuples(st.sampled_from(["REGION", "INDUSTRY", "RND"]), st.integers(0, 8), st.booleans()), max_size=10
).map(
    lambda rows: [
        Standpoint(n, kind, f"{kind}:1", Decimal(points * 10), by_proofs=proofs and points < 3)
        for n, (kind, points, proofs) in enumerate(rows, 1)
    ]
)


def brute_pool(points, quota, minimum):
    """E7 word by word: the quota's composite is the line, each empty type adds its best, proofs enter."""
    able = sorted((s for s in points if not s.by_proofs and s.composite >= minimum), key=lambda s: -s.composite)
    line = able[:quota][-1].composite if able and quota else None
    inside = {s.id for s in able if line is not None and s.composite >= line} | {s.id for s in points if s.by_proofs}
    for kind in {s.report_type for s in points}:
        own = [s for s in points if s.report_type == kind]
        good = [s for s in own if s.composite >= minimum]
        if good and not any(s.id in inside for s in own):
            best = max(s.composite for s in good)
            inside |= {s.id for s in good if s.composite == best}
    return inside


@given(standpoints, st.integers(0, 6), st.integers(0, 8).map(lambda n: Decimal(n * 10)))
def test_e7_pool_equals_brute_force(points, quota, minimum):
    placed = place_in_pool(points, quota=quota, minimum=minimum)

    assert {place.id for place in placed if place.in_pool} == brute_pool(points, quota, minimum)


def test_e7_ties_at_the_line_all_enter_with_the_reason():
    points = [Standpoint(n, "RND", "RND:1", Decimal(score)) for n, score in ((1, 90), (2, 80), (3, 80), (4, 70))]

    placed = place_in_pool(points, quota=2, minimum=Decimal(50))

    assert [(p.rank, p.reason) for p in placed] == [
        (1, PoolReason.QUOTA),
        (2, PoolReason.QUOTA),
        (2, PoolReason.TIE),
        (4, PoolReason.BELOW_LINE),
    ]


def test_e7_a_type_without_anybody_gets_its_best_above_the_minimum():
    points = [
        Standpoint(1, "RND", "RND:1", Decimal(90)),
        Standpoint(2, "REGION", "REGION:1", Decimal(60)),
        Standpoint(3, "TALENT", "TALENT:1", Decimal(40)),
    ]

    placed = place_in_pool(points, quota=1, minimum=Decimal(50))

    assert [p.reason for p in placed] == [PoolReason.QUOTA, PoolReason.TYPE_GUARANTEE, PoolReason.BELOW_MINIMUM]


@given(st.dictionaries(st.integers(1, 999), st.sampled_from(["1.1", "1.2", "3.1", "10.2"]), max_size=80))
def test_panels_hold_every_item_once_and_are_even(domains):
    groups = group_items(domains, most=25)

    sizes = [len(group.items) for group in groups]
    assert sorted(item for group in groups for item in group.items) == sorted(domains)
    assert not sizes or (max(sizes) <= 25 and max(sizes) - min(sizes) <= 1)


@pytest.mark.parametrize(("present", "members", "met"), [(4, 5, True), (3, 5, False), (2, 3, True), (0, 0, False)])
def test_e8_two_thirds_make_a_quorum(present, members, met):
    assert is_quorate(present, members) is met
    assert (present >= least_present(members)) is met


def test_e8_carried_means_more_than_half_of_the_sheets():
    assert is_carried(Decimal("0.600000"))
    assert not is_carried(Decimal("0.500000"))
    assert not is_carried(None)


SHEET = {
    "goal": 9,
    "method": "13",
    "data": 12.5,
    "report": 17,
    "application": 30,
    "outreach": 7,
    "opinion": "论证充分，" * 10,
    "recommend": "yes",
}


def test_e8_a_whole_sheet_has_no_fault():
    assert find_sheet_faults(SHEET, criteria_with({})) == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"application": 32}, "application"),
        ({"goal": -1}, "goal"),
        ({"data": "NaN"}, "data"),
        ({"report": None}, "report"),
        ({"opinion": "短"}, "opinion"),
        ({"recommend": None}, "recommend"),
    ],
)
def test_e8_each_fault_of_a_sheet_stands_at_its_field(change, field):
    assert list(find_sheet_faults(SHEET | change, criteria_with({}))) == [field]
