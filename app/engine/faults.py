"""Faults that a step meets on its way, with the rule they break and the node at which it happened."""

from app.engine.window import StepError


class FaultError(StepError):
    """A StepError that knows its place, so that exploration can mark it on the diagram."""

    def __init__(self, rule: str, node: str, text: str) -> None:
        super().__init__(text)
        self.rule = rule
        self.node = node
