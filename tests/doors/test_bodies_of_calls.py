"""Every changing call of the JSON API is sent what is no good: it says so as the contract has it, and does nothing."""

import re
from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.accounts.vocabulary import Role
from app.web.requests import API_PAGES
from tests.doors.addresses import MISSING, existing, fill, rules_of
from tests.doors.rows import count_rows
from tests.doors.world import World

JSON = "application/json"
MEMBERS = {"type", "status", "code", "title", "detail", "errors"}
LET_IN: dict[str, str] = {}
"""Address -> a role that the call lets in, as found."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
BODIES = {
    "text": ("text/plain", b'{"values": {}}', {415}),
    "form": ("application/x-www-form-urlencoded", b"values=1", {415}),
    "array": (JSON, b"[]", {415, 422}),
    "null": (JSON, b"null", {415, 422}),
    "deep": (JSON, b'{"values":' * 100_000, {415, 422}),
    "nested": (JSON, b'{"values":' + b"[" * 900 + b"]" * 900 + b"}", {415, 422}),
    "latin": (JSON, '{"values": "é"}'.encode("latin-1"), {415, 422}),
    "surrogate": (JSON, b'{"values": "\\ud800"}', {415, 422}),
    "nul": (JSON, b'{"values": "\\u0000"}', {415, 422}),
    "large": (JSON, b'{"values": "' + b"x" * 10 * 1024 * 1024 + b'"}', {413, 415}),
    "twice": (JSON, b'{"values": {}, "values": {}}', {415, 422}),
    "digits": (JSON, b'{"values": ' + b"9" * 5000 + b"}", {415, 422}),
    "unknown": (JSON, b'{"nobody_knows": 1}', {415, 422}),
}
"""What is sent: (content type, body, what may be answered). 415 at every one: calls that take a file."""


def calls(world: World, *methods: str) -> Iterator[tuple[str, Rule]]:
    for method in methods:
        yield from ((method, rule) for rule in rules_of(world.house, method) if is_call(rule))


def is_call(rule: Rule) -> bool:
    return rule.rule.startswith("/api/v1/") and rule.rule not in API_PAGES


def send(world: World, method: str, rule: Rule, *, locale: str = "zh", **more) -> TestResponse:
    """The call by the first person whom it lets in."""
    path = next(existing(world, rule, start=0, count=1))
    for role in (LET_IN.get(rule.rule), *Role):
        answer = world.knock(role, path, method=method, locale=locale, **more) if role else None
        if answer is not None and answer.status_code != 403:
            LET_IN[rule.rule] = role
            break
    return answer


def faults_of(answer: TestResponse, wanted: set[int], locale: str) -> Iterator[str]:
    """What is wrong with a refusal."""
    if answer.status_code not in wanted:
        yield f"{answer.status_code}"
    if answer.content_type != "application/problem+json":
        yield answer.content_type
        return
    problem = answer.get_json()
    if not set(problem) >= MEMBERS or problem["status"] != answer.status_code:
        yield f"members {sorted(problem)}"
    if not problem["detail"] or bool(CHINESE.search(problem["detail"])) != (locale == "zh"):
        yield f"says “{problem['detail']}”"


@pytest.mark.parametrize("name", BODIES)
def test_what_is_no_good_is_refused_and_changes_nothing(world, name):
    content_type, body, wanted = BODIES[name]
    before, faults = count_rows(world), []
    for number, (method, rule) in enumerate(calls(world, "POST", "PATCH")):
        locale = ("zh", "en")[number % 2]
        answer = send(world, method, rule, locale=locale, data=body, content_type=content_type)
        faults += [(f"{method} {rule.rule}", fault) for fault in faults_of(answer, wanted, locale)]

    assert faults == []
    assert count_rows(world) == before


def test_another_method_is_refused_with_those_that_there_are(world):
    for method in ("GET", "POST", "PATCH"):
        for _method, rule in calls(world, method):
            path = fill(rule, dict.fromkeys(rule.arguments, MISSING))
            answer = world.knock("manager", path, method="DELETE")

            assert list(faults_of(answer, {405}, "zh")) == []
            assert method in answer.headers["Allow"]
