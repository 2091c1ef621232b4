"""A table: cells are text layouts in columns, aligned as written; too wide ones scroll sideways.

Columns get their natural width while that fits. Only the rows that are seen are laid out: where a
cell has to wrap, the heights of the others are guessed until they come near the window.
"""

from collections.abc import Iterator, Sequence
from math import inf

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTextLayout, QTextOption

from desktop_chat.markup.leaves import Cell, Run, Table
from desktop_chat.markup.table_text import as_tsv
from desktop_chat.ui.transcript.boxes import cells, columns, math, pills
from desktop_chat.ui.transcript.boxes.box import CopyText, HotSpot, Place, State
from desktop_chat.ui.transcript.boxes.cell_texts import CellTexts
from desktop_chat.ui.transcript.boxes.cells import CellFormulas, line_at
from desktop_chat.ui.transcript.boxes.columns import Columns, least_widths, shared_widths
from desktop_chat.ui.transcript.boxes.lines import break_lines, x_of
from desktop_chat.ui.transcript.boxes.pinned import PinnedBox
from desktop_chat.ui.transcript.boxes.row_heights import RowHeights, guessed_lines
from desktop_chat.ui.transcript.boxes.scripts import fitting
from desktop_chat.ui.transcript.boxes.text import is_rtl
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.words import tr

FEW_CELLS = 100
"""Cells in columns that wrap are laid out at once, and no height is guessed, while there are no more of them."""
KEPT_CELLS = 2_000
"""That are laid out; of more, only those near the window are kept."""
KEPT_ROWS = 100
"""Above and below what is painted."""

_EITHER_WAY = QTextOption().textDirection()


class TableBox(PinnedBox):
    """A GFM table.

    Args:
        leaf: What to show.
        look: Fonts, colours and measures.
        place: Where it stands.
    """

    def __init__(self, leaf: Table, look: Look, place: Place) -> None:
        super().__init__(look, place, leaf.frames)
        self.leaf = leaf
        self._cells: list[tuple[Cell, ...]] = [leaf.header, *leaf.rows]
        self.contents = CellTexts()
        self.contents.replace(0, self._cells)
        self._texts = self.contents.rows
        self.is_rtl = is_rtl("".join(self._texts[0]) or self.text)
        self.pads = (4 if look.theme.is_paper else 6) * look.step
        """Room on both sides of a cell's text."""
        self.pad = self.pads - look.step if self.is_rtl else look.step
        """Room to the left of a cell's text."""
        self.row_pad = round(1.3 * look.step)
        """Room above and below a cell's text."""
        self._formulas = CellFormulas(look)
        self._columns = Columns(len(leaf.header), look, self._formulas)
        self._wanted: list[float] = []
        """Natural widths of the columns with those of formulas."""
        self._widths: list[float] = []
        self._fitted: list[bool] = []
        """Columns in which nothing wraps."""
        self._rows = RowHeights()
        self._layouts: dict[tuple[int, int], QTextLayout] = {}
        self._pills: dict[tuple[int, int], list[QRectF]] = {}
        """Of cells with inline code that were laid out."""
        self._copied: tuple[Table, str] | None = None
        self._overflow, self.breaks_words = 0.0, False
        self._columns.measure(0, self._cells, self._texts)

    @property
    def text(self) -> str:
        return self.contents.text

    @property
    def column_widths(self) -> list[float]:
        """Of all columns, as they are laid out."""
        return self._widths

    @property
    def row_tops(self) -> list[float]:
        """Where rows begin below the top of the content, and where the last one ends."""
        return self._rows.tops

    @property
    def head(self) -> float:
        return self.row_tops[1] if len(self.row_tops) > 1 else 0.0

    @property
    def is_guessed(self) -> bool:
        return self._rows.guesses > 0

    def come_near(self, y: float, room: float, until: float) -> bool:
        has_changed = self._rows.come_near(y - self.content_top, room, until, self._row_height)
        self.is_laid_out = self.is_laid_out and not has_changed
        return has_changed

    def place_at(self, y: float) -> tuple[int, float]:
        row = self._rows.at(y - self.content_top)
        return row, y - self.y_of(row)

    def y_of(self, inner: int) -> float:
        return self.content_top + self.row_tops[min(inner, len(self._rows))] if inner else 0.0

    @property
    def extent(self) -> float:
        return sum(self._widths)

    @property
    def window(self) -> QRectF:
        return QRectF(self.content_left, self.content_top, self.content_width(self.width) - self._spare, self.height)

    @property
    def content_left(self) -> float:
        return super().content_left + (self._spare - self._indent if self.is_rtl else 0.0)

    @property
    def _spare(self) -> float:
        return max(0.0, self.content_width(self.width) - self.extent) if self.is_rtl else 0.0

    def grow(self, leaf: Table) -> float | None:
        """Take over a later state of the same table.

        Returns:
            The height from which on it looks different; `None` if it is another table.
        """
        old = self.leaf
        if leaf.header != old.header or leaf.alignments != old.alignments or leaf.frames != old.frames:
            return None
        first = leaf.rows.same_as(old.rows)
        while first < min(len(leaf.rows), len(self._cells) - 1) and leaf.rows[first] == self._cells[first + 1]:
            first += 1
        self.leaf = leaf
        row = first + 1
        self._cells[row:] = leaf.rows[first:]
        self.contents.replace(row, self._cells[row:])
        for key in [key for key in self._layouts if key[0] >= row]:
            del self._layouts[key]
        self._formulas.forget(row)
        widths = self._widths
        self._columns.measure(row, self._cells, self._texts)
        y = self.row_tops[min(row, len(self._rows))]
        self._rows.cut(row)
        self.is_laid_out = False
        if self.width:
            self._fit(self.content_width(self.width))
        if widths != self._widths or self.row_tops[min(row, len(self._rows))] != y:
            return 0.0
        return self.content_top + y

    @property
    def lacks_shapes(self) -> bool:
        """Whether it shows the source of formulas that may be drawn by now."""
        return self._formulas.lack_shapes

    @property
    def formulas(self) -> Iterator[Run]:
        """All formulas in it."""
        return self._formulas.runs()

    def drop(self) -> None:
        super().drop()
        self._layouts.clear()

    def hit(self, x: float, y: float) -> int:
        row = self._rows.at(y - self.content_top)
        x += self.scroll_x - self.content_left
        column = columns.column_at(self._lefts(), x, is_rtl=self.is_rtl)
        layout = self._layout_of(row, column)
        left = self._lefts()[column] + self._offset(row, column, layout)
        within = y - self.content_top - self.row_tops[row] - self.row_pad
        if (row, column) in self._formulas:
            line = line_at(layout, within - self._formulas.rise(row, column), self.look.line_px)
        else:
            line = layout.lineAt(min(layout.lineCount() - 1, max(0, int(within // self.look.line_px))))
        return self.contents.start_of(row, column) + int(line.xToCursor(x - left))

    def rects(self, start: int, end: int) -> list[QRectF]:
        found = []
        for row, column, a, b in self.contents.between(*self.whole(start, end)):
            if row < len(self._rows):
                found += self._cell_rects(row, column, a, b)
        return found

    def whole(self, start: int, end: int) -> tuple[int, int]:
        first, last = start, end
        for row, column, a, b in self.contents.between(start, end) if self._formulas.cells else ():
            if cell := self._formulas.get(row, column):
                begin = self.contents.start_of(row, column)
                a, b = math.around(cell.shapes, a, b)
                first, last = min(first, begin + a), max(last, begin + b)
        return first, last

    def hot_spots(self) -> Sequence[HotSpot]:
        if self._copied is None or self._copied[0] is not self.leaf:
            self._copied = self.leaf, as_tsv(self.leaf)
        found = [self.keyboard_spot(tr("Copy table"), CopyText(self._copied[1]))]
        for row in sorted({row for row, _ in self._layouts}):
            for column, cell in enumerate(self._cells[row]):
                for start, end, words, act in cells.links(cell):
                    if rects := self._cell_rects(row, column, start, end):
                        found.append(HotSpot(words, act, tuple(rects)))
        return found

    @property
    def _plain_row(self) -> float:
        return self.look.line_px + 2 * self.row_pad

    def _guess(self, width: float) -> float:
        return self._plain_row * len(self._cells)

    def _lay_out(self, width: float) -> float:
        self._fit(width)
        overflow = self.overflow
        if self.is_rtl:  # What is seen of it stays, counted from its right.
            self.scroll_x, self._overflow = max(0.0, self.scroll_x + overflow - self._overflow), overflow
        self.scroll_x = min(self.scroll_x, overflow)
        # The bar has room of its own below the last row.
        return self.row_tops[-1] + (2 * self.look.step if overflow else 0.0)

    def _fit(self, width: float) -> None:
        for key in self._formulas.take():
            self._layouts.pop(key, None)
            # Heights are worked out anew, even if all columns stay as wide as they are.
            self._widths = []
        self._wanted, words, shapes = self._formulas.widths(self._columns.natural, self._columns.words)
        wanted = [natural + self.pads for natural in self._wanted]
        least = least_widths(self._wanted, words, self.pads, self.look, breaks_words=self.breaks_words)
        if not self.look.theme.is_paper:
            # Rather the table scrolls than that a formula is made smaller.
            least = [max(floor, min(shape + self.pads, width)) for floor, shape in zip(least, shapes, strict=True)]
        widths = shared_widths(wanted, width, least)
        if widths != self._widths:
            fits = [natural <= width for natural, width in zip(wanted, widths, strict=True)]
            # A cell that did not wrap and does not now stays as it is; one from right to left depends on the width.
            self._layouts = {
                key: layout
                for key, layout in self._layouts.items()
                if fits[key[1]] and self._fitted[key[1]] and layout.textOption().textDirection() == _EITHER_WAY
            }
            self._widths, self._fitted = widths, fits
            self._rows.cut(0)
            self._formulas.lifts.clear()
        if len(self._rows) < len(self._cells):
            self._guess_rows(len(self._rows))

    def _guess_rows(self, first: int) -> None:
        lines, pitch, plain = [1] * (len(self._cells) - first), self.look.line_px, self._plain_row
        rooms = [width - self.pads for width in self._widths]
        wrapping = [column for column, room in enumerate(rooms) if self._wanted[column] > room]
        for column in wrapping:
            lines = list(map(max, lines, guessed_lines(self._columns.advances[column][first:], rooms[column])))
        heights = [plain + (n - 1) * pitch for n in lines]
        guessed = {row for row, n in enumerate(lines, first) if n > 1}
        for (row, column), cell in self._formulas.cells.items():
            if row >= first:
                heights[row - first] = max(heights[row - first], plain + cell.guess(rooms[column], pitch))
                guessed.add(row)
        self._rows.extend(heights, guessed)
        # The head is seen wherever one is in the table.
        self._rows.come_near(0, inf if len(self._cells) * len(wrapping) <= FEW_CELLS else 1, inf, self._row_height)

    def _row_height(self, row: int) -> float:
        height = self._plain_row
        pitch, pads, cells, lift = self.look.line_px, self.pads, self._formulas.cells, 0.0
        below: list[float] = []
        for column, width in enumerate(self._widths):
            wraps = self._wanted[column] + pads > width
            cell = cells.get((row, column)) if cells else None
            if wraps and self._texts[row][column]:
                lines = self._layout_of(row, column).lineCount()
                height = max(height, lines * pitch + 2 * self.row_pad)
            if cell is not None:
                if not wraps:
                    cell.unfold(self.look)
                lift = max(lift, cell.lift)
                below.append(cell.height - cell.lift)
        if below:
            self._formulas.lifts[row] = lift
            height = lift + max(height, max(below) + 2 * self.row_pad)
        return height

    def _lefts(self) -> list[float]:
        return columns.column_lefts(self._widths, is_rtl=self.is_rtl)

    def _layout_of(self, row: int, column: int) -> QTextLayout:
        found = self._layouts.get((row, column))
        if found is None:
            found = self._layouts[row, column] = self._make_layout(row, column)
        return found

    def _make_layout(self, row: int, column: int) -> QTextLayout:
        text, runs = self._texts[row][column].replace("\n", "\u2028"), self._cells[row][column]
        width = max(8.0, self._widths[column] - self.pads)
        shapes = cell.fit(self.look, width) if (cell := self._formulas.get(row, column)) else []
        font = self.look.bold_font if row == 0 else self.look.text_font
        layout = QTextLayout(*fitting(math.with_blanks(text, shapes), font))
        layout.setCacheEnabled(True)
        is_aligned = self._wanted[column] + self.pads > self._widths[column]
        layout.setTextOption(cells.option(text, self._alignment(column, text) if is_aligned else ""))
        has_pills = cells.dress(layout, runs, self.look, shapes, is_header=row == 0)
        height, _ = break_lines(layout, width, self.look.line_px, shapes=shapes)
        self._pills.pop((row, column), None)
        if has_pills:
            self._pills[row, column] = pills.rects(runs, layout, self.look.pill, self.look.line_px)
        if cell is not None:
            cell.settle(layout, height, self.look.line_px)
        return layout

    def _offset(self, row: int, column: int, layout: QTextLayout) -> float:
        """Where the text begins in its column; lines of a wrapped cell share it."""
        room = self._widths[column] - self.pads
        if self._wanted[column] > room:
            return self.pad  # The lines are aligned within the layout.
        alignment = self.leaf.alignments[column] or self._alignment(column, self._texts[row][column])
        if alignment == "left":
            return self.pad
        spare = max(0.0, room - max(layout.lineAt(i).naturalTextWidth() for i in range(layout.lineCount())))
        return self.pad + (spare if alignment == "right" else spare / 2)

    def _alignment(self, column: int, text: str) -> str:
        return self.leaf.alignments[column] or ("right" if self.is_rtl or is_rtl(text) else "left")

    def _cell_rects(self, row: int, column: int, start: int, end: int) -> list[QRectF]:
        layout = self._layout_of(row, column)
        left = self.content_left - self.scroll_x + self._lefts()[column] + self._offset(row, column, layout)
        pitch = self.look.line_px
        top = self.content_top + self.row_tops[row] + self.row_pad + self._formulas.rise(row, column)
        has_formulas = (row, column) in self._formulas
        found = []
        for index in range(layout.lineCount()):
            line = layout.lineAt(index)
            a, b = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
            if a < b:
                x1, x2 = x_of(line, a), x_of(line, b)
                y = top + (line.y() - max(0.0, pitch - line.height()) / 2 if has_formulas else index * pitch)
                found.append(QRectF(left + min(x1, x2), y, abs(x2 - x1), pitch))
        return found

    def _paint_content(self, painter: QPainter, origin: QPointF, clip: QRectF, state: State) -> None:
        shift = origin - QPointF(self.content_left, self.content_top)
        first, last = self._paint_rows(painter, origin, clip, state)
        self._paint_pinned(painter, origin, clip, state)
        if len(self._layouts) > KEPT_CELLS:
            kept = {0, *range(first - KEPT_ROWS, last + KEPT_ROWS)}
            self._layouts = {key: layout for key, layout in self._layouts.items() if key[0] in kept}
        if state.focused == 0:
            self.paint_whole_focus(painter, shift)
        elif state.focused is not None and state.focused < len(spots := self.hot_spots()):
            spot = spots[state.focused]
            cells.paint_focus(painter, spot, shift + self._lowered(spot), self.look)
        self._paint_bar(painter, shift)

    def _paint_rows(self, painter: QPainter, origin: QPointF, clip: QRectF, state: State) -> tuple[int, int]:
        look, formulas = self.look, self._formulas
        extent = self.extent
        width = min(extent, self.content_width(self.width))
        first = self._rows.at(clip.top() - origin.y())
        last = self._rows.at(clip.bottom() - origin.y())
        if is_cut := width < extent:
            painter.save()
            painter.setClipRect(QRectF(origin.x(), clip.top(), width, clip.height()), Qt.ClipOperation.IntersectClip)
        shift = QPointF(origin.x() - self.content_left, origin.y() - self.content_top)
        selected: dict[tuple[int, int], list[QRectF]] = {}
        if state.selected:
            start, end = state.selected
            seen_of = self.contents.start_of
            part = self.whole(max(start, seen_of(first)), min(end, seen_of(last + 1)))
            selected = {
                (row, column): self._cell_rects(row, column, a, b)
                for row, column, a, b in self.contents.between(*part)
                if row < len(self._rows)
            }
        lefts, scrolled = self._lefts(), self.scroll_x
        seen = [c for c in enumerate(lefts) if c[1] < scrolled + width and c[1] + self._widths[c[0]] > scrolled]
        for row in range(first, last + 1):
            top = origin.y() + self.row_tops[row] + self.row_pad
            color = look.color("secondary" if row == 0 else "text")
            painter.setPen(color)
            for column, left in seen if not self._rows.is_guessed(row) else ():
                layout = self._layout_of(row, column)
                x = origin.x() - scrolled + left + self._offset(row, column, layout)
                corner = QPointF(x, top + formulas.rise(row, column) if formulas.cells else top)
                if self._pills and (found := self._pills.get((row, column))):
                    pills.paint(painter, found, corner, clip, look)
                for rect in selected.get((row, column), ()):
                    painter.fillRect(rect.translated(shift), look.selection)
                layout.draw(painter, corner, [], clip)
                if formulas.cells and (cell := formulas.get(row, column)) is not None and cell.shapes:
                    math.paint(painter, layout, corner, cell.shapes, color)
            bottom = round(origin.y() + self.row_tops[row + 1]) - 1
            painter.fillRect(QRectF(origin.x(), bottom, width, 1), look.color("line"))
        if is_cut:
            painter.restore()
        return first, last
