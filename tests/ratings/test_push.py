"""The push plan (E5): caps and exclusions are never broken, every choice is explained, the same seed is the same plan."""

import random
from collections import Counter

import pytest

from app.ratings.push import PushItem, PushSettings, Target, TargetBook, choose_replacement, plan_items
from app.ratings.vocabulary import Exclusion, Fit, Purpose, SeatRole, Shortage

PROVINCES = [f"{number}0000" for number in range(11, 19)]
DOMAINS = ["1.1", "1.2", "2.1", "2.5"]


def world(seed):
    """A random small world: targets, items, settings."""
    lots = random.Random(seed)
    targets = [
        Target(
            organisation_id=key,
            role=lots.choice([SeatRole.ENT, SeatRole.ENT, SeatRole.UNI, SeatRole.GOV]),
            province_code=lots.choice(PROVINCES[: lots.randint(1, 8)]),
            domains=frozenset(lots.sample(DOMAINS, lots.randint(0, 2))),
            has_account=lots.random() < 0.8,
        )
        for key in range(lots.randint(0, 40))
    ]
    items = [
        PushItem(
            candidacy_id=key,
            report_type=lots.choice(["INDUSTRY", "RND", "REGION", "TALENT"]),
            domain_code=lots.choice(DOMAINS),
            province_code=lots.choice(PROVINCES),
            excluded={lots.randrange(40): Exclusion.PARTY for _ in range(lots.randint(0, 6))},
        )
        for key in range(lots.randint(1, 12))
    ]
    settings = PushSettings(
        targets_per_item=lots.randint(1, 12),
        min_provinces=lots.randint(1, 4),
        max_own_province_share=lots.choice([0.0, 0.3, 0.5, 0.6, 1.0]),
        max_per_organisation=lots.randint(1, 5),
    )
    return targets, items, settings


def fits(target, item):
    if item.report_type in ("REGION", "TALENT"):
        if target.role == SeatRole.GOV:
            return True
        return target.role == SeatRole.UNI and item.domain_code[0] in {code[0] for code in target.domains}
    return target.role != SeatRole.GOV and item.domain_code[0] in {code[0] for code in target.domains}


@pytest.mark.parametrize("seed", range(150))
def test_e5_hard_rules_are_never_broken(seed):
    targets, items, settings = world(seed)

    plans = plan_items(items, TargetBook(targets), settings, seed=str(seed))

    loads = Counter(choice.target.organisation_id for plan in plans for choice in plan.choices)
    assert all(load <= settings.max_per_organisation for load in loads.values())
    for plan in plans:
        chosen = [choice.target for choice in plan.choices]
        assert len({target.organisation_id for target in chosen}) == len(chosen) <= settings.targets_per_item
        assert not {target.organisation_id for target in chosen} & plan.item.excluded.keys()
        assert all(fits(target, plan.item) for target in chosen)
        assert plan.own_province <= settings.max_own_province_share * len(chosen) + 1e-9
        assert [choice.rank for choice in plan.choices] == list(range(1, len(chosen) + 1))


@pytest.mark.parametrize("seed", range(150))
def test_e5_a_single_item_gets_as_many_targets_as_brute_force_allows(seed):
    targets, items, settings = world(seed)
    item = items[0]

    (plan,) = plan_items([item], TargetBook(targets), settings, seed="x")

    free = [target for target in targets if fits(target, item) and target.organisation_id not in item.excluded]
    own = sum(target.province_code == item.province_code for target in free)
    away = len(free) - own
    best = max(
        here + there
        for here in range(own + 1)
        for there in range(away + 1)
        if here + there <= settings.targets_per_item and here <= settings.max_own_province_share * (here + there) + 1e-9
    )
    assert len(plan.choices) == best
    assert (Shortage.TARGETS in plan.shortages) == (best < settings.targets_per_item)


@pytest.mark.parametrize("seed", range(60))
def test_e5_enterprise_research_unit_and_provinces_are_had_where_brute_force_has_them(seed):
    targets, items, settings = world(seed)
    item = items[0]
    settings = PushSettings(
        targets_per_item=max(6, settings.targets_per_item), min_provinces=3, max_own_province_share=0.6
    )

    (plan,) = plan_items([item], TargetBook(targets), settings, seed="x")

    away = [
        target
        for target in targets
        if fits(target, item) and target.organisation_id not in item.excluded
        and target.province_code != item.province_code
    ]  # fmt: skip
    roles = {choice.target.role for choice in plan.choices}
    for role in (SeatRole.ENT, SeatRole.UNI):
        assert role in roles or role not in {target.role for target in away}
    assert plan.provinces >= min(3, len({target.province_code for target in away}))


@pytest.mark.parametrize("seed", range(20))
def test_same_seed_same_plan_whatever_the_order_of_arguments(seed):
    targets, items, settings = world(seed)

    first = plan_items(items, TargetBook(targets), settings, seed="a")
    again = plan_items(items[::-1], TargetBook(targets[::-1]), settings, seed="a")

    assert first == again


def test_another_seed_draws_others_among_equals():
    targets = [Target(key, SeatRole.ENT, PROVINCES[key % 8], frozenset({"2.5"})) for key in range(60)]
    item = PushItem(1, "INDUSTRY", "2.5", "990000")
    drawn = [
        {
            choice.target.organisation_id
            for choice in plan_items([item], TargetBook(targets), PushSettings(), seed=s)[0].choices
        }
        for s in ("a", "b")
    ]

    assert drawn[0] != drawn[1]


def test_every_left_out_organisation_has_its_reason():
    targets = [Target(key, SeatRole.ENT, "110000", frozenset({"2.5"})) for key in range(4)]
    item = PushItem(1, "INDUSTRY", "2.5", "990000", {0: Exclusion.OWN, 1: Exclusion.RELATED})
    book = TargetBook(targets, {2: 15})

    (plan,) = plan_items([item], book, PushSettings(), seed="x")

    assert [choice.target.organisation_id for choice in plan.choices] == [3]
    assert plan.exclusions == ((0, Exclusion.OWN), (1, Exclusion.RELATED), (2, Exclusion.AT_CAP))


def test_the_industry_is_asked_only_where_the_domain_does_not_suffice():
    targets = [
        *(Target(key, SeatRole.ENT, PROVINCES[key % 8], frozenset({"2.5"})) for key in range(10)),
        Target(10, SeatRole.UNI, "110000", frozenset({"2.5"})),
        *(Target(key, SeatRole.ENT, PROVINCES[key % 8], frozenset({"2.1"})) for key in range(11, 40)),
    ]
    item = PushItem(1, "INDUSTRY", "2.5", "990000")

    few, many = (
        plan_items([item], TargetBook(targets), PushSettings(targets_per_item=size), seed="x")[0] for size in (8, 20)
    )

    assert {choice.fit for choice in few.choices} == {Fit.DOMAIN}
    assert Counter(choice.fit for choice in many.choices) == {Fit.DOMAIN: 11, Fit.PARENT: 9}


def test_r024_region_and_talent_go_to_departments_and_research_units():
    targets = [
        Target(1, SeatRole.ENT, "110000", frozenset({"2.5"})),
        Target(2, SeatRole.UNI, "120000", frozenset({"2.5"})),
        Target(3, SeatRole.GOV, "130000", frozenset()),
    ]
    settings = PushSettings(min_provinces=2)
    plans = plan_items(
        [PushItem(1, "REGION", "2.5", "990000"), PushItem(2, "INDUSTRY", "2.5", "990000")],
        TargetBook(targets),
        settings,
        seed="x",
    )

    asked = [{choice.target.organisation_id for choice in plan.choices} for plan in plans]

    assert asked == [{2, 3}, {1, 2}]


def test_replacement_keeps_the_own_provinces_share():
    targets = [
        Target(1, SeatRole.ENT, "370000", frozenset({"2.5"})),
        Target(2, SeatRole.ENT, "110000", frozenset({"2.5"})),
    ]
    item = PushItem(1, "INDUSTRY", "2.5", "370000")
    seated = ["370000", "370000", "120000"]

    choice = choose_replacement(item, TargetBook(targets), PushSettings(), seated=seated, seed="x")
    none = choose_replacement(item, TargetBook(targets[:1]), PushSettings(), seated=seated, seed="x")

    assert choice is not None
    assert (choice.target.organisation_id, choice.purpose) == (2, Purpose.REPLACEMENT)
    assert none is None
