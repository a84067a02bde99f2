"""What a process remembers of one database: compiled definitions and states, which never change once committed."""

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from app.engine import Definition, Transitions
from app.kernel.db import session
from app.processes.vocabulary import FIRST_CHUNK

MAX_STATES = 200_000


@dataclass(frozen=True, slots=True)
class Whole:
    """Every reachable state of a version; only some of them where exploration hit its bound."""

    states: frozenset[str]
    is_bounded: bool


@dataclass(slots=True)
class Kept:
    """`bodies`: state id -> body; `state_ids`: (definition id, body) -> state id; `enabled`: state id -> nodes.

    `whole`: checksum -> what can be reached where the proof spared states (whole.py). `chunk`: how many instances a
    chunk of a set move takes along (jobs.py). `transitions`: steps seen before, by definition, state, event and the
    values read; never of another version.
    """

    definitions: dict[int, Definition] = field(default_factory=dict)
    bodies: dict[int, str] = field(default_factory=dict)
    state_ids: dict[tuple[int, str], int] = field(default_factory=dict)
    enabled: dict[int, tuple[str, ...]] = field(default_factory=dict)
    whole: dict[str, Whole] = field(default_factory=dict)
    chunk: int = FIRST_CHUNK
    transitions: Transitions = field(default_factory=Transitions)


_kept: WeakKeyDictionary[Engine, Kept] = WeakKeyDictionary()


def kept() -> Kept:
    """The memory of the session's database."""
    bind = session.get_bind()
    engine = bind.engine if isinstance(bind, Connection) else bind
    return _kept.setdefault(engine, Kept())


def forget() -> None:
    """Forgets everything; for tests, which empty tables beneath us."""
    _kept.clear()
