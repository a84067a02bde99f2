"""A form that is shown again because it was refused: its page finds here what was sent and what is wrong with it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from app.kernel.errors import InvalidError
from app.web.errors import field_sentences, problem_of


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was sent and why it was refused: one sentence, and sentences per field."""

    detail: str
    errors: Mapping[str, list[str]]
    posted: MultiDict[str, str] = field(default_factory=MultiDict)


_current: ContextVar[Refusal | None] = ContextVar("refusal", default=None)


@contextmanager
def refused(error: InvalidError, posted: MultiDict[str, str]) -> Iterator[Refusal]:
    """While the page of the form is drawn again, `current_refusal` answers."""
    errors = field_sentences(error)
    problem = problem_of(error)
    refusal = Refusal(problem.detail, errors or {"": [problem.detail]}, posted)
    token = _current.set(refusal)
    try:
        yield refusal
    finally:
        _current.reset(token)


def current_refusal() -> Refusal | None:
    """Why this page is shown again; None when it is shown for the first time."""
    return _current.get()
