"""The free answers that exploration gives to conditions."""

from collections.abc import Mapping

from app.engine import expressions
from app.engine.proving.domains import Domains
from app.engine.step import Scripts
from app.engine.window import ExpressionError, Value


class Answers(Scripts):
    """A script engine that answers conditions freely, following a list of picks and noting where it had a choice."""

    def __init__(self, domains: Domains, known: Mapping[str, Value], picks: list[int]) -> None:
        super().__init__(dict(known), known.get("outcome"))
        self._domains = domains
        self._picks = picks
        self._chosen: dict[str, Value] = {}
        self.trail: list[tuple[int, int]] = []

    def __getitem__(self, name: str) -> Value:
        if name not in self.reads:
            self.reads.append(name)
        if name in self.variables:
            return self.variables[name]
        return self._choose(name, self._domains.samples.get(name, (True, False)))

    def _choose(self, key: str, options: tuple[Value, ...]) -> Value:
        if key not in self._chosen:
            place = len(self.trail)
            pick = self._picks[place] if place < len(self._picks) else 0
            self.trail.append((pick, len(options)))
            self._chosen[key] = options[pick]
        return self._chosen[key]

    def evaluate(self, _task: object, expression: str, **_options: object) -> Value:
        """The condition's value where it follows from what is known, else both in turn."""
        if expression in self._domains.plain:
            try:
                return expressions.evaluate(expression, self)
            except ExpressionError:
                pass  # a sample of the wrong type: answered both ways
        return self._choose(f"({expression})", (True, False))

    def execute(self, _task: object, script: str, **_options: object) -> bool:
        """What a script writes may be anything from now on."""
        for name, expression in expressions.parse_script(script):
            if "outcome" in expressions.check_expression(expression):
                self.reads.append("outcome")
            self.variables.pop(name, None)
            self._chosen.pop(name, None)
        return True

    def next_picks(self) -> list[int] | None:
        """The picks of the next run, None when every answer was tried."""
        for place in range(len(self.trail) - 1, -1, -1):
            pick, options = self.trail[place]
            if pick + 1 < options:
                return [earlier for earlier, _ in self.trail[:place]] + [pick + 1]
        return None
