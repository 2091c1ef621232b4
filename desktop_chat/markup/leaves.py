"""What Markdown becomes: a flat list of frozen leaves, each with its span in the source.

Nesting is told by `frames`: the quotes and list items around a leaf, outermost first. A
list item puts its marker on its first leaf only; on the others the marker is empty and
the indentation stays.

What may grow for a long time while it streams, the lines of a code block and the rows of
a table, is a `Growing`: each flush makes a new leaf, but all leaves of one block share one
store that is only appended to. A view that has drawn `before` and is given `now` keeps the
first `now.lines.same_as(before.lines)` lines without looking at them and draws the rest, so
a flush costs what is new in it and not what is there. At most the last few items, those
behind `settled`, may be written differently in the next leaf.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Flag, auto
from typing import Generic, TypeVar, overload

T = TypeVar("T")


class Growing(Sequence[T], Generic[T]):
    """Items of which the first `settled` never change; a snapshot of a store that grows.

    Frozen like every leaf: it shows the store as it was when the snapshot was taken.
    """

    __slots__ = ("_behind", "settled", "store")

    store: list[T]
    """Shared by all snapshots of one block, which may be at different places in it. Not to be changed."""
    settled: int
    """How many leading items stay as they are while the block grows."""

    def __init__(self, items: Iterable[T] = (), behind: Iterable[T] = ()) -> None:
        """Hold a copy of `items`, and behind them those that may still change."""
        self.store = list(items)
        self._behind = tuple(behind)
        self.settled = len(self.store)

    @classmethod
    def over(cls, store: list[T], behind: Iterable[T] = ()) -> "Growing[T]":
        """Show the store as it is now and, behind it, items that may still change.

        Args:
            store: Shared with other snapshots; from now on only appended to.
            behind: What is not settled yet.
        """
        snapshot = cls((), behind)
        snapshot.store = store
        snapshot.settled = len(store)
        return snapshot

    def same_as(self, earlier: "Growing[T]") -> int:
        """How many leading items are known to be those of `earlier`, without comparing any."""
        if self is earlier:
            return len(self)
        return min(self.settled, earlier.settled) if self.store is earlier.store else 0

    def __len__(self) -> int:
        return self.settled + len(self._behind)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            if step == 1 and stop <= self.settled:
                return self.store[start:stop]
            return [self[i] for i in range(start, stop, step)]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self.store[index] if index < self.settled else self._behind[index - self.settled]

    def __iter__(self) -> Iterator[T]:
        yield from self.store[: self.settled]
        yield from self._behind

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Growing):
            return NotImplemented
        if len(self) != len(other):
            return False
        skip = self.same_as(other)
        return self[skip:] == other[skip:]

    def __hash__(self) -> int:
        return hash(len(self))

    def __repr__(self) -> str:
        return f"Growing({list(self)!r})"


class Style(Flag):
    """How a run of text looks; several at once are possible."""

    PLAIN = 0
    BOLD = auto()
    ITALIC = auto()
    STRIKE = auto()
    CODE = auto()
    SUPERSCRIPT = auto()
    MATH = auto()
    """LaTeX with the marks around it; `math.formula` takes them away."""


TO_NOTE, TO_REFERENCE = "#fn-", "#fnref-"
"""Where the mark of a footnote leads: these and its label."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text with one look."""

    text: str
    style: Style = Style.PLAIN
    href: str = ""
    """Target of a link; empty for plain text. Never opened without an explicit act."""
    image: bool = False
    """True: `href` is the address of an image and `text` its description; nothing is fetched."""
    link: str = ""
    """Target of the link around an image."""

    @property
    def label(self) -> str:
        """Of the mark of a footnote, as it is written."""
        return self.href.partition("-")[2] or self.text[1:-1]

    @property
    def is_note(self) -> bool:
        """Whether it is the mark of a footnote before its text, which leads back to the reference."""
        return self.href.startswith(TO_REFERENCE) and Style.SUPERSCRIPT in self.style


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quote around a leaf."""


@dataclass(frozen=True, slots=True)
class Item:
    """A list item around a leaf."""

    marker: str
    """`•` (any bullet list), `3.`, `3)`; empty unless this is the first leaf of the item."""
    checked: bool | None = None
    """For a task list: ticked or not; only on the first leaf of the item."""


Frame = Quote | Item


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, heading, or raw HTML shown as text. Line breaks are `\\n` in runs."""

    runs: tuple[Run, ...]
    level: int = 0
    """1 to 6 for headings, 0 for a paragraph."""
    frames: tuple[Frame, ...] = ()
    start: int = 0
    """First character in the normalised source."""
    end: int = 0
    """Behind its last character."""
    plain: bool = False
    """True: part of a block too large to be read as Markdown, shown as it is written.

    Such a block comes as several leaves of some 2,500 characters each, which follow on one
    another without a gap and of which only the last one grows.
    """

    @property
    def text(self) -> str:
        """Without any styling."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Code:
    """A fenced or indented code block."""

    lines: Growing[str] = field(default_factory=Growing)
    """Without line breaks. While the block is open its last line may still be growing."""
    language: str = ""
    """First word of the info string, as written."""
    is_closed: bool = True
    """False while its closing fence has not come."""
    frames: tuple[Frame, ...] = ()
    start: int = 0
    end: int = 0

    @property
    def text(self) -> str:
        """The whole of it, without a trailing line break; costs its length, so for copying only."""
        return "\n".join(self.lines)


Cell = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A GFM table; every row has as many cells as the header."""

    header: tuple[Cell, ...]
    rows: Growing[tuple[Cell, ...]]
    alignments: tuple[str, ...]
    """Per column: `left`, `center`, `right`, or empty where none is asked for."""
    frames: tuple[Frame, ...] = ()
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A thematic break."""

    frames: tuple[Frame, ...] = ()
    start: int = 0
    end: int = 0


Leaf = Text | Code | Table | Rule
