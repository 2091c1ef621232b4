"""A code block: lines of one height, laid out only while they are seen, under a sticky header."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence
from itertools import accumulate
from math import ceil

from PySide6.QtCore import QCoreApplication, QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QTextCharFormat, QTextLayout, QTextOption

from desktop_chat.markup.leaves import Code
from desktop_chat.ui.transcript.boxes.box import CopyText, HotSpot, Place, State, units
from desktop_chat.ui.transcript.boxes.lines import x_of
from desktop_chat.ui.transcript.boxes.sideways import SidewaysBox
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.scripts import bare, is_jumble

KEPT_LAYOUTS = 200
"""Lines whose layout is kept; more than fit on a screen."""
LONGEST_LINE = 5_000
"""Characters of a line that are shown; how many more there are is said. Copying takes all."""
LEX_AT_ONCE = 40
"""Lines coloured within one paint; the rest follows when there is time."""

Colors = Sequence[tuple[int, int, str]]
"""Start, length and name of a colour within one line."""
Highlight = Callable[[str], Colors]
"""Colours of the next line; keeps the lexer's state between lines."""
MakeHighlight = Callable[[str], Highlight | None]
"""A fresh highlighter for a language; `None` where there is none."""


class CodeBox(SidewaysBox):
    """A block of code, fenced or indented.

    Args:
        leaf: What to show.
        look: Fonts, colours and measures.
        place: Where it stands.
        make_highlight: Where colours come from.
        has_header: False for code inside a card, which has a title of its own.
    """

    def __init__(
        self, leaf: Code, look: Look, place: Place, make_highlight: MakeHighlight, *, has_header: bool = True
    ) -> None:
        super().__init__(look, place, leaf.frames)
        self.leaf = leaf
        self.has_header = has_header
        self._make_highlight = make_highlight
        self._highlight: Highlight | None = None
        self._is_highlighting = False
        self.wraps = look.code_wrap
        """Long lines break instead of scrolling sideways."""
        self.wants_color = False
        """Lines that were painted still wait for their colours."""
        self._lines = list(leaf.lines) or [""]
        self._starts: list[int] = []
        self._rows: list[int] = []
        self._columns = 0
        self._colors: list[Colors] = []
        self._layouts: OrderedDict[int, QTextLayout] = OrderedDict()
        self._widest = self._longest(0)
        self._shift = 0.0

    @property
    def text(self) -> str:
        return self.leaf.text

    @property
    def length(self) -> int:
        self._index()
        return self._starts[-1] + units(self._lines[-1])

    @property
    def head(self) -> float:
        """Height of the header."""
        return self.look.head_line_px if self.has_header else 0.0

    @property
    def pad(self) -> float:
        """Room around the code."""
        return 3 * self.look.step if self.has_header else 2 * self.look.step

    @property
    def extent(self) -> float:
        return 0.0 if self._columns else self._widest

    @property
    def window(self) -> QRectF:
        width = self.content_width(self.width) - 2 * self.pad
        return QRectF(self.content_left + self.pad, self.content_top, width, self.height)

    def grow(self, leaf: Code) -> float | None:
        """Take over a later state of the same block.

        Returns:
            The height from which on it looks different; `None` if it is another block.
        """
        old = self.leaf
        if leaf.language != old.language or leaf.frames != old.frames or leaf.start != old.start:
            return None
        first = min(leaf.lines.same_as(old.lines), len(self._lines))
        added = leaf.lines[first:]
        kept = self._lines[first:]
        same = 0
        while same < len(added) and same < len(kept) and added[same] == kept[same]:
            same += 1
        first += same
        cursor_row = len(self._lines) - 1
        self.leaf = leaf
        self._lines[first:] = added[same:]
        if not self._lines:
            self._lines, first = [""], 0
        if first < len(self._colors):
            self._colors.clear()
            self._is_highlighting = False
        for row in [row for row in self._layouts if row >= first]:
            del self._layouts[row]
        del self._starts[first + 1 :]
        del self._rows[first:]
        self._widest = max(self._widest, self._longest(first))
        self.is_laid_out = False
        return self.content_top + self._y_of(min(first, cursor_row, len(self._lines) - 1))

    def drop(self) -> None:
        super().drop()
        self._layouts.clear()

    def turn_wrap(self) -> None:
        """Break long lines, or scroll sideways again."""
        self.wraps = not self.wraps
        self.drop()

    def color_some(self, count: int = LEX_AT_ONCE) -> None:
        """Give the next lines their colours."""
        if not self._is_highlighting:
            self._is_highlighting = True
            self._highlight = self._make_highlight(self.leaf.language)
        if self._highlight is None:
            self._is_highlighting = False
            return
        first = len(self._colors)
        for line in self._lines[first : min(first + count, self._settled_lines)]:
            self._colors.append(self._highlight(line))
        for row in range(first, len(self._colors)):
            self._layouts.pop(row, None)

    def hit(self, x: float, y: float) -> int:
        self._index()
        row, within = self._line_at(y - self.content_top - self.head - self.pad)
        layout = self._layout_of(row)
        line = layout.lineAt(max(0, min(within, layout.lineCount() - 1)))
        left = self.content_left + self.pad - self.scroll_x
        return self._starts[row] + min(int(line.xToCursor(x - left)), units(self._lines[row]))

    def rects(self, start: int, end: int) -> list[QRectF]:
        if start >= end:
            return []
        self._index()
        found = []
        pitch = self.look.code_line_px
        left = self.content_left + self.pad - self.scroll_x
        first = max(0, bisect_right(self._starts, start) - 1)
        for row in range(first, len(self._lines)):
            begins = self._starts[row]
            if begins >= end:
                break
            if not self._is_seen(row):
                continue
            layout = self._layout_of(row)
            top = self.content_top + self._y_of(row)
            for within in range(layout.lineCount()):
                line = layout.lineAt(within)
                a, b = max(start - begins, line.textStart()), min(end - begins, line.textStart() + line.textLength())
                if a > b or (a == b and line.textLength()):
                    continue
                x1, x2 = x_of(line, a), x_of(line, b)
                tail = self.look.step if end - begins > b else 0
                found.append(QRectF(left + x1, top + within * pitch, x2 - x1 + tail, pitch))
        return found

    def hot_spots(self) -> Sequence[HotSpot]:
        if not self.has_header:
            return ()
        return (HotSpot(_tr("Copy code"), CopyText(self.leaf), (self._copy_rect(),)),)

    def _guess(self, width: float) -> float:
        return self._lay_out(width)

    def _lay_out(self, width: float) -> float:
        columns = int((width - 2 * self.pad) / self.look.code_advance) if self.wraps else 0
        if columns != self._columns:
            self._columns = max(8, columns) if columns else 0
            self._rows.clear()
            self._layouts.clear()
        self.scroll_x = min(self.scroll_x, self.overflow)
        return self.head + 2 * self.pad + self._visual_rows() * self.look.code_line_px

    @property
    def _settled_lines(self) -> int:
        # The lexer reads a line once, so the one that still grows has to wait.
        return len(self._lines) if self.leaf.is_closed else len(self._lines) - 1

    def _visual_rows(self) -> int:
        if not self._columns:
            return len(self._lines)
        done = self._rows[-1] if self._rows else 0
        for line in self._lines[len(self._rows) :]:
            done += max(1, ceil(_columns(_shown(line)) / self._columns))
            self._rows.append(done)
        return done

    def _y_of(self, row: int) -> float:
        above = row
        if self._columns:
            self._visual_rows()
            above = self._rows[row - 1] if row else 0
        return self.head + self.pad + above * self.look.code_line_px

    def _line_at(self, y: float) -> tuple[int, int]:
        visual = max(0, int(y // self.look.code_line_px))
        if not self._columns:
            return min(visual, len(self._lines) - 1), 0
        self._visual_rows()
        row = min(bisect_right(self._rows, visual), len(self._lines) - 1)
        return row, visual - (self._rows[row - 1] if row else 0)

    def _index(self) -> None:
        """Offsets of the lines, as far as they are not known yet."""
        if len(self._starts) < len(self._lines):
            known = len(self._starts)
            first = self._starts[-1] + units(self._lines[known - 1]) + 1 if known else 0
            lengths = (units(line) + 1 for line in self._lines[known:-1])
            self._starts.extend(accumulate(lengths, initial=first))

    def _is_seen(self, row: int) -> bool:
        # Selections of blocks with thousands of lines: only what has a layout is on the screen.
        return row in self._layouts or len(self._lines) < KEPT_LAYOUTS

    def _layout_of(self, row: int) -> QTextLayout:
        found = self._layouts.get(row)
        if found is not None:
            self._layouts.move_to_end(row)
            return found
        font = self.look.code_font
        layout = QTextLayout(_shown(self._lines[row]), bare(font) if is_jumble(self._lines[row]) else font)
        layout.setCacheEnabled(True)
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        option.setTabStopDistance(4 * self.look.code_advance)
        option.setWrapMode(QTextOption.WrapMode.WrapAnywhere if self._columns else QTextOption.WrapMode.NoWrap)
        layout.setTextOption(option)
        if row < len(self._colors):
            layout.setFormats([self._range(*color) for color in _in_units(self._lines[row], self._colors[row])])
        layout.beginLayout()
        pitch, y = self.look.code_line_px, 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth((self._columns + 0.5) * self.look.code_advance if self._columns else 1e6)
            line.setPosition(QPointF(0, y + (pitch - line.height()) / 2))
            y += pitch
            self._widest = max(self._widest, line.naturalTextWidth())
        layout.endLayout()
        self._layouts[row] = layout
        if len(self._layouts) > KEPT_LAYOUTS:
            self._layouts.popitem(last=False)
        return layout

    def _range(self, start: int, length: int, color: str) -> QTextLayout.FormatRange:
        found = QTextLayout.FormatRange()
        found.start, found.length = start, length
        made = QTextCharFormat()
        made.setForeground(self.look.color(color))
        found.format = made
        return found

    def _longest(self, first: int) -> float:
        longest = max((min(len(line), LONGEST_LINE) + 3 * line.count("\t") for line in self._lines[first:]), default=0)
        return longest * self.look.code_advance

    def _copy_rect(self) -> QRectF:
        width = self.content_width(self.width)
        room = 64 * self.look.theme.scale
        return QRectF(self.content_left + width - room, self.content_top + self._shift, room, self.head)

    def _paint_content(self, painter: QPainter, origin: QPointF, clip: QRectF, state: State) -> None:
        width = self.content_width(self.width)
        area = QRectF(origin.x(), origin.y(), width, self.height - self._around)
        self._shift = 0.0
        if self.has_header and not self.look.theme.is_paper:
            self._shift = min(max(0.0, -origin.y()), max(0.0, area.height() - self.head - self.look.code_line_px))
        self._paint_ground(painter, area, clip)
        inside = area.adjusted(self.pad, self.head, -self.pad, 0)
        painter.save()
        painter.setClipRect(inside.adjusted(-2, 0, self.pad - 1, 0), Qt.ClipOperation.IntersectClip)
        corner = QPointF(inside.left() - self.scroll_x, origin.y())
        first, _ = self._line_at(clip.top() - origin.y() - self.head - self.pad)
        last, _ = self._line_at(clip.bottom() - origin.y() - self.head - self.pad)
        seen = min(last + 1, self._settled_lines)
        if len(self._colors) < seen:
            self.color_some()
        self.wants_color = self._highlight is not None and len(self._colors) < seen
        layouts = [(row, self._layout_of(row)) for row in range(first, last + 1)]
        if state.selected:
            shift = QPointF(origin.x() - self.content_left, origin.y() - self.content_top)
            for rect in self.rects(*state.selected):
                painter.fillRect(rect.translated(shift), self.look.selection)
        painter.setPen(self.look.color("text"))
        for row, layout in layouts:
            layout.draw(painter, QPointF(corner.x(), corner.y() + self._y_of(row)), [], clip)
        if state.cursor:
            self._paint_cursor(painter, corner)
        painter.restore()
        self._paint_bar(painter, QPointF(area.left() - self.content_left, area.top() - self.content_top))
        if self.has_header and clip.top() < area.top() + self._shift + self.head:
            self._paint_header(painter, area, state)

    def _paint_ground(self, painter: QPainter, area: QRectF, clip: QRectF) -> None:
        look, cap = self.look, ceil(self.look.radius) + 1
        line, ground = look.color("line"), look.color("code")
        top, bottom = max(area.top() + cap, clip.top()), min(area.bottom() - cap, clip.bottom() + 1)
        if top < bottom:
            # Smooth outlines are dear: all but the corners is made of plain rectangles.
            painter.fillRect(QRectF(area.left(), top, area.width(), bottom - top), line)
            painter.fillRect(QRectF(area.left() + 1, top, area.width() - 2, bottom - top), ground)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(line, 1))
        painter.setBrush(ground)
        for end in (area.top(), area.bottom() - cap):
            if end <= clip.bottom() and end + cap >= clip.top():
                painter.setClipRect(QRectF(area.left(), end, area.width(), cap) & clip)
                whole = QRectF(area.left(), end if end == area.top() else end - 2 * cap, area.width(), 3 * cap)
                painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), look.radius, look.radius)
        painter.restore()

    def _paint_header(self, painter: QPainter, area: QRectF, state: State) -> None:
        look = self.look
        head = QRectF(area.left(), area.top() + self._shift, area.width(), self.head).adjusted(0.5, 0.5, -0.5, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(head.adjusted(-1, -1, 1, 0), Qt.ClipOperation.IntersectClip)
        path = QPainterPath()
        path.addRoundedRect(head.adjusted(0, 0, 0, look.radius * 2), look.radius, look.radius)
        painter.setPen(QPen(look.color("line"), 1))
        painter.setBrush(look.color("code_head"))
        painter.drawPath(path)
        painter.setFont(look.small_font)
        painter.setPen(look.color("secondary"))
        inner = head.adjusted(self.pad, 0, -self.pad, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignLeft, self.leaf.language or _tr("text"))
        is_lit = isinstance(state.hovered, CopyText) and state.hovered.leaf is self.leaf
        painter.setPen(look.color("text" if is_lit or state.focused == 0 else "secondary"))
        if not look.theme.is_paper:
            painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, _tr("Copy"))
        if state.focused == 0:
            painter.setPen(QPen(look.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            room = self._copy_rect().translated(area.left() - self.content_left, area.top() - self.content_top)
            painter.drawRoundedRect(room.adjusted(4, 4, -4, -4), 4, 4)
        painter.restore()

    def _paint_cursor(self, painter: QPainter, corner: QPointF) -> None:
        row = len(self._lines) - 1
        layout = self._layout_of(row)
        line = layout.lineAt(layout.lineCount() - 1)
        scale = self.look.theme.scale
        pitch = self.look.code_line_px
        x = corner.x() + x_of(line, units(self._lines[row])) + 2
        y = corner.y() + self._y_of(row) + (layout.lineCount() - 1) * pitch
        painter.fillRect(QRectF(x, y + 2, round(7 * scale), pitch - 4), self.look.color("accent"))

    def _first_line_height(self) -> float:
        return self.head or self.look.code_line_px


def _shown(line: str) -> str:
    if len(line) <= LONGEST_LINE:
        return line
    more = QLocale().toString(len(line) - LONGEST_LINE)
    return line[:LONGEST_LINE] + _tr(" … {n} more characters").format(n=more)


def _in_units(line: str, colors: Colors) -> Colors:
    """Lexers count characters, layouts UTF-16."""
    if line.isascii() or max(line) <= "\uffff":
        return colors
    return [(units(line[:at]), units(line[at : at + length]), name) for at, length, name in colors]


def _columns(line: str) -> int:
    if line.isascii():
        return len(line) + 3 * line.count("\t")
    return sum(1 if character < "\u1100" else 2 for character in line)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Transcript", text)
