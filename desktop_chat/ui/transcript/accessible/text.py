"""The text of a message, or of a part of one, as a screen reader reads it: by character, word and line."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QAccessibleTextInterface

from desktop_chat.ui.transcript.boxes.box import Box


class ReadText(QAccessibleTextInterface):
    """Text to be read character by character, line by line.

    Args:
        rect_of: Where a rectangle of the box is on the screen.
        content: What can be read, and the box whose offsets it has, if it has.
    """

    def __init__(self, rect_of: Callable[[QRectF], QRect], content: Callable[[], tuple[str, Box | None]]) -> None:
        super().__init__()
        self._rect_of = rect_of
        self._content = content

    def text(self, start: int, end: int) -> str:
        content, _ = self._content()
        return content[start : end if end >= 0 else len(content)]

    def characterCount(self) -> int:
        return len(self._content()[0])

    def cursorPosition(self) -> int:
        return 0

    def setCursorPosition(self, position: int) -> None:
        """There is no cursor."""

    def selectionCount(self) -> int:
        return 0

    def selection(self, index: int) -> Any:
        return 0, 0

    def setSelection(self, index: int, start: int, end: int) -> None:
        """Selecting is done with the keyboard."""

    def addSelection(self, start: int, end: int) -> None:
        """Selecting is done with the keyboard."""

    def removeSelection(self, index: int) -> None:
        """Selecting is done with the keyboard."""

    def scrollToSubstring(self, start: int, end: int) -> None:
        """Messages are scrolled to as a whole."""

    def characterRect(self, offset: int) -> QRect:
        content, box = self._content()
        if box is None:
            return self._rect_of(QRectF())
        # Words such as "checked" stand before what is painted.
        at = offset - (len(content) - len(box.text))
        rects = box.rects(max(0, at), max(0, at) + 1)
        return self._rect_of(rects[0] if rects else QRectF(0, box.place.gap, box.width, box.height - box.place.gap))

    def offsetAtPoint(self, point: QPoint) -> int:
        return 0

    def attributes(self, offset: int) -> Any:
        return "", 0, len(self._content()[0])
