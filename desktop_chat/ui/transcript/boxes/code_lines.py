"""The lines of a code block: where each stands, its layout, and its colours.

Coordinates begin at the first line. A layout is made only for a line that is seen, and only
the last ones are kept; while the block is folded only its first lines count.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from math import ceil

from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QTextLayout

from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.transcript.boxes.lines import x_of
from desktop_chat.ui.transcript.boxes.scripts import fitting
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.utf16 import units

KEPT_LAYOUTS = 200
"""Lines whose layout is kept; more than fit on a screen."""
LONGEST_LINE = 5_000
"""Characters of a line that are shown; how many more there are is said. Copying takes all."""
LONGEST_ON_PAPER = 200_000
"""Likewise where nothing can be copied."""

Colors = Sequence[tuple[int, int, str]]
"""Start, length and name of a colour within one line."""
Highlight = Callable[[str], Colors]
"""Colours of the next line; keeps the lexer's state between lines."""
MakeHighlight = Callable[[str], Highlight | None]
"""A fresh highlighter for a language; `None` where there is none."""


class CodeLines:
    """Lines of one height.

    Args:
        texts: Without line breaks.
        look: Fonts, colours and measures.
    """

    def __init__(self, texts: Sequence[str], look: Look) -> None:
        self.texts = list(texts) or [""]
        self.columns = 0
        """Where long lines break; 0 where they do not."""
        self.limit: int | None = None
        """Only so many lines are shown."""
        self.colored = 0
        """So many lines have their colours."""
        self._look = look
        self._longest_shown = LONGEST_ON_PAPER if look.theme.is_paper else LONGEST_LINE
        self._starts: list[int] = []
        self._rows: list[int] = []
        self._colors: list[Colors] = []
        self._layouts: OrderedDict[int, QTextLayout] = OrderedDict()
        self.widest = self._longest(0)

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def shown(self) -> int:
        """How many lines are shown."""
        return len(self.texts) if self.limit is None else min(self.limit, len(self.texts))

    @property
    def length(self) -> int:
        """Of the whole text, in the units of offsets."""
        self._index()
        return self._starts[-1] + units(self.texts[-1])

    @property
    def height(self) -> float:
        """Of what is shown."""
        return self._visual_rows() * self._look.code_line_px

    def replace(self, first: int, texts: Sequence[str]) -> int:
        """Exchange all lines from `first` on; returns the first one that is different."""
        kept = self.texts[first:]
        same = 0
        while same < len(texts) and same < len(kept) and texts[same] == kept[same]:
            same += 1
        first += same
        self.texts[first:] = texts[same:]
        if not self.texts:
            self.texts, first = [""], 0
        if first < self.colored:
            self._colors.clear()
            self.colored = 0
        for row in [row for row in self._layouts if row >= first]:
            del self._layouts[row]
        del self._starts[first + 1 :]
        del self._rows[first:]
        self.widest = max(self.widest, self._longest(first))
        return first

    def forget_layouts(self) -> None:
        """They are made anew when they are seen."""
        self._layouts.clear()

    def break_at(self, columns: int) -> None:
        """Break lines behind so many characters; 0: do not break them."""
        columns = max(8, columns) if columns else 0
        if columns != self.columns:
            self.columns = columns
            self._rows.clear()
            self._layouts.clear()

    def color(self, highlight: Highlight, until: int) -> None:
        """Give the lines before `until` their colours."""
        first = self.colored
        for line in self.texts[first:until]:
            self._colors.append(highlight(line))
        self.colored = len(self._colors)
        for row in range(first, self.colored):
            self._layouts.pop(row, None)

    def y_of(self, row: int) -> float:
        """Where a line begins."""
        above = row
        if self.columns:
            self._visual_rows(row)
            above = self._rows[row - 1] if row else 0
        return above * self._look.code_line_px

    def line_at(self, y: float) -> tuple[int, int]:
        """The line at a height, and which of the rows it is broken into."""
        visual = max(0, int(y // self._look.code_line_px))
        if not self.columns:
            return min(visual, self.shown - 1), 0
        self._visual_rows()
        row = min(bisect_right(self._rows, visual), self.shown - 1)
        return row, visual - (self._rows[row - 1] if row else 0)

    def row_of(self, offset: int) -> int:
        """The line an offset is in."""
        self._index()
        return max(0, bisect_right(self._starts, offset) - 1)

    def hit(self, x: float, y: float) -> int:
        """The offset nearest to a point."""
        self._index()
        row, within = self.line_at(y)
        layout = self.layout_of(row)
        line = layout.lineAt(max(0, min(within, layout.lineCount() - 1)))
        return self._starts[row] + min(int(line.xToCursor(x)), units(self.texts[row]))

    def rects(self, start: int, end: int) -> Iterator[QRectF]:
        """Where a stretch of the text is seen."""
        pitch = self._look.code_line_px
        for row in range(self.row_of(start), self.shown):
            begins = self._starts[row]
            if begins >= end:
                break
            if not self._is_seen(row):
                continue
            layout, top = self.layout_of(row), self.y_of(row)
            for within in range(layout.lineCount()):
                line = layout.lineAt(within)
                a, b = max(start - begins, line.textStart()), min(end - begins, line.textStart() + line.textLength())
                if a > b or (a == b and line.textLength()):
                    continue
                x1, x2 = x_of(line, a), x_of(line, b)
                tail = self._look.step if end - begins > b else 0
                yield QRectF(x1, top + within * pitch, x2 - x1 + tail, pitch)

    def end(self) -> QPointF:
        """The upper left corner of where the last line goes on."""
        row = len(self.texts) - 1
        layout = self.layout_of(row)
        last = layout.lineCount() - 1
        x = x_of(layout.lineAt(last), units(self.texts[row]))
        return QPointF(x, self.y_of(row) + last * self._look.code_line_px)

    def layout_of(self, row: int) -> QTextLayout:
        """A line, laid out."""
        found = self._layouts.get(row)
        if found is not None:
            self._layouts.move_to_end(row)
            return found
        look, text = self._look, self.texts[row]
        layout = QTextLayout(*fitting(_shown(text, self._longest_shown), look.code_font))
        layout.setCacheEnabled(True)
        layout.setTextOption(look.code_option(wraps=self.columns > 0))
        if row < self.colored:
            layout.setFormats([self._range(*color) for color in _in_units(text, self._colors[row])])
        layout.beginLayout()
        pitch, y = look.code_line_px, 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth((self.columns + 0.5) * look.code_advance if self.columns else 1e6)
            line.setPosition(QPointF(0, y + (pitch - line.height()) / 2))
            y += pitch
            self.widest = max(self.widest, line.naturalTextWidth())
            if not self.columns:
                break
        layout.endLayout()
        self._layouts[row] = layout
        if len(self._layouts) > KEPT_LAYOUTS:
            self._layouts.popitem(last=False)
        return layout

    def _visual_rows(self, least: int = 0) -> int:
        """Rows of what is shown, and as far as `least` those behind it."""
        if not self.columns:
            return self.shown
        done = self._rows[-1] if self._rows else 0
        for line in self.texts[len(self._rows) : max(self.shown, least)]:
            done += max(1, ceil(_columns(_shown(line, self._longest_shown)) / self.columns))
            self._rows.append(done)
        return self._rows[self.shown - 1]

    def _index(self) -> None:
        """Offsets of the lines, as far as they are not known yet."""
        if len(self._starts) < len(self.texts):
            known = len(self._starts)
            first = self._starts[-1] + units(self.texts[known - 1]) + 1 if known else 0
            lengths = (units(line) + 1 for line in self.texts[known:-1])
            self._starts.extend(accumulate(lengths, initial=first))

    def _is_seen(self, row: int) -> bool:
        # Selections of blocks with thousands of lines: only what has a layout is on the screen.
        return row in self._layouts or self.shown < KEPT_LAYOUTS

    def _range(self, start: int, length: int, color: str) -> QTextLayout.FormatRange:
        found = QTextLayout.FormatRange()
        found.start, found.length = start, length
        found.format = self._look.code_format(color)
        return found

    def _longest(self, first: int) -> float:
        texts = self.texts[first:] if first else self.texts
        # There may be half a million: no more than has to be is done with each.
        tabbed = (min(len(line), LONGEST_LINE) + 3 * line.count("\t") for line in texts if "\t" in line)
        longest = max(min(max(map(len, texts), default=0), LONGEST_LINE), max(tabbed, default=0))
        return longest * self._look.code_advance


def _shown(line: str, longest: int) -> str:
    if len(line) <= longest:
        return line
    more = count_text(len(line) - longest)
    said = QCoreApplication.translate("Transcript", " … {n} more characters")
    return line[:longest] + said.format(n=more)


def _in_units(line: str, colors: Colors) -> Colors:
    """Lexers count characters, layouts UTF-16."""
    if line.isascii() or max(line) <= "\uffff":
        return colors
    return [(units(line[:at]), units(line[at : at + length]), name) for at, length, name in colors]


def _columns(line: str) -> int:
    if line.isascii():
        return len(line) + 3 * line.count("\t")
    return sum(1 if character < "\u1100" else 2 for character in line)
