"""Why a step failed, in words that an operator can act on: the chain of exceptions, and the place on the diagram."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from app.engine.faults import FaultError
from app.engine.window import ExpressionError
from app.kernel.errors import DomainError

PLACE_MARK = "stands at: "
ELEMENT_MARK = "failed at: "
LONGEST_LINE = 500
LONGEST_CHAIN = 10


@contextmanager
def at_token(node: str) -> Iterator[None]:
    """A step that fails inside notes at which token it began; the outermost mark counts."""
    with _marking(PLACE_MARK + node):
        yield


@contextmanager
def at_element(element: str) -> Iterator[None]:
    """A step that fails inside notes at which element; the innermost mark counts."""
    with _marking(ELEMENT_MARK + element):
        yield


@contextmanager
def _marking(note: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        error.add_note(note)
        raise


def failed_token(error: BaseException) -> str | None:
    """The node whose token could not go on."""
    marks = _notes(error, PLACE_MARK)
    return marks[-1] if marks else None


def failed_element(error: BaseException) -> str | None:
    """The element at which it failed: as the engine names it, else as the runner marked it."""
    for one in chain_of(error):
        if isinstance(one, FaultError | ExpressionError) and one.node:
            return one.node
    marks = _notes(error, ELEMENT_MARK)
    return marks[0] if marks else failed_token(error)


def _notes(error: BaseException, kind: str) -> list[str]:
    return [note.removeprefix(kind) for note in getattr(error, "__notes__", ()) if note.startswith(kind)]


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """The exception and those behind it, the nearest first."""
    seen: BaseException | None = error
    for _ in range(LONGEST_CHAIN):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def describe_cause(error: BaseException) -> str:
    """The chain of exceptions, a line each. Values of SQL statements and of refusals are left out: they name people."""
    return "\n".join(_line(one) for one in chain_of(error))


def _line(error: BaseException) -> str:
    if isinstance(error, DomainError):
        text = error.code
    elif isinstance(error, DBAPIError):
        text = f"{type(error.orig).__name__}: {error.orig}"
    else:
        text = str(error)
    words = " ".join(text.split("\nDETAIL")[0].split())
    return f"{type(error).__name__}: {words}"[:LONGEST_LINE] if words else type(error).__name__
