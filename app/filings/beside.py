"""What rooms above say on the page of a filing: they register themselves, this room does not know them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.filings.models import Filing
from app.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a note: what it says, and what stands small below."""

    text: str
    small: str | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A block beside the filing; texts in the reader's language, never a name of a rater or an expert."""

    title: str
    lines: Sequence[Line]
    count: int | None = None
    leave: tuple[str, str] | None = None
    """(text, href) of a way out, drawn below the lines."""


Teller = Callable[[Filing, Actor], Note | None]
_tellers: list[Teller] = []


def register_tellers(*tellers: Teller) -> None:
    """Lets rooms above speak on the page of a filing; wiring names them once at start."""
    _tellers[:] = tellers


def notes_beside(filing: Filing, actor: Actor) -> list[Note]:
    """What the rooms say about this filing to this person, in the order of wiring."""
    told = (teller(filing, actor) for teller in _tellers)
    return [note for note in told if note is not None]
