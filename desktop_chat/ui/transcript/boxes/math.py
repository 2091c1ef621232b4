"""Formulas within a text: one wide blank stands for the shape, the rest of the source takes no room.

So offsets in the layout stay those of the source, and selecting, finding and copying need to
know nothing about formulas.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout

from desktop_chat.markup.leaves import Run, Style
from desktop_chat.markup.math import formula
from desktop_chat.ui.transcript.boxes.formulas import Shape
from desktop_chat.ui.transcript.boxes.lines import x_of
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.utf16 import units

BLANK = "\u00a0"
NOTHING = "\u2060"


@dataclass(frozen=True, slots=True)
class Placed:
    """A formula in a text."""

    start: int
    length: int
    shape: Shape
    zoom: float
    """Below 1 if it would be wider than the column."""

    @property
    def ascent(self) -> float:
        """Height above the baseline."""
        return self.shape.ascent * self.zoom

    @property
    def descent(self) -> float:
        """Depth below it."""
        return self.shape.descent * self.zoom


def placed(runs: Sequence[Run], look: Look, level: int, width: float) -> list[Placed]:
    """The formulas that can be drawn."""
    found = []
    at = 0
    for run in runs:
        length = units(run.text)
        if Style.MATH in run.style:
            tex, is_display = formula(run.text)
            shape = look.shape(tex, is_display, look.math_px(level))
            if shape is not None:
                found.append(Placed(at, length, shape, min(1.0, (width - 2) / max(1.0, shape.width))))
        at += length
    return found


def around(shapes: Sequence[Placed], start: int, end: int) -> tuple[int, int]:
    """A part of a text with all of each drawn formula it touches, of which no part can be seen alone."""
    first, last = start, end
    for place in shapes:
        if place.start < end and start < place.start + place.length:
            first, last = min(first, place.start), max(last, place.start + place.length)
    return first, last


def is_alone(runs: Sequence[Run]) -> bool:
    """Whether a text is one formula that stands for itself."""
    if len(runs) != 1 or runs[0].style is Style.PLAIN:
        return False
    return Style.MATH in runs[0].style and formula(runs[0].text)[1]


def with_blanks(text: str, shapes: Sequence[Placed]) -> str:
    """The text to lay out; all of it is in the basic plane where there are formulas."""
    for place in shapes:
        end = place.start + place.length
        text = text[: place.start] + BLANK + NOTHING * (place.length - 1) + text[end:]
    return text


def formats(shapes: Sequence[Placed], font: QFont) -> Iterator[QTextLayout.FormatRange]:
    """Formats that give the blanks their widths."""
    if not shapes:
        return
    blank = QFontMetricsF(font).horizontalAdvance(BLANK)
    for place in shapes:
        found = QTextLayout.FormatRange()
        found.start, found.length = place.start, 1
        made = QTextCharFormat()
        made.setFont(font)
        made.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
        made.setFontLetterSpacing(place.shape.width * place.zoom - blank)
        found.format = made
        yield found


def paint(painter: QPainter, layout: QTextLayout, origin: QPointF, shapes: Sequence[Placed], color: QColor) -> None:
    """Draw the formulas of a layout that is drawn at `origin`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for place in shapes:
        line = layout.lineForTextPosition(place.start)
        # From right to left, a character begins at its right edge.
        x = min(x_of(line, place.start), x_of(line, place.start + 1))
        painter.translate(origin.x() + x, origin.y() + line.y() + line.ascent())
        painter.scale(place.zoom, place.zoom)
        painter.fillPath(place.shape.path, color)
        painter.scale(1 / place.zoom, 1 / place.zoom)
        painter.translate(-origin.x() - x, -origin.y() - line.y() - line.ascent())
    painter.restore()
