"""Forms are sent spoiled: the house never stumbles, says what is wrong, and a refusal leaves everything as it was."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from werkzeug.test import TestResponse

from tests.doors.addresses import MISSING, fill, is_number
from tests.doors.forms import Form, forms_of
from tests.doors.mischief import Sent, spoiled
from tests.doors.rows import Watch
from tests.doors.world import World

CHINESE = re.compile(r"[\u4e00-\u9fff]")
REFUSALS = "//*[@id='refusal'] | //*[contains(@class, 'errsum')] | //*[contains(@class, 'err')] | //*[@role='alert']"
EXAMPLES = 150
MOST_FIELDS = 14
UNREADABLE = ("三十万".encode(), b"1e999")
"""No number, no date and no choice; and a number that none of ours is."""
FAREWELLS = ("/sign-out",)
"""After these the person has to come in again."""


@pytest.fixture(scope="module")
def forms(world: World) -> list[Form]:
    return list(forms_of(world))


@pytest.fixture(scope="module")
def watch(world: World) -> Watch:
    return Watch(world)


def send(world: World, form: Form, sent: Sent, locale: str) -> TestResponse:
    with world.knock(form.person, form.action, method="POST", locale=locale, **sent.as_request()) as answer:
        answer.get_data()
    if form.action in FAREWELLS:
        world.doors.pop(form.person, None)
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


def test_every_field_may_be_unreadable(world, forms, watch):
    faults = []
    for form in forms:
        for number, name in enumerate(list(dict(form.fields))[:MOST_FIELDS]):
            value = UNREADABLE[number % len(UNREADABLE)]
            fields = [(one, value if one == name else kept.encode()) for one, kept in form.fields if one != "revision"]
            with watch.expecting_nothing() as seen:
                answer = send(world, form, Sent(fields, []), "zh")
                seen.is_refused = answer.status_code >= 400
            if answer.status_code >= 500 or seen.changed:
                faults.append((form.person, form.action, name, answer.status_code, seen.changed))

    assert faults == []


def test_a_door_to_nothing_changes_nothing(world, forms, watch):
    """Where one of the things that an address names is not there, the rest of it is left alone."""
    faults = []
    for form in forms:
        rule, named = world.house.url_map.bind("localhost").match(form.action, method="POST", return_rule=True)
        for name in (one for one in named if is_number(rule, one)):
            lost = replace(form, action=fill(rule, named | {name: MISSING}))
            with watch.expecting_nothing() as seen:
                answer = send(
                    world, lost, Sent([(one, (kept or "说明").encode()) for one, kept in form.fields], []), "zh"
                )
                seen.is_refused = True
            if seen.changed or answer.status_code >= 500 or answer.status_code == 200:
                faults.append((form.person, lost.action, answer.status_code, seen.changed))

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
