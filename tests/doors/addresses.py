"""Every address of the url map, filled with what exists, what does not, and nonsense of the right type."""

from collections.abc import Iterator, Sequence
from itertools import islice

from flask import Flask
from werkzeug.routing import Rule

from tests.doors.world import World

MISSING = 987_654_321
NONSENSE = (MISSING, 0, 2**63 - 1, 2**63, "9" * 5000, -1)
"""A number that nobody has, numbers that no row can have, and no number at all."""
WORDS = {
    "act": ("extend", "close"),
    "attempt": (1, 2),
    "code": ("filing", "rating", "public_notice", "zh"),
    "filename": ("built/manifest.json", "../base.html"),
    "key": ("filing", "evaluation_round", "award_candidacy", "expert_review"),
    "measure": ("submitted", "pooled", "late"),
    "risk": ("quorum", "panels"),
    "role": ("manager", "sec_admin", "filer"),
    "version": (1, 2),
}
"""Values of the parameters that are no ids of rows."""
MISTAKEN = ("nowhere", "名", "%", "a" * 300, "..", "None")
RENAMED = {("portal", "item_id"): "notice_item_id", ("reviews", "seat_id"): "review_seat_id"}
"""(Room, parameter) -> the sample, where two rooms call different things alike."""


def rules_of(app: Flask, method: str) -> Sequence[Rule]:
    """The rules that answer this method, in order."""
    return sorted((rule for rule in app.url_map.iter_rules() if method in rule.methods), key=lambda one: one.rule)


def existing(world: World, rule: Rule, *, start: int, count: int) -> Iterator[str]:
    """`count` addresses of things that exist; `start` shifts the choice, so that everybody asks for others."""
    choices = {name: _samples(world, rule, name) for name in sorted(rule.arguments)}
    most = max((len(values) for values in choices.values()), default=1)
    for number in range(start, start + min(count, most)):
        yield fill(rule, {name: values[number % len(values)] for name, values in choices.items()})


def nonsensical(world: World, rule: Rule, *, start: int, count: int) -> Iterator[str]:
    """Addresses in which one parameter is nonsense and the others exist."""
    for name in islice(sorted(rule.arguments), start % max(len(rule.arguments), 1), None):
        wrong = NONSENSE if is_number(rule, name) else MISTAKEN
        for number in range(start, start + count):
            values = {one: _samples(world, rule, one)[0] for one in rule.arguments}
            yield fill(rule, values | {name: wrong[number % len(wrong)]})
        return


def parameter_of(rule: Rule) -> str | None:
    """The one thing that an address is about; None where there is none or several."""
    if len(rule.arguments) != 1:
        return None
    (name,) = rule.arguments
    return RENAMED.get((rule.endpoint.partition(".")[0], name), name)


def _samples(world: World, rule: Rule, name: str) -> Sequence[object]:
    key = RENAMED.get((rule.endpoint.partition(".")[0], name), name)
    return WORDS[name] if name in WORDS else world.samples[key] or [MISSING]


def is_number(rule: Rule, name: str) -> bool:
    """Whether the parameter is a number in the address."""
    return f"<int:{name}>" in rule.rule


def fill(rule: Rule, values: dict[str, object]) -> str:
    """The rule with its parameters replaced, whatever they are."""
    path = rule.rule
    for name, value in values.items():
        kind = "any(extend, close)" if "any(" in path and name == "act" else "path" if name == "filename" else "int"
        path = path.replace(f"<{kind}:{name}>", str(value)).replace(f"<{name}>", str(value))
    return path
