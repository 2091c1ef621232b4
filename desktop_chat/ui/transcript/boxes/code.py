"""A code block: its lines under a header that stays in sight, with only the first ones shown while it is folded."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from desktop_chat.markup.leaves import Code
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.transcript.boxes.box import CodeDeed, HotSpot, OnCode, Place, Shell, State
from desktop_chat.ui.transcript.boxes.code_head import (
    HeadButton,
    Painted,
    button_rects,
    paint_foot,
    paint_ground,
    paint_head,
    paint_ring,
)
from desktop_chat.ui.transcript.boxes.code_lines import CodeLines, Highlight, MakeHighlight
from desktop_chat.ui.transcript.boxes.sideways import SidewaysBox
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.words import tr

LEX_AT_ONCE = 40
"""Lines coloured within one paint; the rest follows when there is time."""
LONG_LINES = 30
"""A block with more lines is folded."""
FOLDED_LINES = 20
"""Lines that are shown of a folded block."""
FADING = {3: 0.75, 2: 0.45, 1: 0.2}
"""How strong the last lines of a folded block are, counted from the end."""
LEAST_DIGITS = 3
"""Of line numbers, so that code does not move aside while it grows."""


@dataclass(slots=True, eq=False)
class CodeView:
    """How the reader wants to see one block; it outlives the box, which is made anew for other colours or sizes."""

    is_open: bool = False
    """All lines are shown, however many there are."""
    wraps: bool | None = None
    """Long lines break instead of scrolling sideways; `None`: as the person prefers."""
    is_copied: bool = False
    """It was copied a moment ago."""


class CodeBox(SidewaysBox):
    """A block of code, fenced or indented.

    Args:
        leaf: What to show.
        look: Fonts, colours and measures.
        place: Where it stands.
        make_highlight: Where colours come from.
        has_header: False for code inside a card, which has a title of its own.
        view: How the reader wants to see it.
    """

    def __init__(
        self,
        leaf: Code,
        look: Look,
        place: Place,
        make_highlight: MakeHighlight,
        *,
        has_header: bool = True,
        view: CodeView | None = None,
    ) -> None:
        super().__init__(look, place, leaf.frames)
        self.leaf = leaf
        self.has_header = has_header
        self.head = look.head_line_px if has_header else 0.0
        """Height of the header."""
        self.pad = (3 if has_header else 2) * look.step
        """Room around the code."""
        self.view = view or CodeView()
        self.wants_color = False
        """Lines that were painted still wait for their colours."""
        self._make_highlight = make_highlight
        self._highlight: Highlight | None = None
        self._is_highlighting = False
        self._lines = CodeLines(leaf.lines[:], look)
        self._shift = 0.0
        self._sized: tuple[float, bool, float] | None = None
        """A width, whether it was folded, and the height that was found."""

    @property
    def text(self) -> str:
        return self.leaf.text

    @property
    def length(self) -> int:
        return self._lines.length

    @property
    def wraps(self) -> bool:
        """Long lines break instead of scrolling sideways."""
        return self.look.code_wrap if self.view.wraps is None else self.view.wraps

    @property
    def can_fold(self) -> bool:
        """It is long; on paper and in cards everything is shown."""
        return self.has_header and len(self._lines) > LONG_LINES and not self.look.theme.is_paper

    @property
    def is_folded(self) -> bool:
        """Only its first lines are shown."""
        return not self.view.is_open and self.can_fold

    @property
    def gutter(self) -> float:
        """Room for line numbers."""
        if not (self.look.code_numbers and self.has_header):
            return 0.0
        digits = max(LEAST_DIGITS, len(str(len(self._lines))))
        return digits * self.look.code_advance + 3 * self.look.step

    @property
    def extent(self) -> float:
        return 0.0 if self._lines.columns else self._lines.widest

    @property
    def marked_area(self) -> QRectF:
        # What is found under the header, or below the foot, is not seen.
        top, bottom = self.content_top + self._shift + self.head, self._foot if self.is_folded else 0.0
        return super().marked_area.intersected(QRectF(0, top, self.width, max(0.0, self.height - top - bottom)))

    @property
    def window(self) -> QRectF:
        return QRectF(self.content_left + self.pad + self.gutter, self.content_top, self.room, self.height)

    @property
    def room(self) -> float:
        return self.content_width(self.width) - 2 * self.pad - self.gutter

    def stick(self, y: float) -> float:
        """Have the header in sight where the box stands at a height of the window; by how much it is lowered."""
        room = self.height - self._around - self.head - self.look.code_line_px
        sticks = self.has_header and not self.look.theme.is_paper
        self._shift = min(max(0.0, -y - self.content_top), max(0.0, room)) if sticks else 0.0
        return self._shift

    def grow(self, leaf: Code) -> float | None:
        """Take over a later state of the same block.

        Returns:
            The height from which on it looks different; `None` if it is another block.
        """
        old = self.leaf
        if leaf.language != old.language or leaf.frames != old.frames or leaf.start != old.start:
            return None
        could_fold = self.can_fold
        cursor_row = len(self._lines) - 1
        first = min(leaf.lines.same_as(old.lines), len(self._lines))
        self.leaf = leaf
        colored = self._lines.colored
        first = self._lines.replace(first, leaf.lines[first:])
        if self._lines.colored < colored:
            self._is_highlighting = False
        self.is_laid_out, self._sized = False, None
        if could_fold != self.can_fold:
            return self.content_top  # The header has a button more.
        row = min(first, cursor_row, len(self._lines) - 1)
        # Of a folded block the foot changes, and what fades above it.
        return self._code_top + self._lines.y_of(min(row, FOLDED_LINES - 3) if self.is_folded else row)

    def drop(self) -> None:
        super().drop()
        self._sized = None
        self._lines.forget_layouts()

    def turn_wrap(self) -> None:
        """Break long lines, or scroll sideways again."""
        self.view.wraps = not self.wraps
        self.drop()

    def turn_fold(self) -> None:
        """Show all lines, or only the first ones again."""
        self.view.is_open = not self.view.is_open
        self.drop()

    def hides(self, offset: int) -> bool:
        """Whether an offset is in the part that is folded away."""
        return self.is_folded and self._lines.row_of(offset) >= FOLDED_LINES

    def color_some(self, count: int = LEX_AT_ONCE) -> None:
        """Give the next lines their colours."""
        if not self._is_highlighting:
            self._is_highlighting = True
            self._highlight = self._make_highlight(self.leaf.language)
        if self._highlight is None:
            self._is_highlighting = False
            return
        self._lines.color(self._highlight, min(self._lines.colored + count, self._settled_lines))

    def place_at(self, y: float) -> tuple[int, float]:
        """The line at a height, counted from 1, and how far below its top that is; 0 above the first one."""
        if (down := y - self._code_top) < 0:
            return 0, y
        line, _ = self._lines.line_at(down)
        return line + 1, down - self._lines.y_of(line)

    def y_of(self, inner: int) -> float:
        return self._code_top + self._lines.y_of(min(inner, len(self._lines)) - 1) if inner else 0.0

    def hit(self, x: float, y: float) -> int:
        return self._lines.hit(x - self._code_left, y - self._code_top)

    def rects(self, start: int, end: int) -> list[QRectF]:
        if start >= end:
            return []
        left, top = self._code_left, self._code_top
        return [rect.translated(left, top) for rect in self._lines.rects(start, end)]

    def hot_spots(self) -> Sequence[HotSpot]:
        if not self.has_header:
            # What is cut off is not copied, and what is seen whole need not be gone to.
            is_wide = self.place.shell is Shell.CARD and self.overflow > 0
            return (self.keyboard_spot(tr("Copy code"), OnCode(CodeDeed.COPY, self.view)),) if is_wide else ()
        corner = QPointF(self.content_left, self.content_top + self._shift)
        rects = {button.deed: rect.translated(corner) for button, rect in self._button_rects()}
        found = [
            HotSpot(button.label, OnCode(button.deed, self.view), (rects[button.deed],))
            for button in (*self._buttons(), *self._fold_button())
            if button.deed in rects
        ]
        if self.is_folded:
            found.append(HotSpot(self._show_all, OnCode(CodeDeed.FOLD, self.view), (self._foot_rect(),)))
        return found

    def _guess(self, width: float) -> float:
        return self._lay_out(width)

    def _lay_out(self, width: float) -> float:
        is_folded = self.is_folded
        if self._sized is not None and self._sized[:2] == (width, is_folded):
            return self._sized[2]
        self._lines.limit = FOLDED_LINES if is_folded else None
        room = width - 2 * self.pad - self.gutter
        self._lines.break_at(max(1, int(room / self.look.code_advance)) if self.wraps else 0)
        if self.scroll_x:
            self.scroll_x = min(self.scroll_x, self.overflow)
        height = self.head + self.pad + self._lines.height + (self._foot if is_folded else self.pad)
        self._sized = width, is_folded, height
        return height

    @property
    def _foot(self) -> float:
        return self.look.head_line_px + self.look.step

    @property
    def _show_all(self) -> str:
        return tr("Show all {n} lines", n=count_text(len(self._lines)))

    @property
    def _code_left(self) -> float:
        return self.content_left + self.pad + self.gutter - self.scroll_x

    @property
    def _code_top(self) -> float:
        return self.content_top + self.head + self.pad

    @property
    def _settled_lines(self) -> int:
        # The lexer reads a line once, so the one that still grows has to wait.
        return len(self._lines) if self.leaf.is_closed else len(self._lines) - 1

    def _buttons(self) -> tuple[HeadButton, ...]:
        wrap = tr("Scroll long lines") if self.wraps else tr("Wrap long lines")
        words = tr("Copy"), tr("Copied")
        return (
            HeadButton(CodeDeed.WRAP, wrap, "no-wrap" if self.wraps else "wrap"),
            HeadButton(CodeDeed.SAVE, tr("Save code…"), "save"),
            HeadButton(CodeDeed.COPY, tr("Copy code"), text=words[self.view.is_copied], longest=max(words, key=len)),
        )

    def _fold_button(self) -> tuple[HeadButton, ...]:
        is_open = self.can_fold and self.view.is_open
        return (HeadButton(CodeDeed.FOLD, tr("Show less"), "chevron-up"),) if is_open else ()

    def _every_button(self) -> tuple[HeadButton, ...]:
        return (*self._fold_button(), *self._buttons())

    def _button_rects(self) -> list[tuple[HeadButton, QRectF]]:
        return list(button_rects(self._every_button(), self.content_width(self.width), self.head, self.look))

    def _foot_rect(self) -> QRectF:
        bottom = self.height - self.place.bottom
        return QRectF(self.content_left, bottom - self._foot, self.content_width(self.width), self._foot)

    def _paint_content(self, painter: QPainter, origin: QPointF, clip: QRectF, state: State) -> None:
        top = origin.y()
        area = QRectF(origin.x(), top, self.content_width(self.width), self.height - self._around)
        self.stick(top - self.content_top)
        paint_ground(painter, area, clip, self.look)
        shift = QPointF(origin.x() - self.content_left, top - self.content_top)
        is_folded, below_head, is_cut = self.is_folded, top + self._shift + self.head, False
        if clip.bottom() > below_head:
            lines = area.adjusted(0, 0, 0, -self._foot) if is_folded else area
            is_cut = self._paint_lines(painter, shift, clip, lines, state)
        lit = state.hovered.deed if isinstance(state.hovered, OnCode) and state.hovered.view is self.view else None
        focused = self._focused(state)
        if is_folded:
            is_lit = CodeDeed.FOLD in (lit, focused)
            paint_foot(painter, self._foot_rect().translated(shift), self._show_all, state, self.look, is_lit)
        if is_cut:
            self._paint_bar(painter, shift)
        if state.focused is not None and not self.has_header:
            paint_ring(painter, area.adjusted(0.5, 0.5, -0.5, -0.5), self.look)
        if self.has_header and clip.top() < below_head:
            language = self.leaf.language or tr("text")
            has_fold = self.can_fold and self.view.is_open
            is_like = language, self.wraps, self.view.is_copied, has_fold, lit, focused
            frame = Painted(language, self._every_button, area, self._shift, lit, focused, is_like)
            paint_head(painter, frame, self.look)

    def _focused(self, state: State) -> CodeDeed | None:
        spots = self.hot_spots() if state.focused is not None else ()
        if state.focused is None or state.focused >= len(spots):
            return None
        act = spots[state.focused].act
        return act.deed if isinstance(act, OnCode) else None

    def _paint_lines(self, painter: QPainter, shift: QPointF, clip: QRectF, area: QRectF, state: State) -> bool:
        """Draw the lines; tells whether any is longer than there is room."""
        lines, look, is_folded = self._lines, self.look, self.is_folded
        top = self._code_top + shift.y()
        first, _ = lines.line_at(clip.top() - top)
        last, _ = lines.line_at(clip.bottom() - top)
        self._color_until(min(last + 1, self._settled_lines))
        layouts = [(row, lines.layout_of(row)) for row in range(first, last + 1)]
        # Clipping costs as much as a line: only where one is longer than there is room.
        if is_cut := self.overflow > 0:
            painter.save()
            painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        if self.gutter:
            self._paint_numbers(painter, shift, first, last)
        if is_cut:
            inside = self.window.translated(shift).adjusted(-2, self.head, self.pad - 1, 0)
            painter.setClipRect(inside, Qt.ClipOperation.IntersectClip)
        if state.selected:
            for rect in self.rects(*state.selected):
                painter.fillRect(rect.translated(shift), look.selection)
        painter.setPen(look.color("text"))
        left = self._code_left + shift.x()
        for row, layout in layouts:
            if is_folded:
                painter.setOpacity(FADING.get(FOLDED_LINES - row, 1.0))
            layout.draw(painter, QPointF(left, top + lines.y_of(row)), [], clip)
        if is_folded:
            painter.setOpacity(1.0)
        if state.cursor and not is_folded:
            end = lines.end()
            size = QRectF(0, 2, round(7 * look.theme.scale), look.code_line_px - 4)
            painter.fillRect(size.translated(left + end.x() + 2, top + end.y()), look.color("accent"))
        if is_cut:
            painter.restore()
        return is_cut

    def _color_until(self, seen: int) -> None:
        if self._lines.colored < seen:
            self.color_some()
        self.wants_color = self._highlight is not None and self._lines.colored < seen

    def _paint_numbers(self, painter: QPainter, shift: QPointF, first: int, last: int) -> None:
        look, top = self.look, self._code_top + shift.y()
        painter.setFont(look.code_font)
        painter.setPen(look.color("faint"))
        right = self.content_left + self.pad + self.gutter - 3 * look.step + shift.x()
        for row in range(first, last + 1):
            number = str(row + 1)
            line = self._lines.layout_of(row).lineAt(0)
            base = top + self._lines.y_of(row) + line.y() + line.ascent()
            if self.is_folded:
                painter.setOpacity(FADING.get(FOLDED_LINES - row, 1.0))
            painter.drawText(QPointF(right - len(number) * look.code_advance, base), number)
        painter.setOpacity(1.0)

    def _first_line_height(self) -> float:
        return self.head or self.look.code_line_px
