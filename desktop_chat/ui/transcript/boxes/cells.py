"""Formulas in the cells of a table: how much room they take, and on which line they stand.

Cells of one row share the baseline of their first lines, so a tall formula lowers its neighbours.
Most tables have none of this, and pay nothing for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from desktop_chat.markup.leaves import Cell, Run, Style
from desktop_chat.ui.transcript.boxes import math, pills
from desktop_chat.ui.transcript.boxes.box import HotSpot, Link
from desktop_chat.ui.transcript.boxes.row_heights import guessed_lines
from desktop_chat.ui.transcript.boxes.scripts import is_jumble
from desktop_chat.ui.transcript.boxes.text import WRAPPED, act_of, is_rtl, words_of
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.utf16 import units

UNBOUNDED = 1e6
_ALIGNMENTS = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}

MOST_FORMULAS = 400
"""Cells of one table whose formulas are drawn; that of one more is shown as it is written."""


@dataclass(slots=True)
class FormulaCell:
    """A cell with formulas, drawn or not."""

    cell: Cell
    font: QFont
    shapes: list[math.Placed] = field(default_factory=list)
    width: float = 0.0
    """On one line."""
    word: float = 0.0
    """Of its longest word that is no formula."""
    widest: float = 0.0
    """Of its formulas."""
    lift: float = 0.0
    """How much lower than usual the first line stands."""
    height: float = 0.0
    """Of all lines."""

    @property
    def lacks_shapes(self) -> bool:
        """Whether it shows the source of formulas that may be drawn by now."""
        return len(self.shapes) < sum(1 for run in self.cell if Style.MATH in run.style)

    def drawn(self, look: Look) -> int:
        """How many of its formulas can be drawn by now."""
        return len(math.placed(self.cell, look, 0, UNBOUNDED))

    def measure(self, look: Look) -> None:
        """Take the shapes that are there by now."""
        self.shapes = math.placed(self.cell, look, 0, UNBOUNDED)
        is_bold = any(Style.BOLD in run.style for run in self.cell)
        metrics = QFontMetricsF(look.bold_font if is_bold else self.font)
        rest = "".join(self._rest())
        self.width = metrics.horizontalAdvance(rest) + sum(place.shape.width for place in self.shapes) + 2
        if any(Style.CODE in run.style for run in self.cell):
            self.width = max(self.width, self.width - metrics.horizontalAdvance(rest) + units(rest) * look.code_advance)
            self.width += pills_width(self.cell, look)
        self.word = metrics.horizontalAdvance(max(rest.split(), key=len, default=""))
        self.widest = max((place.shape.width + 2 for place in self.shapes), default=0.0)
        self.unfold(look)

    def unfold(self, look: Look) -> None:
        """It stands on one line."""
        metrics = QFontMetricsF(self.font)
        above = (look.line_px - metrics.height()) / 2
        self.lift = max((0.0, *(place.shape.ascent - above - metrics.ascent() for place in self.shapes)))
        depth = max((place.shape.descent for place in self.shapes), default=0.0)
        self.height = self.lift + max(look.line_px, above + metrics.ascent() + depth)

    def fit(self, look: Look, width: float) -> list[math.Placed]:
        """The shapes, made smaller where they would be wider than the column."""
        self.shapes = math.placed(self.cell, look, 0, width)
        return self.shapes

    def settle(self, layout: QTextLayout, height: float, pitch: float) -> None:
        """Take over what a layout has come to."""
        first = layout.lineAt(0)
        self.lift = max(0.0, first.y() - max(0.0, pitch - first.height()) / 2)
        self.height = height

    def guess(self, room: float, pitch: float) -> float:
        """What it takes beside its first line in a column that leaves it so much room; a tall formula may stand in each."""
        lines = guessed_lines([self.width], room)[0]
        spare = sum(max(0.0, place.ascent + place.descent - pitch) for place in self.shapes)
        return (lines - 1) * pitch + spare

    def _rest(self) -> list[str]:
        """The text without what is drawn."""
        drawn = {place.start for place in self.shapes}
        parts, at = [], 0
        for run in self.cell:
            if at not in drawn or Style.MATH not in run.style:
                parts.append(run.text)
            at += units(run.text)
        return parts


class CellFormulas:
    """The cells of one table that have formulas.

    Args:
        look: Fonts and measures, and where shapes come from.
    """

    def __init__(self, look: Look) -> None:
        self.lifts: dict[int, float] = {}
        """Of rows with a tall formula: how much lower than usual their first lines stand."""
        self._look = look
        self.cells: dict[tuple[int, int], FormulaCell] = {}
        """By row and column."""
        self._waiting: dict[tuple[int, int], FormulaCell] = {}
        """Those that lack shapes."""

    def __contains__(self, key: tuple[int, int]) -> bool:
        return key in self.cells

    @property
    def lack_shapes(self) -> bool:
        """Whether any cell shows the source of formulas that may be drawn by now."""
        return bool(self._waiting)

    def get(self, row: int, column: int) -> FormulaCell | None:
        """A cell; `None` if it has no formulas."""
        return self.cells.get((row, column)) if self.cells else None

    def add(self, row: int, column: int, cell: Cell, text: str) -> bool:
        """Take a cell with formulas, if they can be drawn; it is measured when shapes are wanted."""
        if len(self.cells) >= MOST_FORMULAS or is_jumble(text) or max(text) > "\uffff":
            return False
        font = self._look.bold_font if row == 0 else self._look.text_font
        self.cells[row, column] = self._waiting[row, column] = FormulaCell(cell, font)
        return True

    def forget(self, first: int) -> None:
        """Rows from this one on are others now."""
        for kept in (self.cells, self._waiting):
            for key in [key for key in kept if key[0] >= first]:
                del kept[key]
        for row in [row for row in self.lifts if row >= first]:
            del self.lifts[row]

    def take(self) -> list[tuple[int, int]]:
        """Measure the cells that lack shapes; returns those that look different from before."""
        changed = []
        for key, cell in list(self._waiting.items()):
            before = len(cell.shapes) if cell.width else -1
            if before == cell.drawn(self._look):
                continue
            cell.measure(self._look)
            if 0 <= before != len(cell.shapes):
                changed.append(key)
            if not cell.lacks_shapes:
                del self._waiting[key]
        return changed

    def widths(self, natural: list[float], words: list[float]) -> tuple[list[float], list[float], list[float]]:
        """Natural widths of the columns and those of their longest words and formulas.

        Args:
            natural: Of the other cells.
            words: Likewise.
        """
        shapes = [0.0] * len(natural)
        if self.cells:
            natural, words = list(natural), list(words)
        for (_, column), cell in self.cells.items():
            natural[column] = max(natural[column], cell.width)
            words[column] = max(words[column], cell.word)
            shapes[column] = max(shapes[column], cell.widest)
        return natural, words, shapes

    def rise(self, row: int, column: int) -> float:
        """How much lower than at the top of its row a cell is drawn."""
        lift = self.lifts.get(row, 0.0) if self.lifts else 0.0
        if not lift:
            return 0.0
        cell = self.cells.get((row, column))
        return max(0.0, lift - cell.lift) if cell is not None else lift

    def runs(self) -> Iterator[Run]:
        """All formulas."""
        for cell in self.cells.values():
            yield from (run for run in cell.cell if Style.MATH in run.style)


def option(text: str, alignment: str) -> QTextOption:
    """How the text of a cell runs, and how its lines are aligned; empty where it has only one."""
    goes_left = is_rtl(text)
    if not goes_left and not alignment:
        return WRAPPED
    made = QTextOption(WRAPPED)
    if goes_left:
        made.setTextDirection(Qt.LayoutDirection.RightToLeft)
    if alignment:
        made.setAlignment(_ALIGNMENTS[alignment])
    return made


def line_at(layout: QTextLayout, y: float, pitch: float) -> QTextLine:
    """The line of a layout at a height, of which some may be taller than others."""
    for index in range(layout.lineCount()):
        line = layout.lineAt(index)
        if y < line.y() + line.height() + max(0.0, pitch - line.height()) / 2:
            return line
    return layout.lineAt(layout.lineCount() - 1)


def dress(layout: QTextLayout, cell: Cell, look: Look, shapes: Sequence[math.Placed], *, is_header: bool) -> bool:
    """Give a layout the look of the runs of a cell; tells whether any stands on a pill."""
    if len(cell) == 1 and cell[0].style is Style.PLAIN and not cell[0].href and not shapes:
        return False  # Most cells are a few plain words.
    font = look.bold_font if is_header else look.text_font
    has_pills = any(run.style is not Style.PLAIN and Style.CODE in run.style for run in cell)
    if has_pills:
        is_rtl = layout.textOption().textDirection() == Qt.LayoutDirection.RightToLeft
        made = pills.formats(cell, lambda run, spaced: _format(run, look, is_header, is_spaced=spaced), is_rtl=is_rtl)
    else:
        made = _plain_formats(cell, look, is_header)
    if ranges := [*made, *math.formats(shapes, font)]:
        layout.setFormats(ranges)
    return has_pills


def pills_width(cell: Cell, look: Look) -> float:
    """Room that the edges of pills take on one line."""
    return 2 * look.pill * sum(1 for run in cell if pills.is_pill(run))


def links(cell: Cell) -> Iterator[tuple[int, int, str, Link]]:
    """What can be opened in a cell: where it begins and ends, what it is called, and what it does."""
    at = 0
    for run in cell:
        end = at + units(run.text)
        if act := _act(run):
            yield at, end, words_of(act, run.text), act
        at = end


def _act(run: Run) -> Link | None:
    return act_of(run) if run.href and not run.image else None


def paint_focus(painter: QPainter, spot: HotSpot, shift: QPointF, look: Look) -> None:
    """Mark the link that has the keyboard."""
    painter.setPen(QPen(look.color("accent"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rect in spot.rects:
        painter.drawRoundedRect(rect.translated(shift).adjusted(-2, 1, 2, -1), 3, 3)


def _plain_formats(cell: Cell, look: Look, is_header: bool) -> Iterator[QTextLayout.FormatRange]:
    at = 0
    for run in cell:
        length = units(run.text)
        # A header is bold and quiet as a whole, by its font and the painter's pen.
        if run.style is not Style.PLAIN or _act(run):
            yield pills.ranged(at, length, _format(run, look, is_header))
        at += length


def _format(run: Run, look: Look, is_header: bool, *, is_spaced: bool = False) -> QTextCharFormat:
    style = run.style | Style.BOLD if is_header else run.style
    tone = "secondary" if is_header or Style.MATH in style else ""
    return look.format(0, style, _act(run) is not None, tone, is_spaced=is_spaced)
