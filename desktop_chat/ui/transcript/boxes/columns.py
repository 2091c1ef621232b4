"""How wide the columns of a table want to be, and how wide they get."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import reduce
from itertools import accumulate
from operator import or_

from PySide6.QtGui import QFontMetricsF

from desktop_chat.markup.leaves import Cell, Style
from desktop_chat.ui.transcript.boxes.cells import CellFormulas, pills_width
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.utf16 import units

NARROWEST_PX = 140
"""A column is not wrapped below this, nor within a word; rather the table scrolls."""
ON_PAPER_PX = 24
"""Instead of it on paper, where nothing scrolls."""
LONGEST_WORD_PX = 320
"""A word wider than this is broken after all."""


class Columns:
    """What the cells of the columns want.

    Args:
        count: Of the columns.
        look: Fonts and measures.
        formulas: Of the table; cells that have some are measured there.
    """

    def __init__(self, count: int, look: Look, formulas: CellFormulas) -> None:
        self.natural = [0.0] * count
        """The widest cells."""
        self.words = [0.0] * count
        """The widest words."""
        self.advances: list[list[float]] = [[] for _ in range(count)]
        """Of each cell on one line."""
        self._look = look
        self._formulas = formulas
        self._metrics = QFontMetricsF(look.text_font), QFontMetricsF(look.bold_font)

    def measure(self, first: int, rows: Sequence[Sequence[Cell]], texts: Sequence[Sequence[str]]) -> None:
        """From a row on, these are the cells."""
        plain, bold = self._metrics
        if first == 0:
            self.natural = [0.0] * len(self.natural)
            self.words = [0.0] * len(self.words)
        for advances in self.advances:
            advances[first:] = [0.0] * (len(rows) - first)
        for row in range(first, len(rows)):
            for column, (cell, text) in enumerate(zip(rows[row], texts[row], strict=True)):
                is_bold, is_code = row == 0, False
                if styles := [run.style for run in cell if run.style is not Style.PLAIN]:
                    style = reduce(or_, styles)
                    if Style.MATH in style and self._formulas.add(row, column, cell, text):
                        continue
                    is_bold, is_code = is_bold or Style.BOLD in style, Style.CODE in style
                width = (bold if is_bold else plain).horizontalAdvance(text)
                if is_code:
                    width = max(width, units(text) * self._look.code_advance) + pills_width(cell, self._look)
                self.natural[column] = max(self.natural[column], width + 2)
                self.advances[column][row] = width + 2
                word = max(text.split(), key=len, default="")
                self.words[column] = max(self.words[column], len(word) * width / max(1, len(text)))


def least_widths(
    natural: Sequence[float], words: Sequence[float], pads: float, look: Look, *, breaks_words: bool
) -> list[float]:
    """How narrow columns may become, by the widths of their texts and of their longest words.

    On paper nothing scrolls: there a column is as narrow as its longest word, or narrower if words may be broken.
    """
    scale, is_paper = look.theme.scale, look.theme.is_paper
    narrowest = (ON_PAPER_PX if is_paper else NARROWEST_PX) * scale
    longest = (ON_PAPER_PX if breaks_words else LONGEST_WORD_PX) * scale
    return [
        min(width, max(narrowest, min(1.3 * word, longest))) + pads for width, word in zip(natural, words, strict=True)
    ]


def column_lefts(widths: Sequence[float], *, is_rtl: bool) -> list[float]:
    """Where columns begin; from right to left, the first one ends at the right."""
    if is_rtl:
        return list(accumulate(reversed(widths), initial=0.0))[-2::-1]
    return list(accumulate(widths[:-1], initial=0.0))


def column_at(lefts: Sequence[float], x: float, *, is_rtl: bool) -> int:
    """The column at a place; the first or last one beside them."""
    index = bisect_right(lefts[::-1] if is_rtl else lefts, x) - 1
    index = max(0, index)
    return len(lefts) - 1 - index if is_rtl else index


def shared_widths(wanted: Sequence[float], room: float, least: Sequence[float]) -> list[float]:
    """Give every column what it wants; if that is too much, the widest give way first.

    Args:
        wanted: Natural widths.
        room: Width of the column of text.
        least: No column is made narrower than this to fit; the sum may then be more than `room`.
    """
    if sum(wanted) <= room:
        return list(wanted)
    low, high = min(least), max(wanted)
    for _ in range(24):
        cap = (low + high) / 2
        if sum(max(floor, min(width, cap)) for width, floor in zip(wanted, least, strict=True)) > room:
            high = cap
        else:
            low = cap
    return [
        width if width <= max(low, floor) else float(int(max(floor, low)))
        for width, floor in zip(wanted, least, strict=True)
    ]
