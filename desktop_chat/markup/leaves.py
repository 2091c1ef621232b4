"""What Markdown becomes: a flat list of frozen leaves, each with its span in the source.

Nesting is told by `frames`: the quotes and list items around a leaf, outermost first. A
list item puts its marker on its first leaf only; on the others the marker is empty and
the indentation stays.
"""

from dataclasses import dataclass
from enum import Flag, auto


class Style(Flag):
    """How a run of text looks; several at once are possible."""

    PLAIN = 0
    BOLD = auto()
    ITALIC = auto()
    STRIKE = auto()
    CODE = auto()
    SUPERSCRIPT = auto()


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text with one look."""

    text: str
    style: Style = Style.PLAIN
    href: str = ""
    """Target of a link; empty for plain text. Never opened without an explicit act."""
    image: bool = False
    """True: `href` is the address of an image and `text` its description; nothing is fetched."""


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

    @property
    def text(self) -> str:
        """Without any styling."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Code:
    """A fenced or indented code block; `text` has no trailing line break."""

    text: str
    language: str = ""
    """First word of the info string, as written."""
    is_closed: bool = True
    """False while its closing fence has not come."""
    frames: tuple[Frame, ...] = ()
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A GFM table; every row has as many cells as the header."""

    header: tuple[tuple[Run, ...], ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
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
