"""Lines of a text layout: where each stands, and where a character is in one."""

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QPointF
from PySide6.QtGui import QTextLayout, QTextLine


class Tall(Protocol):
    """Something in a line that may need more room than letters."""

    @property
    def start(self) -> int: ...
    @property
    def ascent(self) -> float: ...
    @property
    def descent(self) -> float: ...


def break_lines(
    layout: QTextLayout, width: float, pitch: float, indent: float = 0.0, shapes: Sequence[Tall] = ()
) -> tuple[float, float]:
    """Break a layout into lines.

    Args:
        layout: Has its text, formats and options.
        width: Of the lines.
        pitch: Distance of two lines.
        indent: Of the first line, so that the edge of a pill has room.
        shapes: Formulas, which may be taller than a line.

    Returns:
        Its height and its natural width.
    """
    y = natural = 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width - indent)
        if not shapes:
            # Nearly always; each call counts, of a growing paragraph at every flush.
            height, reach = line.height(), indent + line.naturalTextWidth()
            room = max(pitch, height)
            line.setPosition(QPointF(indent, y + (room - height) / 2))
            natural = max(natural, reach)
            y, indent = y + room, 0.0
            continue
        height = line.height()
        room = max(pitch, height)
        above = (room - height) / 2
        for place in shapes:
            if line.textStart() <= place.start < line.textStart() + line.textLength():
                lift = place.ascent - above - line.ascent()
                y, room = (y + lift, room) if lift > 0 else (y, room)
        line.setPosition(QPointF(indent, y + above))
        for place in shapes:
            if line.textStart() <= place.start < line.textStart() + line.textLength():
                room = max(room, above + line.ascent() + place.descent)
        natural = max(natural, indent + line.naturalTextWidth())
        y += room
        indent = 0.0
    layout.endLayout()
    return max(y, pitch), natural


def x_of(line: QTextLine, offset: int) -> float:
    """Where a character begins in its line."""
    found: Any = line.cursorToX(offset)  # (x, offset), whatever its annotation says
    return float(found[0])


def common_length(a: str, b: str) -> int:
    """Length of the common beginning."""
    if a.startswith(b):
        return len(b)
    low, high = 0, min(len(a), len(b))
    if a[:high] == b[:high]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if a[:middle] == b[:middle]:
            low = middle
        else:
            high = middle
    return low
