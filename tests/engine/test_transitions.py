"""The transition cache: it answers as the engine does, for its own version only, and never grows without bound."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine import DefinitionRefusedError, Event, Transitions, compile_definition, enabled, start, step
from app.engine import transitions as cache
from app.engine.window import ExpressionError, StepError
from tests.engine.blocks import Block, Drawing, Grammar, random_values
from tests.engine.sketch import draw, flows, users
from tests.engine.test_blocks import KINDS, event_type

ODD = (True, False, 1, 0, 1.0, 0.0, -0.0, "", "a", None, [1], [True], [1.0], {"a": 1, "b": 2}, {"b": 2, "a": 1}, 2**200)
"""Values that are equal or print alike without being the same."""
SCRIPTS = ("{} = str(a)", "{} = b", "{} = 1 if c else [a]", "{} = [a, b]\n{}_2 = {}", "{} = a == b", "c = c is a")


class Scripted(Grammar):
    """Blocks with script tasks between them, which write a variable of their own or overwrite `c`."""

    def sequence(self, depth):
        block = super().sequence(depth)
        for place in range(self.random.randint(0, 2)):
            block.parts.insert(self.random.randint(0, len(block.parts)), Block("script", self.name("w")))
            block.parts[-1].guard = str(place)
        return block


class ScriptedDrawing(Drawing):
    """Draws script tasks, and gateways' conditions that read an odd variable beside their own."""

    def __init__(self, block: Block, random: Random):
        self.random = random
        super().__init__(block)

    def _draw_script(self, block, source):
        text = self.random.choice(SCRIPTS).replace("{}", block.id)
        self.lines.append(f'<scriptTask id="{block.id}"><script>{text}</script></scriptTask>')
        self._flow(source, block.id)
        return block.id, ""

    def _gateway(self, block, source, tag, conditions):
        odd = self.random.choice(("{}", "a or {}", "{} and not b", "c == a or {}"))
        return super()._gateway(block, source, tag, [text and odd.format(f"({text})") for text in conditions])


def odd_values(block: Block, random: Random) -> dict[str, object]:
    return random_values(block, random) | {name: random.choice(ODD) for name in "abc"}


def walk(seed: int) -> int:
    """Walks a random process twice with the same seed of chance: what the cache answers is what a fresh step gives."""
    random = Random(seed)
    block = Scripted(random, KINDS).sequence(2)
    try:
        definition = compile_definition(ScriptedDrawing(block, random).xml)
    except DefinitionRefusedError:  # two branches write `c`
        return 0
    known, hits = Transitions(), 0
    for _ in range(6):
        values = odd_values(block, random)
        before, now = known.look_up(definition, None, None, values), start(definition, values)
        assert known.start(definition, values) == now
        hits += before is not None
        for _ in range(8):
            if now.state is None:
                break
            node = random.choice(enabled(definition, now.state))
            kind = event_type(block, node)
            event = Event(kind, node, random.choice((odd_values(block, random), {"outcome": random.choice(ODD)}, {})))
            try:
                fresh = step(definition, now.state, event, now.variables)
            except (StepError, ExpressionError) as error:
                with pytest.raises(type(error)):
                    known.step(definition, now.state, event, now.variables)
                break
            before = known.look_up(definition, now.state, event, now.variables)
            assert before is None or same(before, fresh)
            assert same(known.step(definition, now.state, event, now.variables), fresh)
            hits += before is not None
            now = fresh
    return hits


def same(one, other) -> bool:
    """Equal in every part, and 1 is not True."""
    return one == other and repr(one) == repr(other)


def test_cached_step_equals_fresh_step():
    hits = []

    @settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 10**9))
    def holds(seed):
        hits.append(walk(seed))

    holds()

    assert sum(hits) > 1_000


GATE = draw(
    '<startEvent id="s"/><endEvent id="e"/><exclusiveGateway id="g" default="g_e"/>'
    '<scriptTask id="c"><script>n = n + 1\nseen = [n]</script></scriptTask>'
    + users("t", "u")
    + flows("s -> t -> c -> g", "g -> u : n > limit", "g -> e", "u -> e")
)


def test_what_a_step_does_not_read_passes_through_it():
    definition, known = compile_definition(GATE), Transitions()
    first = start(definition, {"n": 1, "limit": 1})
    known.step(definition, first.state, Event("complete", "t"), first.variables)

    found = known.look_up(definition, first.state, Event("complete", "t", {"title": "x"}), first.variables)

    assert found.variables == {"n": 2, "limit": 1, "title": "x", "seen": [2]}
    assert (found.reads, found.written, found.opened) == (("n", "limit"), ("n", "seen"), ("u",))


def test_who_changes_an_answer_does_not_change_the_next():
    definition, known = compile_definition(GATE), Transitions()
    first, event = start(definition, {"n": 1, "limit": 1}), Event("complete", "t")
    for _ in range(3):
        answer = known.step(definition, first.state, event, first.variables)
        assert answer.variables["seen"] == [2]
        answer.variables["seen"].append(99)


def test_another_version_is_never_answered():
    definition, known = compile_definition(GATE), Transitions()
    other = compile_definition(GATE.replace(b"n &gt; limit", b"n > limit").replace(b"n > limit", b"n > limit + 1"))
    first, event = start(definition, {"n": 1, "limit": 1}), Event("complete", "t")
    known.step(definition, first.state, event, first.variables)

    assert known.look_up(other, first.state, event, first.variables) is None
    assert known.step(other, first.state, event, first.variables).finished
    assert known.look_up(compile_definition(GATE), first.state, event, first.variables) is not None


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(cache, "MAX_EFFECTS_OF_A_PLACE", 10)
    definition, known = compile_definition(GATE), Transitions(max_effects=25)
    first, event = start(definition, {}), Event("complete", "t")
    for number in range(200):
        found = known.step(definition, first.state, event, {"n": number, "limit": 100})
        assert found.finished == (number < 100)
        known.start(definition, {})
        known.step(definition, '{"t":["u"]}', Event("complete", "u", {"x": number}), {})
        assert len(known) <= 25


@pytest.mark.parametrize("large", ["x" * 201, list(range(200)), 2**300])
def test_values_too_large_to_compare_are_not_kept(large):
    definition, known = compile_definition(GATE.replace(b"n + 1", b"len(str(n))")), Transitions()
    first, event = start(definition, {}), Event("complete", "t")
    variables = {"n": large, "limit": 1}

    answer = known.step(definition, first.state, event, variables)

    assert answer == step(definition, first.state, event, variables)
    assert (len(known) == 0) == (not isinstance(large, int))
