"""How this room's own pages complete work items: the inbox stands above it and hands its use case down at start."""

from collections.abc import Mapping
from typing import Any, Protocol

from app.kernel.actor import Actor


class Complete(Protocol):
    """inbox.usecases.complete_item: one straight line for every door."""

    def __call__(
        self, *, item_id: int, outcome: str | None, values: Mapping[str, Any], actor: Actor, locale: str = "zh"
    ) -> object: ...


_complete: list[Complete] = []


def open_completing(complete: Complete) -> None:
    """Hands the use case down; called once by wiring."""
    _complete[:] = [complete]


def complete_item(*, item_id: int, outcome: str | None, values: Mapping[str, Any], actor: Actor, locale: str) -> None:
    """Completes a work item with an outcome and the values of its form."""
    _complete[0](item_id=item_id, outcome=outcome, values=values, actor=actor, locale=locale)
