"""What keys do on the page: scroll it, select, go about in it, press what has the keyboard."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from desktop_chat.ui.transcript.boxes.sideways import SidewaysBox

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.reading.reading import Reading
    from desktop_chat.ui.transcript.view import TranscriptView


class Keys:
    """The keyboard of one page.

    Args:
        view: The page.
        reading: Has the focus and what is selected.
    """

    def __init__(self, view: "TranscriptView", reading: "Reading") -> None:
        self._view = view
        self._reading = reading

    def press(self, event: QKeyEvent) -> bool:
        """A key was pressed; True if it meant something."""
        view, reading, column = self._view, self._reading, self._view.column
        if column is None:
            return False
        if event.matches(QKeySequence.StandardKey.Copy):
            return reading.copy_selection()
        if event.matches(QKeySequence.StandardKey.SelectAll):
            reading.caret.select_all()
            return True
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        page = view.viewport().height() - 2 * column.page.look.line_px
        here = view.glide.goal
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right | Qt.Key.Key_Up | Qt.Key.Key_Down if shift:
                reading.caret.extend(Qt.Key(event.key()), by_word=control)
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                return self._scroll_sideways(1 if event.key() == Qt.Key.Key_Right else -1)
            case Qt.Key.Key_Up:
                view.glide.to(here - 60)
            case Qt.Key.Key_Down:
                view.glide.to(here + 60)
            case Qt.Key.Key_PageUp:
                view.glide.to(here - page)
            case Qt.Key.Key_PageDown | Qt.Key.Key_Space:
                view.glide.to(here + page)
            case Qt.Key.Key_Home:
                view.glide.to(0)
            case Qt.Key.Key_End:
                view.glide.to_end()
            # Letters lead about only for who goes by keyboard; otherwise they begin a message.
            case Qt.Key.Key_J | Qt.Key.Key_K if reading.focused_row is not None and not event.modifiers():
                reading.focus_message(1 if event.key() == Qt.Key.Key_J else -1)
            case Qt.Key.Key_C if reading.focused_row is not None and not control:
                reading.jumping.to_code(-1 if shift else 1)
            case Qt.Key.Key_H if reading.focused_row is not None and not control:
                reading.jumping.to_heading(-1 if shift else 1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if reading.focused_spot and self._is_for_page:
                reading.do_focused()
            case Qt.Key.Key_Escape if view.finding.is_open:
                view.finding.close()
            case Qt.Key.Key_Escape if not reading.selection.is_empty:
                reading.selection.clear()
                view.viewport().update()
            case _:
                return False
        return True

    @property
    def _is_for_page(self) -> bool:
        return self._view.window().focusWidget() in (None, self._view)

    def _scroll_sideways(self, step: int) -> bool:
        column = self._view.column
        for row, index in self._reading.keyboard_places if column is not None else ():
            boxes = column.item(row).boxes if column is not None and row < len(column.rows) else []
            box = boxes[index] if index < len(boxes) else None
            if isinstance(box, SidewaysBox) and box.overflow and column is not None:
                box.scroll_sideways(step * 4 * column.page.look.indent)
                self._view.viewport().update()
                return True
        return False
