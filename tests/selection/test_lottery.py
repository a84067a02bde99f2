"""The draw: limits, exactness, commitment, recomputation (E8)."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.selection.lottery import (
    DrawLimits,
    LotHolder,
    commitment_of,
    count_seats,
    fingerprint,
    limits_of,
    lot_of,
    mix_seed,
    open_lots,
    split_pool,
)
from app.selection.verification import verify_export
from app.selection.vocabulary import DRAW_ALGORITHM, Exclusion

RULES = {
    "size": 3,
    "reserves": 1,
    "max_per_organisation": 1,
    "max_per_province": 2,
    "max_rounds_in_a_row": 2,
    "bar_item_provinces": False,
}


def expert(number: int, **more) -> dict:
    return {
        "id": number,
        "domains": ["3.1"],
        "organisation": 100 + number,
        "province": f"p{number % 4}",
        "former": [],
        "recused": [],
        "is_honest": True,
        "rounds_in_a_row": 0,
        "load": 0,
        "capacity": 25,
        **more,
    }


def inputs(*experts: dict, **more) -> dict:
    return {
        "panel_id": 1,
        "rules": RULES,
        "barred": {},
        "items": [{"candidacy": 1, "province": "p9", "organisations": [900, 901]}],
        "experts": list(experts),
        "seated": [],
        "answered": [],
        **more,
    }


def fits(chosen, limits) -> bool:
    by_organisation = Counter(holder.organisation_id for holder in chosen)
    by_province = Counter(holder.province_code for holder in chosen)
    return all(n <= limits.max_per_organisation for n in by_organisation.values()) and all(
        n <= limits.max_per_province for n in by_province.values()
    )


holders = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["p1", "p2", "p3"])), min_size=0, max_size=7).map(
    lambda pairs: [LotHolder(n, organisation, province) for n, (organisation, province) in enumerate(pairs, 1)]
)


@given(holders, st.integers(1, 2), st.integers(1, 2), st.integers(1, 4))
def test_seats_counted_by_flow_equal_brute_force(pool, per_organisation, per_province, size):
    limits = DrawLimits(size, 0, per_organisation, per_province)

    most = max(n for n in range(len(pool) + 1) for chosen in combinations(pool, n) if fits(chosen, limits))

    assert count_seats(pool, limits) == most


@given(holders, st.integers(1, 4), st.integers(0, 2), st.text("abc", min_size=1, max_size=3))
def test_draw_finds_a_panel_whenever_one_exists_and_keeps_the_limits(pool, size, reserves, seed):
    limits = DrawLimits(size, reserves, 1, 2)

    drawn = open_lots(pool, limits, seed)

    by_id = {holder.id: holder for holder in pool}
    assert (drawn is None) == (count_seats(pool, limits) < size)
    if drawn is not None:
        chosen = [by_id[id_] for id_ in (*drawn.members, *drawn.reserves)]
        assert len(drawn.members) == size
        assert fits(chosen, limits)
        assert len(drawn.reserves) == min(reserves, count_seats(pool, limits) - size)


@given(holders, st.permutations(range(7)))
def test_draw_does_not_depend_on_the_order_of_the_pool(pool, order):
    limits = DrawLimits(2, 1, 1, 2)
    shuffled = [pool[n] for n in order if n < len(pool)]

    assert open_lots(pool, limits, "seed") == open_lots(shuffled, limits, "seed")


def test_lots_are_even():
    first = Counter(min(range(5), key=lambda n, turn=turn: lot_of(f"seed {turn}", n)) for turn in range(2000))

    assert all(abs(count - 400) < 3 * 18 for count in first.values())


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"is_honest": False}, Exclusion.INTEGRITY),
        ({"organisation": 900}, Exclusion.ORGANISATION),
        ({"former": [901]}, Exclusion.FORMER_ORGANISATION),
        ({"recused": [901]}, Exclusion.RECUSED),
        ({"rounds_in_a_row": 2}, Exclusion.ROTATION),
        ({"load": 25}, Exclusion.CAPACITY),
    ],
)
def test_every_excluded_expert_has_a_reason(more, reason):
    pool = inputs(expert(1, **more), expert(2))

    taking_part, excluded = split_pool(pool)

    assert [holder.id for holder in taking_part] == [2]
    assert excluded == {1: reason}


def test_experts_of_an_items_province_are_barred_where_the_rule_is_on():
    pool = inputs(expert(1, province="p9"), rules={**RULES, "bar_item_provinces": True})

    assert split_pool(pool)[1] == {1: Exclusion.PROVINCE}


def test_recusal_by_order_seated_and_answered_experts_stay_out():
    pool = inputs(
        expert(1),
        expert(2),
        expert(3),
        expert(4),
        barred={"1": "导师"},
        seated=[{"id": 2, "organisation": 102, "province": "p2"}],
        answered=[3],
    )

    assert split_pool(pool)[1] == {1: Exclusion.ORDERED, 2: Exclusion.SEATED, 3: Exclusion.ANSWERED}
    assert limits_of(pool).size == 2


def draw_export(**more) -> dict:
    pool = inputs(*(expert(n) for n in range(1, 9)), expert(9, is_honest=False))
    secret, number, pool_hash = "5" * 64, "271828", fingerprint(pool)
    seed = mix_seed(secret, number, pool_hash)
    taking_part, excluded = split_pool(pool)
    drawn = open_lots(taking_part, limits_of(pool), seed)
    return {
        "kind": "draw",
        "algorithm": DRAW_ALGORITHM,
        "inputs": pool,
        "pool_hash": pool_hash,
        "secret": secret,
        "commitment": commitment_of(secret, pool_hash),
        "witness_number": number,
        "seed": seed,
        "result": {
            "members": list(drawn.members),
            "reserves": list(drawn.reserves),
            "excluded": {str(id_): reason for id_, reason in excluded.items()},
        },
        **more,
    }


def test_an_honest_draw_verifies():
    assert verify_export(draw_export()) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"secret": "6" * 64}, "the commitment does not belong to this secret and pool"),
        ({"witness_number": "1"}, "the seed is not the mix of the secret and the witness's number"),
        ({"seed": "0" * 64}, "the seed is not the mix of the secret and the witness's number"),
        ({"pool_hash": "0" * 64}, "the pool is not the one that was committed"),
        ({"result": {"members": [1, 2, 3], "reserves": [], "excluded": {}}}, "the exclusions differ"),
        ({"algorithm": "dice"}, "unknown algorithm dice"),
    ],
)
def test_every_change_to_a_draw_is_found(change, fault):
    assert fault in verify_export(draw_export(**change))


def test_a_swapped_member_is_found():
    export = draw_export()
    result = export["result"]
    result["members"][0], result["reserves"][0] = result["reserves"][0], result["members"][0]

    assert verify_export(export) == ["the lots give other members or reserves"]


def test_a_damaged_export_is_a_fault_and_no_crash():
    assert verify_export({"kind": "draw"})[0].startswith("the export is incomplete")
    assert verify_export({}) == ["unknown kind of export"]
