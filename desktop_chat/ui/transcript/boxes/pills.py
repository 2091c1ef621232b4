"""Inline code stands on a pill: letter spacing keeps room for its edges, so offsets stay those of the text."""

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QTextCharFormat, QTextLayout

from desktop_chat.markup.leaves import Run, Style
from desktop_chat.ui.transcript.boxes.lines import x_of
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.utf16 import units

RADIUS_PX = 4
_PLAIN, _CODE = Style.PLAIN, Style.CODE.value  # Looking up a member of an enumeration takes as long as a call.
MakeFormat = Callable[[Run, bool], QTextCharFormat]
"""How a run looks; the second argument says that room for the edge of a pill follows it."""


def is_pill(run: Run) -> bool:
    """Whether a run stands on a pill."""
    return run.image or (run.style is not _PLAIN and run.style._value_ & _CODE != 0)


def formats(runs: Sequence[Run], make: MakeFormat, *, is_rtl: bool) -> Iterator[QTextLayout.FormatRange]:
    """How runs look, with room for the edges of pills.

    The spacing is always on the right of a letter, so from right to left it is the character
    behind a pill that has it.
    """
    at = 0
    before: Run | None = None
    for run in runs:
        length = units(run.text)
        if is_pill(run) and length > 0:
            if before is not None and at and not is_rtl:
                yield ranged(at - 1, 1, make(before, True))
            if length > 1:
                yield ranged(at, length - 1, make(run, False))
            yield ranged(at + length - 1, 1, make(run, True))
        else:
            spaced = 1 if is_rtl and before is not None and is_pill(before) else 0
            if spaced:
                yield ranged(at, spaced, make(run, True))
            if (run.style is not _PLAIN or run.href) and length > spaced:
                yield ranged(at + spaced, length - spaced, make(run, False))
        at += length
        before = run


def rects(runs: Sequence[Run], layout: QTextLayout, pad: float, pitch: float) -> list[QRectF]:
    """Where the pills are in a layout.

    Args:
        runs: Of its text.
        layout: Has its lines.
        pad: Room on each side of the code.
        pitch: Distance of two lines.
    """
    found: list[QRectF] = []
    at = 0
    for run in runs:
        end = at + units(run.text)
        if is_pill(run):
            found.extend(_rects(layout, at, end, pad, pitch))
        at = end
    return found


def paint(painter: QPainter, pills: Sequence[QRectF], origin: QPointF, clip: QRectF, look: Look) -> None:
    """Draw the pills of a layout that is drawn at `origin`, as far as they are seen."""
    seen = [pill for rect in pills if (pill := rect.translated(origin)).intersects(clip)]
    if not seen:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look.color("line"), 1))
    painter.setBrush(look.pill_ground)
    for pill in seen:
        painter.drawRoundedRect(pill, RADIUS_PX, RADIUS_PX)
    painter.restore()


def ranged(start: int, length: int, made: QTextCharFormat) -> QTextLayout.FormatRange:
    """A format for a stretch of a layout."""
    found = QTextLayout.FormatRange()
    found.start = start
    found.length = length
    found.format = made
    return found


def _rects(layout: QTextLayout, start: int, end: int, pad: float, pitch: float) -> Iterator[QRectF]:
    for row in range(max(0, layout.lineForTextPosition(start).lineNumber()), layout.lineCount()):
        line = layout.lineAt(row)
        first, last = line.textStart(), line.textStart() + line.textLength()
        if first >= end:
            return
        if start < last and end > first:
            a, b = x_of(line, max(start, first)), x_of(line, min(end, last))
            left, right = min(a, b), max(a, b)
            room = pad if end <= last else 0  # The spacing behind the last character is part of the pill.
            # Within the box, so that painting a part of the page paints all of it.
            height = min(line.height() + 3, max(pitch, line.height()) - 2)
            middle = line.y() + line.height() / 2 + 0.5
            yield QRectF(left - pad, middle - height / 2, right - left + 2 * pad - room, height)
