"""Saves instances of the definitions in workflows/ for ever: `python -m tests.saved_instances`, once per release.

Every definition that was released, and every engine version that it ran on, leaves two files in
tests/fixtures/instances: `<key>-<checksum>.bpmn`, the diagram as it was deployed, and
`<key>-<checksum>-<engine version>.json`, several instances of it as the tables hold them (canonical state and
variables), among them such as stand on parallel branches, in sub-processes, beside armed timers and before joins.
tests/engine/test_saved_instances.py loads each of them and walks it to its end. Files that are there already are
never written again: what was released must load and finish for ever.
"""

import hashlib
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any

import orjson

from app.engine import Definition, Event, ExpressionError, NodeKind, Step, compile_definition, enabled, start, step
from app.engine.expressions import check_expression, parse_script
from app.engine.proving.domains import read_domains

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "fixtures" / "instances"
ENGINE = version("SpiffWorkflow")
WALKS, MOST_STEPS, MOST_TRIES, KEPT = 60, 2_000, 200, 12


class Wanderer:
    """Walks instances of a definition with values drawn for everything that its conditions and scripts read."""

    def __init__(self, definition: Definition, random: Random) -> None:
        self.definition, self.random = definition, random
        outcomes = {node.id: tuple(one.code for one in node.outcomes) for node in definition.nodes.values()}
        self._samples = dict(read_domains(definition.conditions.values(), outcomes).samples)
        for name in self._names():
            if not any(name == f"{node}_outcome" for node in outcomes):
                self._samples.setdefault(name, (0, 1, 2, True, False))
        self._outcomes = outcomes

    def _names(self) -> Iterator[str]:
        for text in self.definition.conditions.values():
            yield from check_expression(text)
        for script in self.definition.scripts.values():
            for _, text in parse_script(script):
                yield from check_expression(text)

    def values(self) -> dict[str, Any]:
        """A value for every variable that is no outcome of a step."""
        steps = {f"{node}_outcome" for node in self._outcomes} | {"outcome"}
        return {name: self.random.choice(some) for name, some in self._samples.items() if name not in steps}

    def begin(self) -> Step:
        """A new instance, up to where it waits."""
        return self._try(lambda: start(self.definition, self.values()))

    def go_on(self, state: str, variables: dict[str, Any]) -> Step:
        """One event: operations first, as the runner does them, else anything that may happen."""
        waiting = enabled(self.definition, state)
        nodes = self.definition.nodes
        urgent = [node for node in waiting if nodes[node].kind in _AT_ONCE and not nodes[node].job]
        node = self.random.choice(urgent or waiting)
        return self._try(lambda: step(self.definition, state, self._event(node), variables))

    def _event(self, node: str) -> Event:
        if self.definition.nodes[node].kind is not NodeKind.USER:
            return Event("done", node, self.values())
        codes = self._outcomes[node]
        chosen = {"outcome": self.random.choice(codes)} if codes else {}
        return Event("complete", node, {**self.values(), **chosen})

    def _try(self, act: Any) -> Step:
        """Values of a kind that a condition cannot compare are drawn again."""
        for _ in range(MOST_TRIES):
            try:
                return act()
            except ExpressionError:
                continue
        raise AssertionError(f"{self.definition.key}: no values were found that its conditions can be read with")

    def finish(self, state: str, variables: dict[str, Any]) -> int:
        """Walks to the end; returns how many steps it took."""
        for number in range(1, MOST_STEPS + 1):
            taken = self.go_on(state, variables)
            if taken.state is None:
                return number
            state, variables = taken.state, dict(taken.variables)
        raise AssertionError(f"{self.definition.key}: not finished after {MOST_STEPS} steps, at {state}")


_AT_ONCE = frozenset({NodeKind.SERVICE, NodeKind.THROW, NodeKind.DECISION})


def visited(definition: Definition) -> dict[str, dict[str, Any]]:
    """The states that random walks come through, each with the variables of the first that stood there."""
    found: dict[str, dict[str, Any]] = {}
    for seed in range(WALKS):
        wanderer = Wanderer(definition, Random(seed))
        taken = wanderer.begin()
        for _ in range(MOST_STEPS):
            if taken.state is None:
                break
            found.setdefault(taken.state, dict(taken.variables))
            taken = wanderer.go_on(taken.state, dict(taken.variables))
    return found


def features(state: str) -> tuple[bool, ...]:
    """What is particular about a state: sub-process, join, border events, several tokens."""
    marking = orjson.loads(state)
    return ("s" in marking, "j" in marking, "b" in marking, len(marking.get("t", ())) > 1)


def choose(states: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The first state, then one of each kind in turn, KEPT in all."""
    kinds: dict[tuple[bool, ...], list[str]] = {}
    for state in states:
        kinds.setdefault(features(state), []).append(state)
    chosen = list(states)[:1]
    while len(chosen) < KEPT and any(kinds.values()):
        for waiting in kinds.values():
            if waiting and len(chosen) < KEPT:
                state = waiting.pop(0)
                chosen += [] if state in chosen else [state]
    return [{"state": state, "variables": states[state]} for state in chosen]


def save(path: Path) -> bool:
    """Saves instances of one definition; False when this definition was saved with this engine before."""
    xml = path.read_bytes()
    stem = f"{path.stem}-{hashlib.sha256(xml).hexdigest()[:12]}"
    target = FOLDER / f"{stem}-{ENGINE}.json"
    if target.exists():
        return False
    diagram = FOLDER / f"{stem}.bpmn"
    if not diagram.exists():
        diagram.write_bytes(xml)
    content = {"key": path.stem, "engine": ENGINE, "instances": choose(visited(compile_definition(xml)))}
    target.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n")
    return True


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in sorted((ROOT / "workflows").glob("*.bpmn")):
        sys.stdout.write(f"{path.name}: {'saved' if save(path) else 'was saved before'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
