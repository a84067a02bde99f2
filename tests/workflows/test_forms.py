"""The files of forms/: each compiles, speaks both languages, and can be sent by a client that knows only field types."""

import pytest

from app.formdefs.compiled import CompiledForm
from app.formdefs.schema import compile_form
from tests.workflows.walking import FORMS

EVERY = pytest.mark.parametrize("key", sorted(path.stem for path in FORMS.glob("*.form")))


def form_of(key: str) -> CompiledForm:
    return compile_form((FORMS / f"{key}.form").read_bytes(), file=f"{key}.form", key=key, version=1)


@EVERY
def test_every_label_has_its_english(key: str) -> None:
    form = form_of(key)

    assert form.title.zh
    assert form.title.en
    for field in form.fields:
        assert field.label.zh, field.key
        assert field.label.en, field.key
        assert field.hint is None or (field.hint.zh and field.hint.en), field.key


@EVERY
def test_a_json_field_may_be_left_out_and_says_what_that_means(key: str) -> None:
    for field in form_of(key).fields:
        if field.is_json:
            assert not field.required, field.key
            assert field.shape, field.key
            assert field.hint is not None, field.key
            assert "不填" in field.hint.zh, field.key


def test_the_publication_date_becomes_a_variable() -> None:
    assert [field.key for field in form_of("final_decision").fields if field.variable] == ["publish_at"]


def test_the_six_criteria_of_the_score_sheet_sum_to_a_hundred() -> None:
    maxima = [field.max for field in form_of("score_sheet").fields if field.max is not None]

    assert maxima == [10, 15, 15, 20, 30, 10]


def test_the_opinion_of_a_score_sheet_has_fifty_characters() -> None:
    opinion = form_of("score_sheet").field("opinion")

    assert opinion is not None
    assert opinion.min_length == 50


@pytest.mark.parametrize("key", ["rating", "rating_gov"])
def test_a_rating_declares_conflicts_first_and_has_five_steps_per_dimension(key: str) -> None:
    form = form_of(key)
    dimensions = [form.field(name) for name in ("useful", "data", "actionable", "innovative", "experience")]

    assert form.fields[0].key == "no_interest"
    assert [len(field.options) for field in dimensions if field is not None] == [5] * 5
