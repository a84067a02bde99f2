"""Forms are sent spoiled: the house never stumbles, says what is wrong, and a refusal leaves everything as it was."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from werkzeug.test import TestResponse

from tests.doors.forms import Form, forms_of
from tests.doors.mischief import Sent, spoiled
from tests.doors.rows import Watch
from tests.doors.world import World

CHINESE = re.compile(r"[\u4e00-\u9fff]")
REFUSALS = "//*[@id='refusal'] | //*[contains(@class, 'errsum')] | //*[contains(@class, 'err')] | //*[@role='alert']"
EXAMPLES = 250
FAREWELLS = ("/sign-out",)
"""After these the person has to come in again."""


@pytest.fixture(scope="module")
def forms(world: World) -> list[Form]:
    return list(forms_of(world))


@pytest.fixture(scope="module")
def watch(world: World) -> Watch:
    return Watch(world)


def send(world: World, form: Form, sent: Sent, locale: str) -> TestResponse:
    if form.action in FAREWELLS:
        world.doors.pop(form.person, None)
    with world.knock(form.person, form.action, method="POST", locale=locale, **sent.as_request()) as answer:
        answer.get_data()
        return answer


def sentence_of(answer: TestResponse) -> str:
    """What a refusal says."""
    if answer.is_json:
        return str(answer.get_json().get("detail") or answer.get_json().get("findings"))
    found = html.document_fromstring(answer.text).xpath(REFUSALS) if answer.text.strip() else []
    return " ".join(one.text_content().strip() for one in found)


def test_spoiled_forms_are_refused_in_words_and_change_nothing(world, forms, watch):
    faults = []

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def spoil(data: st.DataObject) -> None:
        form = data.draw(st.sampled_from(forms))
        sent, locale = data.draw(spoiled(form)), data.draw(st.sampled_from(("zh", "en")))
        with watch.expecting_nothing() as seen:
            answer = send(world, form, sent, locale)
            seen.is_refused = answer.status_code >= 400
        said = sentence_of(answer) if answer.status_code >= 400 and answer.status_code != 401 else None
        wrong = [
            *(["stumbled"] if answer.status_code >= 500 else []),
            *([f"changed {seen.changed}"] if seen.changed else []),
            *(["says nothing"] if said == "" else []),
            *(["not in Chinese"] if said and locale == "zh" and not CHINESE.search(said) else []),
        ]
        faults.extend((answer.status_code, form.person, form.action, fault, sent.fields[-3:]) for fault in wrong)

    spoil()

    assert len(forms) > 60
    assert faults == []


def test_a_form_without_its_token_is_refused_and_changes_nothing(world, forms, watch):
    world.house.config["WTF_CSRF_ENABLED"] = True
    try:
        for form in forms:
            plain = Sent([(name, value.encode()) for name, value in form.fields if name != "csrf_token"], [])
            with watch.expecting_nothing() as seen:
                answer = send(world, form, plain, "zh")
                seen.is_refused = True
            assert (form.action, answer.status_code, seen.changed) == (form.action, 400, [])
            assert "页面已过期" in answer.text
    finally:
        world.house.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize("revision", ["0", "999999", "9" * 5000])
def test_a_form_of_another_revision_is_refused_and_changes_nothing(world, forms, watch, revision):
    kept = [form for form in forms if "revision" in dict(form.fields)]
    for form in kept:
        fields = [(name, (revision if name == "revision" else value).encode()) for name, value in form.fields]
        with watch.expecting_nothing() as seen:
            answer = send(world, form, Sent(fields, []), "zh")
            seen.is_refused = True
        assert (form.action, answer.status_code in (200, 409, 422), seen.changed) == (form.action, True, [])
        assert CHINESE.search(sentence_of(answer) or answer.text)

    assert kept
