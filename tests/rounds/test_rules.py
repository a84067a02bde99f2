"""Parameters: every number of the review rules is a setting with a default."""

import pytest

from app.kernel.errors import FieldError
from app.rounds.rules import (
    DEFAULT_PARAMETERS,
    complete_parameters,
    find_faults,
    flatten,
    nest,
    read_parameter,
)
from app.rounds.settings import GROUPS, SETTINGS

NUMBERS_OF_DOMAIN = {
    "push.targets_per_item": 30,  # E5
    "push.min_provinces": 3,
    "push.max_own_province_share": 0.6,
    "push.max_per_organisation": 15,
    "quorum.default_organisations": 8,  # E6
    "quorum.default_enterprises": 5,
    "quorum.gov_organisations": 5,
    "rating.min_reading_seconds": 60,
    "rating.min_comment_chars": 20,
    "pool.weights.rating": 0.70,
    "pool.weights.interaction": 0.15,
    "pool.weights.proofs": 0.15,
    "pool.factor": 3,  # E7
    "panel.size": 5,  # E8
    "panel.reserves": 2,
    "panel.max_per_organisation": 1,
    "panel.max_per_province": 2,
    "panel.items_min": 15,
    "panel.items_max": 25,
    "recusal.years": 3,
    "recusal.named_by_filer": 3,
    "sheet.min_opinion_chars": 50,
    "aggregation.max_range": 25,
    "aggregation.max_from_median": 20,
    "meeting.quorum": "2/3",
    "windows.rating": 20,
    "windows.public_notice": 5,  # E9
    "composite.cap": 110,  # E11
    "bonus.each": 1,
    "bonus.cap": 8,
}


@pytest.mark.parametrize(("key", "number"), NUMBERS_OF_DOMAIN.items())
def test_every_number_of_the_review_rules_is_a_default(key, number):
    assert read_parameter(DEFAULT_PARAMETERS, key) == number


def test_the_defaults_have_no_faults():
    assert find_faults(DEFAULT_PARAMETERS) == {}


def test_every_setting_belongs_to_a_group_with_a_name():
    assert {setting.group for setting in SETTINGS.values()} == set(GROUPS)


def test_nesting_and_flattening_undo_each_other():
    assert nest(flatten(DEFAULT_PARAMETERS)) == DEFAULT_PARAMETERS


def test_a_round_frozen_before_a_setting_existed_reads_its_default():
    assert read_parameter({"push": {}}, "push.min_provinces") == 3


def test_a_false_flag_is_read_as_false():
    parameters = complete_parameters({"aggregation": {"trimmed": False}})

    assert read_parameter(parameters, "aggregation.trimmed") is False


def test_a_key_without_setting_is_a_fault_of_the_program():
    with pytest.raises(KeyError):
        read_parameter(DEFAULT_PARAMETERS, "push.nothing")


@pytest.mark.parametrize(
    ("wish", "fault"),
    [
        ({"push.targets_per_item": 0}, {"push.targets_per_item": "number_range"}),
        ({"push.targets_per_item": 2.5}, {"push.targets_per_item": "number_range"}),
        ({"push.targets_per_item": True}, {"push.targets_per_item": "number_range"}),
        ({"push.targets_per_item": "30"}, {"push.targets_per_item": "number_range"}),
        ({"push.max_own_province_share": 1.5}, {"push.max_own_province_share": "number_range"}),
        ({"push.types": ["NOTHING"]}, {"push.types": "option_unknown"}),
        ({"push.types": "RND"}, {"push.types": "option_unknown"}),
        ({"meeting.quorum": "3/2"}, {"meeting.quorum": "share_invalid"}),
        ({"meeting.quorum": "1/0"}, {"meeting.quorum": "share_invalid"}),
        ({"aggregation.trimmed": 1}, {"aggregation.trimmed": "field_required"}),
        ({"push.colour": 3}, {"push.colour": "setting_unknown"}),
        ({"sheet.weights.goal": 20}, {"sheet.weights.goal": "weights_sum_100"}),
        ({"pool.weights.rating": 0.8}, {"pool.weights.rating": "weights_sum_1"}),
        ({"panel.size": 6}, {"panel.size": "panel_size_odd"}),
        ({"panel.items_min": 30}, {"panel.items_max": "limits_crossed"}),
        ({"quorum.default_enterprises": 9}, {"quorum.default_enterprises": "limits_crossed"}),
        ({"composite.floor": 100, "composite.cap": 90}, {"composite.cap": "limits_crossed"}),
    ],
)
def test_a_setting_out_of_bounds_is_named(wish, fault):
    faults = find_faults(complete_parameters(wish))

    assert {key: [error.code for error in errors] for key, errors in faults.items()} == {
        key: [code] for key, code in fault.items()
    }


def test_a_number_out_of_range_tells_the_range():
    faults = find_faults(complete_parameters({"panel.size": 99}))

    assert faults == {"panel.size": [FieldError("number_range", label="每组专家数（奇数，不少于5）", min=5, max=15)]}
