"""What a home page is made of: view models without queries, drawn by templates/dashboard/blocks/<kind>.html."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from app.web.round_line import RoundLine

Place = Literal["lead", "main", "side", "wide"]
Link = tuple[str, str]
"""(words, address)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One question, one block. `place`: the whole width above or below the columns, main column, side column."""

    kind: ClassVar[str] = ""
    title: str
    count: int | str | None = None
    note: str = ""
    link: Link | None = None
    footer: str = ""
    place: Place = "main"

    @property
    def speaks(self) -> bool:
        """Whether there is anything to show."""
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line: title, what it belongs to, and on the right a deadline, a status or a figure."""

    title: str
    href: str | None = None
    small: str = ""
    icon: str | None = None
    workdays: int | None = None
    status: str | None = None
    figure: str = ""
    figure_href: str | None = None
    strong: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Block):
    """Lines; `empty` says when they will come, a block without lines and words is left out."""

    kind: ClassVar[str] = "rows"
    rows: Sequence[Row] = ()
    empty: str = ""
    empty_icon: str = "calendar3"

    @property
    def speaks(self) -> bool:
        return bool(self.rows or self.empty)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Block):
    """Work items in groups by deadline: [(heading, rows)]."""

    kind: ClassVar[str] = "queue"
    groups: Sequence[tuple[str, Sequence[Row]]] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpis(Block):
    """Four or five figures, as the macro ui.kpis takes them."""

    kind: ClassVar[str] = "kpis"
    items: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars(Block):
    """Figures side by side, as the macro ui.bars takes them."""

    kind: ClassVar[str] = "bars"
    items: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table; the first of a row is its title."""

    text: str
    href: str | None = None
    small: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Block):
    """A table; a column is (words, class); `marks`: late, soon or nothing per row; `stack`: cards on the phone."""

    kind: ClassVar[str] = "table"
    columns: Sequence[tuple[str, str]] = ()
    rows: Sequence[Sequence[Cell]] = ()
    marks: Sequence[str] = ()
    stack: bool = True
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence(Block):
    """A sentence, with a bar in percent where there is one."""

    kind: ClassVar[str] = "sentence"
    text: str = ""
    percent: int | None = None
    done: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates(Block):
    """The next days of the round: [(moment, words, is today's stage)]."""

    kind: ClassVar[str] = "dates"
    days: Sequence[tuple[Any, str, bool]] = ()

    @property
    def speaks(self) -> bool:
        return bool(self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck(Block):
    """Filings that stand still, to be ticked and reminded."""

    kind: ClassVar[str] = "stuck"
    steps: Sequence[Any] = ()
    round_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles(Block):
    """The evaluated areas as tiles with a table of the same figures."""

    kind: ClassVar[str] = "tiles"
    tiles: Sequence[Mapping[str, Any]] = ()
    legend: Sequence[tuple[int, str]] = ()
    flag_text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper(Block):
    """A one-page brief of something to be signed: facts, paragraphs, and what was decided before, the newest first."""

    kind: ClassVar[str] = "paper"
    facts: Sequence[tuple[str, str]] = ()
    paragraphs: Sequence[str] = ()
    story: Sequence[Mapping[str, Any]] = ()
    href: str = ""
    button: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The one thing to do: verb and object, why, until when, one button; calm when nothing is urgent."""

    title: str
    why: str = ""
    button: str = ""
    href: str | None = None
    calm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A home page in order: heading, the sentence before any number, the next thing, the road, blocks."""

    title: str
    summary: str
    next: NextStep | None = None
    line: RoundLine | None = None
    has_road: bool = True
    actions: Sequence[tuple[str, str, str]] = ()
    """Plain buttons of the head: (icon, words, address)."""
    blocks: Sequence[Block] = field(default_factory=tuple)

    def at(self, place: Place) -> list[Block]:
        """The blocks of a place that have something to say."""
        return [block for block in self.blocks if block.place == place and block.speaks]
