"""A paragraph, heading or list item: one `QTextLayout` with its pills, links and marks."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import floor
from urllib.parse import urlsplit

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from desktop_chat.markup.leaves import TO_REFERENCE, Quote, Run, Style, Text
from desktop_chat.ui.transcript.boxes import math, pills
from desktop_chat.ui.transcript.boxes.box import Box, HotSpot, Link, Place, Shell, State
from desktop_chat.ui.transcript.boxes.lines import break_lines, common_length, x_of
from desktop_chat.ui.transcript.boxes.scripts import is_jumble, plainly
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.utf16 import units

SCHEMES = ("http", "https", "mailto")
"""Only these are ever offered to be opened."""
BACK = "↩\ufe0e"
"""Stands behind the mark of a footnote: it leads back to the reference."""
PICTURE = "▧"
"""Stands in a text where a picture is."""
_PLAIN, _MATH = Style.PLAIN, Style.MATH  # Looking up a member of an enumeration takes as long as a call.
WRAPPED = QTextOption()
"""How text breaks; do not change it."""
WRAPPED.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)


@dataclass(frozen=True, slots=True)
class ToNote(Link):
    """Go to the other end of a footnote, in the same text."""


class TextBox(Box):
    """Text with runs of different looks.

    Args:
        leaf: What to show.
        look: Fonts, colours and measures.
        place: Where it stands.
    """

    def __init__(self, leaf: Text, look: Look, place: Place) -> None:
        super().__init__(look, place, leaf.frames)
        self.leaf = leaf
        self._is_plain, has_math, has_signs = True, False, False
        """Nothing in it looks unlike the rest or can be clicked."""
        for run in leaf.runs:
            if run.style is not _PLAIN or run.href or run.image:
                self._is_plain = False
                has_math = has_math or _MATH in run.style
                has_signs = has_signs or run.image or run.is_note
        is_paper = look.theme.is_paper
        self._runs: Sequence[Run] = [_shown(run, is_paper) for run in leaf.runs] if has_signs else leaf.runs
        self._text = "".join([run.text for run in self._runs])
        self._length = units(self._text)
        self.is_rtl = is_rtl(self._text)
        self._has_math = has_math and max(self._text) <= "\uffff"
        self.line_height = look.line_height(leaf.level)
        """Distance of two lines."""
        self.natural = 0.0
        """Width of its longest line."""
        self._layout: QTextLayout | None = None
        self._shapes: list[math.Placed] = []
        self._inner_height = 0.0
        self._pills: list[QRectF] = []
        self._spots: list[HotSpot] | None = None
        self._shift = 0.0

    @property
    def text(self) -> str:
        return self._text

    @property
    def length(self) -> int:
        return self._length

    @property
    def shown(self) -> Sequence[Run]:
        """The runs as they are painted: for a picture, what stands for it; the mark of a footnote with its sign."""
        return self._runs

    @property
    def content_left(self) -> float:
        """Where the content begins; from right to left, bars and markers stand on the right."""
        left = self.place.left + self.place.share * self.width
        return left if self.is_rtl else left + self._indent

    @property
    def spoken(self) -> str:
        """The text as it is read aloud: a sign that stands for a picture is a word, that of a way back says itself."""
        text = self.plain(0, self._length)
        sign = QCoreApplication.translate("Transcript", "Picture:")
        return text.replace(PICTURE, sign) if any(run.image for run in self.leaf.runs) else text

    @property
    def last_line_top(self) -> float:
        """Where its last line begins, in the box."""
        if self._layout is None or not self._layout.lineCount():
            return self.content_top
        line = self._layout.lineAt(self._layout.lineCount() - 1)
        return self.content_top + line.y() - max(0.0, self.line_height - line.height()) / 2

    @property
    def line_bottoms(self) -> list[float]:
        """Where its lines end, in the box; with formulas they are of different heights."""
        if self._layout is None:
            return []
        bottoms = [self._line_bottom(row) for row in range(self._layout.lineCount())]
        for shape in self._shapes:
            line = self._layout.lineForTextPosition(shape.start)
            row = line.lineNumber()
            bottoms[row] = max(bottoms[row], line.y() + line.ascent() + shape.descent)
        return [self.content_top + bottom for bottom in bottoms]

    def drop(self) -> None:
        super().drop()
        self._layout = None
        self._pills = []
        self._spots = None

    def first_change(self, old: Box) -> float:
        """Height from which on this box looks different from the one it replaces; 0 if anywhere."""
        if not isinstance(old, TextBox) or old._layout is None or self._layout is None or old.place != self.place:
            return 0.0
        if old.leaf.level != self.leaf.level or old.width != self.width or self.place.shell is Shell.BUBBLE:
            return 0.0
        offset = 0
        for mine, theirs in zip(self._runs, old._runs, strict=False):
            if mine == theirs:
                offset += units(mine.text)
                continue
            if mine.style == theirs.style and mine.href == theirs.href:
                offset += units(mine.text[: common_length(mine.text, theirs.text)])
            break
        line = self._layout.lineForTextPosition(min(offset, self._length))
        row = line.lineNumber() if line.isValid() else 0
        if row and (row >= old._layout.lineCount() or old._layout.lineAt(row).textStart() != line.textStart()):
            # The word before has moved to another line, or the cursor has.
            row -= 1
            line = self._layout.lineAt(row)
        return self.content_top + line.y() - max(0.0, self.line_height - line.height()) / 2 if row else 0.0

    def hit(self, x: float, y: float) -> int:
        if self._layout is None:
            return 0
        x, y = x - self.content_left - self._shift, y - self.content_top
        if y < 0:
            return 0
        row = 0
        for row in range(self._layout.lineCount()):
            if y < self._line_bottom(row):
                break
        else:
            return self._length
        return int(self._layout.lineAt(row).xToCursor(x))

    def rects(self, start: int, end: int) -> list[QRectF]:
        if self._layout is None or start >= end:
            return []
        start, end = self.whole(start, end)
        found = []
        for row in range(self._layout.lineCount()):
            line = self._layout.lineAt(row)
            first, last = line.textStart(), line.textStart() + line.textLength()
            if start < last and end > first:
                goes_on = end > last and row + 1 < self._layout.lineCount()
                found.append(self._line_rect(row, line, max(first, start), min(last, end), goes_on))
        left = self.content_left + self._shift
        return [rect.translated(left, self.content_top) for rect in found]

    def plain(self, start: int, end: int) -> str:
        # The mark of a footnote is the first in its text. Further on, the same sign is the writer's.
        is_note = not start and self._runs is not self.leaf.runs and self.leaf.runs[0].is_note
        text = self.part(start, end)
        return text.replace(BACK, "", 1) if is_note and not self.look.theme.is_paper else text

    def whole(self, start: int, end: int) -> tuple[int, int]:
        return math.around(self._shapes, start, end) if self._shapes else (start, end)

    def hot_spots(self) -> Sequence[HotSpot]:
        if self._spots is None:
            self._spots = []
            for start, end, act in self._links():
                rects = self.rects(start, end)
                if rects:
                    self._spots.append(HotSpot(words_of(act, self.part(start, end)), act, tuple(rects)))
        return self._spots

    def _guess(self, width: float) -> float:
        pitch = self.line_height
        lines = len(self._text) * self.look.text_advance // max(1.0, width) + 1 + self._text.count("\n")
        return float(lines * pitch)

    def _lay_out(self, width: float) -> float:
        layout = self._layout
        if layout is not None and layout.lineCount() == 1 and self.natural + 1 < width and self._stays_left():
            return self._inner_height
        self._shapes = math.placed(self._runs, self.look, self.leaf.level, width) if self._has_math else []
        self._layout = layout = self._make_layout()
        self._spots = None
        if self._is_plain:
            height, natural = break_lines(layout, width, self.line_height)
        else:
            begins_with_pill = pills.is_pill(self._runs[0]) and not self.is_rtl
            indent = self.look.pill if begins_with_pill else 0.0
            height, natural = break_lines(layout, width, self.line_height, indent, self._shapes)
            self._pills = pills.rects(self._runs, layout, self.look.pill, self.line_height)
        self._inner_height = height
        self._shift = 0.0
        self.natural = natural if not self.is_rtl else width
        if self.place.shell is Shell.BUBBLE and self.place.is_first and self.place.is_last:
            self._shift = max(0.0, width - self.natural - 1)
        return height

    def _make_layout(self) -> QTextLayout:
        font, is_bare = self.look.font(self.leaf.level), is_jumble(self._text)
        text = math.with_blanks(self._text, self._shapes).replace("\n", "\u2028")
        layout = QTextLayout(*plainly(text, font)) if is_bare else QTextLayout(text, font)
        layout.setCacheEnabled(True)
        option = WRAPPED
        if self.is_rtl or self._shapes:
            option = QTextOption(option)
        if self.is_rtl:
            option.setTextDirection(Qt.LayoutDirection.RightToLeft)
            option.setAlignment(Qt.AlignmentFlag.AlignRight)
        if self._shapes and math.is_alone(self._runs):
            option.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout.setTextOption(option)
        if not (is_bare or self._is_plain):
            made = pills.formats(self._runs, self._format, is_rtl=self.is_rtl)
            layout.setFormats([*made, *math.formats(self._shapes, font)] if self._shapes else list(made))
        return layout

    @property
    def lacks_shapes(self) -> bool:
        """Whether it shows the source of formulas that may be drawn by now."""
        return self._has_math and len(self._shapes) < sum(1 for run in self._runs if Style.MATH in run.style)

    def _stays_left(self) -> bool:
        """Whether a single line is where it is in a column of any width."""
        return not self.is_rtl and self.place.shell is not Shell.BUBBLE

    def _shell_rect(self, x: float, y: float) -> QRectF:
        rect = super()._shell_rect(x, y)
        return rect.adjusted(self._shift, 0, 0, 0)

    def _paint_content(self, painter: QPainter, origin: QPointF, clip: QRectF, state: State) -> None:
        layout = self._layout
        if layout is None:
            return
        if self._shift:
            origin = QPointF(origin.x() + self._shift, origin.y())
        look, color = self.look, self.look.color(self._tone())
        if self._pills:
            pills.paint(painter, self._pills, origin, clip, look)
        if state.selected:
            shift = QPointF(origin.x() - self.content_left - self._shift, origin.y() - self.content_top)
            for rect in self.rects(*state.selected):
                painter.fillRect(rect.translated(shift), look.selection)
        painter.setPen(color)
        layout.draw(painter, origin, [], clip)
        if self._shapes:
            math.paint(painter, layout, origin, self._shapes, color)
        if state.hovered is not None or state.focused is not None:
            self._paint_spots(painter, QPointF(origin.x() - self.content_left - self._shift, origin.y()), state)
        if state.cursor:
            self._paint_cursor(painter, layout, origin)

    def _paint_spots(self, painter: QPainter, corner: QPointF, state: State) -> None:
        shift = QPointF(corner.x(), corner.y() - self.content_top)
        for index, spot in enumerate(self.hot_spots()):
            if spot.act != state.hovered and index != state.focused:
                continue
            painter.setPen(QPen(self.look.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for rect in spot.rects:
                moved = rect.translated(shift)
                if index == state.focused:
                    painter.drawRoundedRect(moved.adjusted(-2, 1, 2, -1), 3, 3)
                else:
                    base = moved.bottom() - 0.22 * moved.height()
                    painter.drawLine(QPointF(moved.left(), base), QPointF(moved.right(), base))

    def _paint_cursor(self, painter: QPainter, layout: QTextLayout, origin: QPointF) -> None:
        cursor, height = self.look.cursor(painter.device().devicePixelRatioF())
        line = layout.lineAt(layout.lineCount() - 1)
        x = origin.x() + x_of(line, self._length) + (-12 if self.is_rtl else 3) * self.look.scale
        y = origin.y() + line.y() + (line.height() - height) / 2
        painter.drawPixmap(QPointF(floor(x + 0.5), floor(y + 0.5)), cursor)

    def _tone(self) -> str:
        if self.place.tone:
            return self.place.tone
        is_quiet = self.leaf.level == 6 or (self.frames and any(isinstance(f, Quote) for f in self.frames))
        return "secondary" if is_quiet else "text"

    def _first_line_height(self) -> float:
        if self._shapes and self._layout is not None and self._layout.lineCount():
            # A tall formula lowers its line, and a marker stands beside the letters.
            line = self._layout.lineAt(0)
            return 2 * (line.y() + line.height() / 2)
        return self.line_height

    def _format(self, run: Run, is_spaced: bool) -> QTextCharFormat:
        is_link = act_of(run) is not None
        is_quiet = run.image or (run.style is not _PLAIN and _MATH in run.style)
        tone = "secondary" if is_quiet else self.place.tone
        return self.look.format(self.leaf.level, run.style, is_link, tone, is_spaced=is_spaced)

    def _links(self) -> Iterator[tuple[int, int, Link]]:
        at = 0
        open_link: tuple[int, int, Link] | None = None
        for run in self._runs:
            end = at + units(run.text)
            act = act_of(run)
            if open_link and open_link[2] == act and type(act) is Link:
                open_link = (open_link[0], end, act)
            else:
                if open_link:
                    yield open_link
                open_link = (at, end, act) if act else None
            at = end
        if open_link:
            yield open_link

    def _line_bottom(self, row: int) -> float:
        assert self._layout is not None
        line = self._layout.lineAt(row)
        spare = max(0.0, self.line_height - line.height())
        return line.y() + line.height() + spare / 2

    def _line_rect(self, row: int, line: QTextLine, start: int, end: int, goes_on: bool) -> QRectF:
        a, b = x_of(line, start), x_of(line, end)
        spare = max(0.0, self.line_height - line.height())
        rect = QRectF(min(a, b), line.y() - spare / 2, abs(b - a), line.height() + spare)
        if goes_on:
            rect.setWidth(rect.width() + self.look.step)
        return rect


def is_rtl(text: str) -> bool:
    """True if the first strong character is written from right to left."""
    if text.isascii():
        return False
    for character in text[:400]:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False


def can_open(href: str) -> bool:
    """True for addresses a person may be asked to open."""
    return href.partition(":")[0].lower() in SCHEMES


def act_of(run: Run) -> Link | None:
    """What a click on a run does."""
    if run.style is not _PLAIN and Style.SUPERSCRIPT in run.style:
        return ToNote(run.href) if run.href else None
    target = run.link if run.image else run.href
    return Link(target) if can_open(target) else None


def words_of(act: Link, text: str) -> str:
    """What a link is called, whose text may be a number only."""
    if not isinstance(act, ToNote):
        return text
    if act.href.startswith(TO_REFERENCE):
        said = QCoreApplication.translate("Transcript", "Back from footnote {number}")
    else:
        said = QCoreApplication.translate("Transcript", "Footnote {number}")
    return said.replace("{number}", text.removesuffix(BACK).strip("[]"))


def _shown(run: Run, is_paper: bool) -> Run:
    """An image is not fetched: its description and its host stand for it."""
    if run.is_note:
        return run if is_paper else replace(run, text=run.text + BACK)
    if not run.image:
        return run
    try:
        host = urlsplit(run.href).hostname or ""
    except ValueError:
        host = ""
    name = run.text.strip() or QCoreApplication.translate("Transcript", "Image")
    return replace(run, text=f"{PICTURE} {name} · {host}" if host else f"{PICTURE} {name}")
